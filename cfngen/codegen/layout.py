"""Expressions as ruff and black format them: in one line if they fit, or one item in each line.

The comma after the last item keeps both formatters from joining the lines, so that the result is formatted
for longer lines too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

MAX_LINE_COLUMNS: Final = 100

_QUOTE: Final = re.compile("([\"'])")
_INDENT: Final = 4


@dataclass(frozen=True, slots=True)
class Atom:
    """Text that does not change."""

    text: str
    width: int
    height: int = 0


@dataclass(frozen=True, slots=True)
class Brackets:
    """Items between brackets, each after a prefix (``"Comment="``).

    ``height`` is the number of groups inside one another, including this one.
    """

    begin: str
    items: Sequence[tuple[str, Formatted]]
    end: str
    width: int
    height: int


Formatted: TypeAlias = "Atom | Brackets"


def atom(text: str) -> Atom:
    """Return text as an expression."""
    return Atom(text, _column_bound(text))


def text_block(text: str) -> Atom:
    """Return text in several lines as an expression, which fits into no line."""
    return Atom(text, MAX_LINE_COLUMNS)


def group(begin: str, items: Sequence[tuple[str, Formatted]], end: str) -> Brackets:
    """Return items between brackets."""
    width = len(begin) + len(end) + sum(_column_bound(prefix) + item.width + 2 for prefix, item in items)
    height = max((item.height for _, item in items), default=0) + 1
    return Brackets(begin, items, end, max(width - 2, len(begin) + len(end)) if items else width, height)


def format_statement(statement: str, expression: Formatted) -> str:
    """Return lines that begin with ``statement`` (``"a = "``) and continue with the expression."""
    parts = [statement]
    _append(expression, 0, _column_bound(statement), 0, parts)
    return "".join([*parts, "\n"])


def with_escapes(text: str) -> str:
    """Return a text whose characters are all printable: none can hide or reorder the code around it."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def lines_literal(text: str) -> str:
    """Return the string literal of a text in several lines, each in a line of its own."""
    body = text.replace("\\", "\\\\").replace('"""', '\\"""')
    body = "\n".join(with_escapes(line) for line in body.split("\n"))
    return f'"""{body[:-1]}\\"""""' if body.endswith('"') else f'"""{body}"""'


def string_literal(text: str) -> str:
    """Return a string literal in one line, in the quotation marks that need fewer escapes.

    Characters that are not printable are escaped, so that none can hide or reorder the code around it.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    parts = [
        (f"\\{part}" if part == quote else part) if index % 2 else repr(part)[1:-1]
        for index, part in enumerate(_QUOTE.split(text))
    ]
    return f"{quote}{''.join(parts)}{quote}"


def _append(expression: Formatted, indent: int, column: int, after: int, parts: list[str]) -> None:
    """Append an expression that begins in ``column`` and has ``after`` columns after it."""
    if isinstance(expression, Atom):
        parts.append(expression.text)
    elif not expression.items or column + expression.width + after <= MAX_LINE_COLUMNS:
        _flatten(expression, parts)
    else:
        parts.append(f"{expression.begin}\n")
        inner = indent + _INDENT
        for prefix, item in expression.items:
            parts.append(" " * inner + prefix)
            _append(item, inner, inner + _column_bound(prefix), 1, parts)
            parts.append(",\n")
        parts.append(" " * indent + expression.end)


def _flatten(expression: Formatted, parts: list[str]) -> None:
    if isinstance(expression, Atom):
        parts.append(expression.text)
        return
    parts.append(expression.begin)
    for index, (prefix, item) in enumerate(expression.items):
        parts.append(f", {prefix}" if index else prefix)
        _flatten(item, parts)
    parts.append(expression.end)


def _column_bound(text: str) -> int:
    """Return an upper bound for the columns that formatters count for a text."""
    return len(text) if text.isascii() else sum(1 if character < "\x80" else 2 for character in text)
