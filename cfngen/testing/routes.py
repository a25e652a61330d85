"""Which way an execution went: the states it visited, what went into them and what came out.

JSON is read: inputs and outputs are Python values.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.history import Attempt as ToldAttempt
from cfngen.history import Execution as ToldExecution
from cfngen.history import Status
from cfngen.history import Visit as ToldVisit
from cfngen.testing.errors import NotVisitedError

Branches = Mapping[str, int]
"""Which branch of the Parallel around it a state stands in."""

_LONGEST: Final = 160
_MOST_ITERATIONS: Final = 20


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
    branches: tuple[Route, ...] = ()
    iterations: tuple[Route, ...] = ()


@frozen(kw_only=True)
class Route(Declared):
    """The states that were visited one after another: by an execution, in a branch, in an iteration."""

    way: tuple[Visit, ...] = ()

    @property
    def states(self) -> list[str]:
        """The names of the states on the way, without those inside its Parallels and Maps."""
        return [visit.name for visit in self.way]

    @property
    def visits(self) -> tuple[Visit, ...]:
        """All visits: after a Parallel or a Map those inside it, branch by branch, item by item."""
        found: list[Visit] = []
        waiting = [*reversed(self.way)]
        while waiting:
            visit = waiting.pop()
            found.append(visit)
            inside = [inner for route in (*visit.branches, *visit.iterations) for inner in route.way]
            waiting += reversed(inside)
        return tuple(found)

    def of(self, state: str) -> list[Visit]:
        """Return the visits of a state, also inside Parallels and Maps."""
        return [visit for visit in self.visits if visit.name == state]

    def __getitem__(self, state: str) -> Visit:
        """Return the one visit of a state. Raises ``NotVisitedError`` for none, or several."""
        __tracebackhide__ = True
        found = self.of(state)
        if len(found) == 1:
            return found[0]
        if found:
            told = f"{state!r} was visited {len(found)} times: of({state!r}) lists the visits"
        else:
            told = self._not_visited(state)
        raise NotVisitedError(f"{told}\n{self}")

    def _not_visited(self, state: str) -> str:
        hint = did_you_mean(state, {visit.name: None for visit in self.visits})
        return f"{state!r} was not visited" + (f"; {hint}" if hint else "")

    def __contains__(self, state: object) -> bool:
        return any(visit.name == state for visit in self.visits)

    def __str__(self) -> str:
        return "\n".join(_lines(self, ""))


@frozen(kw_only=True)
class Execution(Route):
    """An execution that has ended: ``status`` is ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.

    ``history`` holds what Step Functions itself tells, with times and all events; ``known`` are the names
    of the machine's states.
    """

    machine: str
    status: str
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    history: ToldExecution = field(repr=False, compare=False)
    known: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def told(cls, machine: str, told: ToldExecution, known: Iterable[str], branches: Branches) -> Execution:
        """Return the execution that a history tells of."""
        return cls(
            way=_way(told.visits, branches),
            machine=machine,
            status=told.status,
            input=_value(told.input),
            output=_value(told.output),
            error=told.error,
            cause=told.cause,
            history=told,
            known=tuple(known),
        )

    def _not_visited(self, state: str) -> str:
        if state in self.known:
            return f"{state!r} was not visited"
        hint = did_you_mean(state, self.known)
        return f"no state is named {state!r}" + (f"; {hint}" if hint else "")

    def __repr__(self) -> str:
        return f"<{self.machine} {self.status}: {' -> '.join(self.states)}>"

    def __str__(self) -> str:
        head = f"{self.machine} {self.status} {_why(self.error, self.cause)}".rstrip()
        return "\n".join([head, *_lines(self, "  ")])


def _way(told: tuple[ToldVisit, ...], branches: Branches) -> tuple[Visit, ...]:
    """Return the visits on the way itself, which hold those inside them."""
    made: dict[int, Visit] = {}
    inside: defaultdict[int | None, list[ToldVisit]] = defaultdict(list)
    for visit in told:
        inside[visit.parent].append(visit)
    for visit in reversed(told):  # those inside a state come later than it
        routes: defaultdict[int, list[Visit]] = defaultdict(list)
        for inner in inside[visit.number]:
            index = inner.iteration if visit.type == "Map" else branches.get(inner.name)
            routes[index or 0].append(made[inner.number])
        count = max([*routes, *(iteration.index or 0 for iteration in visit.iterations)], default=-1) + 1
        ways = tuple(Route(way=tuple(routes[index])) for index in range(count))
        made[visit.number] = Visit(
            name=visit.name,
            type=visit.type,
            status=visit.status,
            input=_value(visit.input),
            output=_value(visit.output),
            error=visit.error,
            cause=visit.cause,
            attempts=tuple(_attempt(attempt) for attempt in visit.attempts),
            branches=() if visit.type == "Map" else ways,
            iterations=ways if visit.type == "Map" else (),
        )
    return tuple(made[visit.number] for visit in inside[None])


def _attempt(told: ToldAttempt) -> Attempt:
    return Attempt(
        status=told.status,
        input=_value(told.input),
        output=_value(told.output),
        error=told.error,
        cause=told.cause,
    )


def _value(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _lines(route: Route, indent: str) -> Iterator[str]:
    """Yield a line for each state on the way, and indented those inside it."""
    for visit in route.way:
        yield f"{indent}{_line(visit)}"
        for number, branch in enumerate(visit.branches):
            yield f"{indent}  branch {number}"
            yield from _lines(branch, f"{indent}    ")
        for number, iteration in enumerate(visit.iterations[:_MOST_ITERATIONS]):
            yield f"{indent}  iteration {number}"
            yield from _lines(iteration, f"{indent}    ")
        if (more := len(visit.iterations) - _MOST_ITERATIONS) > 0:
            yield f"{indent}  and {more} more"


def _line(visit: Visit) -> str:
    tries = f" after {len(visit.attempts)} tries" if len(visit.attempts) > 1 else ""
    errors = [(attempt.error, attempt.cause) for attempt in visit.attempts]
    told: dict[str, str] = {}  # of each error once, as it was told last
    for error, cause in (*errors, (visit.error, visit.cause)):
        if why := _why(error, cause):
            told[error or ""] = why
    return " ".join([f"{visit.name} ({visit.type}) {visit.status}{tries}", *told.values()])


def _why(error: str | None, cause: str | None) -> str:
    said = ": ".join(part for part in (error, " ".join((cause or "").split())) if part)
    if not said:
        return ""
    return f"[{said[:_LONGEST]}...]" if len(said) > _LONGEST else f"[{said}]"
