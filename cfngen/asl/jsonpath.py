"""JSONPath as Step Functions takes it: Jayway's dialect, the context object ``$$`` and variables.

A path is read once from left to right. What is inside a filter is not evaluated: its brackets and quotes
must close.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

VARIABLE: Final = re.compile(r"[^\W\d]\w*")
NAME: Final = re.compile(r"""(?:\\.|[^\s.\[\]()'",\\])+""", re.DOTALL)
QUOTED: Final = re.compile(r"""'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)\"""", re.DOTALL)
"""A name or a text in quotes of either kind."""
REGEX: Final = re.compile(r"/((?:\\.|[^/\\])*)/([a-zA-Z]*)", re.DOTALL)
"""A regular expression of a filter, and its flags."""
MATCHING: Final = re.compile(rf"=~\s*{REGEX.pattern}", re.DOTALL)
"""What a filter holds against a regular expression, which may have brackets."""
_INDEX: Final = re.compile(r"-?\d+")
_SLICE: Final = re.compile(r"(?:-?\d+)?\s*:\s*(?:-?\d+)?\s*(?::\s*(?:-?\d+)?)?")
_OPERATORS: Final = re.compile(r"(?:\\.|[^@:?*\\])*", re.DOTALL)
_CLOSING: Final = {"(": ")", "[": "]"}


class SyntaxFault(NamedTuple):
    """Where an expression goes wrong, counted from 0, and why."""

    reason: str
    at: int
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.reason} at character {self.at + 1}"


class SyntaxFaultError(ValueError):
    """An expression cannot be read; ``fault`` says where."""

    def __init__(self, reason: str, at: int, hint: str = "") -> None:
        self.fault: SyntaxFault = SyntaxFault(reason, at, hint)
        super().__init__(str(self.fault))


class JsonPath(NamedTuple):
    """What a path begins with, and why it may lead to several places, if it may.

    ``variable`` is the name in ``$name.field``; ``first`` is the name after the root, where it is plain.
    """

    context: bool
    variable: str
    first: str
    many: SyntaxFault | None


@lru_cache(maxsize=4096)
def parse_literal_path(text: str) -> JsonPath | SyntaxFault:
    """Return what a path says, or where it goes wrong."""
    try:
        path, end = scan(text, 0)
    except SyntaxFaultError as error:
        return error.fault
    if text[end:].strip():
        return SyntaxFault(f"{text[end]!r} is not expected", end, _mended(text[end]))
    return path


def scan(text: str, start: int) -> tuple[JsonPath, int]:
    """Read a path that begins at ``start`` and return it and where it ends; raises ``SyntaxFaultError``."""
    if not text.startswith("$", start):
        raise SyntaxFaultError("'$' is missing", start)
    at = start + 1
    variable = ""
    context = text.startswith("$", at)
    if context:
        at += 1
    elif named := VARIABLE.match(text, at):
        variable = named.group()
        at = named.end()
    first: str | None = None
    many: SyntaxFault | None = None
    while at < len(text) and text[at] in ".[":
        name, wide, at = _scan_bracket(text, at) if text[at] == "[" else _scan_dotted(text, at)
        many = many or wide
        if first is None:
            first = name
    return JsonPath(context, variable, first or "", many), at


def _scan_dotted(text: str, start: int) -> tuple[str | None, SyntaxFault | None, int]:
    """Read ``.name``, ``..name`` or ``.name()``; of ``.[`` the dot alone."""
    deep = text.startswith("..", start)
    at = start + 2 if deep else start + 1
    wide = SyntaxFault("'..'", start) if deep else None
    if text.startswith("[", at):
        return "" if deep else None, wide, at
    named = NAME.match(text, at)
    if not named:
        raise SyntaxFaultError(f"a name is missing after {'..' if deep else '.'!r}", at)
    name, end = named.group(), named.end()
    if text.startswith("(", end):
        return "", wide or SyntaxFault(f"the function '{name}()'", at), _closed(text, end, "(")
    plain = _OPERATORS.match(name)
    length = plain.end() if plain else 0
    if length < len(name):
        wide = wide or SyntaxFault(repr(name[length]), at + length)
    return "" if deep or name == "*" else name, wide, end


def _scan_bracket(text: str, start: int) -> tuple[str, SyntaxFault | None, int]:
    """Read ``['name']``, ``[0]``, ``[1:2]``, ``[*]``, ``[?(...)]``, or several names or numbers."""
    at = after_blanks(text, start + 1)
    if text.startswith(("'", '"'), at):
        return _scan_quoted_names(text, start, at)
    if text.startswith("*", at):
        return "", SyntaxFault("'*'", at), _end(text, start, at + 1)
    if text.startswith(("?", "("), at):
        end = _closed(text, start, "[")
        if not text[at + 1 : end - 1].strip(" ()"):
            raise SyntaxFaultError("the filter is empty", at)
        return "", SyntaxFault("the filter", at), end
    end = text.find("]", at)
    if end < 0:
        raise SyntaxFaultError("']' is missing for '['", start)
    items = text[at:end].split(",")
    wide = SyntaxFault("','", at + len(items[0])) if len(items) > 1 else None
    for item in items:
        if not _INDEX.fullmatch(item.strip()):
            if not _SLICE.fullmatch(item.strip()):
                raise SyntaxFaultError(
                    "'[' takes an index, a slice, '*', a filter or a name in quotes", start
                )
            wide = wide or SyntaxFault("':'", at + item.index(":"))
    return "", wide, end + 1


def _scan_quoted_names(text: str, start: int, at: int) -> tuple[str, SyntaxFault | None, int]:
    """Read the names in quotes of a bracket."""
    names: list[str] = []
    wide: SyntaxFault | None = None
    while True:
        name = QUOTED.match(text, at)
        if not name:
            if text.startswith(("'", '"'), at):
                raise SyntaxFaultError("the name has no closing quote", at)
            raise SyntaxFaultError("a name in quotes is missing", at)
        names.append(name.group()[1:-1])
        at = after_blanks(text, name.end())
        if not text.startswith(",", at):
            return names[0] if len(names) == 1 else "", wide, _end(text, start, at)
        wide = wide or SyntaxFault("','", at)
        at = after_blanks(text, at + 1)


def _end(text: str, start: int, at: int) -> int:
    at = after_blanks(text, at)
    if not text.startswith("]", at):
        raise SyntaxFaultError("']' is missing for '['", start)
    return at + 1


def _closed(text: str, start: int, opening: str) -> int:
    """Return where the bracket at ``start`` has been closed, past what is inside it."""
    opened_brackets = [(opening, start)]
    at = start + 1
    while at < len(text):
        char = text[at]
        if char in "'\"":
            quoted = QUOTED.match(text, at)
            if not quoted:
                raise SyntaxFaultError("the text has no closing quote", at)
            at = quoted.end()
            continue
        if char == "=" and (regex := MATCHING.match(text, at)):
            at = regex.end()
            continue
        at += 1
        if char in _CLOSING:
            opened_brackets.append((char, at - 1))
        elif char in ")]":
            opened, _ = opened_brackets.pop()
            if char != _CLOSING[opened]:
                raise SyntaxFaultError(f"{_CLOSING[opened]!r} is missing before {char!r}", at - 1)
            if not opened_brackets:
                return at
    opened, place = opened_brackets[-1]
    raise SyntaxFaultError(f"{_CLOSING[opened]!r} is missing for {opened!r}", place)


def after_blanks(text: str, at: int) -> int:
    """Return where the next character stands that is no white space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _mended(char: str) -> str:
    if char.isspace() or char in "()'\",]":
        return "write a name with other characters in brackets: $['the name']"
    return ""
