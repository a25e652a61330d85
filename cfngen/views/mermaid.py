"""A picture as a flowchart for Mermaid, which GitHub and others draw.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cfngen.views.layout import lines_of
from cfngen.views.picture import END, MISSING, START, Arrow, Box, GraphPicture, Picture

_CODES: Final = str.maketrans(
    {letter: f"#{ord(letter)};" for letter in '"#&<>`\\[](){}|'} | {"\u2028": " ", "\u2029": " "}
)
_SHAPES: Final = {
    START: '(["{}"])',
    END: '(["{}"])',
    "Choice": '{{"{}"}}',
    "Succeed": '(["{}"])',
    "Fail": '(["{}"])',
    MISSING: '>"{}"]',
}


def mermaid(picture: Picture) -> str:
    """Return a flowchart; catchers are dotted, and a Parallel or Map is a subgraph."""
    lines = ["flowchart TD"]
    names = picture.node_names()
    pending: list[Iterator[Box | str]] = [iter(picture.top.boxes)]
    while pending:
        for box in pending[-1]:
            indent = "    " * len(pending)
            if isinstance(box, str):
                lines.append(f"{indent}{box}")
            elif box.subgraphs:
                lines.append(f'{indent}subgraph {names[id(box)]}["{_box_label(box)}"]')
                pending.append(_subgraph_boxes(box))
                break
            else:
                shape = _SHAPES.get(box.type, '["{}"]').format(_box_label(box))
                lines.append(f"{indent}{names[id(box)]}{shape}")
        else:
            pending.pop()
            if pending:
                lines.append(f"{'    ' * len(pending)}end")
    for graph in picture.graphs:
        lines += [f"    {_arrow(graph, arrow, names)}" for arrow in graph.arrows]
    return "".join(f"{line}\n" for line in lines)


def _subgraph_boxes(box: Box) -> Iterator[Box | str]:
    yield "direction TB"
    for graph in box.subgraphs:
        yield from graph.boxes


def _box_label(box: Box) -> str:
    return "<br/>".join(line.translate(_CODES) for line in lines_of(box))


def _arrow(graph: GraphPicture, arrow: Arrow, names: dict[int, str]) -> str:
    line = "-.->" if arrow.kind == "catch" else "-->"
    label = ", ".join(arrow.labels).translate(_CODES)
    source, target = (names[id(graph.boxes[place])] for place in (arrow.source, arrow.target))
    when = f'|"{label}"|' if label else ""
    return f"{source} {line}{when} {target}"
