"""Executions that real services take part in: real time passes, and waits are shortened.

The clock of such an execution goes on with the wall's, and jumps over what a wait is shortened by, so that
timeouts count all of it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Final

from cfngen.execution.pending import Awaiting, Pending
from cfngen.execution.scheduler import Loop, Routine

POLL_SECONDS: Final = 0.01
"""Between two looks at what tasks wait for."""


class StoppedError(Exception):
    """Somebody stops the execution."""

    def __init__(self, error: str | None = None, cause: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause


class LiveClock:
    """Real time, and what waits have been shortened by."""

    def __init__(self, start: float) -> None:
        self._ahead = start - time.monotonic()

    def now(self) -> float:
        """Return the time."""
        return time.monotonic() + self._ahead

    def advance(self, moment: float) -> None:
        """Jump to a moment that is not past."""
        self._ahead += max(0.0, moment - self.now())


class LiveLoop(Loop):
    """Runs tasks that may wait for services; ``shorten`` says how long a wait of so many seconds takes.

    ``check`` is called again and again while the execution waits; it may raise ``StoppedError``. A task
    that waits for a service is given its whole time.
    """

    def __init__(
        self, clock: LiveClock, shorten: Callable[[float], float], check: Callable[[], None]
    ) -> None:
        super().__init__(clock)
        self._shorten = shorten
        self._check = check
        self._waiting: dict[Routine, Pending] = {}
        self._ends: dict[Routine, float] = {}  # when a shortened wait ends, by the wall's clock

    def at(self, moment: float, task: Routine) -> None:
        """Let a task go on at a time, for which it waits."""
        super().at(moment, task)
        seconds = min(moment, task.end) - self.clock.now()
        self._ends[task] = time.monotonic() + self._shorten(max(0.0, seconds))

    def wait_for(self, awaiting: Awaiting, task: Routine) -> None:
        """Let a task go on when there is an answer, or when its time is over."""
        task.turn += 1
        moment = math.inf if awaiting.seconds is None else self.clock.now() + awaiting.seconds
        if min(moment, task.end) < math.inf:
            super().at(moment, task)
        self._waiting[task] = awaiting.pending

    def go_on(self, task: Routine, value: Any, error: BaseException | None) -> None:
        """Let a task go on when it is its turn."""
        self._waiting.pop(task, None)
        self._ends.pop(task, None)
        super().go_on(task, value, error)

    def pass_time(self, until: float) -> bool:
        """Let time pass until a task can go on; return whether one does before ``until``."""
        self._check()
        for task, pending in list(self._waiting.items()):
            if task.is_over:
                del self._waiting[task]
            elif (message := pending.poll()) is not None:
                self.go_on(task, message, None)
                return True
        now = self.clock.now()
        moment = self.next_moment()
        if moment is not None and moment <= min(now, until):
            return super().pass_time(until)
        if now >= until:
            return False
        self._sleep(now, until)
        return True

    def _sleep(self, now: float, until: float) -> None:
        """Sleep for a moment, in which the next shortened wait goes on by its share."""
        waits = [
            (moment, self._ends[task])
            for moment, _, task, turn in self.timers
            if task.turn == turn and task in self._ends
        ]
        if not waits:
            if not self._waiting:
                raise RuntimeError("an execution waits for nothing")
            time.sleep(min(until - now, POLL_SECONDS))
            return
        moment, end = min(waits)
        left = end - time.monotonic()
        if left <= POLL_SECONDS:
            time.sleep(max(0.0, left))
            self.clock.advance(moment)
        else:
            time.sleep(POLL_SECONDS)
            self.clock.advance(now + (moment - now) * POLL_SECONDS / left)
