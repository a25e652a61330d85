"""The states that an execution visited, what went into them and what came out, try by try.

JSON is read: inputs and outputs are Python values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.execution.json_values import read_text
from cfngen.history import HistoryAttempt as HistoryAttempt
from cfngen.history import HistoryVisit as HistoryVisit
from cfngen.history import Status

MAX_TEXT: Final = 160
MAX_ITERATIONS: Final = 20


class NotVisitedError(AssertionError, LookupError):
    """The execution did not come by the state, or more often than is said."""


@frozen(kw_only=True)
class Attempt(Declared):
    """A try of a task: what was sent to the service, and what came back, or why it failed.

    A Parallel or a Map has one for each time that its branches or iterations were run.
    """

    status: Status
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None


@frozen(kw_only=True)
class Visit(Declared):
    """A state from when it was entered until it was left.

    ``status`` is ``succeeded``, ``retried`` (succeeded in the end), ``caught``, ``failed``, ``timed out``
    or ``aborted``. ``branches`` are those of a Parallel, ``iterations`` those of a Map, each by its index.
    """

    name: str
    type: str
    status: Status
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    attempts: tuple[Attempt, ...] = ()
    branches: tuple[Trace, ...] = ()
    iterations: tuple[Trace, ...] = ()


@frozen(kw_only=True)
class Trace(Declared):
    """The states that were visited one after another: by an execution, in a branch, in an iteration."""

    sequence: tuple[Visit, ...] = ()

    @property
    def states(self) -> list[str]:
        """The names of the states, in order, without those inside Parallels and Maps."""
        return [visit.name for visit in self.sequence]

    @property
    def visits(self) -> tuple[Visit, ...]:
        """All visits: after a Parallel or a Map those inside it, branch by branch, item by item."""
        visits: list[Visit] = []
        work = [*reversed(self.sequence)]
        while work:
            visit = work.pop()
            visits.append(visit)
            inside = [inner for trace in (*visit.branches, *visit.iterations) for inner in trace.sequence]
            work += reversed(inside)
        return tuple(visits)

    def of(self, state: str) -> list[Visit]:
        """Return the visits of a state, also inside Parallels and Maps."""
        return [visit for visit in self.visits if visit.name == state]

    def __getitem__(self, state: str) -> Visit:
        """Return the one visit of a state. Raises ``NotVisitedError`` for none, or several."""
        __tracebackhide__ = True
        visits = self.of(state)
        if len(visits) == 1:
            return visits[0]
        if visits:
            reason = f"{state!r} was visited {len(visits)} times: of({state!r}) returns all visits"
        else:
            hint = did_you_mean(state, {visit.name: None for visit in self.visits})
            reason = f"{state!r} was not visited" + (f"; {hint}" if hint else "")
        raise NotVisitedError(f"{reason}\n{self}")

    def __contains__(self, state: object) -> bool:
        return any(visit.name == state for visit in self.visits)

    def __str__(self) -> str:
        return "\n".join(trace_lines(self, ""))


def traced(visits: tuple[HistoryVisit, ...], branches: Mapping[str, int]) -> tuple[Visit, ...]:
    """Return the visits of the outermost states, which hold those inside them.

    ``branches`` says in which branch of the Parallel around it a state stands.
    """
    copies: dict[int, Visit] = {}
    inside: defaultdict[int | None, list[HistoryVisit]] = defaultdict(list)
    for visit in visits:
        inside[visit.parent].append(visit)
    for visit in reversed(visits):  # those inside a state come later than it
        routes: defaultdict[int, list[Visit]] = defaultdict(list)
        for inner in inside[visit.number]:
            index = inner.iteration if visit.type == "Map" else branches.get(inner.name)
            routes[index or 0].append(copies[inner.number])
        count = max([*routes, *(iteration.index or 0 for iteration in visit.iterations)], default=-1) + 1
        traces = tuple(Trace(sequence=tuple(routes[index])) for index in range(count))
        copies[visit.number] = Visit(
            name=visit.name,
            type=visit.type,
            status=visit.status,
            input=_json_or_text(visit.input),
            output=_json_or_text(visit.output),
            error=visit.error,
            cause=visit.cause,
            attempts=tuple(_attempt_of(attempt) for attempt in visit.attempts),
            branches=() if visit.type == "Map" else traces,
            iterations=traces if visit.type == "Map" else (),
        )
    return tuple(copies[visit.number] for visit in inside[None])


def trace_lines(trace: Trace, indent: str) -> Iterator[str]:
    """Yield a line for each state, and indented those inside it."""
    for visit in trace.sequence:
        yield f"{indent}{_visit_line(visit)}"
        for number, branch in enumerate(visit.branches):
            yield f"{indent}  branch {number}"
            yield from trace_lines(branch, f"{indent}    ")
        for number, iteration in enumerate(visit.iterations[:MAX_ITERATIONS]):
            yield f"{indent}  iteration {number}"
            yield from trace_lines(iteration, f"{indent}    ")
        if (more := len(visit.iterations) - MAX_ITERATIONS) > 0:
            yield f"{indent}  and {more} more"


def error_in_brackets(error: str | None, cause: str | None) -> str:
    """Return an error and its cause on one line, in brackets, or nothing."""
    text = ": ".join(part for part in (error, " ".join((cause or "").split())) if part)
    if not text:
        return ""
    return f"[{text[:MAX_TEXT]}...]" if len(text) > MAX_TEXT else f"[{text}]"


def _attempt_of(attempt: HistoryAttempt) -> Attempt:
    return Attempt(
        status=attempt.status,
        input=_json_or_text(attempt.input),
        output=_json_or_text(attempt.output),
        error=attempt.error,
        cause=attempt.cause,
    )


def _json_or_text(text: str | None) -> Any:
    return None if text is None else read_text(text)


def _visit_line(visit: Visit) -> str:
    tries = f" after {len(visit.attempts)} attempts" if len(visit.attempts) > 1 else ""
    errors = [(attempt.error, attempt.cause) for attempt in visit.attempts]
    reasons: dict[str, str] = {}  # of each error once, with its last cause
    for error, cause in (*errors, (visit.error, visit.cause)):
        if text := error_in_brackets(error, cause):
            reasons[error or ""] = text
    return " ".join([f"{visit.name} ({visit.type}) {visit.status}{tries}", *reasons.values()])
