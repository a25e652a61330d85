"""The values of a history: events, and the visits, attempts and iterations that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from cfngen.core.declared import Declared, frozen

if TYPE_CHECKING:
    from typing import TypeAlias

Status: TypeAlias = Literal[
    "succeeded", "retried", "caught", "failed", "timed out", "aborted", "running", "unknown"
]
"""How a visit ended: ``retried`` succeeded after a retry, ``caught`` failed and a catcher matched.

``unknown`` is a visit without an end in a history that is not complete.
"""


@frozen(kw_only=True)
class Event(Declared):
    """An event as Step Functions lists it; ``details`` are its fields in the response.

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
        """The name of the error."""
        return self._detail("error")

    @property
    def cause(self) -> str | None:
        """The cause of the error."""
        return self._detail("cause")

    def _detail(self, name: str) -> str | None:
        value = self.details.get(name)
        return value if isinstance(value, str) else None


@frozen(kw_only=True)
class HistoryAttempt(Declared):
    """One attempt of a state: a call, all branches of a Parallel, or all iterations of a Map."""

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
    """One run of a Map's processor; another attempt of the Map runs its iterations again."""

    index: int | None
    status: Status
    started: datetime | None = None
    stopped: datetime | None = None


@frozen(kw_only=True)
class HistoryVisit(Declared):
    """A state from when it was entered until it was left; ``input`` and ``output`` are JSON texts.

    ``parent`` is the number of the visit of the Parallel or Map around it, ``iteration`` the index of the
    Map's item. ``entered`` is None if the history begins later, ``exited`` if the state was not left.
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
    attempts: tuple[HistoryAttempt, ...] = ()
    parent: int | None = None
    iteration: int | None = None
    iterations: tuple[Iteration, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def duration(self) -> timedelta | None:
        """How long it took."""
        return None if self.entered is None or self.exited is None else self.exited - self.entered
