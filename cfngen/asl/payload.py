"""Payloads as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.functions import is_intrinsic, plain
from cfngen.cfn.holes import enclosed
from cfngen.core.limits import MAX_DEPTH


def json_of_payload(payload: Any) -> Any:
    """Return a payload as JSON.

    A ``Path`` moves its key to ``"Key.$"``, a ``Jsonata`` gets its ``{% %}``, an intrinsic is spelled out.
    """
    try:
        return _payload_json(payload)
    except RecursionError:
        return _deep_to_json(payload)


def _payload_json(payload: Any) -> Any:
    if isinstance(payload, str):
        return payload
    if isinstance(payload, Mapping):
        return {_rendered_key(key, item): _payload_json(item) for key, item in payload.items()}
    if isinstance(payload, (list, tuple)):
        return [_payload_json(item) for item in payload]
    return _leaf(payload)


def _deep_to_json(payload: Any) -> Any:
    """Return the same without recursion, for what is nested deeper than Python's own stack.

    Raises ``ValueError`` for what is nested deeper than any definition may be, or in itself.
    """
    top: list[Any] = [None]
    slots: list[tuple[Any, Any, Any, int]] = [(top, 0, payload, 0)]
    while slots:
        holder, place, item, depth = slots.pop()
        if depth > MAX_DEPTH + 1:
            raise ValueError(f"a value is nested deeper than {MAX_DEPTH:,} levels, or contains itself")
        json_value: Any
        if isinstance(item, Mapping):
            json_value = {_rendered_key(key, inner): None for key, inner in item.items()}
            slots += [
                (json_value, _rendered_key(key, inner), inner, depth + 1) for key, inner in item.items()
            ]
        elif isinstance(item, (list, tuple)):
            json_value = [None] * len(item)
            slots += [(json_value, index, inner, depth + 1) for index, inner in enumerate(item)]
        else:
            json_value = _leaf(item)
        holder[place] = json_value
    return top[0]


def _rendered_key(key: Any, item: Any) -> Any:
    return f"{key}.$" if isinstance(item, Path) else key


def _leaf(leaf: Any) -> Any:
    if isinstance(leaf, Path):
        return plain(leaf.expression)
    if isinstance(leaf, Jsonata):
        return enclosed(leaf.expression, "{% ", " %}")
    return leaf.to_dict() if is_intrinsic(leaf) else leaf
