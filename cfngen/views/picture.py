"""What a picture of a workflow shows, before it has a size: boxes, what stands in them, and arrows.

It is made from the definition as it is rendered, so that a state is shown whatever it was written as,
and a definition that is wrong is shown with what is wrong in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from cfngen.views.labels import condition, detail, error_names, title

Path: TypeAlias = "tuple[str | int, ...]"
Kind: TypeAlias = Literal["start", "next", "catch", "choice", "default"]

START: Final = "Start"
END: Final = "End"
MISSING: Final = "Missing"
"""The kinds of boxes that are no states: the last is a name that something leads to, but no state has."""
TYPES: Final = ("Task", "Pass", "Wait", "Choice", "Parallel", "Map", "Succeed", "Fail")


@dataclass(slots=True)
class Box:
    """A state, or where the workflow starts and ends.

    ``number`` counts states in the order of the document, ``path`` leads to it in it, ``detail``
    says in a line what it does. ``scopes`` are drawn inside.
    """

    name: str
    type: str
    number: int = -1
    path: Path = ()
    detail: str = ""
    definition: Mapping[str, Any] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)

    @property
    def is_state(self) -> bool:
        """Whether the definition has it."""
        return self.number >= 0


@dataclass(slots=True)
class Arrow:
    """A way from one box to another, by their places in the scope, and when it is taken."""

    source: int
    target: int
    kind: Kind
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Scope:
    """The boxes of a workflow, of a branch, or of what a Map runs."""

    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


@dataclass(slots=True)
class Picture:
    """The outermost scope; ``scopes`` are all, each before those inside it."""

    top: Scope
    scopes: list[Scope]
    comment: str = ""

    def states(self) -> Iterator[Box]:
        """Yield the states in the order of the document."""
        found = [box for scope in self.scopes for box in scope.boxes if box.is_state]
        yield from sorted(found, key=lambda box: box.number)


def picture(document: Mapping[str, Any]) -> Picture:
    """Return what a definition shows, also one that is wrong."""
    top = Scope()
    scopes = [top]
    waiting: list[tuple[Scope, Mapping[str, Any], Path]] = [(top, document, ())]
    for scope, given, path in waiting:  # which grows as it is walked
        for box, inside, place in _fill(scope, given, path, top is scope):
            inner = Scope()
            box.scopes.append(inner)
            scopes.append(inner)
            waiting.append((inner, inside, place))
    _count(top)
    comment = document.get("Comment")
    return Picture(top, scopes, comment if isinstance(comment, str) else "")


def _fill(
    scope: Scope, given: Mapping[str, Any], path: Path, outermost: bool
) -> Iterator[tuple[Box, Mapping[str, Any], Path]]:
    """Put boxes and arrows into a scope, and yield what is to be drawn inside the boxes."""
    states = _mapping(given.get("States"))
    places: dict[str, int] = {}
    if outermost:
        scope.boxes.append(Box(START, START))
    for name, state in states.items():
        places[name] = len(scope.boxes)
        fields = _mapping(state)
        kind = fields.get("Type")
        scope.boxes.append(
            Box(
                name=title(name),
                type=kind if isinstance(kind, str) and kind in TYPES else "",
                number=0,
                path=(*path, "States", name),
                detail=detail(fields),
                definition=fields,
            )
        )
    arrows = _Arrows(scope, places)
    start = given.get("StartAt")
    if outermost and isinstance(start, str):
        arrows.add(0, start, "start")
    elif outermost and not states:
        arrows.end(0)
    for name, state in states.items():
        fields, place = _mapping(state), places[name]
        for target, kind, label in _ways(fields):
            arrows.add(place, target, kind, label)
        ends = fields.get("End") is True or fields.get("Type") in ("Succeed", "Fail")
        if outermost and ends:
            arrows.end(place)
        for spelled, inside in _inside(fields):
            yield scope.boxes[place], inside, (*path, "States", name, *spelled)


class _Arrows:
    """Arrows of a scope: those of one kind between the same two boxes are one."""

    def __init__(self, scope: Scope, places: dict[str, int]) -> None:
        self.scope = scope
        self.places = places
        self.known: dict[tuple[int, int, Kind], Arrow] = {}
        self.ends: int | None = None

    def add(self, source: int, target: str, kind: Kind, label: str = "") -> None:
        """Lead to a name, also to one that no state has."""
        if target not in self.places:
            self.places[target] = len(self.scope.boxes)
            self.scope.boxes.append(Box(title(target), MISSING, detail="no such state"))
        self._add(source, self.places[target], kind, label)

    def end(self, source: int) -> None:
        """Lead to the end."""
        if self.ends is None:
            self.ends = len(self.scope.boxes)
            self.scope.boxes.append(Box(END, END))
        self._add(source, self.ends, "next", "")

    def _add(self, source: int, target: int, kind: Kind, label: str) -> None:
        arrow = self.known.get((source, target, kind))
        if arrow is None:
            arrow = self.known[source, target, kind] = Arrow(source, target, kind)
            self.scope.arrows.append(arrow)
        if label and label not in arrow.labels:
            arrow.labels.append(label)


def _ways(state: Mapping[str, Any]) -> Iterator[tuple[str, Kind, str]]:
    if isinstance(target := state.get("Next"), str):
        yield target, "next", ""
    for rule in _mappings(state.get("Choices")):
        if isinstance(target := rule.get("Next"), str):
            yield target, "choice", condition(rule)
    if isinstance(target := state.get("Default"), str):
        yield target, "default", "otherwise"
    for catcher in _mappings(state.get("Catch")):
        if isinstance(target := catcher.get("Next"), str):
            yield target, "catch", error_names(catcher)


def _inside(state: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    branches = state.get("Branches")
    if isinstance(branches, (list, tuple)):
        for index, branch in enumerate(branches):
            if isinstance(branch, Mapping):
                yield ("Branches", index), branch
    for name in ("ItemProcessor", "Iterator"):
        if isinstance(inside := state.get(name), Mapping):
            yield (name,), inside


def _count(top: Scope) -> None:
    """Number the states in the order of the document: each before what is inside it."""
    number = 0
    waiting = [iter(top.boxes)]
    while waiting:
        for box in waiting[-1]:
            if box.is_state:
                box.number = number
                number += 1
            if box.scopes:
                waiting.append(iter([inner for scope in box.scopes for inner in scope.boxes]))
                break
        else:
            waiting.pop()


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _mappings(given: Any) -> Iterable[Mapping[str, Any]]:
    entries = given if isinstance(given, (list, tuple)) else ()
    return [entry for entry in entries if isinstance(entry, Mapping)]
