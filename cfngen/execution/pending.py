"""Tasks whose services go on outside the execution, which are asked until they have an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from cfngen.execution.json_values import Json


class Heartbeat:
    """The task says that it is still at work."""


HEARTBEAT: Final = Heartbeat()


class Pending:
    """A task without an answer yet: ``poll`` returns its answer or a heartbeat, None while there is none.

    ``submitted`` is what the service returned when the task was submitted; ``close`` is called when nobody
    waits any more.
    """

    __slots__ = ("close", "poll", "submitted")

    def __init__(
        self,
        poll: Callable[[], object],
        submitted: Json = None,
        close: Callable[[], Any] = lambda: None,
    ) -> None:
        self.poll: Callable[[], object] = poll
        self.submitted: Json = submitted
        self.close: Callable[[], Any] = close


class Awaiting(NamedTuple):
    """What a line of states waits for, and for how many seconds at most."""

    pending: Pending
    seconds: float | None
