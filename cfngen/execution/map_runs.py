"""The runs of distributed Maps, and their child executions."""

from __future__ import annotations

from cfngen.execution.branches import Run
from cfngen.execution.json_values import Json


class Child:
    """A child execution and how it ended; ``items`` is how many items it was given."""

    __slots__ = ("cause", "error", "input", "items", "output", "place", "run", "status", "stopped")

    def __init__(self, run: Run, items: int, place: int) -> None:
        self.run: Run = run
        self.items: int = items
        self.place: int = place
        self.input: Json = run.input
        self.status: str = "RUNNING"
        self.output: Json = None
        self.error: str | None = None
        self.cause: str | None = None
        self.stopped: float = run.started


class MapRun:
    """A run of a distributed Map; ``children`` are the first of them, and all that failed."""

    __slots__ = ("arn", "children", "failed", "label", "state", "status", "succeeded", "total")

    def __init__(self, arn: str, state: str, label: str) -> None:
        self.arn: str = arn
        self.state: str = state
        self.label: str = label
        self.status: str = "RUNNING"
        self.total: int = 0
        self.succeeded: int = 0
        self.failed: int = 0
        self.children: list[Child] = []
