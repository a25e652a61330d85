"""The shapes of arguments: what a value must look like, whichever model says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

ShapeType = Literal["any", "structure", "list", "map", "text", "integer", "number", "boolean", "timestamp"]

LONGEST_MATCHED: Final = 256
"""Longer texts are not held against a pattern: some patterns take exponential time."""


@dataclass(slots=True)
class Shape:
    """A value of an API, with its members by the names that Step Functions gives them.

    ``misspelled`` maps the API's own names, where Step Functions has others, to those. Of ``some_of``, at
    least one member is given. ``inner`` is the shape of what a list or a map holds. ``least`` and ``most``
    bound the value of a number, the length of anything else. ``json`` says that a mapping or a list may
    stand for the text. ``needs`` maps a member to another without which it is refused, ``deprecated`` maps
    one to what the model says of it. A shape may hold itself.
    """

    kind: ShapeType
    members: dict[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()
    misspelled: dict[str, str] = field(default_factory=dict)
    inner: Shape | None = None
    values: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    least: float | None = None
    most: float | None = None
    json: bool = False
    needs: dict[str, str] = field(default_factory=dict)
    deprecated: dict[str, str] = field(default_factory=dict)


ANY: Final = Shape("any")
TEXT: Final = Shape("text")
BOOLEAN: Final = Shape("boolean")


def enum_shape(*values: str) -> Shape:
    """Return the shape of a text that is one of few."""
    return Shape("text", values=values)


def map_shape(inner: Shape) -> Shape:
    """Return the shape of a map from any text."""
    return Shape("map", inner=inner)


def list_of(inner: Shape) -> Shape:
    """Return the shape of a list."""
    return Shape("list", inner=inner)


def structure(
    required: Mapping[str, Shape],
    optional: Mapping[str, Shape] | None = None,
    some_of: tuple[str, ...] = (),
) -> Shape:
    """Return the shape of a mapping with known keys."""
    return Shape("structure", {**required, **(optional or {})}, tuple(required), some_of)


def at(shape: Shape, path: str) -> Shape:
    """Return the shape that a path leads to; ``[]`` steps into a list: ``Entries[].Detail``."""
    for step in _path_steps(path):
        shape = _child(shape, step)
    return shape


def changed(shape: Shape, path: str, new: Shape) -> Shape:
    """Return a copy in which a path leads to ``new``; what the path does not touch is shared."""
    step, *rest = _path_steps(path)
    if rest:
        new = changed(_child(shape, step), ".".join(rest), new)
    if step == "[]":
        return replace(shape, inner=new)
    return replace(shape, members={**shape.members, step: new})


def without_member(shape: Shape, path: str) -> Shape:
    """Return a copy that has no member where the path leads."""
    owner, _, name = path.rpartition(".")
    if owner:
        return changed(shape, owner, without_member(at(shape, owner), name))
    members = {known: member for known, member in shape.members.items() if known != name}
    return replace(shape, members=members, required=_but(shape.required, name))


def requiring(shape: Shape, path: str, *, is_required: bool) -> Shape:
    """Return a copy in which the member where the path leads is required, or is not."""
    owner, _, name = path.rpartition(".")
    if owner:
        return changed(shape, owner, requiring(at(shape, owner), name, is_required=is_required))
    return replace(shape, required=_but(shape.required, name) + ((name,) if is_required else ()))


def _but(names: Iterable[str], name: str) -> tuple[str, ...]:
    return tuple(known for known in names if known != name)


def _path_steps(path: str) -> list[str]:
    return path.replace("[]", ".[]").lstrip(".").split(".")


def _child(shape: Shape, step: str) -> Shape:
    child = shape.inner if step == "[]" else shape.members.get(step)
    if child is None:
        raise KeyError(step)
    return child
