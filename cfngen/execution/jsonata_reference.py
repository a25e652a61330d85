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
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import jsonata
from jsonata import jexception, signature, utils
from jsonata.functions import Functions

from cfngen.execution import jsonata_overrides as overrides
from cfngen.execution import jsonata_texts as texts
from cfngen.execution.json_values import to_compare
from cfngen.execution.regexes import Regex

NULL: Final[Any] = utils.Utils.NULL_VALUE
"""What JSON's null is in an expression, where ``None`` is nothing at all."""

MAX_SAFE_INTEGER: Final = 2**53 - 1
"""Up to here each whole number is one of JavaScript's."""


class Interpreter(jsonata.Jsonata):  # type: ignore[misc]
    """A JSONata expression that has been read, with the operators and functions of the reference."""

    def __init__(self, source: str) -> None:
        super().__init__(source, _pattern)
        self.set_output_convert_nulls(False)
        self.environment = self.create_frame(overrides.frame())

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: Any) -> Any:
        """Return what an operator of numbers makes of two."""
        for code, value in (("T2001", lhs), ("T2002", rhs)):
            if value is not None and not utils.Utils.is_numeric(value):
                raise jexception.JException(code, -1, op)
        if lhs is None or rhs is None:
            return None
        return _as_integer(_ARITHMETIC[op](texts.double(lhs), texts.double(rhs)))

    def evaluate_comparison_expression(self, lhs: Any, rhs: Any, op: Any) -> Any:
        """Return how two values compare."""
        if isinstance(lhs, str) and isinstance(rhs, str):
            lhs, rhs = to_compare(lhs, rhs)
        return super().evaluate_comparison_expression(lhs, rhs, op)

    def evaluate_sort_expression(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """Return items in an order that expressions say."""
        is_tuple = bool(isinstance(input, utils.Utils.JList) and input.tuple_stream)
        compare = self.ComparatorWrapper(_Ordering(self), expr, environment, is_tuple).compare
        return Functions.sort(input, compare)

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> Any:
        """Return the whole numbers from one to another."""
        return super().evaluate_range_expression(texts.as_whole_number(lhs), texts.as_whole_number(rhs))

    def evaluate_boolean_expression(self, lhs: Any, evalrhs: Any, op: Any) -> Any:
        """Return what *and* or *or* makes of two; an error of the second is told as one of the operator."""
        try:
            return super().evaluate_boolean_expression(lhs, evalrhs, op)
        except jexception.JException as error:
            error.token = op
            raise

    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        """Return the texts of two values as one."""
        return (texts.string_of(lhs) or "") + (texts.string_of(rhs) or "")

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
        if not (texts.is_jsonata_function(proc) or Functions.is_regex(proc)):
            raise jexception.JException("T1006")
        return super().apply_inner(proc, args, data, environment)

    def validate_arguments(self, signature: Any, args: Any, context: Any) -> Any:
        """Return the arguments of a function as its signature has them."""
        declared = getattr(signature, "signature", None)
        return args if declared is None else _own_signature(declared).validate(args, context)


class _Ordered(str):
    """A text that compares as JavaScript's do."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        left, right = to_compare(str(self), str(other))
        return left < right

    def __gt__(self, other: str) -> bool:
        left, right = to_compare(str(self), str(other))
        return left > right


class _Ordering:
    """An interpreter whose texts are ordered so."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.create_frame_from_tuple = interpreter.create_frame_from_tuple

    def eval(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """Return what an expression comes to."""
        value = self._interpreter.eval(expr, input, environment)
        return _Ordered(value) if isinstance(value, str) else value


def _pattern(text: str, flags: Any) -> Regex:
    return Regex(text, "i" * flags.case_insensitive + "m" * flags.multiline)


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
def _own_signature(declared: Any) -> Any:
    """Return a signature of jsonata-python as one of the reference."""
    own = copy.copy(declared)
    own.__class__ = _Signature
    return own


def with_nulls(value: Any) -> Any:
    """Return JSON as expressions have it; where it has no null, that is the value itself."""
    if value is None:
        return NULL
    if isinstance(value, dict):
        items = {key: with_nulls(item) for key, item in value.items()}
        return items if any(items[key] is not item for key, item in value.items()) else value
    if isinstance(value, list):
        elements = [with_nulls(item) for item in value]
        return elements if any(map(operator.is_not, elements, value)) else value
    return value


def result_as_json(result: Any) -> Any:
    """Return what an expression led to as JSON; numbers that JSON lacks are text. Raises ``TypeError``.

    AWS was seen to answer ``"Infinity"`` for ``1/0`` (floci#2783).
    """
    if result is NULL or result is None:
        return None
    if isinstance(result, (str, bool)):
        return result
    if isinstance(result, (int, float)):
        return texts.json_number(result)
    if isinstance(result, list):
        return [result_as_json(item) for item in result]
    if isinstance(result, Mapping):
        return {str(key): result_as_json(value) for key, value in result.items()}
    raise TypeError


def _as_integer(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value


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
