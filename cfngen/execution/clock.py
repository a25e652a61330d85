"""The clocks an execution may run by: its own, on which nothing takes time, or the wall's."""

from __future__ import annotations

import math
import time
from typing import Protocol


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
