"""The runs of distributed Maps, and their child executions."""

from __future__ import annotations

from collections import Counter

from cfngen.execution.branches import Run
from cfngen.execution.json_values import Json


class Child:
    """A child execution and how it ended; ``items`` is how many items it was given."""

    __slots__ = ("cause", "error", "input", "items", "output", "place", "run", "status", "stopped")

    run: Run  # once it has begun

    def __init__(self, input: Json, items: int, place: int) -> None:  # noqa: A002  the API's word
        self.items: int = items
        self.place: int = place
        self.input: Json = input
        self.status: str = "RUNNING"
        self.output: Json = None
        self.error: str | None = None
        self.cause: str | None = None
        self.stopped: float = 0.0


class MapRun:
    """A run of a distributed Map; ``children`` are the first of them, and the first that failed."""

    __slots__ = ("_kept", "arn", "children", "failed", "label", "state", "status", "succeeded", "total")

    def __init__(self, arn: str, state: str, label: str) -> None:
        self.arn: str = arn
        self.state: str = state
        self.label: str = label
        self.status: str = "RUNNING"
        self.total: int = 0
        self.succeeded: int = 0
        self.failed: int = 0
        self.children: list[Child] = []
        self._kept: Counter[bool] = Counter()

    def keep(self, child: Child, most: int) -> None:
        """Keep a child execution that has ended, unless there are enough that ended as it did."""
        is_failed = child.status != "SUCCEEDED"
        if self._kept[is_failed] < most:
            self._kept[is_failed] += 1
            self.children.append(child)
