"""What stands inside the brackets of a path: filters, and the arguments of the functions at its end.

https://github.com/json-path/JsonPath#filter-operators
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from cfngen.asl.jsonpath import QUOTED, REGEX
from cfngen.execution.filter_operators import OPERATORS
from cfngen.execution.json_values import Json, Missing
from cfngen.execution.path_tokens import Found, PathError, unescape
from cfngen.execution.regexes import Regex, RegexError

FilterOperand: TypeAlias = Callable[[Json, Json], Found]
"""Returns a value from the item that is looked at and from the whole document."""

FilterTest: TypeAlias = Callable[[Json, Json], bool]
Paths: TypeAlias = Callable[[str], Callable[[Json], Found]]
"""Returns what evaluates a path of a filter, which begins with ``@`` or ``$``. Raises ``PathError``."""

_OPERATOR: Final = re.compile(
    r"===|!==|==|!=|<>|<=|>=|=~|<|>"
    r"|(?:IN|NIN|SUBSETOF|ANYOF|NONEOF|SIZE|EMPTY|CONTAINS|ALL|TYPE)(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_PATH: Final = re.compile(
    rf"""(?:\[(?:{QUOTED.pattern}|[^\]'"])*\]|[^\s()\[\]=!<>&|,])+(?:\(\))?""", re.DOTALL
)
_CONSTANT: Final = re.compile(r"(?:true|false|null)\b")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MAX_NESTING: Final = 100


def compile_filter(text: str, paths: Paths) -> FilterTest:
    """Return the test of ``(@.price < 10)``. Raises ``PathError``."""
    reader = _Reader(text, paths)
    test = reader.alternatives(0)
    reader.end()
    return test


def compile_arguments(text: str, paths: Paths) -> tuple[Any, ...]:
    """Return the arguments of a function of a path. Raises ``PathError``."""
    reader = _Reader(text, paths)
    arguments: list[FilterOperand] = []
    while True:
        arguments.append(reader.operand())
        if not reader.take(","):
            break
    reader.end()
    return tuple(arguments)


class _Reader:
    """Reads a filter from left to right."""

    def __init__(self, text: str, paths: Paths) -> None:
        self._text = text
        self._paths = paths
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

    def alternatives(self, depth: int) -> FilterTest:
        tests = [self._conjunction(depth)]
        while self.take("||"):
            tests.append(self._conjunction(depth))
        return tests[0] if len(tests) == 1 else lambda item, root: any(test(item, root) for test in tests)

    def _conjunction(self, depth: int) -> FilterTest:
        tests = [self._term(depth)]
        while self.take("&&"):
            tests.append(self._term(depth))
        return tests[0] if len(tests) == 1 else lambda item, root: all(test(item, root) for test in tests)

    def _term(self, depth: int) -> FilterTest:
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

    def _comparison(self) -> FilterTest:
        left = self.operand()
        self._blank()
        operator = _OPERATOR.match(self._text, self._at)
        if not operator:
            return lambda item, root: not isinstance(left(item, root), Missing)
        self._at = operator.end()
        right = self._word() or self.operand()
        compare = OPERATORS[operator.group().lower()]
        return lambda item, root: compare(left(item, root), right(item, root))

    def operand(self) -> FilterOperand:
        self._blank()
        text, at = self._text, self._at
        if text.startswith(("@", "$"), at):
            return self._path()
        if quoted := QUOTED.match(text, at):
            self._at = quoted.end()
            literal = unescape(quoted[1] if quoted[1] is not None else quoted[2])
            return lambda item, root: literal
        if regex := REGEX.match(text, at):
            self._at = regex.end()
            try:
                pattern: Any = Regex(regex[1].replace("\\/", "/"), regex[2])
            except RegexError as error:
                raise PathError(str(error)) from None
            return lambda item, root: pattern
        if word := _CONSTANT.match(text, at):
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

    def _word(self) -> FilterOperand | None:
        """Read a text without quotes, as a blog post of AWS has it: ``[?(@.category==home)]``."""
        self._blank()
        word = _WORD.match(self._text, self._at)
        if word is None or _CONSTANT.match(self._text, self._at):
            return None
        self._at = word.end()
        literal = word.group()
        return lambda item, root: literal

    def _path(self) -> FilterOperand:
        matched = _PATH.match(self._text, self._at)
        text = matched.group() if matched else "@"
        self._at = matched.end() if matched else self._at + 1
        find = self._paths(text)
        if text.startswith("@"):
            return lambda item, root: find(item)
        return lambda item, root: find(root)

    def _json(self) -> FilterOperand:
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
                QUOTED.sub(lambda quoted: json.dumps(unescape(quoted[1] or quoted[2] or "")), text)
            )
        except ValueError:
            raise self._fault(f"{text!r} is no JSON") from None
        return lambda item, root: literal

    def _blank(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1

    def _fault(self, reason: str) -> PathError:
        return PathError(f"the filter {self._text!r} cannot be read: {reason}")
