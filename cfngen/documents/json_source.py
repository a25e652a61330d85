"""JSON: fast where all is well, and once more with positions where something is not."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any, Final, NoReturn

from cfngen.core.limits import MAX_DEPTH
from cfngen.documents.nodes import (
    MAX_VALUES,
    TOO_DEEP,
    TOO_MANY,
    ReadError,
    SourceNode,
    TooDeepError,
    line_of,
)


def decoded(text: str) -> Any:
    """Return the data of JSON; raise ``ValueError`` or ``RecursionError`` without saying where."""
    data = _DECODER.decode(text)
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_deep(data):
        raise RecursionError  # which newer Pythons come to much later
    if text.count(",") >= MAX_VALUES and _has_many(data):
        raise ReadError(TOO_MANY)
    return data


def _has_many(data: Any) -> bool:
    """Tell whether data has more values than are read."""
    count = 1
    containers = [data]
    for container in containers:  # which grows as it is walked
        count += len(container)
        if count > MAX_VALUES:
            return True
        for item in container.values() if isinstance(container, dict) else container:
            if isinstance(item, (dict, list)):
                containers.append(item)
    return False


def _is_deep(data: Any) -> bool:
    """Tell whether data is nested deeper than is read, level by level."""
    level = [data] if isinstance(data, (dict, list)) else []
    for _ in range(MAX_DEPTH + 1):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a key is defined twice")
    return mapping


def _bounded_integer(digits: str) -> int:
    if len(digits) > 4_000:  # Python itself takes no more, or takes its time
        raise ValueError("the number is too long")
    return int(digits)


def _finite_number(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("the number is too large")
    return number


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=_bounded_integer,
    parse_float=_finite_number,
    parse_constant=_refuse_constant,
)
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"true|false|null")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}


_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+')


def nodes_of(text: str) -> SourceNode:
    """Return where everything stands in a text that is JSON."""
    top = SourceNode(0)
    children: list[SourceNode] = []
    top.children = children
    node = top
    outer: list[SourceNode] = []
    key: str | None = None
    key_offset = 0
    for token in _TOKEN.finditer(text):
        lexeme = token[0]
        sign = lexeme[0]
        if sign in "}]":
            node = outer.pop()
            continue
        inside = node.children
        if key is None and sign == '"' and isinstance(inside, dict):
            key = lexeme[1:-1] if "\\" not in lexeme else json.loads(lexeme)
            key_offset = token.start()
            continue
        if isinstance(inside, dict) and key is not None:
            child = inside[key] = SourceNode(token.start(), key_offset)
            key = None
        else:
            child = SourceNode(token.start())
            inside.append(child)  # type: ignore[union-attr]  # of a list
        if sign in "{[":
            child.children = {} if sign == "{" else []
            outer.append(node)
            node = child
    return children[0]


class JsonReader:
    """JSON read without recursion, with the position of every value, and errors for people."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def read(self) -> tuple[Any, SourceNode]:
        """Return the data and where it stands. Raises :class:`ReadError`."""
        text = self.text
        top: list[Any] = []
        top_node = SourceNode(0)
        top_node.children = []
        open_nodes: list[tuple[Any, SourceNode, str]] = [(top, top_node, "")]
        at = self._blank(0)
        key: str | None = None
        key_offset: int | None = None
        due = True  # a value, and not a comma or the end
        while True:
            holder, node, closer = open_nodes[-1]
            sign = text[at : at + 1]
            if not due:
                if not closer:
                    break
                if sign == closer:
                    open_nodes.pop()
                    at = self._blank(at + 1)
                    continue
                if sign != ",":
                    self._refuse(f"',' or '{closer}' is expected here", at)
                comma = at
                at = self._blank(at + 1)
                if text[at : at + 1] == closer:
                    self._refuse(f"there is a ',' before '{closer}'", comma)
                if closer == "}":
                    key, key_offset, at = self._key(at, holder)
                due = True
                continue
            start = at
            child = SourceNode(start, key_offset)
            value: Any
            if sign == '"':
                value, at = self._string(at)
            elif sign in ("{", "["):
                value = {} if sign == "{" else []
                child.children = {} if sign == "{" else []
                at += 1
            elif number := _NUMBER.match(text, at):
                value, at = self._number(number), number.end()
            elif word := _WORD.match(text, at):
                value, at = _WORDS[word[0]], word.end()
            else:
                self._refuse("a value is expected here", at)
            if key is None:
                holder.append(value)
                node.children.append(child)  # type: ignore[union-attr]  # of a list
            else:
                holder[key] = value
                node.children[key] = child  # type: ignore[call-overload, index]  # of a mapping
            key, key_offset = None, None
            at = self._blank(at)
            due = False
            if sign in ("{", "["):
                if len(open_nodes) > MAX_DEPTH:
                    raise TooDeepError(TOO_DEEP, self.name, *line_of(text, start))
                closer = "}" if sign == "{" else "]"
                open_nodes.append((value, child, closer))
                if text[at : at + 1] != closer:
                    due = True
                    if sign == "{":
                        key, key_offset, at = self._key(at, value)
        if at < len(text):
            self._refuse("the document ends before this", at)
        return top[0], top_node.children[0]

    def _key(self, at: int, holder: dict[str, Any]) -> tuple[str, int, int]:
        if self.text[at : at + 1] != '"':
            self._refuse("a key in double quotes is expected here", at)
        key, end = self._string(at)
        if key in holder:
            self._refuse(f"the key {_shortened_key(key)} is already defined in this mapping", at)
        end = self._blank(end)
        if self.text[end : end + 1] != ":":
            self._refuse("':' is expected here", end)
        return key, at, self._blank(end + 1)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            string, end = scanstring(self.text, at + 1, True)
        except json.JSONDecodeError as error:
            if error.pos == at:
                self._refuse("the text that begins here has no closing quote", at)
            if self.text[error.pos] < " ":
                self._refuse(
                    "text cannot contain a control character: write a line break as \\n", error.pos
                )
            self._refuse("this is not an escape sequence of JSON", error.pos)
        return string, end

    def _number(self, number: re.Match[str]) -> Any:
        whole, fraction, exponent = number.groups()
        try:
            if fraction or exponent:
                return _finite_number(number[0])
            return _bounded_integer(whole)
        except ValueError as error:
            self._refuse(str(error), number.start())

    def _blank(self, at: int) -> int:
        return _BLANK.match(self.text, at).end()  # type: ignore[union-attr]  # it matches nothing, too

    def _refuse(self, message: str, at: int) -> NoReturn:
        if at >= len(self.text):
            message += ", but the text ends"
        raise ReadError(message, self.name, *line_of(self.text, at))


def _shortened_key(key: str) -> str:
    shown = repr(key)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
