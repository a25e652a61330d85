"""Options whose values are JSON, which may hold intrinsics."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from troposphere import encode_to_dict

from cfngen.stacks.options import OptionKind


def json_object(
    description: str,
    *,
    nulls: bool = False,
    types: tuple[type, ...] = (dict,),
    accepts: Callable[[dict[str, Any]], bool] = lambda value: True,
) -> OptionKind:
    """A JSON object that ``accepts`` finds right; on the command line as JSON.

    CloudFormation refuses a null anywhere in a template, but for text that is JSON.
    """

    def is_right(value: Any) -> bool:
        try:
            document = encode_to_dict(value)
            if not isinstance(value, types) or not accepts(document):
                return False
            json.dumps(document).encode()  # raises for what is no JSON, and for a circle
            return all(_is_json(item, nulls) for item in _values_and_keys(document))
        except (TypeError, ValueError, RecursionError):
            return False

    return OptionKind(description, is_right, json.loads)


def _values_and_keys(document: Any) -> Iterator[Any]:
    """Yield all that a document holds, also its keys."""
    pending = [document]
    while pending:
        item = pending.pop()
        yield item
        if isinstance(item, dict):
            for key, value in item.items():
                yield key if isinstance(key, str) else object()
                pending.append(value)
        elif isinstance(item, (list, tuple)):
            pending.extend(item)


def _is_json(item: Any, nulls: bool) -> bool:
    if isinstance(item, str):
        item.encode()  # raises for half a character
        return True
    if isinstance(item, float):
        return math.isfinite(item)
    return nulls if item is None else isinstance(item, (bool, int, list, tuple, dict))
