"""The functions that jsonata-python has otherwise than the reference implementation of JSONata."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

import jsonata
from jsonata import constants, jexception, utils
from jsonata.functions import Functions

from cfngen.execution import jsonata_texts as texts

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_RADIX_NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_TIMESTAMP: Final = re.compile(
    r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d))?(?:\.(\d+))?(?:Z|([+-]\d\d):?(\d\d))?"
)
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_RESERVED: Final = re.compile(r"%(?=2[346BCFbcf]|3[ABDFabdf]|40)")
_ACTIVE: Final = "0123456789#.,"
_PASSIVE: Final = re.compile(r"[0-9#.,][^0-9#.,e]")


class _Functions:
    """The functions that jsonata-python has otherwise."""

    @staticmethod
    def string(value: Any, pretty: Any) -> str | None:
        if isinstance(value, utils.Utils.JList) and value.outer_wrapper:
            value = value[0]
        return texts.text_of(value, bool(pretty))

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
        places = whole(digits)
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
        found = _TIMESTAMP.fullmatch(text)
        try:
            if not found:
                raise ValueError
            year, month, day, hour, minute, second, fraction, hours, minutes = found.groups()
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
        return _decoded(text, "decodeUrl", lambda held: _RESERVED.sub("%25", held))

    @staticmethod
    def decode_url_component(text: Any) -> Any:
        return _decoded(text, "decodeUrlComponent", str)

    @staticmethod
    def sort(items: Any, comparator: Any) -> Any:
        alike = utils.Utils.is_array_of_numbers(items) or utils.Utils.is_array_of_strings(items)
        if comparator is None and items is not None and len(items) > 1 and not alike:
            raise jexception.JException("D3070", -1)
        return Functions.sort(items, comparator)


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
)


@lru_cache(maxsize=1)
def frame() -> Any:
    """Return the functions that expressions find."""
    frame = jsonata.Jsonata.Frame(jsonata.Jsonata.static_frame)
    for name, types, method in _SIGNATURES:
        frame.bind(name, jsonata.Jsonata.JNativeFunction(name, types, _Functions, method))
    return frame


def whole(value: Any) -> Any:
    """Return a number without a fraction as a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _of_picture(function: Callable[[Any, Any], Any], value: Any, picture: Any) -> Any:
    try:
        return function(value, picture)
    except RuntimeError as error:
        if error.args != (constants.Constants.ERR_MSG_SEQUENCE_UNSUPPORTED,):
            raise
        raise jexception.JException("D3130", -1, picture) from None


def _decoded(text: Any, function: str, kept: Any) -> Any:
    if text is None:
        return None
    try:
        if _BROKEN_ESCAPE.search(text):
            raise ValueError
        return unquote(kept(text), errors="strict")
    except ValueError:
        raise jexception.JException("D3140", -1, function, text) from None
