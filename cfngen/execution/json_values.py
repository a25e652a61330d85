"""JSON as Step Functions writes and measures it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from json import encoder
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeGuard

from cfngen.core.walk import values_of

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"

MAX_BYTES: Final = 262_144
"""Bytes of UTF-8 that the input or output of a task, a state or an execution may have."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_quote: Final[Callable[[str], str]] = encoder.encode_basestring


def _known_json_encoder() -> Callable[[Any, int], Any]:
    """Return what encodes values that are known to be JSON, without a look for circles."""
    make: Any = getattr(encoder, "c_make_encoder", None)
    if make is None:
        return lambda value, level: _ENCODER.iterencode(value)
    coder: Callable[[Any, int], Any] = make(
        None, _ENCODER.default, _quote, None, ":", ",", False, False, False
    )
    return coder


_encode: Final = _known_json_encoder()


class Missing:
    """The type of ``MISSING``: what a path did not find."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


def in_units(text: str) -> str:
    """Return the units of UTF-16 of a text, by which texts are compared in Java and JavaScript."""
    return text.encode("utf-16-be", "surrogatepass").decode("latin-1")


def to_compare(left: str, right: str) -> tuple[str, str]:
    """Return two texts, or what stands in the order that they have in Java and JavaScript."""
    return (left, right) if left.isascii() or right.isascii() else (in_units(left), in_units(right))


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number, which a truth is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def to_text(value: Json) -> str:
    """Return compact JSON text."""
    if isinstance(value, str):
        return _quote(value)
    try:
        return "".join(_encode(value, 0))
    except RecursionError:
        return "".join(_json_pieces(value))


def encoded(text: str) -> bytes:
    """Return the bytes of a text, which may hold half a character, as JSON may."""
    return text.encode("utf-8", "surrogatepass")


def parse_json(text: str) -> Any:
    """Return what a JSON text says.

    Raises ``ValueError``, also for NaN and for what no double holds, and ``RecursionError``.
    """
    return json.loads(text, parse_constant=_refuse_nan, parse_float=_finite_float)


def _refuse_nan(constant: str) -> None:
    raise ValueError(f"JSON has no {constant}")


def _finite_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text:.80} is larger than all numbers")
    return number


def read_text(text: str) -> Any:
    """Return what a JSON text says; what is none stays as it is."""
    try:
        return parse_json(text)
    except (ValueError, RecursionError):
        return text


def is_larger(value: Json, limit: int = MAX_BYTES) -> bool:
    """Tell whether the JSON text of a value has more than ``limit`` bytes."""
    if value is None or isinstance(value, (bool, int, float)):
        return False
    if isinstance(value, str):
        # each character has at most six bytes: an escape
        return len(value) * 6 > limit and len(encoded(to_text(value))) > limit
    if not value:
        return False
    text = to_text(value)
    if len(text) > limit:
        return True
    return len(text) * 4 > limit and len(encoded(text)) > limit


def as_double(number: int | float) -> float:
    """Return a number as Java's double, which is infinite where a whole number is beyond all of them."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def is_equal(one: Json, other: Json) -> bool:
    """Tell whether two values are equal as JSON: 1 is 1.0, and true is not 1."""
    pairs: list[tuple[Any, Any]] = [(one, other)]
    for left, right in pairs:  # which grows as it is walked
        if isinstance(left, dict):
            if not isinstance(right, dict) or left.keys() != right.keys():
                return False
            pairs += ((value, right[key]) for key, value in left.items())
        elif isinstance(left, list):
            if not isinstance(right, list) or len(left) != len(right):
                return False
            pairs += zip(left, right, strict=True)
        elif isinstance(left, bool) or isinstance(right, bool):
            if left is not right:
                return False
        elif left != right:
            return False
    return True


def comparable(value: Any) -> str:
    """Return a text that two values share where they are equal as JSON, in any depth."""
    return "".join(_json_pieces(value, is_sorted=True))


def copied_json(value: object) -> Json:
    """Return a value as JSON has it: a copy, with lists for tuples. Raises ``ValueError``.

    Numbers that JSON does not have, keys that are not text, and other types are refused.
    """
    try:
        text = _ENCODER.encode(value)
    except TypeError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    for item in values_of(value):
        if isinstance(item, dict) and (wrong := [key for key in item if not isinstance(key, str)]):
            raise ValueError(f"the key {wrong[0]!r:.80} is not text")
    copy: Json = json.loads(text)
    return copy


def _json_pieces(value: Json, is_sorted: bool = False) -> list[str]:
    """Return the text of a value, nested deeper than the encoder goes; sorted, equal ones have the same."""
    pieces: list[str] = []
    work: list[tuple[bool, Any]] = [(False, value)]
    while work:
        is_text, item = work.pop()
        if is_text:
            pieces.append(item)
        elif isinstance(item, dict):
            entries: list[tuple[bool, Any]] = [(True, "{")]
            pairs = sorted(item.items(), key=itemgetter(0)) if is_sorted else item.items()
            for number, (key, inner) in enumerate(pairs):
                entries += [(True, ("," if number else "") + to_text(key) + ":"), (False, inner)]
            work += reversed([*entries, (True, "}")])
        elif isinstance(item, list):
            entries = [(True, "[")]
            for number, inner in enumerate(item):
                entries += [(True, ",")] if number else []
                entries.append((False, inner))
            work += reversed([*entries, (True, "]")])
        elif is_sorted and isinstance(item, float) and item.is_integer():
            pieces.append(str(int(item)))
        elif is_sorted and not isinstance(item, (str, int, float, type(None))):
            pieces.append(repr(item))  # what expressions have beside JSON
        else:
            pieces.append(to_text(item))
    return pieces
