"""A picture with the positions and sizes of its boxes, arrows and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cfngen.views.picture import Arrow, Box

Point: TypeAlias = "tuple[float, float]"


@dataclass(slots=True)
class PlacedBox:
    """A box with its position (of its left upper corner), its size, and its texts in lines.

    ``parts`` are the frames of the graphs inside it.
    """

    box: Box
    x: float
    y: float
    width: float
    height: float
    caption: Sequence[str] = ()
    name: Sequence[str] = ()
    parts: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Label:
    """The text of an arrow in lines, with its position (of its left upper corner) and its size."""

    lines: Sequence[str]
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Wire:
    """An arrow: one line of points, or one to its label and one from there."""

    arrow: Arrow
    source: Box
    target: Box
    lines: list[list[Point]]
    label: Label | None = None


@dataclass(slots=True)
class DrawingPlan:
    """A picture with all positions: the states in their order, then the other boxes."""

    width: float
    height: float
    boxes: list[PlacedBox]
    wires: list[Wire]
