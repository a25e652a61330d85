"""How long waits take: the wait of a state or a retrier is shortened, but timeouts count all of it."""

from __future__ import annotations

from cfngen.core.declared import Declared, frozen


@frozen
class TimeScale(Declared):
    """Waits run ``speedup`` times as fast, and none takes longer than ``max_wait_seconds``.

    The ``TimeoutSeconds`` of a workflow counts the whole wait. Tasks take as long as they take.
    """

    speedup: float = 100
    max_wait_seconds: float = 1

    def scaled(self, seconds: float) -> float:
        """Return how many seconds a wait of ``seconds`` takes."""
        return max(0.0, min(seconds / self.speedup, self.max_wait_seconds))


REAL = TimeScale(1, float("inf"))
"""Waits take as long as the definition says."""
