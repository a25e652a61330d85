"""Text in which CloudFormation fills something in: literal pieces, and holes between them.

``Fn::Sub`` spells a hole ``${Name}``, and ``${!Name}`` is the literal ``${Name}``. ``Fn::Join`` makes the
same text of a list. Everything here takes time in proportion to the text.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from cfngen.cfn.functions import (
    JOIN,
    SUB,
    argument_of,
    attribute,
    function_call,
    get_att,
    is_intrinsic,
    join_parts,
    plain,
    ref,
    ref_name,
    sub,
    substitution_parts,
)
from cfngen.core.declared import Declared, frozen

OPEN: Final = "${"
"""What a hole begins with."""

_UNNAMEABLE: Final = frozenset("{}")
"""The characters that no name inside ``${...}`` may have."""

_MAX_DEPTH: Final = 40
"""The levels of functions inside functions that are read as one text."""


class Hole(NamedTuple):
    """A place in a text that CloudFormation fills in.

    ``name`` is what ``Fn::Sub`` calls it (``Topic``, ``Topic.Arn``, ``AWS::Region``), empty where it can
    call it nothing. ``value`` is the function that stands there, where the name alone does not say it.
    """

    name: str
    value: Any = None

    @property
    def function(self) -> Any:
        """The function that fills the hole, as a document spells it."""
        return reference_to(self.name) if self.value is None else self.value

    def __str__(self) -> str:
        return hole(self.name)


@frozen
class Unquoted(Declared):
    """A function whose text stands in JSON without quotation marks: a number or a truth.

    ``spelled`` is the function as a document spells it.
    """

    spelled: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return the function."""
        return dict(self.spelled)


Pieces: TypeAlias = "tuple[str | Hole, ...]"
"""A text with holes. No two literals stand side by side, and none is empty."""


def hole(name: str) -> str:
    """Return a hole as ``Fn::Sub`` spells it: ``${Topic}``."""
    return f"${{{name}}}"


def to_value(text: str) -> Any:
    """Return the text of ``Fn::Sub`` as a template holds it: as itself where it has no holes."""
    return sub(text) if has_hole(text) else text


def has_hole(text: str) -> bool:
    """Tell whether a text may hold what CloudFormation fills in."""
    return OPEN in text


def has_substitution(text: str) -> bool:
    """Tell whether a text has a ``${`` that is closed: only there is something filled in."""
    return OPEN in text and next(spans(text), None) is not None


def is_unclosed(text: str) -> bool:
    """Tell whether a text has a ``${`` and no ``}`` after the last one."""
    return (start := text.rfind(OPEN)) >= 0 and text.find("}", start) < 0


def escaped(text: str) -> str:
    """Return literal text as it stands in ``Fn::Sub``, if it ``can_be_escaped``."""
    return text.replace(OPEN, "${!")


def can_be_escaped(text: str) -> bool:
    """Tell whether each ``${`` of a literal text is closed before the next one, as ``Fn::Sub`` takes it."""
    return all("}" in rest for rest in text.split(OPEN)[1:])


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each ``${...}`` of a text begins and ends, and what stands inside, ``!`` included.

    Inside stands no brace, unless it begins with ``!``: ``${a${b}}`` holds ``${b}`` alone.
    """
    at = close = 0
    while (start := text.find(OPEN, at)) >= 0:
        if close < start + 2:
            close = text.find("}", start + 2)
            if close < 0:
                return
        if text[start + 2] != "!":
            inner = text.find("{", start + 2, close)
            if inner >= 0:
                at = start + 2
                continue
        yield start, close + 1, text[start + 2 : close]
        at = close + 1


def names(text: str) -> list[str]:
    """Return the names of the holes of a text, in order, one as often as it stands there."""
    return [inner.strip() for _, _, inner in spans(text) if not inner.startswith("!")]


def filled(text: str, fill: Callable[[str], str | None]) -> str:
    """Return a text with what ``fill`` makes of the inside of each ``${...}``; None leaves it as it is."""
    parts: list[str] = []
    done = 0
    for start, end, inner in spans(text):
        if (value := fill(inner)) is not None:
            parts += [text[done:start], value]
            done = end
    return "".join([*parts, text[done:]]) if done else text


def parse_sub(text: str, variables: Mapping[str, Any] | None = None) -> Pieces:
    """Return the text of ``Fn::Sub`` in its pieces; ``variables`` are those that it defines itself."""
    pieces: list[str | Hole] = []
    done = 0
    for start, end, inner in spans(text):
        pieces.append(text[done:start])
        done = end
        if inner.startswith("!"):
            pieces.append(f"{OPEN}{inner[1:]}}}")
        else:
            name = inner.strip()
            pieces.append(Hole(name, variables.get(name) if variables else None))
    return joined_pieces([*pieces, text[done:]])


def joined_pieces(pieces: list[str | Hole]) -> Pieces:
    """Return pieces as one text: neighbouring literals joined, empty ones left out."""
    result: list[str | Hole] = []
    run: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            run.append(piece)
            continue
        if literal := "".join(run):
            result.append(literal)
        run.clear()
        result.append(piece)
    if literal := "".join(run):
        result.append(literal)
    return tuple(result)


def pieces_of(value: Any) -> Pieces | None:
    """Return the text that a value of a template makes, or None where it makes none.

    ``Ref`` and ``Fn::GetAtt`` are one hole; other functions than ``Fn::Sub`` and ``Fn::Join`` are a hole
    without a name.
    """
    pieces = _pieces_or_none(plain(value), 0)
    return None if pieces is None else joined_pieces(pieces)


def _pieces_or_none(value: Any, depth: int) -> list[str | Hole] | None:
    if isinstance(value, str):
        return [value]
    if depth > _MAX_DEPTH or (call := function_call(value)) is None:
        return None
    name, argument = call
    if name == SUB and (parts := substitution_parts(argument)):
        pieces: list[str | Hole] = []
        for piece in parse_sub(*parts):
            inner = None if isinstance(piece, str) else _pieces_or_none(plain(piece.value), depth + 1)
            pieces += [piece] if inner is None else inner
        return pieces
    if name == JOIN and (joined_parts := join_parts(argument)):
        separator, items = joined_parts
        pieces = []
        for item in items:
            inner = _pieces_or_none(plain(item), depth + 1)
            pieces += [separator] if pieces and separator else []
            pieces += [Hole("", plain(item))] if inner is None else inner
        return pieces
    return [Hole(reference_name(value), value)]


def literal_of(pieces: Pieces) -> str | None:
    """Return a text that has no holes, or None."""
    if not pieces:
        return ""
    return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], str) else None


def sub_text(pieces: Pieces) -> str:
    """Return a text as ``Fn::Sub`` spells it; a hole without a name is ``${}``."""
    return "".join(escaped(piece) if isinstance(piece, str) else str(piece) for piece in pieces)


def in_sub(value: Any) -> str | None:
    """Return text as it is, and a function as it stands inside ``Fn::Sub``, if it can."""
    value = plain(value)
    if isinstance(value, str):
        return value
    text = as_sub(value)
    if (argument := argument_of(SUB, text)) is not None:
        return argument if isinstance(argument, str) else None
    name = reference_name(text)
    return hole(name) if name else None


def as_sub(value: Any) -> Any:
    """Return ``Fn::Join`` of text and references as the ``Fn::Sub`` that it could be, all else as it is."""
    parts = join_parts(argument_of(JOIN, value))
    if parts is None:
        return value
    separator, items = parts
    texts: list[str] = []
    for item in map(plain, items):
        text = in_sub(item)
        if text is None or (isinstance(item, str) and not can_be_escaped(item)):
            return value
        texts.append(escaped(item) if isinstance(item, str) else text)
    return sub(escaped(separator).join(texts))


def as_sub_text(value: Any) -> Any:
    """Return a function as the text that ``Fn::Sub`` would make of it, anything else as it is.

    What it cannot spell stands in it by its own name: ``${Fn::Select}``.
    """
    pieces = pieces_of(value) if isinstance(value, Mapping) or is_intrinsic(value) else None
    if pieces is None:
        return value
    return "".join(
        escaped(piece) if isinstance(piece, str) else hole(piece.name or next(iter(piece.value)))
        for piece in pieces
    )


def reference_to(name: str) -> dict[str, Any]:
    """Return the function that a name in ``Fn::Sub`` stands for: ``Ref``, or ``Fn::GetAtt`` with a dot."""
    logical_id, dot, inner = name.partition(".")
    return get_att(logical_id, inner) if dot else ref(name)


def reference_name(value: Any) -> str:
    """Return how ``Fn::Sub`` names what ``Ref`` or ``Fn::GetAtt`` points at, or nothing."""
    name = ref_name(value)
    if name is None and (parts := attribute(value)) is not None:
        name = ".".join(parts)
    return name if name and not _UNNAMEABLE.intersection(name) and not name.startswith("!") else ""


def split_sub(text: str, separator: str, maxsplit: int = -1) -> list[str]:
    """Split the text of ``Fn::Sub``, but not inside its holes."""
    parts: list[str] = []
    done = at = 0
    for start, end, _ in [*spans(text), (len(text), len(text), "")]:
        while (found_at := text.find(separator, at, start)) >= 0 and len(parts) != maxsplit:
            parts.append(text[done:found_at])
            done = at = found_at + len(separator)
        at = end
    return [*parts, text[done:]]
