"""The runs of distributed Maps, and their child executions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import tee
from typing import TYPE_CHECKING, TypeAlias

from cfngen.execution.json_values import Json

if TYPE_CHECKING:
    from cfngen.execution.branches import Branch, Run
    from cfngen.execution.items import MapItem

Inputs: TypeAlias = "Iterator[tuple[Json, int, MapItem | None]]"
"""What child executions are given: each an input, of how many items it is, and the item where it is one."""


class Child:
    """A child execution and how it ended; ``items`` is how many items it was given.

    ``line`` is where its states stand, once it has begun.
    """

    __slots__ = ("cause", "error", "input", "item", "items", "line", "output", "place", "status", "stopped")

    def __init__(
        self,
        input: Json,  # noqa: A002  the API's word
        items: int,
        item: MapItem | None,
        place: int,
        line: Branch | None = None,
    ) -> None:
        self.input: Json = input
        self.items: int = items
        self.item: MapItem | None = item
        self.place: int = place
        self.line: Branch | None = line
        self.status: str = "RUNNING"
        self.output: Json = None
        self.error: str | None = None
        self.cause: str | None = None
        self.stopped: float = 0.0

    def again(self) -> Child:
        """Return one that is to go on; this one stays as it is."""
        child = Child(self.input, self.items, self.item, self.place, self.line)
        child.error, child.cause, child.stopped = self.error, self.cause, self.stopped
        return child

    @property
    def run(self) -> Run:
        """Its names and history."""
        assert self.line is not None
        return self.line.run


class MapRun:
    """A run of a distributed Map.

    ``children`` are by their places the first that ended, of those that succeeded and of the others;
    ``inputs`` are those of the children that have not begun.
    """

    __slots__ = (
        "_begun",
        "_is_whole",
        "_kept",
        "_pending",
        "_unfinished",
        "arn",
        "children",
        "failed",
        "inputs",
        "label",
        "redrive_count",
        "state",
        "status",
        "succeeded",
        "total",
        "writer",
    )

    def __init__(self, arn: str, state: str, label: str) -> None:
        self.arn: str = arn
        self.state: str = state
        self.label: str = label
        self.status: str = "RUNNING"
        self.redrive_count: int = 0
        self.total: int = 0
        self.succeeded: int = 0
        self.failed: int = 0
        self.children: dict[int, Child] = {}
        self.inputs: Inputs | None = None
        self.writer: object = None  # a result_writers.Writer, once children begin
        self._kept: Counter[bool] = Counter()
        self._begun = 0
        self._is_whole = True
        self._unfinished: dict[int, Child] = {}  # have begun, and have not succeeded
        self._pending: dict[int, Child] = {}  # have not succeeded before, and are to be redriven

    def begin(self) -> Iterator[Child]:
        """Yield the children as there is room for them: those to be redriven, then new ones."""
        for place in sorted(self._pending):
            child = self._unfinished[place] = self._pending.pop(place).again()
            yield child
        for value, items, item in self.inputs or ():
            child = self._unfinished[self._begun] = Child(value, items, item, self._begun)
            self._begun += 1
            yield child

    def end(self, child: Child, most: int) -> None:
        """Count a child that has ended; keep ``most`` of those that succeeded, and of the others."""
        is_kept = self._keep(child, most)
        if child.status == "SUCCEEDED":
            self.succeeded += child.items
            del self._unfinished[child.place]
            return
        self.failed += child.items
        if not is_kept:
            del self._unfinished[child.place]
            self._is_whole = False

    def succeed(self) -> None:
        """End it: failures were tolerated, and are not redriven."""
        self.status = "SUCCEEDED"
        self._unfinished, self.inputs, self.writer = {}, None, None

    def abort(self, now: float, most: int, status: str = "ABORTED") -> None:
        """End it before all of its children have ended."""
        self.status = status
        for place, child in self._pending.items():
            self._unfinished[place] = child
            self.failed += child.items if child.status in ("FAILED", "TIMED_OUT") else 0
        self._pending = {}
        for child in self._unfinished.values():
            if child.status == "RUNNING" and child.line is not None:
                child.status, child.stopped = "ABORTED", now
                child.run.history.end("ExecutionAborted", now, 0, {})
                self._keep(child, most)

    @property
    def is_redrivable(self) -> bool:
        """Whether a redrive goes on with it, and begins no other.

        It had children, did not succeed, and all of its children that failed have been kept.
        """
        return self._is_whole and self.inputs is not None and self.status in ("FAILED", "ABORTED")

    def redriven(self) -> MapRun:
        """Return the Map run that goes on; this one stays as it is."""
        assert self.inputs is not None
        again = MapRun(self.arn, self.state, self.label)
        again.redrive_count = self.redrive_count + 1
        again.total, again.succeeded = self.total, self.succeeded
        again.children, again._kept = dict(self.children), Counter(self._kept)
        self.inputs, again.inputs = tee(self.inputs)
        again._begun = self._begun
        again._pending = dict(self._unfinished)
        return again

    def unfinished(self) -> set[int]:
        """Return the places of the children that have not succeeded."""
        return {*self._unfinished, *self._pending}

    def _keep(self, child: Child, most: int) -> bool:
        known = self.children.pop(child.place, None)
        if known is not None:
            self._kept[known.status == "SUCCEEDED"] -= 1
        is_kept = self._kept[child.status == "SUCCEEDED"] < most
        if is_kept:
            self._kept[child.status == "SUCCEEDED"] += 1
            self.children[child.place] = child
        return is_kept
