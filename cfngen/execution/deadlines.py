"""How long one expression may be evaluated: a stranger's may be written to take for ever.

AWS stops an evaluation of JSONata after a second, in which it gets tens of times as far as Python does.
What it does about a slow JSONPath is not known.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time
from typing import Final

MAX_SECONDS: Final = 3.0
"""Seconds of the processor, in this thread, that one evaluation may take.

After one that took too long, the others of its execution have a third of it, and so on: five in all.
"""

_STEPS: Final = 64
"""After how many steps the time is looked at."""


class TooLongError(Exception):
    """An evaluation takes longer than ``MAX_SECONDS``."""

    def __init__(self) -> None:
        super().__init__("Expression evaluation timeout: Check for infinite loop")


class _Deadline(threading.local):
    """When the evaluation that this thread is in has to end."""

    seconds = MAX_SECONDS
    end = 0.0
    steps = 0

    def reset(self) -> None:
        """Let evaluations have their whole time: another execution begins."""
        self.seconds = MAX_SECONDS

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Begin an evaluation; one inside of another has the time that the other has left."""
        if self.end:
            yield
            return
        self.end = thread_time() + self.seconds
        try:
            yield
        finally:
            self.end = 0.0

    def step(self) -> None:
        """Count a step. Raises ``TooLongError``."""
        self.steps += 1
        if not self.steps % _STEPS:
            self.seconds_left()

    def seconds_left(self) -> float:
        """Return how long the evaluation may go on. Raises ``TooLongError``."""
        left = self.end - thread_time() if self.end else self.seconds
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TooLongError:
        """Note that an evaluation took too long, and return the error that says so."""
        self.seconds /= 3
        return TooLongError()


DEADLINE: Final = _Deadline()
