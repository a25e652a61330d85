"""A page of one file, without the network: what an execution did, or what a definition is.

All of it that comes from elsewhere is text: what the page holds of data is JSON that no parser of HTML
looks into, its script puts it in place as text, and a policy allows that script alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Final

from cfngen.history import Attempt, Event, Execution, Visit
from cfngen.views.labels import title
from cfngen.views.picture import Box
from cfngen.views.svg import asset, svg

if TYPE_CHECKING:
    from cfngen.views.diagram_source import Subject
    from cfngen.views.drawing import Drawing
    from cfngen.workflow import Workflow

__all__ = ["definition_page", "execution_page"]

NOT_REACHED: Final = "not reached"
STATUSES: Final = (
    "failed", "timed out", "aborted", "running", "unknown", "caught", "retried", "succeeded", NOT_REACHED,
)  # fmt: skip
"""What can have become of a state; of its visits the first in this order is shown."""


def execution_page(workflow: Workflow, execution: Execution) -> str:
    """Return the page of an execution: its graph by what happened, and each state's data and events.

    Raises ``ImportError`` without the extra ``graph``, and ``LayoutError``.
    """
    drawing = workflow.graph()
    fates = _fates(drawing, execution)
    data = _data(drawing)
    data["visits"] = [_visit(visit) for visit in execution.visits]
    data["events"] = [_event(event) for event in execution.events]
    data["start"] = _moment(execution.start)
    for state, fate in zip(data["states"], fates.values(), strict=True):
        state["status"] = fate
    name = title(execution.name) if execution.name else "Execution"
    body = [
        *_head("Execution details", name, _facts(execution), execution.status),
        *_payloads(execution),
        *_warnings(drawing, execution),
        *_graph(drawing, f"Graph of the execution {name}", fates),
        *_panel(),
        *_EVENTS,
        *_definition(drawing, is_open=False),
    ]
    return _page(f"{name}: {execution.status.lower().replace('_', ' ')}", body, data)


def definition_page(subject: Subject) -> str:
    """Return the page of a definition: its graph, its text, its policy with why, and its resources.

    Raises ``ImportError`` without the extra ``graph``, ``LayoutError``, ``WorkflowError`` and
    ``StackError``.
    """
    drawing = subject.drawing
    name = title(subject.title)
    workflow = subject.workflow
    facts = [
        ("States", f"{sum(1 for _ in drawing.picture.states()):,}"),
        ("Comment", workflow.Comment if isinstance(workflow.Comment, str) else ""),
        ("Timeout", f"{workflow.TimeoutSeconds} s" if workflow.TimeoutSeconds is not None else ""),
        ("Query language", workflow.QueryLanguage or ""),
    ]
    body = [
        *_head("State machine", name, facts, ""),
        *_graph(drawing, f"Graph of {name}", {}),
        *_panel(),
        *_definition(drawing, is_open=True),
        *_policy(subject),
        *_resources(subject.resources()),
    ]
    return _page(name, body, _data(drawing))


def fate(visits: Sequence[Visit]) -> str:
    """Return what became of a state: of its last visit, or in a Map of the last for each item."""
    last = {(visit.parent, visit.iteration): visit.status for visit in visits}
    return min((*last.values(), NOT_REACHED), key=STATUSES.index)


def _fates(drawing: Drawing, execution: Execution) -> dict[int, str]:
    visits: dict[str, list[Visit]] = {}
    for visit in execution.visits:
        visits.setdefault(visit.name, []).append(visit)
    return {box.number: fate(visits.get(_key(box), [])) for box in drawing.picture.states()}


def _key(box: Box) -> str:
    """Return the name of a state as the definition spells it."""
    return str(box.path[-1])


def _data(drawing: Drawing) -> dict[str, Any]:
    states = [
        {"name": _key(box), "shown": box.name, "type": box.type, "detail": box.detail, "path": box.path}
        for box in drawing.picture.states()
    ]
    return {"states": states}


def _visit(visit: Visit) -> dict[str, Any]:
    return _given(
        {
            "name": visit.name,
            "status": visit.status,
            "entered": _moment(visit.entered),
            "duration": _length(visit.duration),
            "input": visit.input,
            "output": visit.output,
            "assigned": dict(visit.assigned) or None,
            "error": visit.error,
            "cause": visit.cause,
            "parent": visit.parent,
            "iteration": visit.iteration,
            "iterations": [[run.index, run.status] for run in visit.iterations] or None,
            "attempts": [_attempt(attempt) for attempt in visit.attempts] or None,
            "events": [event.id for event in visit.events],
        }
    )


def _attempt(attempt: Attempt) -> dict[str, Any]:
    took = attempt.stopped - attempt.started if attempt.stopped and attempt.started else None
    return _given(
        {
            "status": attempt.status,
            "started": _moment(attempt.started),
            "duration": _length(took),
            "resource": attempt.resource,
            "input": attempt.input,
            "output": attempt.output,
            "error": attempt.error,
            "cause": attempt.cause,
            "events": [event.id for event in attempt.events],
        }
    )


def _event(event: Event) -> dict[str, Any]:
    return _given(
        {
            "id": event.id,
            "type": event.type,
            "time": _moment(event.time),
            "visit": event.visit,
            "details": dict(event.details) or None,
        }
    )


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _moment(time: datetime | None) -> str | None:
    """Return a time for readers: in UTC, to a thousandth of a second."""
    return None if time is None else f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03} UTC"


def _length(duration: timedelta | None) -> str | None:
    if duration is None:
        return None
    seconds = max(0.0, duration.total_seconds())
    if seconds < 60:
        return f"{seconds:.3f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"


def _facts(execution: Execution) -> list[tuple[str, str | None]]:
    return [
        ("ARN", execution.arn),
        ("State machine", execution.machine),
        ("Start", _moment(execution.start)),
        ("End", _moment(execution.stop)),
        ("Duration", _length(execution.duration)),
        ("Error", execution.error),
        ("Cause", execution.cause),
    ]


def _head(kind: str, name: str, facts: Sequence[tuple[str, str | None]], status: str) -> Iterator[str]:
    yield "<header>"
    yield f'<p class="kind">{_text(kind)}</p>'
    shown = status.lower().replace("_", " ")
    badge = f' <span class="status {_class(shown)}">{_text(shown)}</span>' if status else ""
    yield f"<h1>{_text(name)}{badge}</h1>"
    yield "<dl>"
    for term, value in facts:
        if value:
            yield f"<div><dt>{_text(term)}</dt><dd>{_text(value)}</dd></div>"
    yield "</dl>"
    yield "</header>"
    yield "<main>"


def _payloads(execution: Execution) -> Iterator[str]:
    yield '<section class="payloads" aria-label="Input and output of the execution">'
    for term, given in (("Input", execution.input), ("Output", execution.output)):
        if given is not None:
            yield f"<details open><summary>{term}</summary>"
            yield f'<pre tabindex="0">{_text(_json(given))}</pre></details>'
    yield "</section>"


def _warnings(drawing: Drawing, execution: Execution) -> Iterator[str]:
    if not execution.is_whole:
        yield (
            '<p class="warning">The history does not reach from the start to the end: '
            "some states may be missing.</p>"
        )
    known = {_key(box) for box in drawing.picture.states()}
    others = list(dict.fromkeys(visit.name for visit in execution.visits if visit.name not in known))
    if others:
        yield (
            '<p class="warning">The execution visited states that this definition does not have: '
            f"{_text(', '.join(map(title, others)))}.</p>"
        )


def _graph(drawing: Drawing, label: str, fates: Mapping[int, str]) -> Iterator[str]:
    marks = {number: _class(status) for number, status in fates.items()}
    yield '<section class="picture" aria-labelledby="picture-heading">'
    yield '<div class="bar"><h2 id="picture-heading">Graph</h2>'
    yield '<div class="zoom" role="group" aria-label="Size of the graph">'
    for sign, name in (
        ("\u2212", "Smaller"),
        ("+", "Larger"),
        ("Fit", "Fit the width"),
        ("1:1", "Full size"),
    ):
        kind = name.split()[0].lower()
        yield f'<button type="button" data-zoom="{kind}" aria-label="{name}">{sign}</button>'
    yield "</div></div>"
    if fates:
        yield '<ul class="legend" aria-label="Colours">'
        for status in STATUSES:
            if status in fates.values():
                yield f'<li class="{_class(status)}">{_text(status)}</li>'
        yield "</ul>"
    yield '<div class="canvas" tabindex="0" role="region" aria-label="The graph, which scrolls">'
    yield svg(drawing.picture, marks=marks, title=label, inside_a_page=True)
    yield "</div></section>"


def _panel() -> Iterator[str]:
    yield '<section class="panel" id="panel" aria-labelledby="panel-heading">'
    yield '<h2 id="panel-heading">Choose a state in the graph</h2>'
    yield '<div id="panel-body">'
    yield "<p>What is known of it shows here. With the keyboard: Tab to it, then Enter.</p>"
    yield "</div>"
    yield "</section>"


_EVENTS: Final = (
    '<section class="events" aria-labelledby="events-heading">',
    '<h2 id="events-heading">Events</h2>',
    '<form id="filter" role="search" aria-label="Filter the events">',
    '<label>Text <input type="search" id="filter-text" autocomplete="off" ',
    'placeholder="type, state or details"></label>',
    '<label>State <select id="filter-state"><option value="">all</option></select></label>',
    '<label>Type <select id="filter-type"><option value="">all</option></select></label>',
    '<label class="check"><input type="checkbox" id="filter-failures"> failures alone</label>',
    "</form>",
    '<p id="events-count" role="status"></p>',
    '<div class="scroll" tabindex="0" role="region" aria-labelledby="events-heading">',
    '<table><thead><tr><th scope="col">Id</th><th scope="col">Type</th><th scope="col">State</th>',
    '<th scope="col">Time</th><th scope="col">After</th></tr></thead>',
    '<tbody id="events-rows"></tbody></table></div>',
    '<button type="button" id="events-more" hidden>Show more</button>',
    "</section>",
)


def _definition(drawing: Drawing, *, is_open: bool) -> Iterator[str]:
    yield '<section class="definition" aria-labelledby="definition-heading">'
    yield f"<details{' open' if is_open else ''}>"
    yield '<summary><h2 id="definition-heading">Definition</h2></summary>'
    yield f'<pre id="definition" tabindex="0">{_text(_document(drawing.definition))}</pre>'
    yield "</details></section>"


def _policy(subject: Subject) -> Iterator[str]:
    policy = subject.policy()
    if policy is None:
        return
    from cfngen.inputs.policies import as_json, explained

    yield '<section class="policy" aria-labelledby="policy-heading">'
    yield '<h2 id="policy-heading">Policy of the execution role</h2>'
    yield f'<pre id="policy" tabindex="0">{_text(as_json([policy]).rstrip())}</pre>'
    yield '<h3 id="explanation-heading">Why each statement is there</h3>'
    yield f'<pre id="explanation" class="prose" tabindex="0">{_text(explained([policy]).rstrip())}</pre>'
    for problem in policy.derived.warnings:
        yield f'<p class="warning">{_text(str(problem))}</p>'
    yield "</section>"


def _resources(resources: Mapping[str, Any]) -> Iterator[str]:
    if not resources:
        return
    yield '<section class="resources" aria-labelledby="resources-heading">'
    yield f'<h2 id="resources-heading">Resources of the stack ({len(resources)})</h2>'
    yield '<div class="scroll" tabindex="0" role="region" aria-labelledby="resources-heading">'
    yield "<table><thead><tr>"
    yield '<th scope="col">Logical id</th><th scope="col">Type</th></tr></thead><tbody>'
    for name, resource in resources.items():
        kind = resource.get("Type") if isinstance(resource, Mapping) else None
        yield f'<tr><th scope="row">{_text(str(name))}</th><td>{_text(str(kind or ""))}</td></tr>'
    yield "</tbody></table></div></section>"


def _page(name: str, body: Sequence[str], data: Mapping[str, Any]) -> str:
    style, script = asset("graph.css") + asset("page.css"), asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_text(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="generator" content="cfngen">',
        f"<title>{_text(name)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#panel">Skip the graph</a>',
        *body,
        "</main>",
        "<noscript><p>The graph answers to clicks when scripts may run.</p></noscript>",
        f'<script type="application/json" id="data">{_embedded(data)}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return _SURROGATE.sub("\ufffd", "\n".join(lines) + "\n")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _embedded(data: Mapping[str, Any]) -> str:
    """Return JSON in which no parser of HTML finds a tag."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.translate({ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


def _document(definition: Mapping[str, Any]) -> str:
    """Return a definition as JSON, also one that no template could hold."""
    from cfngen.template import pretty
    from cfngen.template.sections import plain

    try:
        return pretty(plain(definition))
    except (TypeError, ValueError):
        return json.dumps(definition, indent=2, ensure_ascii=False, default=str)


def _json(text: str) -> str:
    """Return JSON in lines, or the text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _class(status: str) -> str:
    return status.replace(" ", "-")


_text = partial(escape, quote=True)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
