"""The tokens of JSONata.

https://docs.jsonata.org/overview
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cfngen.asl.jsonpath import SyntaxFault

_TOKEN: Final = re.compile(
    r"""
    (?P<blank> \s+ | /\*.*?\*/ )
    | (?P<text> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
    | (?P<quoted> `[^`]*` )
    | (?P<variable> \$\$ | \$\w* )
    | (?P<word> \w+ )
    | (?P<sign> := | ~> | != | <= | >= | \.\. | \*\* | \?: | \?\? | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SHORT_ESCAPES: Final = frozenset('"\\/bfnrt')
CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_UNCLOSED: Final = {'"': "the text", "'": "the text", "`": "the name"}
_BEFORE_OPERAND: Final = ("and", "or", "in")


class JsonataToken(NamedTuple):
    """A piece of an expression: its kind as ``_TOKEN`` names it, or ``regex``, its text and its place."""

    kind: str
    lexeme: str
    at: int


def tokens_of(text: str) -> list[JsonataToken] | SyntaxFault:
    """Return the tokens of an expression, or where one of them goes wrong."""
    tokens: list[JsonataToken] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # the last alternative takes any character
        kind, lexeme = match.lastgroup or "", match.group()
        end = match.end()
        if kind == "text" and "\\" in lexeme:
            for escape in _ESCAPE.finditer(lexeme):
                if len(escape[0]) == 2 and escape[0][1] not in _SHORT_ESCAPES:
                    return SyntaxFault(f"{escape[0]} is no escape", at + escape.start())
        if kind == "sign":
            if lexeme in ("!", "~"):
                return SyntaxFault(f"{lexeme!r} is no operator", at)
            if lexeme in _UNCLOSED:
                return SyntaxFault(f"{_UNCLOSED[lexeme]} has no closing quote", at)
            if lexeme == "/" and text.startswith("/*", at):
                return SyntaxFault("the comment is not closed", at)
            if lexeme == "/" and expects_operand(tokens):
                kind = "regex"
                end = _after_regex(text, at)
                if not end:
                    return SyntaxFault("the regular expression is not closed", at)
        if kind != "blank":
            tokens.append(JsonataToken(kind, lexeme, at))
        at = end
    return tokens


def expects_operand(tokens: list[JsonataToken]) -> bool:
    """Tell whether a ``/`` begins a regular expression, or divides what is before it."""
    if not tokens:
        return True
    last = tokens[-1]
    if last.kind == "sign":
        return last.lexeme not in (")", "]", "}", "*", "**", "%")
    is_name = len(tokens) > 1 and tokens[-2].lexeme == "."
    return last.kind == "word" and last.lexeme in _BEFORE_OPERAND and not is_name


def _after_regex(text: str, start: int) -> int:
    """Return where a regular expression ends: after a ``/`` outside of its brackets, or 0."""
    depth = 0
    at = start + 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "/" and not depth:
            return at + 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        at += 1
    return 0
