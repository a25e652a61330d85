"""What an execution visited: its states, their inputs and their outputs, as Python values.

``cfngen.history`` holds the same with JSON texts, times and events.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.history import Attempt, Execution, Status, Visit
from cfngen.testing.errors import NotVisitedError

BranchIndexes = Mapping[str, int]
"""The index of the branch of the Parallel around it, by the name of a state."""

_MAX_ERROR_CHARACTERS: Final = 160
_MAX_SHOWN_ITERATIONS: Final = 20


@frozen(kw_only=True)
class AttemptTrace(Declared):
    """An attempt of a task: ``input`` is what was sent to the service, ``output`` what it returned.

    A Parallel or a Map has one attempt for each time that its branches or iterations were run.
    """

    status: Status
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None


@frozen(kw_only=True)
class VisitTrace(Declared):
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
    attempts: tuple[AttemptTrace, ...] = ()
    branches: tuple[Trace, ...] = ()
    iterations: tuple[Trace, ...] = ()


@frozen(kw_only=True)
class Trace(Declared):
    """The visits of an execution, a branch or an iteration.

    ``sequence`` are those one after another; each holds the visits inside it.
    """

    sequence: tuple[VisitTrace, ...] = ()

    @property
    def states(self) -> list[str]:
        """The names of the visited states, without those inside a Parallel or a Map."""
        return [visit.name for visit in self.sequence]

    @property
    def visits(self) -> tuple[VisitTrace, ...]:
        """All visits: those inside a Parallel or a Map follow it, branch by branch, item by item."""
        visits: list[VisitTrace] = []
        pending = [*reversed(self.sequence)]
        while pending:
            visit = pending.pop()
            visits.append(visit)
            nested = [inner for trace in (*visit.branches, *visit.iterations) for inner in trace.sequence]
            pending += reversed(nested)
        return tuple(visits)

    def of(self, state: str) -> list[VisitTrace]:
        """Return the visits of a state, also inside Parallels and Maps."""
        return [visit for visit in self.visits if visit.name == state]

    def __getitem__(self, state: str) -> VisitTrace:
        """Return the only visit of a state. Raises ``NotVisitedError`` if there is none, or several."""
        __tracebackhide__ = True
        visits = self.of(state)
        if len(visits) == 1:
            return visits[0]
        if visits:
            message = f"{state!r} was visited {len(visits)} times: of({state!r}) returns all visits"
        else:
            message = self._not_visited(state)
        raise NotVisitedError(f"{message}\n{self}")

    def _not_visited(self, state: str) -> str:
        hint = did_you_mean(state, {visit.name: None for visit in self.visits})
        return f"{state!r} was not visited" + (f"; {hint}" if hint else "")

    def __contains__(self, state: object) -> bool:
        return any(visit.name == state for visit in self.visits)

    def __str__(self) -> str:
        return "\n".join(_lines(self, ""))


@frozen(kw_only=True)
class ExecutionTrace(Trace):
    """An execution that has ended: ``status`` is ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.

    ``machine`` is the logical id of its state machine, ``history`` the same execution with times and
    events, ``machine_states`` the names of all states of the machine.
    """

    machine: str
    status: str
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    history: Execution = field(repr=False, compare=False)
    machine_states: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def from_history(
        cls,
        machine: str,
        execution: Execution,
        machine_states: Iterable[str],
        branch_indexes: BranchIndexes,
    ) -> ExecutionTrace:
        """Return the trace of an execution."""
        return cls(
            sequence=_sequence(execution.visits, branch_indexes),
            machine=machine,
            status=execution.status,
            input=_value(execution.input),
            output=_value(execution.output),
            error=execution.error,
            cause=execution.cause,
            history=execution,
            machine_states=tuple(machine_states),
        )

    def _not_visited(self, state: str) -> str:
        if state in self.machine_states:
            return f"{state!r} was not visited"
        hint = did_you_mean(state, self.machine_states)
        return f"no state is named {state!r}" + (f"; {hint}" if hint else "")

    def __repr__(self) -> str:
        return f"<{self.machine} {self.status}: {' -> '.join(self.states)}>"

    def __str__(self) -> str:
        head = f"{self.machine} {self.status} {_error(self.error, self.cause)}".rstrip()
        return "\n".join([head, *_lines(self, "  ")])


def _sequence(visits: tuple[Visit, ...], branch_indexes: BranchIndexes) -> tuple[VisitTrace, ...]:
    """Return the outermost visits, which hold those inside them."""
    traces: dict[int, VisitTrace] = {}
    nested: defaultdict[int | None, list[Visit]] = defaultdict(list)
    for visit in visits:
        nested[visit.parent].append(visit)
    for visit in reversed(visits):  # the visits inside a state come later than its own
        groups: defaultdict[int, list[VisitTrace]] = defaultdict(list)
        for inner in nested[visit.number]:
            index = inner.iteration if visit.type == "Map" else branch_indexes.get(inner.name)
            groups[index or 0].append(traces[inner.number])
        count = max([*groups, *(iteration.index or 0 for iteration in visit.iterations)], default=-1) + 1
        parts = tuple(Trace(sequence=tuple(groups[index])) for index in range(count))
        traces[visit.number] = VisitTrace(
            name=visit.name,
            type=visit.type,
            status=visit.status,
            input=_value(visit.input),
            output=_value(visit.output),
            error=visit.error,
            cause=visit.cause,
            attempts=tuple(_attempt(attempt) for attempt in visit.attempts),
            branches=() if visit.type == "Map" else parts,
            iterations=parts if visit.type == "Map" else (),
        )
    return tuple(traces[visit.number] for visit in nested[None])


def _attempt(attempt: Attempt) -> AttemptTrace:
    return AttemptTrace(
        status=attempt.status,
        input=_value(attempt.input),
        output=_value(attempt.output),
        error=attempt.error,
        cause=attempt.cause,
    )


def _value(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _lines(trace: Trace, indent: str) -> Iterator[str]:
    """Yield a line for each visit, and indented lines for the visits inside it."""
    for visit in trace.sequence:
        yield f"{indent}{_line(visit)}"
        for number, branch in enumerate(visit.branches):
            yield f"{indent}  branch {number}"
            yield from _lines(branch, f"{indent}    ")
        for number, iteration in enumerate(visit.iterations[:_MAX_SHOWN_ITERATIONS]):
            yield f"{indent}  iteration {number}"
            yield from _lines(iteration, f"{indent}    ")
        if (more := len(visit.iterations) - _MAX_SHOWN_ITERATIONS) > 0:
            yield f"{indent}  and {more} more"


def _line(visit: VisitTrace) -> str:
    attempts = f" after {len(visit.attempts)} attempts" if len(visit.attempts) > 1 else ""
    errors = [(attempt.error, attempt.cause) for attempt in visit.attempts]
    shown: dict[str, str] = {}  # each error once, with its last cause
    for error, cause in (*errors, (visit.error, visit.cause)):
        if text := _error(error, cause):
            shown[error or ""] = text
    return " ".join([f"{visit.name} ({visit.type}) {visit.status}{attempts}", *shown.values()])


def _error(error: str | None, cause: str | None) -> str:
    text = ": ".join(part for part in (error, " ".join((cause or "").split())) if part)
    if not text:
        return ""
    return f"[{text[:_MAX_ERROR_CHARACTERS]}...]" if len(text) > _MAX_ERROR_CHARACTERS else f"[{text}]"
