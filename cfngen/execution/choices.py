"""The rules of a Choice, evaluated.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cfngen.execution.failures import RuntimeStateError
from cfngen.execution.json_values import Json, Missing, is_number, to_compare
from cfngen.execution.jsonpath import CompiledPath, compile_path
from cfngen.execution.path_tokens import PathError
from cfngen.execution.timestamps import nanoseconds

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings

MAX_DEPTH: Final = 200
"""How deep rules may stand in one another; AWS's limit is not known."""

RuleTest: TypeAlias = "Callable[[Bindings], bool]"


def compile_rule(rule: Mapping[str, Any], depth: int = 0) -> RuleTest:
    """Return the test of a rule of JSONPath. Raises ``PathError`` for what is none."""
    if depth > MAX_DEPTH:
        raise PathError(f"rules are nested deeper than {MAX_DEPTH} levels")
    for operator, combine in (("And", all), ("Or", any)):
        if operator in rule:
            tests = [compile_rule(inner, depth + 1) for inner in rule[operator]]
            return _combined(tests, combine)
    if "Not" in rule:
        denied = compile_rule(rule["Not"], depth + 1)
        return lambda bindings: not denied(bindings)
    variable = rule.get("Variable")
    if not isinstance(variable, str):
        raise PathError("a rule has neither 'Variable' nor 'And', 'Or' or 'Not'")
    path = compile_path(variable)
    for name, expected in rule.items():
        if name in _TYPES:
            return _type_test(path, name, expected)
        if name in _COMPARISONS:
            return _comparison(path, name, expected)
        if name.endswith("Path") and name[:-4] in _COMPARISONS:
            return _path_comparison(path, name[:-4], compile_path(expected))
    raise PathError(f"a rule compares {variable!r} with nothing that is known")


def _combined(tests: list[RuleTest], combine: Callable[[Any], bool]) -> RuleTest:
    return lambda bindings: combine(test(bindings) for test in tests)


def _type_test(path: CompiledPath, name: str, expected: Any) -> RuleTest:
    if name == "IsPresent":

        def is_present(bindings: Bindings) -> bool:
            values = bindings.find(path)
            present = not isinstance(values, Missing) and (path.is_definite or values != [])
            return present is expected

        return is_present
    is_type = _TYPES[name]
    return lambda bindings: is_type(_condition_value(bindings, path)) is expected


def _comparison(path: CompiledPath, name: str, expected: Any) -> RuleTest:
    compare = _COMPARISONS[name]
    return lambda bindings: compare(_condition_value(bindings, path), expected)


def _path_comparison(path: CompiledPath, name: str, other: CompiledPath) -> RuleTest:
    compare = _COMPARISONS[name]
    return lambda bindings: compare(_condition_value(bindings, path), _condition_value(bindings, other))


def _condition_value(bindings: Bindings, path: CompiledPath) -> Json:
    value = bindings.find(path)
    if isinstance(value, Missing):
        raise RuntimeStateError(
            f"Invalid path '{path.text}': The choice state's condition path references an invalid value."
        )
    return value


def _of_numbers(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: is_number(left) and is_number(right) and compare(left, right)


def _of_texts(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: (
        isinstance(left, str) and isinstance(right, str) and compare(*to_compare(left, right))
    )


def _of_times(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        one, other = nanoseconds(left), nanoseconds(right)
        return one is not None and other is not None and compare(one, other)

    return compared


def _same_boolean(left: Any, right: Any) -> bool:
    return isinstance(left, bool) and left is right


def _is_like(text: Any, pattern: Any) -> bool:
    r"""Tell whether a text is like a pattern, in which ``*`` is any characters, and ``\*`` an asterisk.

    The specification has a backslash before anything else end the execution.
    """
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    pieces = re.split(r"(\\[\\*]|\*)", pattern)
    if any("\\" in piece for piece in pieces[::2]):
        raise RuntimeStateError(f"The pattern {pattern!r} has a backslash that escapes nothing.")
    literals = [""]
    for number, piece in enumerate(pieces):
        if piece == "*":
            literals.append("")
        else:
            literals[-1] += piece[1:] if number % 2 else piece
    if len(literals) == 1:
        return text == literals[0]
    first, *middle, last = literals
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for literal in middle:  # the first place for each is as good as any other
        place = text.find(literal, at, end)
        if place < 0:
            return False
        at = place + len(literal)
    return True


_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Equals": lambda left, right: bool(left == right),
    "LessThan": lambda left, right: bool(left < right),
    "GreaterThan": lambda left, right: bool(left > right),
    "LessThanEquals": lambda left, right: bool(left <= right),
    "GreaterThanEquals": lambda left, right: bool(left >= right),
}

_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    **{f"String{name}": _of_texts(compare) for name, compare in _ORDERS.items()},
    **{f"Numeric{name}": _of_numbers(compare) for name, compare in _ORDERS.items()},
    **{f"Timestamp{name}": _of_times(compare) for name, compare in _ORDERS.items()},
    "BooleanEquals": _same_boolean,
    "StringMatches": _is_like,
}

_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "IsNull": lambda value: value is None,
    "IsPresent": lambda value: True,
    "IsNumeric": is_number,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: nanoseconds(value) is not None,
}
