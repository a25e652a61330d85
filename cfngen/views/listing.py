"""A picture as a list of states, for a terminal that is too narrow for a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cfngen.views.layout import caption_of
from cfngen.views.picture import END, MISSING, Arrow, GraphPicture, Picture
from cfngen.views.text_metrics import column_count, wrap


def list_states(picture: Picture, width: int | None = None) -> str:
    """Return a list of the states with the states after them, in lines of at most ``width`` columns."""
    lines: list[str] = []
    pending = [(picture.top, "", iter(range(len(picture.top.boxes))))]
    while pending:
        graph, indent, indexes = pending[-1]
        for index in indexes:
            box = graph.boxes[index]
            if box.type in (END, MISSING):
                continue
            lines += _listed_state(
                box.name, caption_of(box), _listed_transitions(graph, index), indent, width
            )
            if box.subgraphs:
                inside = GraphPicture(
                    [inner for part in box.subgraphs for inner in part.boxes],
                    list(_shifted_arrows(box.subgraphs)),
                )
                pending.append((inside, f"{indent}  ", iter(range(len(inside.boxes)))))
                break
        else:
            pending.pop()
    return "".join(f"{line}\n" for line in lines)


def _shifted_arrows(graphs: Sequence[GraphPicture]) -> Iterator[Arrow]:
    """Yield the arrows of graphs whose boxes are in one list."""
    before = 0
    for graph in graphs:
        for arrow in graph.arrows:
            yield Arrow(arrow.source + before, arrow.target + before, arrow.kind, arrow.labels)
        before += len(graph.boxes)


def _listed_transitions(graph: GraphPicture, index: int) -> Iterator[str]:
    for arrow in graph.arrows:
        if arrow.source == index:
            when = ", ".join(arrow.labels)
            sign = "⇢" if arrow.kind == "catch" else "→"
            yield f"{sign} {graph.boxes[arrow.target].name}{f' ({when})' if when else ''}"


def _listed_state(
    name: str, caption: str, transitions: Iterator[str], indent: str, width: int | None
) -> list[str]:
    if width is not None:
        indent = indent[: max(0, width - 16)]  # deeper states have the same indent
    line_width = 10_000 if width is None else max(1, width - len(indent) - 4)
    split = partial(wrap, line_width=line_width, width=column_count, max_lines=99)
    lines = [f"{indent}{'• ' if not number else '  '}{line}" for number, line in enumerate(split(name))]
    lines += [f"{indent}  {line}" for line in split(caption)]
    for transition in transitions:
        wrapped = enumerate(split(transition))
        lines += [f"{indent}  {'  ' if number else ''}{line}" for number, line in wrapped]
    return lines
