"""Text that holds a document, as JSON or YAML: its data, and the line and column of everything in it."""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import field
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any, Final, NoReturn

from cfngen.asl.declared import Declared, frozen
from cfngen.asl.values import MAX_DEPTH

MAX_BYTES: Final = 16 * 1024 * 1024
TOO_DEEP: Final = f"the document is nested deeper than {MAX_DEPTH:,} levels"
MAX_VALUES: Final = 500_000
"""Of YAML, aliases followed; no template that CloudFormation takes comes near."""

_LARGE: Final = 2 * 1024 * 1024
"""Characters from which on Python's own words for an error in JSON do, which take no second reading."""

ENDINGS: Final = (".json", ".yaml", ".yml", ".asl", ".template")
"""The files that may hold a definition or a template."""

_YAML: Final = (".yaml", ".yml")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class ReadError(ValueError):
    """A text is no document: ``name`` is that of its file, ``line`` and ``column`` count from 1."""

    def __init__(
        self, message: str, name: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        self.message, self.name, self.line, self.column = message, name, line, column
        super().__init__(message, name, line, column)

    @property
    def code(self) -> str:
        """Return AWS's diagnostic code."""
        return "TOO_DEEPLY_NESTED" if self.message.startswith(TOO_DEEP) else "INVALID_JSON_DESCRIPTION"

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.name}: {self.message}" if self.name else self.message
        place = f"{self.name}:{self.line}:{self.column}" if self.name else f"line {self.line}"
        return f"{place}{'' if self.name else f', column {self.column}'}: {self.message}"


class Mark:
    """Where a value stands, and those inside it: of a mapping by key, of a list by index.

    ``start`` counts characters of the text from 0; ``key`` is that of the value's key. A ``block`` is
    YAML's literal text (``|``), whose lines are those of the file.
    """

    __slots__ = ("block", "inside", "key", "start")

    def __init__(self, start: int, key: int | None = None, *, block: bool = False) -> None:
        self.start = start
        self.key = start if key is None else key
        self.block = block
        self.inside: dict[str, Mark] | list[Mark] | None = None


@frozen
class Source(Declared):
    """A parsed text; ``data`` is a plain dict."""

    text: str = field(repr=False)
    name: str
    data: dict[str, Any]
    marks: Callable[[], Mark] = field(repr=False, compare=False)

    def place(self, pointer: str) -> tuple[int, int] | None:
        """Return the line and column, from 1, of the value at a pointer, or of the nearest around it.

        The names in a pointer are not escaped, as in ``Problem.location``.
        """
        mark, rest = self._found(pointer)
        if not rest and pointer and isinstance(mark.inside, dict):
            return self._line(mark.key)
        return self._line(mark.start)

    def _line(self, offset: int) -> tuple[int, int]:
        """Return a line and a column, whose search each time from the start would be long for many."""
        starts: list[int] | None = self.__dict__.get("_starts")
        if starts is None:
            starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
            self.__dict__["_starts"] = starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def block(self, pointer: str) -> tuple[int, int] | None:
        """Return the file's line before the first of a literal block of YAML, and its indentation."""
        mark, rest = self._found(pointer)
        if rest or not mark.block:
            return None
        line, _ = _line(self.text, mark.start)
        for following in self.text.split("\n")[line:]:
            if following.strip():
                return line, len(following) - len(following.lstrip(" "))
        return None

    def _found(self, pointer: str) -> tuple[Mark, str]:
        """Return the mark at a pointer, or the last on the way to it with what remains of the pointer."""
        mark: Mark = self.__dict__.get("_marked") or self.marks()
        self.__dict__["_marked"] = mark
        rest = pointer.removeprefix("/")
        while rest:
            inside = mark.inside
            if isinstance(inside, dict):
                # a name may hold slashes itself: the longest that fits is meant
                end = len(rest)
                while end > 0 and rest[:end] not in inside:
                    end = rest.rfind("/", 0, end)
                if end <= 0:
                    break
                mark, rest = inside[rest[:end]], rest[end + 1 :]
            else:
                index, _, further = rest.partition("/")
                if inside is None or not index.isdecimal() or len(index) > 9 or int(index) >= len(inside):
                    break
                mark, rest = inside[int(index)], further
        return mark, rest


def parse(text: str, name: str = "", *, only_json: bool = False) -> Source:
    """Return the document that JSON or YAML text holds, for which ``name`` is written in errors.

    Text that begins with a brace is JSON, and YAML only in a file that says so by its name. The short
    tags of CloudFormation (``!Sub``) become its functions. Raises :class:`ReadError`.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES:
        raise ReadError(f"the text has more than {MAX_BYTES // 1024 // 1024} MiB", name)
    if not text.isascii() and (half := _SURROGATE.search(text)):
        raise ReadError("half a character stands here, a lone surrogate", name, *_line(text, half.start()))
    if not text.strip():
        raise ReadError("the text is empty", name)
    begins = text.lstrip()[0]
    yaml_named = name.lower().endswith(_YAML)
    marks: Callable[[], Mark] | None = None
    if only_json or begins == "{" or (begins in '["' and not yaml_named):
        try:
            data = _decoded(text)
            marks = _Json(text, name).marks
        except (ValueError, RecursionError) as error:
            try:
                if isinstance(error, json.JSONDecodeError) and len(text) > _LARGE:
                    said = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
                    raise ReadError(said, name, error.lineno, error.colno)
                data, mark = _Json(text, name).read()
                marks = _already(mark)
            except ReadError as refused:
                if only_json or not yaml_named:
                    raise refused from None
    if marks is None:
        from cfngen.asl.yaml_source import read_yaml

        data, mark = read_yaml(text, name)
        marks = _already(mark)
    if not isinstance(data, dict):
        kind = {list: "a list", str: "text", type(None): "nothing"}.get(type(data), "a value")
        raise ReadError(f"a document is a mapping, this one is {kind}", name, *_line(text, marks().start))
    return Source(text, name, data, marks)


def read_file(path: str | os.PathLike[str]) -> str:
    """Return the text of a file. Raises :class:`ReadError`, and ``OSError`` as the system does."""
    name = os.fspath(path)
    with open(name, "rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ReadError(f"the file has more than {MAX_BYTES // 1024 // 1024} MiB", name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        line, column = _line(before, len(before))
        found = f"{content[error.start]:#04x}"
        raise ReadError(
            f"the file is not UTF-8: the byte {found} stands here", name, line, column
        ) from None


def is_file(text: str) -> bool:
    """Whether a text is the name of a file that is there."""
    return (
        len(text) < 4096
        and text.lower().endswith((".json", ".yaml", ".yml", ".asl"))
        and text.isprintable()
        and os.path.isfile(text)
    )


def _already(mark: Mark) -> Callable[[], Mark]:
    return lambda: mark


def _line(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


# --- JSON: fast where all is well, and once more with positions where something is not -----------


def _decoded(text: str) -> Any:
    """Return the data of JSON; raise ``ValueError`` or ``RecursionError`` without saying where."""
    data = _DECODER.decode(text)
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_deep(data):
        raise RecursionError  # which newer Pythons come to much later
    return data


def _is_deep(data: Any) -> bool:
    """Tell whether data is nested deeper than is read, level by level."""
    level = [data] if isinstance(data, (dict, list)) else []
    for _ in range(MAX_DEPTH + 1):
        level = [
            item
            for held in level
            for item in (held.values() if isinstance(held, dict) else held)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return False
    return True


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands here twice")
    return made


def _integer(digits: str) -> int:
    if len(digits) > 4_000:  # Python itself takes no more, or takes its time
        raise ValueError("the number is too long")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("the number is too large")
    return number


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"true|false|null")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}


class _Json:
    """JSON read without recursion, with the position of every value, and errors for people."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name

    def marks(self) -> Mark:
        return self.read()[1]

    def read(self) -> tuple[Any, Mark]:
        """Return the data and where it stands. Raises :class:`ReadError`."""
        text = self.text
        top: list[Any] = []
        top_mark = Mark(0)
        top_mark.inside = []
        open_: list[tuple[Any, Mark, str]] = [(top, top_mark, "")]
        at = self._blank(0)
        key: str | None = None
        key_at: int | None = None
        due = True  # a value, and not a comma or the end
        while True:
            holder, mark, closer = open_[-1]
            sign = text[at : at + 1]
            if not due:
                if not closer:
                    break
                if sign == closer:
                    open_.pop()
                    at = self._blank(at + 1)
                    continue
                if sign != ",":
                    self._refuse(f"',' or '{closer}' is due here", at)
                comma = at
                at = self._blank(at + 1)
                if text[at : at + 1] == closer:
                    self._refuse(f"a ',' stands before '{closer}'", comma)
                if closer == "}":
                    key, key_at, at = self._key(at, holder)
                due = True
                continue
            start = at
            inner = Mark(start, key_at)
            value: Any
            if sign == '"':
                value, at = self._string(at)
            elif sign in ("{", "["):
                value = {} if sign == "{" else []
                inner.inside = {} if sign == "{" else []
                at += 1
            elif found := _NUMBER.match(text, at):
                value, at = self._number(found), found.end()
            elif word := _WORD.match(text, at):
                value, at = _WORDS[word[0]], word.end()
            else:
                self._refuse("a value is due here" if sign else "the text ends before the value", at)
            if key is None:
                holder.append(value)
                mark.inside.append(inner)  # type: ignore[union-attr]  # of a list
            else:
                holder[key] = value
                mark.inside[key] = inner  # type: ignore[call-overload, index]  # of a mapping
            key, key_at = None, None
            at = self._blank(at)
            due = False
            if sign in ("{", "["):
                if len(open_) > MAX_DEPTH:
                    self._refuse(TOO_DEEP, start)
                closer = "}" if sign == "{" else "]"
                open_.append((value, inner, closer))
                if text[at : at + 1] != closer:
                    due = True
                    if sign == "{":
                        key, key_at, at = self._key(at, value)
        if at < len(text):
            self._refuse("the document has ended before this", at)
        return top[0], top_mark.inside[0]

    def _key(self, at: int, holder: dict[str, Any]) -> tuple[str, int, int]:
        if self.text[at : at + 1] != '"':
            self._refuse("a key in double quotes is due here", at)
        key, end = self._string(at)
        if key in holder:
            self._refuse(f"the key {_brief(key)} stands here for the second time", at)
        end = self._blank(end)
        if self.text[end : end + 1] != ":":
            self._refuse("':' is due here", end)
        return key, at, self._blank(end + 1)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            string, end = scanstring(self.text, at + 1, True)
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated"):
                self._refuse("the text that begins here is never closed", at)
            if error.msg.startswith("Invalid control"):
                self._refuse("a control character stands in text: a line break is written \\n", error.pos)
            self._refuse("there is no such escape in JSON", error.pos)
        return string, end

    def _number(self, found: re.Match[str]) -> Any:
        whole, fraction, exponent = found.groups()
        try:
            if fraction or exponent:
                return _float(found[0])
            return _integer(whole)
        except ValueError as error:
            self._refuse(str(error), found.start())

    def _blank(self, at: int) -> int:
        return _BLANK.match(self.text, at).end()  # type: ignore[union-attr]  # it matches nothing, too

    def _refuse(self, message: str, at: int) -> NoReturn:
        if at >= len(self.text):
            message += ", and the text ends"
        raise ReadError(message, self.name, *_line(self.text, at))


def _brief(key: str) -> str:
    shown = repr(key)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
