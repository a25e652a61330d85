"""The ways out of a state that do not fit side by side: they hang in rows from one line.

The ways that lead from there to one state are joined below each row in the same manner, so that a machine
of many ways is as wide as one row of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cfngen.views.picture import Arrow, Kind
from cfngen.views.rows import in_rows


@dataclass(slots=True)
class Row:
    """The ways of a row, by their indexes among the arrows of the scope.

    ``inside`` are the boxes that only these ways lead to, ``ranks`` the ranks that they take.
    """

    ways: list[int]
    inside: set[int]
    ranks: int


@dataclass(slots=True)
class Fan:
    """The ways out of a box in rows, and the boxes from which its box can be reached again."""

    source: int
    rows: list[Row]
    earlier: set[int]

    def leaving(self, arrows: Sequence[Arrow]) -> Mapping[tuple[int, Kind], list[list[int]]]:
        """Return the arrows out of each row by their target and kind: each kind is drawn in its manner."""
        found: defaultdict[tuple[int, Kind], list[list[int]]] = defaultdict(lambda: [[] for _ in self.rows])
        rows = {box: number for number, row in enumerate(self.rows) for box in row.inside}
        for index, arrow in enumerate(arrows):
            number = rows.get(arrow.source)
            if number is not None and arrow.target not in self.rows[number].inside:
                found[arrow.target, arrow.kind][number].append(index)
        return found


def fans(arrows: Sequence[Arrow], widths: Sequence[float], gap: float, limit: float) -> Iterator[Fan]:
    """Yield the boxes with more ways than fit into ``limit``; ``widths`` are those of the arrows' ends."""
    after: defaultdict[int, list[int]] = defaultdict(list)
    before: defaultdict[int, set[int]] = defaultdict(set)
    for index, arrow in enumerate(arrows):
        if arrow.source != arrow.target:
            after[arrow.source].append(index)
            before[arrow.target].add(arrow.source)
    for source, ways in after.items():
        own = [way for way in ways if before[arrows[way].target] == {source}]
        places, _ = in_rows([(widths[way], 0) for way in own], (gap, 1), limit)
        by_row: defaultdict[float, list[int]] = defaultdict(list)
        for way, (_, y) in zip(own, places, strict=True):
            by_row[y].append(way)
        if len(by_row) > 1:
            rows = [_row(row, arrows, after, before) for row in by_row.values()]
            yield Fan(source, rows, _reaching(source, before))


def _row(
    ways: list[int], arrows: Sequence[Arrow], after: dict[int, list[int]], before: dict[int, set[int]]
) -> Row:
    ranks = {arrows[way].target: 2 for way in ways}
    pending = list(ranks)
    for box in pending:  # the loop adds to this list
        for way in after.get(box, ()):
            target = arrows[way].target
            if target not in ranks and before[target] <= ranks.keys():
                ranks[target] = max(ranks[earlier] for earlier in before[target]) + 2
                pending.append(target)
    return Row(ways, set(ranks), max(ranks.values()))


def _reaching(box: int, before: dict[int, set[int]]) -> set[int]:
    """Return the box and those from which it can be reached."""
    found = {box}
    pending = [box]
    for later in pending:  # the loop adds to this list
        for earlier in before.get(later, set()) - found:
            found.add(earlier)
            pending.append(earlier)
    return found
