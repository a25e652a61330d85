"""Text with holes as parsers take it: with marks or stand-ins for what CloudFormation fills in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, Final, TypeAlias

from cfngen.cfn.functions import plain, sub
from cfngen.cfn.text import (
    OPEN,
    Hole,
    Pieces,
    can_be_escaped,
    escaped,
    hole,
    joined_pieces,
    literal_of,
    pieces_of,
    reference_name,
    spans,
    sub_text,
)
from cfngen.core.declared import Declared, frozen

STAND_IN: Final = "\ua78f"
"""The letter that names of stand-ins are made of, which no name of an author has."""

_FIRST_MARK: Final = 0xF0000
_MARKS: Final = re.compile("[\U000f0000-\U000ffffd]")
_MAX_MARKS: Final = 0xFFFD

OperandOf: TypeAlias = "Callable[[int], str]"
"""Makes an operand of a language that has so many characters."""


@frozen
class MarkedText(Declared):
    """A text in which one character stands for each hole; ``holes`` are those, by their characters."""

    text: str
    holes: Mapping[str, Hole]

    def pieces(self, part: str) -> Pieces:
        """Return a part of the text in its pieces."""
        result: list[str | Hole] = []
        done = 0
        for mark in _MARKS.finditer(part):
            result += [part[done : mark.start()], self.holes[mark[0]]]
            done = mark.end()
        return joined_pieces([*result, part[done:]])


def marked(value: Any) -> MarkedText | None:
    """Return text, or the text that a function makes, with marks; None for any other value."""
    pieces = (value,) if isinstance(value, str) else pieces_of(value)
    if pieces is None or len(pieces) > _MAX_MARKS:
        return None
    if any(isinstance(piece, str) and _MARKS.search(piece) for piece in pieces):
        return None
    holes: dict[str, Hole] = {}
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, Hole):
            mark = chr(_FIRST_MARK + len(holes))
            holes[mark] = piece
            piece = mark
        parts.append(piece)
    return MarkedText("".join(parts), holes)


def read_json(value: Any) -> Any:
    """Return what a JSON text holds, or that of a function: with functions where text has holes.

    Raises ``ValueError`` for what is not JSON, and for a hole outside of its texts.
    """
    text = marked(value)
    if text is None:
        raise ValueError("it is made by a function whose text is not known")
    try:
        document = json.loads(text.text)
    except json.JSONDecodeError as error:
        reason = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise ValueError(f"{reason} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    top: list[Any] = [None]
    slots: list[tuple[Any, Any, Any]] = [(top, 0, document)]
    for holder, key, item in slots:  # which grows as it is walked
        copy: Any = item
        if isinstance(item, str):
            copy = value_of(text.pieces(item))
        elif isinstance(item, dict):
            copy = {sub_text(text.pieces(name)) if _MARKS.search(name) else name: None for name in item}
            slots += [(copy, name, inner) for name, inner in zip(copy, item.values(), strict=True)]
        elif isinstance(item, list):
            copy = [None] * len(item)
            slots += [(copy, index, inner) for index, inner in enumerate(item)]
        holder[key] = copy
    return top[0]


def sub_parts(pieces: Pieces) -> tuple[str, dict[str, Any]]:
    """Return a text as ``Fn::Sub`` takes it: with its holes, and variables for what it cannot name."""
    used_names = {inner.name for inner in pieces if isinstance(inner, Hole)}
    free = (name for name in (f"Var{number}" for number in count(1)) if name not in used_names)
    variables: dict[str, Any] = {}
    names: dict[str, str] = {}

    def variable(value: Any) -> str:
        if (key := repr(value)) not in names:
            names[key] = next(free)
            variables[names[key]] = value
        return hole(names[key])

    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(escaped(piece) if can_be_escaped(piece) else variable(piece))
        elif piece.value is None:
            parts.append(str(piece))
        else:
            name = reference_name(piece.value)
            parts.append(hole(name) if name else variable(piece.value))
    return "".join(parts), variables


def value_of(pieces: Pieces) -> Any:
    """Return a text as a template holds it: text, the one function that it is, or ``Fn::Sub``."""
    literal = literal_of(pieces)
    if literal is not None:
        return literal
    if len(pieces) == 1 and isinstance(pieces[0], Hole):
        return pieces[0].function
    return sub(*sub_parts(pieces))


def enclosed(value: Any, before: str, after: str) -> Any:
    """Return text, or the text that a function makes, between two others."""
    if isinstance(value, str):
        return f"{before}{value}{after}"
    pieces = pieces_of(value) or (Hole("", plain(value)),)
    return value_of(joined_pieces([before, *pieces, after]))


def inside(value: Any, before: str, after: str) -> Any:
    """Return what stands between two texts, without white space around it, or None."""
    pieces = pieces_of(value)
    if not pieces or not isinstance(pieces[0], str) or not isinstance(pieces[-1], str):
        return None
    if not pieces[0].startswith(before) or not pieces[-1].endswith(after):
        return None
    if len(pieces) == 1:
        text = pieces[0]
        return text[len(before) : -len(after)].strip() if len(text) >= len(before + after) else None
    first, last = pieces[0][len(before) :].lstrip(), pieces[-1][: -len(after)].rstrip()
    return value_of(joined_pieces([first, *pieces[1:-1], last]))


def stand_ins(text: str, operand: OperandOf) -> str:
    """Return the text of ``Fn::Sub`` with as many other characters in place of its holes.

    A hole that is part of a name, or a field after a dot, becomes a name of ``STAND_IN``, any other what
    ``operand`` makes.
    """
    parts: list[str] = []
    done = 0
    for start, end in _runs(text):
        before, after = text[max(start - 2, 0) : start], text[end : end + 1]
        is_name = _is_of_name(before[-1:]) or _is_of_name(after)
        is_field = before[-1:] in ("$", ".") and before != ".."
        parts += [
            text[done:start],
            STAND_IN * (end - start) if is_name or is_field else operand(end - start),
        ]
        done = end
    return "".join([*parts, text[done:]])


def begins_with_hole(text: str) -> bool:
    """Tell whether what CloudFormation fills in comes first in a text."""
    span = next(spans(text), None) if text.startswith(OPEN) else None
    return span is not None and span[0] == 0


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where holes begin and end; those without anything between them are one."""
    begin = stop = -1
    for start, end, _ in spans(text):
        if start != stop:
            if stop >= 0:
                yield begin, stop
            begin = start
        stop = end
    if stop >= 0:
        yield begin, stop


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character == "_"
