"""A picture in words: what follows each state, for people who do not see the arrows."""

from __future__ import annotations

from collections.abc import Mapping

from cfngen.views.picture import Box, Picture


def transition_descriptions(picture: Picture) -> Mapping[int, str]:
    """Return what each box leads to, by the ``id`` of the box: ``leads to Retry on States.Timeout``."""
    targets: dict[int, list[str]] = {}
    for graph in picture.graphs:
        for arrow in graph.arrows:
            when = {"catch": "on ", "choice": "if "}.get(arrow.kind, "")
            label = f" {when}{' or '.join(arrow.labels)}" if arrow.labels else ""
            source = id(graph.boxes[arrow.source])
            targets.setdefault(source, []).append(f"to {graph.boxes[arrow.target].name}{label}")
    return {source: f"leads {', '.join(listed)}" for source, listed in targets.items()}


def sentences(picture: Picture) -> list[str]:
    """Return a sentence for each box that leads to another, in the order of the picture."""
    led = transition_descriptions(picture)
    boxes = [box for graph in picture.graphs for box in graph.boxes]
    return [f"{box.name} {led[id(box)]}." for box in boxes if id(box) in led]


def in_words(box: Box) -> str:
    """Return a state with its type and what it does."""
    return ", ".join(part for part in (box.name, box.type if box.is_state else "", box.detail) if part)
