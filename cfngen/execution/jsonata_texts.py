"""What the reference implementation of JSONata writes: values as text, numbers, and what errors say."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import jsonata
from jsonata import jexception, parser, utils

UNDEFINED: Final = object()
"""What a message shows of a function without a name, and of an argument that is not there."""

_CODE: Final = re.compile(r"[A-Z]\d{4}")

_PLACEHOLDER: Final = re.compile(r"\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}")

_TYPES: Final = {
    "a": "arrays",
    "b": "booleans",
    "f": "functions",
    "n": "numbers",
    "o": "objects",
    "s": "strings",
}


def string_of(value: Any, pretty: bool = False) -> str | None:
    """Return a value as ``$string`` and ``&`` have it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise jexception.JException("D3001", -1)
    return "" if is_jsonata_function(value) else _json_text(value, "\n" if pretty else "")


def json_number(value: float) -> int | float | str:
    """Return a number as it is after JavaScript wrote it as JSON; what JSON lacks is text."""
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    value = double(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return int(number_text(value)) if value.is_integer() and abs(value) < 1e21 else value


def double(value: float) -> float:
    """Return a number as JavaScript has it."""
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def as_whole_number(value: Any) -> Any:
    """Return a number without a fraction as a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def number_text(value: float) -> str:
    """Return a number as JavaScript writes it: ``1000000``, ``1e+21``, ``0.00001``, ``1e-7``."""
    if 1e-6 <= abs(value) < 1e21 or not value:
        text = f"{Decimal(repr(value)):f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0", not value)
    mantissa, _, exponent = repr(float(value)).partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def message_of(error: BaseException) -> tuple[str, str]:
    """Return the code of an error, or an empty text, and its words, as the reference has them."""
    words = str(error) or type(error).__name__
    code = getattr(error, "error", "")
    if code not in _messages():
        words = code or words
        same = _worded(words)
        codes = (
            known for known, (form, text) in _messages().items() if text[0] != "{" and form.fullmatch(same)
        )
        return next(codes, ""), words
    values = iter(_message_values(error))

    def value(placeholder: re.Match[str]) -> str:
        argument = next(values, None)
        if placeholder[1]:
            return str(argument)
        return _message_value(getattr(error, "token", argument) if placeholder[2] == "token" else argument)

    return code, _PLACEHOLDER.sub(value, _messages()[code][1])


@lru_cache(maxsize=1)
def _messages() -> Mapping[str, tuple[re.Pattern[str], str]]:
    """Return each code with its words, and with a pattern of them."""
    texts = {code: _worded(text) for code, text in jexception.JException.error_codes.items()}
    return {
        code: (
            re.compile(".*".join(map(re.escape, _PLACEHOLDER.sub("\0", text).split("\0"))) or "(?!)"),
            text,
        )
        for code, text in texts.items()
        if _CODE.fullmatch(code)
    }


def _message_value(value: Any) -> str:
    """Return a value of a message, as JSON."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else "null"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=lambda unknown: None)


def _message_values(error: jexception.JException) -> Sequence[Any]:
    """Return what stands in the message of an error, in its order."""
    first, second, third = error.current, error.expected, error.extra
    if error.error == "D1002":
        return (second,)
    if error.error == "T2007":
        return (second, first)
    if error.error == "D3100":
        return (error.location,)
    if error.error == "T0411":
        return (second, "")
    if error.error == "T0412":
        return (first, second, _TYPES.get(str(third), third))
    return (first, second, third)


def _worded(text: str) -> str:
    """Return the words of jsonata-python as the reference has them: its *Object* is a function."""
    return re.sub(r"\bObject\b", "function", text).replace('"', "'")


def _json_text(value: Any, line: str) -> str:
    """Return a value as JSON; ``line`` is what a new line begins with, or empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(float(f"{value:.15g}")) if math.isfinite(value) else "null"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    inner = f"{line}  " if line else ""
    if isinstance(value, Mapping):
        colon = ": " if line else ":"
        fields = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}{colon}{_json_text(item, inner)}"
            for key, item in value.items()
        ]
        return f"{{{','.join(fields)}{line if fields else ''}}}"
    if isinstance(value, (list, utils.Utils.RangeList)):
        items = [f"{inner}{_json_text(item, inner)}" for item in value]
        return f"[{','.join(items)}{line if items else ''}]"
    return '""' if is_jsonata_function(value) else "null"


def is_jsonata_function(value: Any) -> bool:
    """Tell whether a value of an expression is a function."""
    return isinstance(value, (jsonata.Jsonata.JFunctionCallable, parser.Parser.Symbol))
