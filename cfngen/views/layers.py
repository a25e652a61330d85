"""The layout of a graph: in ranks as wide as they come, or in narrow ones where it is too wide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cfngen.views.picture import END, Arrow
from cfngen.views.plan import Label, PlacedBox
from cfngen.views.ranks import least_ranks, narrow_ranks
from cfngen.views.routes import Routes

_EFFORT: Final = {
    "effort": "fast",
    "tuning": {
        "order": {"chain_lane_rounds": 0},
        "coords": {
            "main_path_room": 0,
            "simplex_face_rounds": 0,
            "simplex_max_nodes": 20_000,
            "snap_rounds": 2,
            "pullin_rounds": 0,
            "branch_rounds": 0,
        },
        "routing": {"port_relax_rounds": 0},
    },
}
"""What the layout library does beyond takes half of the time, and gives more bends and longer lines."""
_TOLERANCE: Final = 1.1
"""A picture may be so much wider than a row."""
_NARROWINGS: Final = 4
_MAX_LENGTH: Final = 2000
"""Ranks that all arrows cross: with more of them, only a picture of narrow ranks is drawn, and it once."""


@dataclass
class Layers:
    """The boxes, arrows and labels of a graph, and what the layout library is told.

    ``engine`` is the ``layout`` of the library; ``row_width`` is the width that ranks are narrowed to.
    """

    engine: Callable[..., Any]
    boxes: Sequence[PlacedBox]
    arrows: Sequence[Arrow]
    labels: Sequence[Label | None]
    spacing: Mapping[str, float]
    row_width: float
    options: Mapping[str, Any] = field(default_factory=dict)

    def lay(self, routes: Routes, factor: float = 1.0, seed: int = 0) -> Any:
        """Return the library's answer, with a factor for the spacing."""
        options = {
            **self.options,
            "spacing": {name: gap * factor for name, gap in self.spacing.items()},
            "cycles": {"strategy": "follow_flow"},
            "seed": seed,
            **_EFFORT,
        }
        return self.engine(routes.graph(), preset="process_map", options=options)

    def narrowest(self) -> tuple[Routes, Any]:
        """Return the first layout that is no wider than a row, or the narrowest, and the routes in it."""
        ranks = least_ranks(self.arrows, len(self.boxes))
        length = sum(abs(ranks[arrow.target] - ranks[arrow.source]) for arrow in self.arrows)
        widest = max(placed.width for placed in self.boxes)
        limit = max(self.row_width, widest)
        enough = limit * _TOLERANCE
        layouts = []
        if length <= _MAX_LENGTH:
            routes = Routes(self.boxes, self.arrows, self.labels)
            layouts.append((routes, self.lay(routes)))
            if _drawing_width(layouts[0][1]) <= enough:
                return layouts[0]
        for _ in range(_NARROWINGS if layouts else 1):
            routes = self._narrow(limit)
            result = self.lay(routes)
            layouts.append((routes, result))
            if _drawing_width(result) <= enough:
                break
            limit *= max(0.5, min(0.8, enough / _TOLERANCE / _drawing_width(result)))
        return min(layouts, key=lambda each: _drawing_width(each[1]))

    def _narrow(self, limit: float) -> Routes:
        """Return routes in ranks whose boxes and labels have a row of this width."""
        gap = self.spacing["node_gap"]
        end = next((number for number, placed in enumerate(self.boxes) if placed.box.type == END), None)
        items: list[PlacedBox | Label] = [*self.boxes, *(label for label in self.labels if label)]
        label_of: dict[int, int] = {}
        for index, label in enumerate(self.labels):
            if label:
                label_of[index] = len(self.boxes) + len(label_of)
        widths = [item.width + gap for item in items]
        ranks = narrow_ranks(self.arrows, label_of, widths, limit + gap, end)
        return Routes(self.boxes, self.arrows, self.labels, ranks)


def _drawing_width(result: Any) -> float:
    bounds = result.raw["bounds"]
    return float(bounds["max"]["x"] - bounds["min"]["x"])
