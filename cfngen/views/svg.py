"""A picture as SVG: in light and dark, labelled for screen readers, with its texts inside its boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from math import ceil
from pathlib import Path
from typing import Final

from cfngen.views.layout import Canvas, Face, Placed, Plan, Point, Wire, lay_out
from cfngen.views.picture import END, MISSING, START, Box, Picture
from cfngen.views.text_metrics import bounded, broken

_NAME, _CAPTION, _LABEL = 14, 11, 11
_WIDEST: Final = 230.0
_ICON: Final = 26.0
_MARGIN: Final = 12.0
_RADIUS: Final = 8.0
_AROUND: Final = 24.0
_PAPER: Final = 16.0


def _face(size: float, line: float, room: float, most: int) -> Face:
    def width(text: str) -> float:
        return bounded(text) * size

    return Face(width=width, height=line, broken=partial(broken, room=room, width=width, most=most))


CANVAS: Final = Canvas(
    caption=_face(_CAPTION, 15, _WIDEST, 3),
    name=_face(_NAME, 19, _WIDEST, 9),
    label=_face(_LABEL, 14, 190, 4),
    margin=(_MARGIN, 9),
    icon=_ICON,
    mark=(64, 30),
    frame=(_AROUND, 20),
    room=1800,
    label_margin=(4, 2),
    options={"spacing": {"layer_gap": 46, "node_gap": 40, "isolated_gap": 40}},
)

TITLE: Final = "Workflow graph"


def svg(
    picture: Picture,
    *,
    marks: Mapping[int, str] | None = None,
    title: str = TITLE,
    inside_a_page: bool = False,
) -> str:
    """Return an SVG document.

    ``marks`` are classes of states by their numbers, such as ``succeeded``. Inside a page each state can
    be reached with the keyboard, and the page brings the style. Raises what ``lay_out`` raises.
    """
    plan = lay_out(picture, CANVAS)
    return "\n".join(_Document(plan, picture, marks or {}, title, inside_a_page).lines()) + "\n"


def style() -> str:
    """Return the style sheet of a picture by itself.

    Colours stand in it as they are, for programs that draw SVG and know no custom properties.
    """
    sheet = asset("graph.css")
    light, dark = (dict(_COLOUR.findall(part)) for part in sheet.split("@media"))
    rules = [rule for rule in sheet.split("@media")[0].splitlines() if not _COLOUR.search(rule)]
    coloured = [f"  {_painted(rule, dark)}" for rule in rules if "var(" in rule]
    lines = [_painted(rule, light) for rule in rules]
    return "\n".join([*lines, "@media (prefers-color-scheme: dark) {", *coloured, "}"]) + "\n"


def asset(name: str) -> str:
    """Return a file of the package; reading it costs less than ``importlib.resources``."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


def _painted(rule: str, colours: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: colours[found[1]], rule)


_COLOUR: Final = re.compile(r"--(\w+): (#\w+);")
_VARIABLE: Final = re.compile(r"var\(--(\w+)\)")


class _Document:
    def __init__(
        self, plan: Plan, picture: Picture, marks: Mapping[int, str], title: str, inside: bool
    ) -> None:
        self.plan = plan
        self.picture = picture
        self.marks = marks
        self.title = title
        self.inside = inside

    def lines(self) -> Iterator[str]:
        """Yield the document."""
        width, height = (ceil(size + 2 * _PAPER) for size in (self.plan.width, self.plan.height))
        role = "group" if self.inside else "img"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="{width}" height="{height}" '
            f'viewBox="{_number(-_PAPER)} {_number(-_PAPER)} {width} {height}" role="{role}" '
            'aria-labelledby="graph-title graph-description">'
        )
        yield f'<title id="graph-title">{_text(self.title)}</title>'
        yield f'<desc id="graph-description">{_text(described(self.picture))}</desc>'
        if not self.inside:
            yield f"<style>\n{style()}</style>"
            yield (
                f'<rect class="paper" x="{_number(-_PAPER)}" y="{_number(-_PAPER)}" '
                f'width="{width}" height="{height}"/>'
            )
        yield f"<defs>{_head('arrow', 'head')}{_head('arrow-catch', 'head catch')}</defs>"
        for placed in self.plan.boxes:
            yield from self._box(placed)
        for wire in self.plan.wires:
            yield _wire(wire)
        for wire in self.plan.wires:
            if wire.label:
                yield from _label(wire)
        yield "</svg>"

    def _box(self, placed: Placed) -> Iterator[str]:
        box = placed.box
        if box.type in (START, END):
            yield '<g class="mark">'
            yield _rectangle(placed, placed.height / 2)
            yield _line(box.name, "name", placed.x + placed.width / 2, placed.y + placed.height / 2 + 5)
            yield "</g>"
            return
        yield self._opening(box)
        yield f"<title>{_text(_spoken(box))}</title>"
        yield _rectangle(placed, _RADIUS)
        for x, y, width, height in placed.parts:
            yield (
                f'<rect class="part" x="{_number(x - 10)}" y="{_number(y - 8)}" '
                f'width="{_number(width + 20)}" height="{_number(height + 16)}" rx="6"/>'
            )
        yield _icon(box, placed.x + _MARGIN, placed.y + 12)
        middle = placed.x + _MARGIN + _ICON
        y = placed.y + CANVAS.margin[1]
        for line in placed.caption:
            yield _line(line, "caption", middle, y + 11)
            y += CANVAS.caption.height
        for line in placed.name:
            yield _line(line, "name", middle, y + 14)
            y += CANVAS.name.height
        if mark := self.marks.get(box.number):
            yield _badge(mark, placed.x + placed.width, placed.y)
        yield "</g>"

    def _opening(self, box: Box) -> str:
        kind = "missing" if box.type == MISSING else (box.type or "unknown").lower()
        mark = self.marks.get(box.number, "")
        classes = " ".join(
            part
            for part in ("state", kind, "frame" if box.scopes else "", mark and f"marked {mark}")
            if part
        )
        if not self.inside or not box.is_state:
            return f'<g class="{classes}">'
        spoken = f"{_spoken(box)}{f', {mark}' if mark else ''}".replace("-", " ")
        return (
            f'<g class="{classes}" id="state-{box.number}" data-state="{box.number}" role="button" '
            f'tabindex="0" aria-label="{_text(spoken)}">'
        )


def described(picture: Picture) -> str:
    """Return in words what a picture shows: each state and where it leads."""
    sentences = []
    for scope in picture.scopes:
        ways: dict[int, list[str]] = {}
        for arrow in scope.arrows:
            when = {"catch": "on ", "choice": "if "}.get(arrow.kind, "")
            label = f" {when}{' or '.join(arrow.labels)}" if arrow.labels else ""
            ways.setdefault(arrow.source, []).append(f"to {scope.boxes[arrow.target].name}{label}")
        for place, box in enumerate(scope.boxes):
            if place in ways:
                sentences.append(f"{box.name} leads {', '.join(ways[place])}.")
    return " ".join(sentences)


def _spoken(box: Box) -> str:
    """Return what a state is, for those who hear it."""
    return ", ".join(part for part in (box.name, box.type if box.is_state else "", box.detail) if part)


def _rectangle(placed: Placed, radius: float) -> str:
    x, y, width, height = map(_number, (placed.x, placed.y, placed.width, placed.height))
    return f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="{_number(radius)}"/>'


def _line(text: str, kind: str, x: float, y: float) -> str:
    return f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}">{_text(text)}</text>'


def _head(name: str, kind: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="{kind}" d="M0 0 8 4 0 8Z"/></marker>'
    )


def _wire(wire: Wire) -> str:
    kind = wire.arrow.kind
    head = "arrow-catch" if kind == "catch" else "arrow"
    return f'<path class="way {kind}" d="{_rounded(wire.points)}" marker-end="url(#{head})"/>'


def _label(wire: Wire) -> Iterator[str]:
    face = CANVAS.label
    width = max(map(face.width, wire.label)) + 2 * CANVAS.label_margin[0]
    height = len(wire.label) * face.height + 2 * CANVAS.label_margin[1]
    x, y = wire.at[0] - width / 2, wire.at[1] - height / 2
    yield f'<g class="label {wire.arrow.kind}">'
    yield f"<title>{_text(', '.join(wire.arrow.labels))}</title>"
    yield (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}" '
        'rx="3"/>'
    )
    for number, line in enumerate(wire.label):
        yield _line(line, "when", wire.at[0], y + CANVAS.label_margin[1] + 11 + number * face.height)
    yield "</g>"


def _rounded(points: list[Point], radius: float = 6) -> str:
    """Return a path through points, with its corners rounded."""
    steps = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        steps.append(f"L{_pair(_towards(corner, before, reach))}")
        steps.append(f"Q{_pair(corner)} {_pair(_towards(corner, after, reach))}")
    steps.append(f"L{_pair(points[-1])}")
    return "".join(steps)


def _distance(one: Point, other: Point) -> float:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def _towards(start: Point, end: Point, reach: float) -> Point:
    far = _distance(start, end)
    share = reach / far if far else 0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _icon(box: Box, x: float, y: float) -> str:
    """Return the sign of a type, 16 by 16."""
    drawn = _ICONS.get(box.type, _ICONS[""])
    return f'<path class="icon" transform="translate({_number(x)} {_number(y)})" d="{drawn}"/>'


_ICONS: Final = {
    "Task": "M2 2h12v12H2zM6.5 5.500l3.500 2.500-3.500 2.500z",
    "Pass": "M1 8h13M10 4l4 4-4 4",
    "Wait": "M8 1a7 7 0 1 0 .01 0zM8 4v4l3 2",
    "Choice": "M8 1l7 7-7 7-7-7zM8 5v3M8 10.5v.5",
    "Parallel": "M8 1v3M3 15V7h10v8M8 4v3M1 13l2 2 2-2M11 13l2 2 2-2",
    "Map": "M2 3h3v3H2zM2 10h3v3H2zM8 4.5h7M8 11.5h7",
    "Succeed": "M8 1a7 7 0 1 0 .01 0zM5 8l2 2 4-4",
    "Fail": "M8 1a7 7 0 1 0 .01 0zM5.5 5.5l5 5M10.500 5.500l-5 5",
    MISSING: "M8 1l7 13H1zM8 6v4M8 11.500v.5",
    "": "M8 1a7 7 0 1 0 .01 0zM6 6a2 2 0 1 1 2 2.500v1M8 11.500v.5",
}


def _badge(mark: str, x: float, y: float) -> str:
    """Return the sign of what became of a state, for those who do not tell colours apart."""
    if mark not in _BADGES:
        return ""
    return (
        f'<g class="badge" transform="translate({_number(x)} {_number(y)})" aria-hidden="true">'
        f'<circle r="9"/><path d="{_BADGES[mark]}"/></g>'
    )


_BADGES: Final = {
    "succeeded": "M-4 0l3 3 5-6",
    "retried": "M3.500-3a4.500 4.500 0 1 0 1 3M4-5v2.500H1.500",
    "caught": "M0-4v4.500M0 4v.1",
    "failed": "M-3-3l6 6M3-3l-6 6",
    "timed-out": "M0-4v4l3 2",
    "aborted": "M-3-3h6v6h-6z",
    "running": "M-2.500-4l5.500 4-5.500 4z",
    "unknown": "M-1.500-2.500a1.800 1.800 0 1 1 1.500 3v.5M0 4v.1",
}


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(given: float) -> str:
    """Return a number to a tenth, without what does not matter."""
    return f"{round(given, 1) + 0.0:g}" if abs(given) < 1e5 else f"{given:.0f}"


_text = partial(escape, quote=True)
