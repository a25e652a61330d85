"""A picture as a graph for Graphviz, which has its own layout.

https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cfngen.views.layout import lines_of
from cfngen.views.picture import END, MISSING, START, Arrow, GraphPicture, Picture

_HEAD: Final = (
    "digraph workflow {",
    "    compound=true",
    "    rankdir=TB",
    '    node [shape=box, style=rounded, fontname="Helvetica,Arial,sans-serif"]',
    '    edge [fontname="Helvetica,Arial,sans-serif", fontsize=10]',
)
_SHAPES: Final = {
    START: "shape=oval",
    END: "shape=oval",
    "Choice": "shape=diamond, style=solid",
    "Fail": "shape=octagon, style=solid",
    MISSING: 'style="rounded,dashed"',
}


def dot(picture: Picture) -> str:
    """Return a directed graph; catchers are dashed, and a Parallel or Map is a cluster.

    A cluster cannot have arrows: they begin and end at the node of the state, the first one in the cluster.
    """
    lines = list(_HEAD)
    names = picture.node_names()
    pending = [iter(picture.top.boxes)]
    while pending:
        for box in pending[-1]:
            indent = "    " * len(pending)
            shape = _SHAPES.get(box.type, "")
            node = f"{names[id(box)]} [label={_dot_quoted(lines_of(box))}{f', {shape}' if shape else ''}]"
            if box.subgraphs:
                lines += [f"{indent}subgraph cluster_{box.number} {{", f"{indent}    style=rounded"]
                lines.append(f"{indent}    {node}")
                pending.append(iter([inner for graph in box.subgraphs for inner in graph.boxes]))
                break
            lines.append(f"{indent}{node}")
        else:
            pending.pop()
            if pending:
                lines.append(f"{'    ' * len(pending)}}}")
    for graph in picture.graphs:
        lines += [f"    {_arrow(graph, arrow, names)}" for arrow in graph.arrows]
    lines += [f"    {line}" for line in _into(picture, names)]
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _into(picture: Picture, names: dict[int, str]) -> Iterator[str]:
    """Yield dotted lines that keep the states of a cluster below its node."""
    for box in picture.states():
        for graph in box.subgraphs:
            if graph.boxes:
                yield f"{names[id(box)]} -> {names[id(graph.boxes[0])]} [style=dotted, arrowhead=none]"


def _arrow(graph: GraphPicture, arrow: Arrow, names: dict[int, str]) -> str:
    source, target = graph.boxes[arrow.source], graph.boxes[arrow.target]
    attributes = []
    if arrow.labels:
        attributes.append(f"label={_dot_quoted(arrow.labels)}")
    if arrow.kind == "catch":
        attributes.append("style=dashed")
    if source.subgraphs and source is not target:
        attributes.append(f"ltail=cluster_{source.number}")
    if target.subgraphs and source is not target:
        attributes.append(f"lhead=cluster_{target.number}")
    listed = f" [{', '.join(attributes)}]" if attributes else ""
    return f"{names[id(source)]} -> {names[id(target)]}{listed}"


def _dot_quoted(lines: Sequence[str]) -> str:
    text = "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return f'"{text}"'
