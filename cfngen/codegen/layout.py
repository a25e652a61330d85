"""Expressions as ruff and black lay them out: on a line if they fit, else an item a line with a comma.

Once an expression takes several lines, the comma after its last item keeps both formatters from joining
them, so that what is written here is formatted at any longer line too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

LINE: Final = 100

_QUOTE: Final = re.compile("([\"'])")
_INDENT: Final = 4


@dataclass(frozen=True, slots=True)
class Atom:
    """Text that stays as it is."""

    text: str
    width: int
    height: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Items between brackets, each behind its own words (``"Comment="``).

    ``height`` is the number of groups inside one another, itself among them.
    """

    begin: str
    items: Sequence[tuple[str, Expression]]
    end: str
    width: int
    height: int


Expression: TypeAlias = "Atom | Group"


def atom(text: str) -> Atom:
    """Return text as an expression."""
    return Atom(text, _width(text))


def group(begin: str, items: Sequence[tuple[str, Expression]], end: str) -> Group:
    """Return items between brackets."""
    width = len(begin) + len(end) + sum(_width(words) + item.width + 2 for words, item in items)
    height = max((item.height for _, item in items), default=0) + 1
    return Group(begin, items, end, max(width - 2, len(begin) + len(end)) if items else width, height)


def laid_out(statement: str, expression: Expression) -> str:
    """Return lines that begin with ``statement`` (``"a = "``) and go on with the expression."""
    parts = [statement]
    _lay_out(expression, 0, _width(statement), 0, parts)
    return "".join([*parts, "\n"])


def literal(text: str) -> str:
    """Return a text as Python spells it on one line, in the quotation marks that take fewer escapes.

    Whatever is not printable is escaped, so that nothing in it can hide or reorder what stands around it.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    parts = [
        (f"\\{part}" if part == quote else part) if index % 2 else repr(part)[1:-1]
        for index, part in enumerate(_QUOTE.split(text))
    ]
    return f"{quote}{''.join(parts)}{quote}"


def _lay_out(expression: Expression, indent: int, taken: int, after: int, parts: list[str]) -> None:
    """Append an expression that begins in the column ``taken`` and has ``after`` columns behind it."""
    if isinstance(expression, Atom):
        parts.append(expression.text)
    elif not expression.items or taken + expression.width + after <= LINE:
        _flatten(expression, parts)
    else:
        parts.append(f"{expression.begin}\n")
        inner = indent + _INDENT
        for words, item in expression.items:
            parts.append(" " * inner + words)
            _lay_out(item, inner, inner + _width(words), 1, parts)
            parts.append(",\n")
        parts.append(" " * indent + expression.end)


def _flatten(expression: Expression, parts: list[str]) -> None:
    if isinstance(expression, Atom):
        parts.append(expression.text)
        return
    parts.append(expression.begin)
    for index, (words, item) in enumerate(expression.items):
        parts.append(f", {words}" if index else words)
        _flatten(item, parts)
    parts.append(expression.end)


def _width(text: str) -> int:
    """Return the columns of a text, of wide characters more; no formatter counts any for more."""
    return len(text) if text.isascii() else sum(1 if character < "\x80" else 2 for character in text)
