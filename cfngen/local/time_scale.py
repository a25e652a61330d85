"""How long waits take: what a state or a retrier waits for is shortened, and counts in full."""

from __future__ import annotations

from cfngen.core.declared import Declared, frozen


@frozen
class Pace(Declared):
    """Waits run ``times`` as fast, and none takes longer than ``longest`` seconds.

    A workflow's ``TimeoutSeconds`` counts what a wait would have taken. Work takes the time it takes.
    """

    times: float = 100
    longest: float = 1

    def shortened(self, seconds: float) -> float:
        """Return how long a wait of ``seconds`` takes."""
        return max(0.0, min(seconds / self.times, self.longest))


REAL = Pace(1, float("inf"))
"""Waits take the time they take."""
