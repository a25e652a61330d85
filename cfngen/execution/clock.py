"""The clocks an execution may run by: its own, on which nothing takes time, or the wall's."""

from __future__ import annotations

import math
import time
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Protocol

from cfngen.execution.failures import ExecutionError, shown
from cfngen.execution.json_values import is_number
from cfngen.execution.timestamps import nanoseconds

_SEEN: Final = timedelta(days=366)
"""How far behind its start an execution may look at the clock."""


class Clock(Protocol):
    """Tells the time in seconds since 1970, and moves on when nothing else is to be done."""

    def now(self) -> float:
        """Return the time."""

    def advance(self, moment: float) -> None:
        """Let the time become ``moment``, which is not earlier than now."""


class VirtualClock:
    """A clock that jumps to the next thing that happens: waits take no time, and count in full."""

    __slots__ = ("_now",)

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        """Return the time."""
        return self._now

    def advance(self, moment: float) -> None:
        """Jump to a moment."""
        self._now = max(self._now, moment)


class PacedClock:
    """A virtual clock that lets real time pass too: ``speedup`` times faster, no wait beyond a bound."""

    __slots__ = ("_max_wait_seconds", "_now", "_speedup")

    def __init__(self, start: float, speedup: float = 1.0, max_wait_seconds: float = math.inf) -> None:
        self._now = start
        self._speedup = speedup
        self._max_wait_seconds = max_wait_seconds

    def now(self) -> float:
        """Return the time."""
        return self._now

    def advance(self, moment: float) -> None:
        """Wait until a moment has come."""
        seconds = max(0.0, moment - self._now)
        time.sleep(min(seconds / self._speedup, self._max_wait_seconds))
        self._now = max(self._now, moment)


def seconds_of(start: Any) -> float:
    """Return a time in seconds since 1970, without one the time now in whole milliseconds."""
    if start is None:
        return math.floor(time.time() * 1000) / 1000
    seconds = start
    try:
        if isinstance(start, datetime):
            seconds = (start if start.tzinfo else start.replace(tzinfo=timezone.utc)).timestamp()
        elif isinstance(start, str):
            nanos = nanoseconds(start)
            if nanos is None:
                raise ExecutionError(f"{start!r:.80} is no time: it reads 2026-11-28T04:22:04Z")
            seconds = nanos / 1e9
        elif not is_number(start):
            raise ExecutionError(
                f"{shown(start)} is no time: give a datetime, a text or seconds since 1970"
            )
        datetime.fromtimestamp(seconds, timezone.utc) + _SEEN
        return float(seconds)
    except (OverflowError, OSError):
        pass
    except ValueError as error:
        if isinstance(error, ExecutionError):
            raise
    raise ExecutionError(f"{shown(start)} is no time of the years 1 to 9998")
