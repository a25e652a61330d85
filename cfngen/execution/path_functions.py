"""The functions at the end of a path: ``.length()``, ``.sum()`` and the like."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from cfngen.execution.json_values import MISSING, Json, Missing, as_double, is_number
from cfngen.execution.path_tokens import Found, PathError


def call(name: str, value: Json, arguments: Sequence[Found]) -> Found:
    """Return what a function of a path makes of a value. Raises ``PathError``."""
    if name in ("length", "size"):
        value = arguments[0] if arguments and not isinstance(arguments[0], Missing) else value
        return len(value) if isinstance(value, (list, dict)) else None
    if name == "keys":
        return list(value) if isinstance(value, dict) else None
    if name in ("first", "last", "index"):
        return _item_at(name, value, arguments)
    if name == "concat":
        texts = [*(value if isinstance(value, list) else ()), *arguments]
        return "".join(item if isinstance(item, str) else "" for item in texts)
    if name == "append":
        return [
            *(value if isinstance(value, list) else ()),
            *(item for item in arguments if not isinstance(item, Missing)),
        ]
    if name in _AGGREGATES:
        items = [*(value if isinstance(value, list) else ()), *arguments]
        numbers = [as_double(item) for item in items if is_number(item)]
        if not numbers:
            raise PathError("Aggregation function attempted to calculate value using empty array")
        result = _AGGREGATES[name](numbers)
        if not math.isfinite(result):
            raise PathError(f"The result of the function {name} is no number")
        return result
    raise PathError(f"Function with name: {name} does not exist.")


def _item_at(name: str, value: Json, arguments: Sequence[Found]) -> Found:
    if not isinstance(value, list):
        return None
    number = {"first": 0, "last": -1}.get(name)
    if number is None:
        argument = arguments[0] if arguments else None
        if not isinstance(argument, int) or isinstance(argument, bool):
            raise PathError("index() takes a number")
        number = argument
    return value[number] if -len(value) <= number < len(value) else MISSING


def _deviation(numbers: list[float]) -> float:
    mean = sum(numbers) / len(numbers)
    return math.sqrt(sum((number - mean) ** 2 for number in numbers) / len(numbers))


_AGGREGATES: Final[dict[str, Callable[[list[float]], float]]] = {
    "min": min,
    "max": max,
    "sum": sum,
    "avg": lambda numbers: sum(numbers) / len(numbers),
    "stddev": _deviation,
}
