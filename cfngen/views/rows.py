"""The rows of what stands inside a frame: as few as there is width for, and about as wide."""

from __future__ import annotations

from collections.abc import Sequence

from cfngen.views.plan import Point


def in_rows(
    sizes: Sequence[tuple[float, float]], gap: tuple[float, float], max_width: float
) -> tuple[list[Point], tuple[float, float]]:
    """Return a position for each of these widths and heights, and the size of all with gaps around them."""
    across, down = gap
    widths = [width + across for width, _ in sizes]
    limit = _row_limit(widths, max_width - across)
    places: list[Point] = []
    x, y, widest, row = across, down, 0.0, 0.0
    for (_, height), width in zip(sizes, widths, strict=True):
        if x > across and x - across + width > limit:
            x, y, row = across, y + row + down, 0.0
        places.append((x, y))
        x, row = x + width, max(row, height)
        widest = max(widest, x)
    return places, (widest, y + row + down)


def _row_limit(widths: Sequence[float], limit: float) -> float:
    """Return the least width with which there are no more rows than with ``limit``."""
    rows = _row_count(widths, limit)
    if rows == 1 or max(widths) >= limit:
        return limit
    low, high = max(widths), limit
    for _ in range(20):  # halves, to less than a pixel
        middle = (low + high) / 2
        low, high = (low, middle) if _row_count(widths, middle) == rows else (middle, high)
    return high


def _row_count(widths: Sequence[float], limit: float) -> int:
    rows, row = 1, 0.0
    for width in widths:
        if row and row + width > limit:
            rows, row = rows + 1, 0.0
        row += width
    return rows
