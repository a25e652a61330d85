"""What an execution did, from the responses of Step Functions: the states it visited, and their attempts.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.core.lazy import lazy_names
from cfngen.history.events import HistoryError
from cfngen.history.reading import execution_fields
from cfngen.history.values import Event, HistoryAttempt, HistoryVisit, Iteration, Status

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "Event",
    "ExecutionHistory",
    "HistoryAttempt",
    "HistoryError",
    "HistoryVisit",
    "Iteration",
    "Status",
]


__getattr__: Callable[[str], object] = lazy_names(
    __name__,
    {"cfngen.history": ("ExecutionHistory",), "cfngen.history.values": ("HistoryAttempt", "HistoryVisit")},
    former={"Attempt": "HistoryAttempt", "Execution": "ExecutionHistory", "Visit": "HistoryVisit"},
)


@frozen(kw_only=True)
class ExecutionHistory(Declared):
    """An execution, its visits in the order in which they began, and all its events.

    ``status`` is that of Step Functions, such as ``SUCCEEDED``. ``is_whole`` is whether the events reach
    from the start to the end, or to now while the execution runs.
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
    visits: tuple[HistoryVisit, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)
    is_whole: bool = True

    @classmethod
    def read(cls, described: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> Self:
        """Read the response of DescribeExecution, and the events of all pages of GetExecutionHistory.

        Times are ``datetime``s, seconds since 1970 or RFC 3339; events may have any order. Fields that
        ``described`` does not have are taken from the events. Raises ``HistoryError``.
        """
        return cls(**execution_fields(described, events))

    @property
    def duration(self) -> timedelta | None:
        """How long it took."""
        return None if self.start is None or self.stop is None else self.stop - self.start

    @property
    def is_over(self) -> bool:
        """Whether the execution has ended."""
        return self.status in _END_STATUSES

    def of(self, state: str) -> list[HistoryVisit]:
        """Return the visits of a state."""
        return [visit for visit in self.visits if visit.name == state]


_END_STATUSES: Final = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
