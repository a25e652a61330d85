"""What an execution did, out of what Step Functions tells of it: the states it visited, try by try.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from typing import TypeAlias

    from typing_extensions import Self

__all__ = ["Attempt", "Event", "Execution", "HistoryError", "Iteration", "Status", "Visit"]

Status: TypeAlias = Literal[
    "succeeded", "retried", "caught", "failed", "timed out", "aborted", "running", "unknown"
]
"""What became of a visit: ``retried`` succeeded at last, ``caught`` failed and a catcher led on.

``unknown`` is left open by a history that ends before the execution did.
"""


class HistoryError(ValueError):
    """What is no history of an execution."""


@frozen(kw_only=True)
class Event(Declared):
    """An event as Step Functions lists it; ``details`` are those of its kind, as they came.

    ``visit`` is the number of the visit that it belongs to, None for those of the execution as a whole.
    """

    id: int
    type: str
    time: datetime | None = None
    previous: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    visit: int | None = None

    @property
    def error(self) -> str | None:
        """The name of the error that it tells of."""
        return self._detail("error")

    @property
    def cause(self) -> str | None:
        """What is said of that error."""
        return self._detail("cause")

    def _detail(self, name: str) -> str | None:
        given = self.details.get(name)
        return given if isinstance(given, str) else None


@frozen(kw_only=True)
class Attempt(Declared):
    """One try of what a state does: a call, or all branches of a Parallel, or all iterations of a Map."""

    status: Status
    started: datetime | None = None
    stopped: datetime | None = None
    resource: str | None = None
    input: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    events: tuple[Event, ...] = field(default=(), repr=False)


@frozen(kw_only=True)
class Iteration(Declared):
    """One run of a Map's processor; a Map that is tried again runs its iterations again."""

    index: int | None
    status: Status
    started: datetime | None = None
    stopped: datetime | None = None


@frozen(kw_only=True)
class Visit(Declared):
    """A state from when it was entered until it was left, with JSON texts for what went in and came out.

    ``parent`` is the number of the visit of the Parallel or Map around it, ``iteration`` the index of the
    Map's item. ``entered`` is None where the history begins later, ``exited`` where nothing left the state.
    """

    number: int
    name: str
    type: str
    status: Status
    entered: datetime | None = None
    exited: datetime | None = None
    input: str | None = None
    output: str | None = None
    assigned: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    cause: str | None = None
    attempts: tuple[Attempt, ...] = ()
    parent: int | None = None
    iteration: int | None = None
    iterations: tuple[Iteration, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def duration(self) -> timedelta | None:
        """How long it took."""
        return None if self.entered is None or self.exited is None else self.exited - self.entered


@frozen(kw_only=True)
class Execution(Declared):
    """An execution, its visits in the order in which they began, and all its events.

    ``status`` is Step Functions' own (``SUCCEEDED``). ``is_whole`` tells whether the events reach from the
    start to the end, or to now while it runs.
    """

    arn: str
    name: str
    status: str
    machine: str | None = None
    start: datetime | None = None
    stop: datetime | None = None
    input: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    visits: tuple[Visit, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)
    is_whole: bool = True

    @classmethod
    def read(cls, described: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> Self:
        """Read the answer of DescribeExecution, and the events of all pages of GetExecutionHistory.

        Both as AWS spells them; times are ``datetime``s, seconds since 1970 or RFC 3339, events in any
        order. What ``described`` lacks is taken from the events. Raises ``HistoryError``.
        """
        from cfngen.history.reading import read

        return cls(**read(described, events))

    @property
    def duration(self) -> timedelta | None:
        """How long it took."""
        return None if self.start is None or self.stop is None else self.stop - self.start

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        return self.status in _OVER

    def of(self, state: str) -> list[Visit]:
        """Return the visits of a state."""
        return [visit for visit in self.visits if visit.name == state]


_OVER: Final = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
