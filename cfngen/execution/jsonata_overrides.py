"""The functions that jsonata-python has otherwise than the reference of JSONata, or without a bound.

https://docs.jsonata.org/string-functions
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

import jsonata
from jsonata import constants, jexception, utils
from jsonata.functions import Functions

from cfngen.execution import jsonata_texts as texts
from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.json_values import comparable, in_units
from cfngen.execution.jsonata_functions import check_memory

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_RADIX_NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_TIMESTAMP: Final = re.compile(
    r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d))?(?:\.(\d+))?(?:Z|([+-]\d\d):?(\d\d))?"
)
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_RESERVED: Final = re.compile(r"%(?=2[346BCFbcf]|3[ABDFabdf]|40)")
_ACTIVE: Final = "0123456789#.,"
_GROUP: Final = re.compile(r"\$(\$|\d+)")
_WIDTH: Final = re.compile(r"[,-](\d+)")
_PASSIVE: Final = re.compile(r"[0-9#.,][^0-9#.,e]")


def from_millis(millis: Any, picture: Any = None, timezone: Any = None) -> Any:
    """Return a time as text."""
    if isinstance(picture, str):
        check_memory(max((int(width[:9]) for width in _WIDTH.findall(picture)), default=0))
    return Functions.datetime_from_millis(millis, picture, timezone)


class _Functions:
    """The functions that jsonata-python has otherwise."""

    from_millis = staticmethod(from_millis)

    @staticmethod
    def string(value: Any, pretty: Any) -> str | None:
        if isinstance(value, utils.Utils.JList) and value.outer_wrapper:
            value = value[0]
        return texts.string_of(value, bool(pretty))

    @staticmethod
    def number(value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value if value is None else int(value)
        if isinstance(value, str):
            if _NUMBER.fullmatch(value) and math.isfinite(number := float(value)):
                return number
            if _RADIX_NUMBER.fullmatch(value):
                return int(value, 0)
            raise jexception.JException("D3030", -1, value)
        return value

    @staticmethod
    def round(value: Any, digits: Any) -> Any:
        places = texts.as_whole_number(digits)
        return (
            math.nan if value is not None and isinstance(places, float) else Functions.round(value, places)
        )

    @staticmethod
    def substring(text: Any, start: Any, length: Any) -> Any:
        if text is None:
            return None
        if start is None:
            return text if length is None else ""
        begin = 0 if len(text) + start < 0 else start
        if length is None:
            return text[int(begin) :]
        end = begin + length if begin >= 0 else len(text) + begin + length
        return text[int(begin) : int(end)] if length > 0 else ""

    @staticmethod
    def to_millis(text: Any, picture: Any) -> Any:
        if text is None or picture is not None:
            return Functions.datetime_to_millis(text, picture)
        match = _TIMESTAMP.fullmatch(text)
        try:
            if not match:
                raise ValueError
            year, month, day, hour, minute, second, fraction, hours, minutes = match.groups()
            moment = datetime(
                int(year),
                int(month or 1),
                int(day or 1),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
            ) - timedelta(hours=int(hours or 0), minutes=int(f"{(hours or '+')[0]}{minutes or 0}"))
        except (ValueError, OverflowError):
            raise jexception.JException("D3110", -1, text) from None
        seconds = int(moment.replace(tzinfo=timezone.utc).timestamp())
        return seconds * 1000 + int(f"{fraction or '0':0<3.3}")

    @staticmethod
    def format_number(value: Any, picture: Any, options: Any) -> Any:
        if value is None:
            return None
        for part in str(picture or "").split((options or {}).get("pattern-separator", ";")):
            last = max(map(part.rfind, _ACTIVE))
            if not options and (last < 0 or _PASSIVE.search(part, 0, last)):
                raise jexception.JException("D3086", -1)
        return Functions.format_number(value, picture or "", options)

    @staticmethod
    def format_integer(value: Any, picture: Any) -> Any:
        return _of_picture(Functions.format_integer, value, picture)

    @staticmethod
    def parse_integer(value: Any, picture: Any) -> Any:
        try:
            return _of_picture(Functions.parse_integer, value, picture)
        except ValueError:
            return math.nan

    @staticmethod
    def power(base: Any, exponent: Any) -> Any:
        if base is None:
            return None
        try:
            return math.pow(base, exponent)
        except (OverflowError, ValueError, TypeError):
            shown = texts.UNDEFINED if exponent is None else exponent
            raise jexception.JException("D3061", -1, base, shown) from None

    @staticmethod
    def decode_url(text: Any) -> Any:
        return _decode_uri(text, "decodeUrl", lambda content: _RESERVED.sub("%25", content))

    @staticmethod
    def decode_url_component(text: Any) -> Any:
        return _decode_uri(text, "decodeUrlComponent", str)

    @staticmethod
    def sort(items: Any, comparator: Any) -> Any:
        if comparator is None and items is not None and len(items) > 1:
            if utils.Utils.is_array_of_strings(items):
                return sorted(items, key=in_units)
            if not utils.Utils.is_array_of_numbers(items):
                raise jexception.JException("D3070", -1)
        return Functions.sort(items, comparator)

    @staticmethod
    def pad(text: Any, width: Any, char: Any) -> Any:
        if isinstance(width, (int, float)):
            check_memory(int(abs(width)))
        return Functions.pad(text, width, char)

    @staticmethod
    def join(pieces: Any, separator: Any) -> Any:
        if pieces is None:
            return None
        between = separator or ""
        check_memory(sum(map(len, pieces)) + len(between) * (len(pieces) - 1))
        return between.join(pieces)

    @staticmethod
    def distinct(items: Any) -> Any:
        if not isinstance(items, list) or len(items) <= 1:
            return items
        kept: dict[str, Any] = {}
        for item in items:
            kept.setdefault(comparable(item), item)
        values = list(kept.values())
        return utils.Utils.create_sequence_from_iter(values) if utils.Utils.is_sequence(items) else values

    @staticmethod
    def spread(value: Any) -> Any:
        if isinstance(value, (list, dict)):
            return utils.Utils.create_sequence_from_iter(_single_pairs(value))
        return value

    @staticmethod
    def replace(text: Any, pattern: Any, replacement: Any, limit: Any) -> Any:
        if text is None:
            return None
        if pattern == "":
            raise jexception.JException("D3010", -1)
        if limit is not None and limit < 0:
            raise jexception.JException("D3011", -1)
        count = len(text) if limit is None else int(limit)
        if not count:
            return text
        replaced = 0

        def replacement_of(match: re.Match[str]) -> str:
            nonlocal replaced
            DEADLINE.step()
            if isinstance(replacement, str):
                new = _with_groups(replacement, match)
            else:
                matched = Functions.to_jsonata_match(match)
                new = Functions.func_apply(replacement, [matched])
                if not isinstance(new, str):
                    raise jexception.JException("D3012", -1)
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


_SIGNATURES: Final = (
    ("string", "<x-b?:s>", "string"),
    ("number", "<(nsb)-:n>", "number"),
    ("round", "<n-n?:n>", "round"),
    ("substring", "<s-nn?:s>", "substring"),
    ("toMillis", "<s-s?:n>", "to_millis"),
    ("formatNumber", "<n-so?:s>", "format_number"),
    ("formatInteger", "<n-s:s>", "format_integer"),
    ("parseInteger", "<s-s:n>", "parse_integer"),
    ("power", "<n-n:n>", "power"),
    ("decodeUrl", "<s-:s>", "decode_url"),
    ("decodeUrlComponent", "<s-:s>", "decode_url_component"),
    ("sort", "<af?:a>", "sort"),
    ("fromMillis", "<n-s?s?:s>", "from_millis"),
    ("pad", "<s-ns?:s>", "pad"),
    ("join", "<a<s>s?:s>", "join"),
    ("distinct", "<x:x>", "distinct"),
    ("spread", "<x-:a<o>>", "spread"),
    ("replace", "<s-(sf)(sf)n?:s>", "replace"),
)


@lru_cache(maxsize=1)
def frame() -> Any:
    """Return the functions that expressions find."""
    functions = jsonata.Jsonata.Frame(jsonata.Jsonata.static_frame)
    for name, types, method in _SIGNATURES:
        functions.bind(name, jsonata.Jsonata.JNativeFunction(name, types, _Functions, method))
    return functions


def _of_picture(function: Callable[[Any, Any], Any], value: Any, picture: Any) -> Any:
    try:
        return function(value, picture)
    except RuntimeError as error:
        if error.args != (constants.Constants.ERR_MSG_SEQUENCE_UNSUPPORTED,):
            raise
        raise jexception.JException("D3130", -1, picture) from None


def _decode_uri(text: Any, function: str, kept: Any) -> Any:
    if text is None:
        return None
    try:
        if _BROKEN_ESCAPE.search(text):
            raise ValueError
        return unquote(kept(text), errors="strict")
    except ValueError:
        raise jexception.JException("D3140", -1, function, text) from None


def _single_pairs(value: Any) -> Iterator[Any]:
    """Yield an object for each pair of an object, and of the objects in an array."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield {key: item}
    elif isinstance(value, list):
        for inner in value:
            yield from _single_pairs(inner)
    elif value is not None:
        yield value


def _with_groups(replacement: str, match: re.Match[str]) -> str:
    """Return a replacement with its groups: ``$0`` is the match, ``$12`` of one of 9 is ``$1`` and a 2."""
    count = len(match.groups())

    def group(reference: re.Match[str]) -> str:
        digits = reference[1]
        if digits == "$":
            return "$"
        length = len(digits)
        while length > 1 and int(digits[:length]) > count:
            length -= 1
        number = int(digits[:length])
        return ((match[number] or "") if number <= count else "") + digits[length:]

    return _GROUP.sub(group, replacement)
