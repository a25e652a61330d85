"""JSONata as its reference implementation has it, where jsonata-python does otherwise.

Step Functions evaluates JSONata 2.0.6. What it was seen to answer is what the reference implementation
answers, in values, codes and words (floci#2664, #2668, #2736 and #2737, 2026), so that one decides here,
and a test asks it.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import copy
import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

import jsonata
from jsonata import jexception, signature, utils
from jsonata.functions import Functions

from cfngen.execution import jsonata_texts as texts
from cfngen.execution.patterns import Pattern

NULL: Final[Any] = utils.Utils.NULL_VALUE
"""What JSON's null is in an expression, where ``None`` is nothing at all."""

MAX_SAFE_INTEGER: Final = 2**53 - 1
"""Up to here each whole number is one of JavaScript's."""

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_RADIX_NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_TIMESTAMP: Final = re.compile(
    r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d):(\d\d))?(?:\.(\d+))?(?:Z|([+-]\d\d):?(\d\d))?"
)
_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_RESERVED: Final = re.compile(r"%(?=2[346BCFbcf]|3[ABDFabdf]|40)")
_PASSIVE: Final = re.compile(r"^[^0-9#.,]*$|[0-9#.,][^0-9#.,e]+.*[0-9#.,]")


class Interpreter(jsonata.Jsonata):  # type: ignore[misc]
    """A JSONata expression that has been read, with the operators and functions of the reference."""

    def __init__(self, source: str) -> None:
        super().__init__(source, _pattern)
        self.set_output_convert_nulls(False)
        self.environment = self.create_frame(_frame())

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: Any) -> Any:
        """Return what an operator of numbers makes of two."""
        for code, value in (("T2001", lhs), ("T2002", rhs)):
            if value is not None and not utils.Utils.is_numeric(value):
                raise jexception.JException(code, -1, op)
        if lhs is None or rhs is None:
            return None
        return _number(_ARITHMETIC[op](texts.double(lhs), texts.double(rhs)))

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> Any:
        """Return the whole numbers from one to another."""
        return super().evaluate_range_expression(_whole(lhs), _whole(rhs))

    def evaluate_boolean_expression(self, lhs: Any, evalrhs: Any, op: Any) -> Any:
        """Return what *and* or *or* makes of two; an error of the second is told as one of the operator."""
        try:
            return super().evaluate_boolean_expression(lhs, evalrhs, op)
        except jexception.JException as error:
            error.token = op
            raise

    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        """Return the texts of two values as one."""
        return (texts.text_of(lhs) or "") + (texts.text_of(rhs) or "")

    def evaluate_includes_expression(self, lhs: Any, rhs: Any) -> bool:
        """Tell whether a value is one of an array; objects and arrays are only themselves."""
        if lhs is None or rhs is None:
            return False
        return any(
            item is lhs if isinstance(item, (dict, list)) else utils.Utils.is_deep_equal(lhs, item)
            for item in (rhs if isinstance(rhs, list) else [rhs])
        )

    def apply_inner(self, proc: Any, args: Any, data: Any, environment: Any) -> Any:
        """Return what a function makes of arguments; the library prints what is none."""
        if not (texts.is_function(proc) or Functions.is_regex(proc)):
            raise jexception.JException("T1006")
        return super().apply_inner(proc, args, data, environment)

    def validate_arguments(self, signature: Any, args: Any, context: Any) -> Any:
        """Return the arguments of a function as its signature has them."""
        held = getattr(signature, "signature", None)
        return args if held is None else _reference(held).validate(args, context)


def _pattern(text: str, flags: Any) -> Pattern:
    return Pattern(text, "i" * flags.case_insensitive + "m" * flags.multiline)


class _Signature(signature.Signature):  # type: ignore[misc]
    """The signature of a function, to which null is a value."""

    def get_symbol(self, value: Any) -> str:
        return "l" if value is NULL else str(super().get_symbol(value))

    def throw_validation_error(self, bad_args: Any, bad_sig: str, function_name: str) -> None:
        """Raise an error that names the first argument that is not as it must be."""
        pattern, place = "", 0
        for param in self._params:
            pattern += param.regex
            if not (found := re.match(pattern, bad_sig)):
                break
            place = found.end()
        shown = texts.UNDEFINED if function_name.startswith("<") else function_name
        raise jexception.JException("T0410", -1, place + 1, shown)


@lru_cache(maxsize=1024)
def _reference(held: Any) -> Any:
    """Return a signature of jsonata-python as one of the reference."""
    own = copy.copy(held)
    own.__class__ = _Signature
    return own


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
        whole = _whole(digits)
        return math.nan if value is not None and isinstance(whole, float) else Functions.round(value, whole)

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
            if not options and _PASSIVE.search(part):
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
def _frame() -> Any:
    """Return the functions that expressions find."""
    frame = jsonata.Jsonata.Frame(jsonata.Jsonata.static_frame)
    for name, types, method in _SIGNATURES:
        frame.bind(name, jsonata.Jsonata.JNativeFunction(name, types, _Functions, method))
    return frame


def with_nulls(value: Any) -> Any:
    """Return JSON as expressions have it; where it has no null, that is the value itself."""
    if value is None:
        return NULL
    if isinstance(value, dict):
        items = {key: with_nulls(item) for key, item in value.items()}
        return items if any(items[key] is not item for key, item in value.items()) else value
    if isinstance(value, list):
        held = [with_nulls(item) for item in value]
        return held if any(map(operator.is_not, held, value)) else value
    return value


def as_json(result: Any) -> Any:
    """Return what an expression led to as JSON; numbers that JSON lacks are text. Raises ``TypeError``.

    AWS was seen to answer ``"Infinity"`` for ``1/0`` (floci#2783).
    """
    if result is NULL or result is None or isinstance(result, (str, bool)):
        return None if result is NULL else result
    if isinstance(result, (int, float)):
        return texts.number(result)
    if isinstance(result, list):
        return [as_json(item) for item in result]
    if isinstance(result, Mapping):
        return {str(key): as_json(value) for key, value in result.items()}
    raise TypeError


def _of_picture(function: Callable[[Any, Any], Any], value: Any, picture: Any) -> Any:
    try:
        return function(value, picture)
    except RuntimeError as error:
        if isinstance(error, jexception.JException) or "%s" not in str(error):
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


def _number(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _quotient(left: float, right: float) -> float:
    if right:
        return left / right
    return (
        math.nan
        if not left or math.isnan(left)
        else math.copysign(math.inf, left) * math.copysign(1, right)
    )


def _remainder(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


_ARITHMETIC: Final = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "%": _remainder,
}
