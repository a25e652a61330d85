"""Payloads as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.asl.values import Jsonata, Path, is_intrinsic
from cfngen.core.limits import MAX_DEPTH


def value(given: Any) -> Any:
    """Return a payload as JSON.

    A ``Path`` moves its key to ``"Key.$"``, a ``Jsonata`` gets its ``{% %}``, an intrinsic is spelled out.
    """
    try:
        return _value(given)
    except RecursionError:
        return _deep_value(given)


def _value(given: Any) -> Any:
    if isinstance(given, str):
        return given
    if isinstance(given, Mapping):
        return {_key(key, item): _value(item) for key, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [_value(item) for item in given]
    return _leaf(given)


def _deep_value(given: Any) -> Any:
    """Return the same without recursion, for what is nested deeper than Python's own stack.

    Raises ``ValueError`` for what is nested deeper than any definition may be, or in itself.
    """
    top: list[Any] = [None]
    waiting: list[tuple[Any, Any, Any, int]] = [(top, 0, given, 0)]
    while waiting:
        holder, place, item, depth = waiting.pop()
        if depth > MAX_DEPTH + 1:
            raise ValueError(f"a value is nested deeper than {MAX_DEPTH:,} levels, or in itself")
        made: Any
        if isinstance(item, Mapping):
            made = {_key(key, inner): None for key, inner in item.items()}
            waiting += [(made, _key(key, inner), inner, depth + 1) for key, inner in item.items()]
        elif isinstance(item, (list, tuple)):
            made = [None] * len(item)
            waiting += [(made, index, inner, depth + 1) for index, inner in enumerate(item)]
        else:
            made = _leaf(item)
        holder[place] = made
    return top[0]


def _key(key: Any, item: Any) -> Any:
    return f"{key}.$" if isinstance(item, Path) else key


def _leaf(given: Any) -> Any:
    if isinstance(given, Path):
        return given.expression
    if isinstance(given, Jsonata):
        return f"{{% {given.expression} %}}"
    return given.to_dict() if is_intrinsic(given) else given
