"""The ranks of a picture that would be too wide: each takes as many boxes and labels as fit side by side.

What has no room waits for a later rank. What follows the last boxes goes first, so that ways stay together.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Final

from cfngen.views.picture import Arrow

_NO_RANK: Final = -1


def narrow_ranks(
    arrows: Sequence[Arrow],
    label_of: Mapping[int, int],
    widths: Sequence[float],
    limit: float,
    end: int | None,
) -> list[int]:
    """Return a rank for each box, then for each label, which are no wider than ``limit`` in each rank.

    ``label_of`` has the number of an arrow's label by the index of the arrow; ``widths`` are those of the
    boxes and labels with the gap beside them. ``end`` is the box that comes last.
    """
    return _Ranks(arrows, label_of, widths, limit, end).ranks


def least_ranks(arrows: Sequence[Arrow], boxes: int) -> list[int]:
    """Return the least rank of each box below those that lead to it, in any width."""
    after: defaultdict[int, list[int]] = defaultdict(list)
    for arrow in arrows:
        after[arrow.source].append(arrow.target)
    left: list[int] = []
    is_left = [False] * boxes
    is_entered = [False] * boxes
    leading_back: set[tuple[int, int]] = set()
    for first in range(boxes):
        pending = [] if is_entered[first] else [(first, iter(after[first]))]
        is_entered[first] = True
        while pending:
            box, targets = pending[-1]
            target = next((target for target in targets if not is_left[target]), None)
            if target is None:
                pending.pop()
                left.append(box)
                is_left[box] = True
            elif is_entered[target]:
                leading_back.add((box, target))
            else:
                is_entered[target] = True
                pending.append((target, iter(after[target])))
    ranks = [0] * boxes
    for box in reversed(left):
        for target in after[box]:
            if (box, target) not in leading_back:
                ranks[target] = max(ranks[target], ranks[box] + 1)
    return ranks


class _Ranks:
    def __init__(
        self,
        arrows: Sequence[Arrow],
        label_of: Mapping[int, int],
        widths: Sequence[float],
        limit: float,
        end: int | None,
    ) -> None:
        self.arrows = arrows
        self.label_of = label_of
        self.widths = list(widths)
        self.limit = limit
        self.ranks = [_NO_RANK] * len(widths)
        self.widths_used: defaultdict[int, float] = defaultdict(float)
        self.into: defaultdict[int, list[int]] = defaultdict(list)
        self.out_of: defaultdict[int, list[int]] = defaultdict(list)
        for index, arrow in enumerate(arrows):
            self.into[arrow.target].append(index)
            self.out_of[arrow.source].append(index)
        count_ = len(widths) - len(label_of)
        self.least = least_ranks(arrows, count_)
        self.boxes = [box for box in range(count_) if box != end]
        for box in self.boxes:
            above = [edge for edge in self.into[box] if edge in label_of and self._is_near_target(edge)]
            self.widths[box] = max(widths[box], sum(widths[label_of[edge]] for edge in above))
        self.is_fan = {box for box in self.boxes if sum(map(self._width_of_edge, self.out_of[box])) > limit}
        self._place()
        if end is not None:
            self._put(end, max(self.ranks) + 1)
            self._put_labels_between(end)

    def _place(self) -> None:
        down = {box: [edge for edge in self.into[box] if self._leads_down(edge)] for box in self.boxes}
        missing = {box: len(ways) for box, ways in down.items()}
        narrowest = min((self.widths[box] for box in self.boxes), default=0)
        ready: list[tuple[int, int, int]] = []  # by the least rank, the greatest one first
        for box in self.boxes:
            if not missing[box]:
                insort(ready, (0, self.least[box], box))
        for rank in count():
            if not ready:
                return
            for entry in [*ready]:
                if self.widths_used[rank] + narrowest > self.limit and self.widths_used[rank]:
                    break
                least, _, box = entry
                if -least > rank or not self._fits(box, rank, down[box]):
                    continue
                ready.remove(entry)
                self._put(box, rank)
                for edge in self.out_of[box]:
                    if edge in self.label_of and self._leads_down(edge) and not self._is_near_target(edge):
                        self._put_where_room_is(self.label_of[edge], count(self._below(box)))
                self._put_labels_between(box)
                for edge in self.out_of[box]:
                    target = self.arrows[edge].target
                    if target not in down or not self._leads_down(edge):
                        continue
                    missing[target] -= 1
                    if not missing[target]:
                        rank_ = max(map(self._least_rank, down[target]))
                        insort(ready, (-rank_, self.least[target], target))

    def _leads_down(self, edge: int) -> bool:
        arrow = self.arrows[edge]
        return self.least[arrow.source] < self.least[arrow.target]

    def _is_near_target(self, edge: int) -> bool:
        """Return whether the label of an arrow is near its target: where fewer arrows are."""
        arrow = self.arrows[edge]
        return len(self.out_of[arrow.source]) >= len(self.into[arrow.target])

    def _width_of_edge(self, edge: int) -> float:
        if not self._leads_down(edge):
            return 0
        if edge not in self.label_of or self._is_near_target(edge):
            return self.widths[self.arrows[edge].target]
        return self.widths[self.label_of[edge]]

    def _below(self, box: int) -> int:
        """Return the first rank below a box; the line that a fan hangs from takes one."""
        return self.ranks[box] + 1 + (box in self.is_fan)

    def _least_rank(self, edge: int) -> int:
        """Return the least rank of the target of an arrow."""
        label = self.label_of.get(edge)
        if label is None:
            return self._below(self.arrows[edge].source)
        if self.ranks[label] != _NO_RANK:
            return self.ranks[label] + 1
        return self._below(self.arrows[edge].source) + 1

    def _put(self, node: int, rank: int) -> None:
        self.ranks[node] = rank
        self.widths_used[rank] += self.widths[node]

    def _put_where_room_is(self, node: int, ranks: Iterable[int]) -> None:
        self._put(node, next(rank for rank in ranks if self._has_room(node, rank)))

    def _has_room(self, node: int, rank: int) -> bool:
        return not self.widths_used[rank] or self.widths_used[rank] + self.widths[node] <= self.limit

    def _fits(self, box: int, rank: int, down: Sequence[int]) -> bool:
        """Return whether a box fits into a rank; if so, the labels of its arrows are put above it."""
        if not self._has_room(box, rank) or any(
            rank in (self.ranks[self.arrows[edge].source], self.ranks[self.arrows[edge].target])
            for edge in (*self.into[box], *self.out_of[box])
            if edge not in self.label_of
        ):
            return False
        labels: list[int] = []
        for edge in down:
            if edge not in self.label_of or not self._is_near_target(edge):
                continue
            label = self.label_of[edge]
            above = range(rank - 1, self._below(self.arrows[edge].source) - 1, -1)
            free = next((at for at in above if self._has_room(label, at)), None)
            if free is None:
                for placed in labels:
                    self.widths_used[self.ranks[placed]] -= self.widths[placed]
                    self.ranks[placed] = _NO_RANK
                return False
            self._put(label, free)
            labels.append(label)
        return True

    def _put_labels_between(self, box: int) -> None:
        """Put the labels that have no rank between a box and others: those of arrows that lead back."""
        for edge in (*self.into[box], *self.out_of[box]):
            label, arrow = self.label_of.get(edge), self.arrows[edge]
            if label is None or self.ranks[label] != _NO_RANK:
                continue
            source, target = self.ranks[arrow.source], self.ranks[arrow.target]
            if _NO_RANK in (source, target):
                continue
            between = range(target - 1, source, -1)
            self._put_where_room_is(label, chain(between, count(max(source, target) + 1)))
