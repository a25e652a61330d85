"""Functions of JSONata: those that Step Functions adds, and those that jsonata-python has without a bound.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
https://docs.jsonata.org/string-functions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import TYPE_CHECKING, Any, Final

from cfngen.core.walk import values_of
from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.intrinsic_functions import hexdigest
from cfngen.execution.json_values import Json, comparable, parsed

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings

MAX_RANGE: Final = 360_145
"""Elements that ``$range`` makes at most: measured in AWS by others."""

MAX_MEMORY: Final = 6_990_256
"""What a value may hold: eight for an item or a number, one for a character; measured in AWS by others."""

_GROUP: Final = re.compile(r"\$(\$|\d+)")
_WIDTH: Final = re.compile(r"[,-](\d+)")


class CallError(Exception):
    """A function does not take its arguments, or makes more of them than Step Functions allows."""


def check_memory(size: int) -> None:
    """Refuse a value that holds more than an evaluation may make. Raises ``CallError``."""
    if size > MAX_MEMORY:
        raise CallError("Expression evaluation memory limit exceeded: Check for excessive memory usage")


def check_value(value: Json) -> None:
    """Refuse a value that holds more with all that is in it. Raises ``CallError``."""
    size = 0
    for item in values_of(value):
        size += len(item) if isinstance(item, str) else 8
        check_memory(size)


def functions(library: Any, place: Callable[[], Bindings]) -> dict[str, Any]:
    """Return the functions by name, as jsonata-python takes them; ``place`` tells where they are called."""
    utils, original = library.utils.Utils, library.Functions

    def now(picture: Any = None, timezone: Any = None) -> Any:
        return from_millis(int(place().now() * 1000), picture, timezone)

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
            raise CallError('Argument 1 of function "parse" does not match function signature')
        return library.with_nulls(parsed(text))

    def from_millis(millis: Any, picture: Any = None, timezone: Any = None) -> Any:
        if isinstance(picture, str):
            check_memory(max((int(width[:9]) for width in _WIDTH.findall(picture)), default=0))
        return original.datetime_from_millis(millis, picture, timezone)

    def pad(text: Any, width: Any = None, char: Any = None) -> Any:
        if isinstance(width, (int, float)):
            check_memory(int(abs(width)))
        return original.pad(text, width, char)

    def join(texts: Any, separator: Any = None) -> Any:
        if texts is None:
            return None
        between = separator or ""
        check_memory(sum(map(len, texts)) + len(between) * (len(texts) - 1))
        return between.join(texts)

    def distinct(items: Any = None) -> Any:
        if not isinstance(items, list) or len(items) <= 1:
            return items
        kept: dict[str, Any] = {}
        for item in items:
            kept.setdefault(comparable(item), item)
        values = list(kept.values())
        return utils.create_sequence_from_iter(values) if utils.is_sequence(items) else values

    def spread(value: Any = None) -> Any:
        if isinstance(value, (list, dict)):
            return utils.create_sequence_from_iter(_pairs(value))
        return value

    def replace(text: Any, pattern: Any, replacement: Any, limit: Any = None) -> Any:
        if text is None:
            return None
        if pattern == "":
            raise library.jexception.JException("D3010", -1)
        if limit is not None and limit < 0:
            raise library.jexception.JException("D3011", -1)
        count = len(text) if limit is None else int(limit)
        if not count:
            return text
        replaced = 0

        def replacement_of(match: re.Match[str]) -> str:
            nonlocal replaced
            DEADLINE.step()
            if isinstance(replacement, str):
                new = _filled(replacement, match)
            else:
                matched = original.to_jsonata_match(match)
                new = original.func_apply(replacement, [matched])
                if not isinstance(new, str):
                    raise library.jexception.JException("D3012", -1)
            replaced += len(new)
            check_memory(replaced)
            return new

        if isinstance(pattern, str):
            pieces = text.split(pattern, count)
            check_memory(
                len(text) + (len(pieces) - 1) * (len(replacement) if isinstance(replacement, str) else 0)
            )
            pattern = re.compile(re.escape(pattern))
        return pattern.sub(replacement_of, text, count)

    bounded = (
        ("fromMillis", from_millis, "<n-s?s?:s>", "datetime_from_millis"),
        ("pad", pad, "<s-ns?:s>", None),
        ("join", join, "<a<s>s?:s>", None),
        ("distinct", distinct, "<x:x>", None),
        ("spread", spread, "<x-:a<o>>", None),
        ("replace", replace, "<s-(sf)(sf)n?:s>", None),
    )
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
    made: dict[str, Any] = {name: library.Interpreter.JLambda(function) for name, function in added.items()}
    for name, function, signature, its_name in bounded:
        made[name] = library.Interpreter.JNativeFunction(name, signature, original, its_name)
        made[name].method = function
    return made


def _pairs(value: Any) -> Iterator[Any]:
    """Yield an object for each pair of an object, and of the objects in an array."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield {key: item}
    elif isinstance(value, list):
        for inner in value:
            yield from _pairs(inner)
    elif value is not None:
        yield value


def _filled(replacement: str, match: re.Match[str]) -> str:
    """Return a replacement with its groups: ``$0`` is the match, ``$12`` of one of 9 is ``$1`` and a 2."""
    count = len(match.groups())

    def group(found: re.Match[str]) -> str:
        digits = found[1]
        if digits == "$":
            return "$"
        length = len(digits)
        while length > 1 and int(digits[:length]) > count:
            length -= 1
        number = int(digits[:length])
        return ((match[number] or "") if number <= count else "") + digits[length:]

    return _GROUP.sub(group, replacement)


def _number(function: str, place: int, value: Any) -> int:
    """Return a number rounded towards zero, as Step Functions does."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CallError(f'Argument {place} of function "{function}" does not match function signature')
    return int(value)


def _partition(items: Any = None, size: Any = None) -> Any:
    if items is None or size is None:
        return None
    held = items if isinstance(items, list) else [items]
    step = _number("partition", 2, size)
    if step < 0:
        raise CallError('Argument 2 of function "partition" is negative')
    if not step or not held:
        return None
    return [list(held[start : start + step]) for start in range(0, len(held), step)]


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
        raise CallError('Argument 1 of function "hash" does not match function signature')
    digest = hexdigest(text, algorithm)
    if digest is None:
        raise CallError(f"{algorithm} is not an algorithm of $hash")
    return digest
