"""The functions that Step Functions adds to JSONata, or answers from the execution itself.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any, Final

from cfngen.core.walk import values_of
from cfngen.execution.intrinsic_functions import hexdigest
from cfngen.execution.json_values import Json, is_number, parse_json

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings

MAX_RANGE: Final = 360_145
"""Elements that ``$range`` makes at most: measured in AWS by others."""

MAX_MEMORY: Final = 6_990_256
"""What a value may hold: eight for an item or a number, one for a character; measured in AWS by others."""


class JsonataCallError(Exception):
    """A function does not take its arguments, or makes more of them than Step Functions allows."""


def check_memory(size: int) -> None:
    """Refuse a value that holds more than an evaluation may make. Raises ``JsonataCallError``."""
    if size > MAX_MEMORY:
        raise JsonataCallError(
            "Expression evaluation memory limit exceeded: Check for excessive memory usage"
        )


def check_value(value: Json) -> None:
    """Refuse a value that holds more with all that is in it. Raises ``JsonataCallError``."""
    size = 0
    for item in values_of(value):
        size += len(item) if isinstance(item, str) else 8
        check_memory(size)


def functions(library: Any, place: Callable[[], Bindings]) -> dict[str, Any]:
    """Return the functions by name, as jsonata-python takes them; ``place`` tells where they are called."""

    def now(picture: Any = None, timezone: Any = None) -> Any:
        return library.overrides.from_millis(int(place().now() * 1000), picture, timezone)

    def random(seed: Any = None) -> float:
        return (place().random if seed is None else Random(_number("random", 1, seed))).random()

    def shuffle(items: Any = None) -> Any:
        if not isinstance(items, list):
            return items
        shuffled = list(items)
        place().random.shuffle(shuffled)
        return shuffled

    def eval_(*arguments: Any) -> None:
        raise library.jexception.JException("T1006")  # Step Functions has none

    def parse(text: Any = None) -> Any:
        if text is None:
            return None
        if not isinstance(text, str):
            raise JsonataCallError('Argument 1 of function "parse" does not match function signature')
        return library.with_nulls(parse_json(text))

    added = {
        "now": now,
        "millis": lambda: int(place().now() * 1000),
        "random": random,
        "shuffle": shuffle,
        "uuid": lambda: place().uuid(),
        "eval": eval_,
        "partition": _partition,
        "range": _range,
        "hash": _hash,
        "parse": parse,
    }
    return {name: library.Interpreter.JLambda(function) for name, function in added.items()}


def _number(function: str, place: int, value: Any) -> int:
    """Return a number rounded towards zero, as Step Functions does."""
    if not is_number(value):
        raise JsonataCallError(
            f'Argument {place} of function "{function}" does not match function signature'
        )
    return int(value)


def _partition(items: Any = None, size: Any = None) -> Any:
    if items is None or size is None:
        return None
    elements = items if isinstance(items, list) else [items]
    step = _number("partition", 2, size)
    if step < 0:
        raise JsonataCallError('Argument 2 of function "partition" is negative')
    if not step or not elements:
        return None
    return [list(elements[start : start + step]) for start in range(0, len(elements), step)]


def _range(first: Any = None, last: Any = None, step: Any = None) -> Any:
    if first is None or last is None or step is None:
        return None
    begin, end, by = (_number("range", place, value) for place, value in enumerate((first, last, step), 1))
    if not by:
        return None
    numbers = range(begin, end + (1 if by > 0 else -1), by)
    if len(numbers) > MAX_RANGE:
        check_memory(MAX_MEMORY + 1)
    if not numbers:
        return None
    return numbers[0] if len(numbers) == 1 else list(numbers)


def _hash(text: Any = None, algorithm: Any = None) -> Any:
    if text is None or algorithm is None:
        return None
    if not isinstance(text, str):
        raise JsonataCallError('Argument 1 of function "hash" does not match function signature')
    digest = hexdigest(text, algorithm)
    if digest is None:
        raise JsonataCallError(f"{algorithm} is not an algorithm of $hash")
    return digest
