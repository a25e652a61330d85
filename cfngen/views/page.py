"""A page in one file that loads nothing: about an execution, or about a definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cfngen.cfn.arns import parse_arn
from cfngen.core.problems import errors
from cfngen.history import ExecutionHistory, HistoryVisit
from cfngen.views import page_sections
from cfngen.views.drawing import Drawing, draw
from cfngen.views.labels import title
from cfngen.views.page_data import definition_data, duration_text, execution_data, moment, state_name
from cfngen.views.page_document import page_document

if TYPE_CHECKING:
    from cfngen.views.diagram_source import DiagramSource
    from cfngen.workflow import Workflow

__all__ = ["definition_page", "execution_page"]

NOT_REACHED: Final = "not reached"
_ALARMING: Final = ("failed", "timed out", "aborted", "running", "unknown", "caught")
STATUSES: Final = (*_ALARMING, "retried", "succeeded", NOT_REACHED)
"""The outcomes of a state; of several visits the first one in this order is shown."""


def execution_page(workflow: Workflow, execution: ExecutionHistory) -> str:
    """Return the page of an execution: its graph with outcomes, and the data and events of each state.

    Raises ``ImportError`` without the extra ``graph``, and ``LayoutError``.
    """
    drawing = draw(workflow)
    outcomes = _outcomes(drawing, execution)
    name = title(execution.name) if execution.name else "Execution"
    machine = _machine_name(execution)
    status = execution.status.lower().replace("_", " ")
    legend = [status for status in STATUSES if status in outcomes.values()]
    kind = f"Execution of {machine}" if machine else "Execution"
    main = [
        *page_sections.payloads(execution),
        *page_sections.warnings(drawing, execution),
        *page_sections.graph(drawing, f"Graph of the execution {name}", outcomes, legend),
        *page_sections.panel(),
        *page_sections.EVENTS,
        *page_sections.definition(drawing, is_open=False),
    ]
    return page_document(
        f"{machine}: {name}, {status}" if machine else f"{name}: {status}",
        [*page_sections.head(kind, name, _execution_facts(execution), execution.status)],
        main,
        {**execution_data(drawing, execution, outcomes), "opens_at": _worst(drawing, outcomes)},
    )


def definition_page(source: DiagramSource) -> str:
    """Return the page of a definition: its graph, its text, its policy with reasons, and its resources.

    A definition with errors has a page with these errors, and without a policy. Raises ``ImportError``
    without the extra ``graph``, ``LayoutError`` and ``StackError``.
    """
    drawing = source.drawing
    name = title(source.name)
    workflow = source.workflow
    facts = [
        ("States", f"{sum(1 for _ in drawing.picture.states()):,}"),
        ("Comment", workflow.Comment if isinstance(workflow.Comment, str) else ""),
        ("Timeout", f"{workflow.TimeoutSeconds} s" if workflow.TimeoutSeconds is not None else ""),
        ("Query language", str(workflow.QueryLanguage or "")),
    ]
    problems = source.problems()
    is_valid = not errors(problems)
    main = [
        *page_sections.problems(problems),
        *page_sections.graph(drawing, f"Graph of {name}", {}),
        *page_sections.panel(),
        *page_sections.definition(drawing, is_open=True),
        *page_sections.policy(source.policy() if is_valid else None),
        *page_sections.resources(source.resources() if is_valid else {}),
    ]
    return page_document(
        name, [*page_sections.head("State machine", name, facts)], main, definition_data(drawing)
    )


def outcome_of(visits: Sequence[HistoryVisit]) -> str:
    """Return the outcome of a state: that of its last visit, or in a Map of the last one of each item."""
    last = {(visit.parent, visit.iteration): visit.status for visit in visits}
    return min((*last.values(), NOT_REACHED), key=STATUSES.index)


def _outcomes(drawing: Drawing, execution: ExecutionHistory) -> dict[int, str]:
    visits: dict[str, list[HistoryVisit]] = {}
    for visit in execution.visits:
        visits.setdefault(visit.name, []).append(visit)
    return {box.number: outcome_of(visits.get(state_name(box), [])) for box in drawing.picture.states()}


def _worst(drawing: Drawing, outcomes: Mapping[int, str]) -> int | None:
    """Return the number of the state that a reader looks for: the worst one, inside frames first."""
    alarming = [box for box in drawing.picture.states() if outcomes[box.number] in _ALARMING]
    worst = min(
        alarming,
        key=lambda box: (STATUSES.index(outcomes[box.number]), bool(box.subgraphs)),
        default=None,
    )
    return None if worst is None else worst.number


def _machine_name(execution: ExecutionHistory) -> str:
    arn = parse_arn(execution.machine or execution.arn)
    parts = arn.resource.split(":") if arn else []
    return title(parts[1]) if len(parts) > 1 else ""


def _execution_facts(execution: ExecutionHistory) -> page_sections.Facts:
    return [
        ("ARN", execution.arn),
        ("State machine", execution.machine),
        ("Start", moment(execution.start)),
        ("End", moment(execution.stop)),
        ("Duration", duration_text(execution.duration)),
        ("Error", execution.error),
        ("Cause", execution.cause),
    ]
