"""What stands inside the brackets of a path: filters, and the functions at its end.

The operators compare as Jayway's do: a number equals text that spells it, and what cannot be compared is
not equal, not less and not greater.
https://github.com/json-path/JsonPath#filter-operators
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from cfngen.execution.json_values import MISSING, Json, Missing, same
from cfngen.execution.jsonpath import Found, PathError, compile_relative, unescape

Operand: TypeAlias = Callable[[Json, Json], Found]
"""Returns a value from the item that is looked at and from the whole document."""

Test: TypeAlias = Callable[[Json, Json], bool]

_OPERATOR: Final = re.compile(
    r"===|!==|==|!=|<>|<=|>=|=~|<|>"
    r"|(?:IN|NIN|SUBSETOF|ANYOF|NONEOF|SIZE|EMPTY|CONTAINS|ALL|TYPE)(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"""'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)\"""", re.DOTALL)
_PATH: Final = re.compile(
    r"""(?:\[(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\]'"])*\]|[^\s()\[\]=!<>&|,])+(?:\(\))?"""
)
_WORD: Final = re.compile(r"true|false|null")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_REGEX: Final = re.compile(r"/((?:\\.|[^/\\])*)/([a-zA-Z]*)")
_MAX_NESTING: Final = 100


class Pattern:
    """A regular expression of a filter."""

    def __init__(self, text: str, flags: str) -> None:
        known = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE, "u": re.UNICODE}
        options = re.RegexFlag(0)
        for flag in flags.lower():
            options |= known.get(flag, re.RegexFlag(0))
        try:
            self.expression: re.Pattern[str] = re.compile(text.replace("\\/", "/"), options)
        except re.error as error:
            raise PathError(f"{text!r} is no regular expression: {error}") from None


def compile_filter(text: str) -> Test:
    """Return the test of ``(@.price < 10)``. Raises ``PathError``."""
    reader = _Reader(text)
    test = reader.alternatives(0)
    reader.end()
    return test


def compile_arguments(text: str) -> tuple[Any, ...]:
    """Return the arguments of a function of a path. Raises ``PathError``."""
    reader = _Reader(text)
    arguments: list[Operand] = []
    while True:
        arguments.append(reader.operand())
        if not reader.take(","):
            break
    reader.end()
    return tuple(arguments)


class _Reader:
    """Reads a filter from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def end(self) -> None:
        self._blank()
        if self._at < len(self._text):
            raise self._fault(f"{self._text[self._at]!r} is not expected")

    def take(self, sign: str) -> bool:
        self._blank()
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def alternatives(self, depth: int) -> Test:
        tests = [self._conjunction(depth)]
        while self.take("||"):
            tests.append(self._conjunction(depth))
        return tests[0] if len(tests) == 1 else lambda item, root: any(test(item, root) for test in tests)

    def _conjunction(self, depth: int) -> Test:
        tests = [self._term(depth)]
        while self.take("&&"):
            tests.append(self._term(depth))
        return tests[0] if len(tests) == 1 else lambda item, root: all(test(item, root) for test in tests)

    def _term(self, depth: int) -> Test:
        if depth > _MAX_NESTING:
            raise self._fault("it is nested too deep")
        if self.take("!"):
            denied = self._term(depth + 1)
            return lambda item, root: not denied(item, root)
        if self.take("("):
            test = self.alternatives(depth + 1)
            if not self.take(")"):
                raise self._fault("')' is missing")
            return test
        return self._comparison()

    def _comparison(self) -> Test:
        left = self.operand()
        self._blank()
        operator = _OPERATOR.match(self._text, self._at)
        if not operator:
            return lambda item, root: not isinstance(left(item, root), Missing)
        self._at = operator.end()
        right = self.operand()
        compare = _OPERATORS[operator.group().lower()]
        return lambda item, root: compare(left(item, root), right(item, root))

    def operand(self) -> Operand:
        self._blank()
        text, at = self._text, self._at
        if text.startswith(("@", "$"), at):
            return self._path()
        if quoted := _QUOTED.match(text, at):
            self._at = quoted.end()
            literal = unescape(quoted[1] if quoted[1] is not None else quoted[2])
            return lambda item, root: literal
        if regex := _REGEX.match(text, at):
            self._at = regex.end()
            pattern: Any = Pattern(regex[1], regex[2])
            return lambda item, root: pattern
        if word := _WORD.match(text, at):
            self._at = word.end()
            constant = json.loads(word.group())
            return lambda item, root: constant
        if number := _NUMBER.match(text, at):
            self._at = number.end()
            amount = json.loads(number.group())
            return lambda item, root: amount
        if text.startswith(("[", "{"), at):
            return self._json()
        raise self._fault("a value is missing")

    def _path(self) -> Operand:
        matched = _PATH.match(self._text, self._at)
        text = matched.group() if matched else "@"
        self._at = matched.end() if matched else self._at + 1
        path = compile_relative(text)
        if text.startswith("@"):
            return lambda item, root: path.find(item)
        return lambda item, root: path.find(root)

    def _json(self) -> Operand:
        depth = 0
        for at in range(self._at, len(self._text)):
            depth += self._text[at] in "[{"
            depth -= self._text[at] in "]}"
            if not depth:
                break
        text = self._text[self._at : at + 1]
        self._at = at + 1
        try:
            literal = json.loads(
                _QUOTED.sub(lambda quoted: json.dumps(unescape(quoted[1] or quoted[2] or "")), text)
            )
        except ValueError:
            raise self._fault(f"{text!r} is no JSON") from None
        return lambda item, root: literal

    def _blank(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1

    def _fault(self, reason: str) -> PathError:
        return PathError(f"the filter {self._text!r} cannot be read: {reason}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, Missing) or isinstance(right, Missing):
        return left is right
    kinds = {_is_number(left), _is_number(right)}
    if kinds == {True, False} and (isinstance(left, str) or isinstance(right, str)):
        one, other = _decimal(left), _decimal(right)
        return one is not None and one == other
    return same(left, right)


def _less(left: Any, right: Any) -> bool:
    if _is_number(left) and _is_number(right):
        return bool(left < right)
    return isinstance(left, str) and isinstance(right, str) and left < right


def _less_or_equal(left: Any, right: Any) -> bool:
    if _is_number(left) and _is_number(right):
        return bool(left <= right)
    return isinstance(left, str) and isinstance(right, str) and left <= right


def _matches(left: Any, right: Any) -> bool:
    value, pattern = (left, right) if isinstance(right, Pattern) else (right, left)
    if not isinstance(pattern, Pattern) or isinstance(value, (Missing, Pattern, dict)) or value is None:
        return False
    texts = value if isinstance(value, list) else [value]
    return any(
        pattern.expression.fullmatch(item if isinstance(item, str) else json.dumps(item)) for item in texts
    )


def _is_in(left: Any, right: Any) -> bool:
    return isinstance(right, list) and any(_equal(left, item) for item in right)


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return _is_in(right, left)


def _is_subset(left: Any, right: Any) -> bool:
    return isinstance(left, list) and all(_is_in(item, right) for item in left)


def _share(left: Any, right: Any) -> bool:
    return isinstance(left, list) and any(_is_in(item, right) for item in left)


def _has_size(left: Any, right: Any) -> bool:
    return isinstance(left, (list, str)) and _is_number(right) and len(left) == right


def _is_empty(left: Any, right: Any) -> bool:
    return isinstance(left, (list, dict, str)) and (not left) is right


def _has_all(left: Any, right: Any) -> bool:
    return isinstance(right, list) and all(_is_in(item, left) for item in right)


_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<>": lambda left, right: not _equal(left, right),
    "===": same,
    "!==": lambda left, right: not same(left, right),
    "<": _less,
    "<=": _less_or_equal,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _less_or_equal(right, left),
    "=~": _matches,
    "in": _is_in,
    "nin": lambda left, right: not _is_in(left, right),
    "contains": _contains,
    "subsetof": _is_subset,
    "anyof": _share,
    "noneof": lambda left, right: not _share(left, right),
    "size": _has_size,
    "empty": _is_empty,
    "all": _has_all,
    "type": lambda left, right: False,
}


def call(name: str, value: Json, arguments: Sequence[Found]) -> Found:
    """Return what a function of a path makes of a value. Raises ``PathError``."""
    if name in ("length", "size"):
        value = arguments[0] if arguments and not isinstance(arguments[0], Missing) else value
        return len(value) if isinstance(value, (list, dict)) else None
    if name == "keys":
        return list(value) if isinstance(value, dict) else None
    if name in ("first", "last", "index"):
        return _item(name, value, arguments)
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
        numbers = [
            float(item) for item in items if isinstance(item, (int, float)) and not isinstance(item, bool)
        ]
        if not numbers:
            raise PathError("Aggregation function attempted to calculate value using empty array")
        return _AGGREGATES[name](numbers)
    raise PathError(f"Function with name: {name} does not exist.")


def _item(name: str, value: Json, arguments: Sequence[Found]) -> Found:
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
