"""What each intrinsic function makes of its arguments.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from cfngen.execution.json_values import Json, as_double, comparable, is_equal, parse_json, to_text
from cfngen.execution.path_tokens import unescape

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings

MAX_TEXT: Final = 10_000
"""Characters that are encoded, decoded or hashed."""

MAX_RANGE: Final = 1_000
"""Elements of a range."""

MAX_ADDED: Final = 2_147_483_647
"""The largest number that ``States.MathAdd`` takes."""

_PIECE: Final = re.compile(r"\\(.)|(\{\})", re.DOTALL)


class IntrinsicCallError(Exception):
    """A function does not take its arguments."""


class Template(str):
    """The text of a literal as it is spelled, whose escaped braces ``States.Format`` tells from others."""

    __slots__ = ()


def _format(bindings: Bindings, arguments: Sequence[Any]) -> str:
    template, *rest = arguments
    if not isinstance(template, str):
        raise IntrinsicCallError("the template is not text")
    used = 0

    def replacement(matched: re.Match[str]) -> str:
        nonlocal used
        if matched[1] is not None:
            escape = matched[1]
            return unescape("\\" + escape) if escape not in "{}" else escape
        if used >= len(rest):
            raise IntrinsicCallError("the number of arguments does not match the occurrences of {}")
        used += 1
        return java_text(_text(rest[used - 1]))

    formatted = _PIECE.sub(replacement, template)
    if used != len(rest):
        raise IntrinsicCallError("the number of arguments does not match the occurrences of {}")
    return formatted


def java_text(value: Json) -> str:
    """Return a value as Java shows it, which ``States.Format`` does: ``{name=1, list=[a, b]}``.

    Recorded from AWS for an object; text alone and numbers are as they are.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(java_text(item) for item in value) + "]"
    return to_text(value)


def _text(value: Json) -> Json:
    """Return the text that a literal spells."""
    return unescape(value) if isinstance(value, Template) else value


def _values(arguments: Sequence[Json]) -> list[Any]:
    return [_text(argument) for argument in arguments]


def _array(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    return _values(arguments)


def _partition(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    items, size = arguments
    step = _whole(size)
    if step <= 0:
        raise IntrinsicCallError("the chunk size is not a positive number")
    elements = _list(items)
    return [elements[start : start + step] for start in range(0, len(elements), step)]


def _contains(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    items, wanted = arguments
    looked_for = _text(wanted)
    return any(is_equal(item, looked_for) for item in _list(items))


def _range(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    first, last, step = (_whole(argument) for argument in arguments)
    if step == 0:
        raise IntrinsicCallError("the step is zero")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > MAX_RANGE:
        raise IntrinsicCallError(f"the range has more than {MAX_RANGE} elements")
    return list(numbers)


def _item(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    items, index = arguments
    elements, number = _list(items), _whole(index)
    if not 0 <= number < len(elements):
        raise IntrinsicCallError(f"the index {number} is not one of an array of {len(elements)}")
    return elements[number]


def _length(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    return len(_list(arguments[0]))


def _unique(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    kept: dict[str, Json] = {}
    for item in _list(arguments[0]):
        kept.setdefault(comparable(item), item)
    return list(kept.values())


def _encode(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    from base64 import b64encode

    return b64encode(_short(arguments[0]).encode("utf-8", "replace")).decode("ascii")


def _decode(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    from base64 import b64decode

    try:
        return b64decode(_short(arguments[0]), validate=True).decode("utf-8", "replace")
    except ValueError:
        raise IntrinsicCallError("the text is not base64") from None


def _hash(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    data, algorithm = _values(arguments)
    text = data if isinstance(data, str) else to_text(data)
    if len(text) > MAX_TEXT:
        raise IntrinsicCallError(f"the text has more than {MAX_TEXT:,} characters")
    digest = hexdigest(text, algorithm)
    if digest is None:
        raise IntrinsicCallError(f"there is no algorithm {algorithm!r}")
    return digest


def hexdigest(text: str, algorithm: object) -> str | None:
    """Return a hash in hexadecimal digits, or None for an algorithm that Step Functions does not have."""
    import hashlib

    name = _ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    return None if name is None else hashlib.new(name, text.encode("utf-8", "replace")).hexdigest()


def _merge(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    one, other, deep = arguments
    if deep is not False:
        raise IntrinsicCallError("only the shallow merging mode is supported: the third argument is false")
    if not isinstance(one, dict) or not isinstance(other, dict):
        raise IntrinsicCallError("both values are to be objects")
    return {**one, **other}


def _to_json(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    text = _string(arguments[0])
    try:
        value: Json = parse_json(text)
        return value
    except (ValueError, RecursionError) as error:
        raise IntrinsicCallError(f"it is not JSON: {error}") from None


def _to_text(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    return to_text(_text(arguments[0]))


def _random(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    first, last = _whole(arguments[0]), _whole(arguments[1])
    if first >= last:
        raise IntrinsicCallError("the end is not greater than the start")
    if len(arguments) == 3:
        from random import Random

        return Random(_whole(arguments[2])).randrange(first, last)
    return bindings.random.randrange(first, last)


def _add(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    numbers = [_whole(argument) for argument in arguments]
    for number in numbers:
        if not -MAX_ADDED - 1 <= number <= MAX_ADDED:
            raise IntrinsicCallError(f"{number!s:.80} is not between -2147483648 and 2147483647")
    return sum(numbers)


def _split(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    """Split at each character of the delimiter; nothing between two of them is no element (recorded)."""
    text, delimiters = _string(arguments[0]), _string(arguments[1])
    if not delimiters:
        return [text]
    parts = re.split("[" + re.escape(delimiters) + "]", text)
    return [part for part in parts if part]


def _uuid(bindings: Bindings, arguments: Sequence[Json]) -> Json:
    return bindings.uuid()


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise IntrinsicCallError(f"an array is needed, not {to_text(value):.80}")
    return value


def _string(value: Json) -> str:
    text = _text(value)
    if not isinstance(text, str):
        raise IntrinsicCallError(f"text is needed, not {to_text(text):.80}")
    return text


def _short(value: Json) -> str:
    text = _string(value)
    if len(text) > MAX_TEXT:
        raise IntrinsicCallError(f"the text has more than {MAX_TEXT:,} characters")
    return text


def _whole(value: Json) -> int:
    """Return a number rounded as Java does, half up: -1.5 is -1 (recorded)."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not math.isfinite(as_double(value))
    ):
        raise IntrinsicCallError(f"a number is needed, not {to_text(value):.80}")
    return value if isinstance(value, int) else math.floor(value + 0.5)


_ALGORITHMS: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}


FUNCTIONS: Final[dict[str, Callable[[Any, Sequence[Json]], Json]]] = {
    "Array": _array,
    "ArrayPartition": _partition,
    "ArrayContains": _contains,
    "ArrayRange": _range,
    "ArrayGetItem": _item,
    "ArrayLength": _length,
    "ArrayUnique": _unique,
    "Base64Encode": _encode,
    "Base64Decode": _decode,
    "Hash": _hash,
    "JsonMerge": _merge,
    "StringToJson": _to_json,
    "JsonToString": _to_text,
    "MathRandom": _random,
    "MathAdd": _add,
    "StringSplit": _split,
    "UUID": _uuid,
    "Format": _format,
}
