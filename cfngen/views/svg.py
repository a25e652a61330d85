"""A picture as SVG, with light and dark colours, labels for screen readers, and texts that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from math import ceil
from pathlib import Path
from typing import Final

from cfngen.views.description import in_words, transition_descriptions
from cfngen.views.icons import BADGES, ICONS
from cfngen.views.layout import Canvas, Face, lay_out
from cfngen.views.picture import END, MISSING, START, Box, Picture
from cfngen.views.plan import DrawingPlan, Label, PlacedBox, Wire
from cfngen.views.strokes import Strokes, one_decimal, rounded
from cfngen.views.text_metrics import max_width, wrap_names

_NAME_SIZE, _CAPTION_SIZE, _LABEL_SIZE = 14, 11, 11
_MAX_LINE_WIDTH: Final = 230.0
_MAX_WORD_WIDTH: Final = 380.0
"""Of a name in a caption or a label, such as that of an action or an error, which stays whole."""
_ICON_WIDTH: Final = 26.0
_MARGIN: Final = 12.0
_RADIUS: Final = 8.0
_FRAME_MARGIN: Final = 24.0
_PAPER_MARGIN: Final = 16.0
_RING_DISTANCE: Final = 5.0
"""Between a box and the ring around it that shows the focus."""


def _svg_face(size: float, height: float, line_width: float, max_lines: int, longest: float = 0) -> Face:
    def width(text: str) -> float:
        return max_width(text) * size

    return Face(
        width=width,
        height=height,
        wrap=partial(wrap_names, line_width=line_width, width=width, max_lines=max_lines, longest=longest),
    )


CANVAS: Final = Canvas(
    caption=_svg_face(_CAPTION_SIZE, 15, _MAX_LINE_WIDTH, 3, _MAX_WORD_WIDTH),
    name=_svg_face(_NAME_SIZE, 19, _MAX_LINE_WIDTH, 9),
    label=_svg_face(_LABEL_SIZE, 14, 190, 4, _MAX_WORD_WIDTH),
    margin=(_MARGIN, 9),
    icon=_ICON_WIDTH,
    mark=(64, 30),
    frame=(_FRAME_MARGIN, 20),
    row_width=1800,
    label_margin=(4, 2),
    label_clearance=1,
    spacing={"layer_gap": 28, "node_gap": 40, "isolated_gap": 40},
)

TITLE: Final = "Workflow graph"


def svg(
    picture: Picture,
    *,
    marks: Mapping[int, str] | None = None,
    title: str = TITLE,
    inside_a_page: bool = False,
    rules: str = "",
) -> str:
    """Return an SVG document.

    ``marks`` are classes of states by their numbers, such as ``succeeded``. Inside a page each state can
    get the focus, and the page has the style sheet. ``rules`` are added to the style sheet. Raises what
    ``lay_out`` raises.
    """
    plan = lay_out(picture, CANVAS)
    return "\n".join(_SvgDocument(plan, picture, marks or {}, title, inside_a_page, rules).lines()) + "\n"


def svg_size(document: str) -> tuple[int, int]:
    """Return the width and the height of an SVG document of ``svg``."""
    match = _SIZE.search(document)
    assert match is not None  # every picture has one
    return int(match[1]), int(match[2])


def style() -> str:
    """Return the style sheet of a picture outside a page.

    It has no custom properties, which some programs that draw SVG do not support.
    """
    sheet = asset("graph.css")
    light, dark = (dict(_COLOUR.findall(part)) for part in sheet.split("@media"))
    rules = [rule for rule in sheet.split("@media")[0].splitlines() if not _COLOUR.search(rule)]
    coloured = [f"  {_painted(rule, dark)}" for rule in rules if "var(" in rule]
    lines = [_painted(rule, light) for rule in rules]
    return "\n".join([*lines, "@media screen and (prefers-color-scheme: dark) {", *coloured, "}"]) + "\n"


def asset(name: str) -> str:
    """Return a file of the package, without the slower ``importlib.resources``."""
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


def _painted(rule: str, colours: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda variable: colours[variable[1]], rule)


_SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)"')
_COLOUR: Final = re.compile(r"--(\w+): (#\w+);")
_VARIABLE: Final = re.compile(r"var\(--(\w+)\)")


class _SvgDocument:
    def __init__(
        self,
        plan: DrawingPlan,
        picture: Picture,
        marks: Mapping[int, str],
        title: str,
        inside: bool,
        rules: str,
    ) -> None:
        self.plan = plan
        self.picture = picture
        self.marks = marks
        self.title = title
        self.inside = inside
        self.rules = rules
        self.transitions = {} if inside else transition_descriptions(picture)

    def lines(self) -> Iterator[str]:
        """Yield the document."""
        width, height = (ceil(size + 2 * _PAPER_MARGIN) for size in (self.plan.width, self.plan.height))
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" width="{width}" height="{height}" '
            f'viewBox="{one_decimal(-_PAPER_MARGIN)} {one_decimal(-_PAPER_MARGIN)} {width} {height}" '
            'role="group" '
            'aria-labelledby="graph-title">'
        )
        yield f'<title id="graph-title">{_escaped_text(self.title)}</title>'
        if not self.inside:
            yield f"<style>\n{style()}{self.rules}</style>"
            yield (
                f'<rect class="paper" x="{one_decimal(-_PAPER_MARGIN)}" y="{one_decimal(-_PAPER_MARGIN)}" '
                f'width="{width}" height="{height}"/>'
            )
        yield f"<defs>{_arrow_head('arrow', 'head')}{_arrow_head('arrow-catch', 'head catch')}</defs>"
        for placed in self.plan.boxes:
            yield from self._box(placed)
        strokes = Strokes()
        yield from (_wire(wire, strokes) for wire in self.plan.wires)
        for wire in self.plan.wires:
            if wire.label:
                yield from _wire_label(wire.label, wire)
        yield "</svg>"

    def _box(self, placed: PlacedBox) -> Iterator[str]:
        box = placed.box
        if box.type in (START, END):
            yield self._mark_opening(box)
            yield _rectangle(placed, placed.height / 2)
            yield _text_line(
                box.name, "name", placed.x + placed.width / 2, placed.y + placed.height / 2 + 5
            )
            yield "</g>"
            return
        yield self._opening(box)
        yield f"<title>{_escaped_text(self._words(box))}</title>"
        if self.inside and box.is_state:
            yield _rectangle(placed, _RADIUS + _RING_DISTANCE, "ring", _RING_DISTANCE)
        yield _rectangle(placed, _RADIUS)
        for x, y, width, height in placed.parts:
            yield (
                f'<rect class="part" x="{one_decimal(x - 10)}" y="{one_decimal(y - 8)}" '
                f'width="{one_decimal(width + 20)}" height="{one_decimal(height + 16)}" rx="6"/>'
            )
        yield _icon(box, placed.x + _MARGIN, placed.y + 12)
        middle = placed.x + _MARGIN + _ICON_WIDTH
        y = placed.y + CANVAS.margin[1]
        for line in placed.caption:
            yield _text_line(line, "caption", middle, y + 11)
            y += CANVAS.caption.height
        for line in placed.name:
            yield _text_line(line, "name", middle, y + 14)
            y += CANVAS.name.height
        if mark := self.marks.get(box.number):
            yield _badge(mark, placed.x + placed.width, placed.y)
        yield "</g>"

    def _opening(self, box: Box) -> str:
        kind = "missing" if box.type == MISSING else (box.type or "unknown").lower()
        mark = self.marks.get(box.number, "")
        classes = " ".join(
            part
            for part in ("state", kind, "frame" if box.subgraphs else "", mark and f"marked {mark}")
            if part
        )
        if not self.inside or not box.is_state:
            return f'<g class="{classes}" role="img">'
        focus = 0 if box.number == 0 else -1  # the script of the page moves it with the arrow keys
        return (
            f'<g class="{classes}" id="state-{box.number}" data-state="{box.number}" role="button" '
            f'tabindex="{focus}">'
        )

    def _mark_opening(self, box: Box) -> str:
        """Return the opening of Start or End, which is silent where a page lists the arrows."""
        kind = f"mark {box.type.lower()}"
        if self.inside or id(box) not in self.transitions:
            return f'<g class="{kind}" aria-hidden="true">'
        return f'<g class="{kind}" role="img"><title>{_escaped_text(self._words(box))}</title>'

    def _words(self, box: Box) -> str:
        """Return what a screen reader says of a box."""
        mark = self.marks.get(box.number, "").replace("-", " ") if self.inside else ""
        return ", ".join(part for part in (in_words(box), self.transitions.get(id(box), ""), mark) if part)


def _rectangle(placed: PlacedBox, radius: float, kind: str = "box", distance: float = 0) -> str:
    """Return a rectangle around a box, at a distance."""
    x, y = one_decimal(placed.x - distance), one_decimal(placed.y - distance)
    width, height = one_decimal(placed.width + 2 * distance), one_decimal(placed.height + 2 * distance)
    rounded = one_decimal(radius)
    return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{rounded}"/>'


def _text_line(text: str, kind: str, x: float, y: float) -> str:
    return f'<text class="{kind}" x="{one_decimal(x)}" y="{one_decimal(y)}">{_escaped_text(text)}</text>'


def _arrow_head(name: str, kind: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="{kind}" d="M0 0 8 4 0 8Z"/></marker>'
    )


def _wire(wire: Wire, strokes: Strokes) -> str:
    kind = wire.arrow.kind
    runs = [run for line in wire.lines for run in strokes.add(kind, line)]
    head = f' marker-end="url(#{"arrow-catch" if kind == "catch" else "arrow"})"'
    head = head if runs and runs[-1][-1] == wire.lines[-1][-1] else ""  # another arrow has it
    return f'<path class="way {kind}" d="{"".join(map(rounded, runs))}"{head}/>'


def _wire_label(label: Label, wire: Wire) -> Iterator[str]:
    condition = ", ".join(wire.arrow.labels)
    yield f'<g class="label {wire.arrow.kind}" aria-hidden="true">'  # its state says it
    yield f"<title>{_escaped_text(f'From {wire.source.name} to {wire.target.name}: {condition}')}</title>"
    middle = label.x + label.width / 2
    for row, line in enumerate(label.lines):
        y = label.y + CANVAS.label_margin[1] + 11 + row * CANVAS.label.height
        yield _text_line(line, "when", middle, y)
    yield "</g>"


def _icon(box: Box, x: float, y: float) -> str:
    """Return the sign of a type, 16 by 16."""
    drawn = ICONS.get(box.type, ICONS[""])
    return f'<path class="icon" transform="translate({one_decimal(x)} {one_decimal(y)})" d="{drawn}"/>'


def _badge(mark: str, x: float, y: float) -> str:
    """Return the sign of a status, for people who cannot distinguish the colours."""
    if mark not in BADGES:
        return ""
    return (
        f'<g class="badge" transform="translate({one_decimal(x)} {one_decimal(y)})" aria-hidden="true">'
        f'<circle r="9"/><path d="{BADGES[mark]}"/></g>'
    )


def swatch(mark: str) -> str:
    """Return the sign of an outcome for a legend: the badge, or the border of a box without a badge."""
    drawn = _badge(mark, 0, 0) or '<rect class="border" x="-9" y="-6" width="18" height="12" rx="3"/>'
    return (
        f'<svg class="swatch {mark}" width="20" height="20" viewBox="-10 -10 20 20" aria-hidden="true">'
        f"{drawn}</svg>"
    )


def outcome_class(outcome: str) -> str:
    """Return the class of an outcome: ``timed-out``."""
    return outcome.replace(" ", "-")


_escaped_text = partial(escape, quote=True)
