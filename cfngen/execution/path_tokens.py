"""The steps of a JSONPath, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from cfngen.execution.json_values import Json, Missing

Found: TypeAlias = "Json | Missing"
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class PathError(ValueError):
    """What is no path, or a function of a path that cannot be called."""


class Key(NamedTuple):
    """``.name`` or ``['name']``."""

    name: str


class KeyList(NamedTuple):
    """``['one','other']``: at the end of a path an object of both, elsewhere one after the other."""

    names: tuple[str, ...]


class Index(NamedTuple):
    """``[0]``; a negative number counts from the end."""

    number: int


class Indexes(NamedTuple):
    """``[0,2]``."""

    numbers: tuple[int, ...]


class Slice(NamedTuple):
    """``[1:3]``; a step is read and ignored."""

    first: int | None
    last: int | None


class Wildcard(NamedTuple):
    """``*``."""


class Scan(NamedTuple):
    """``..``."""


class Filter(NamedTuple):
    """``[?(@.price < 10)]``."""

    accepts: Callable[[Json, Json], bool]


class PathFunction(NamedTuple):
    """``.length()`` and the like."""

    name: str
    arguments: tuple[Any, ...]


PathStep: TypeAlias = "Key | KeyList | Index | Indexes | Slice | Wildcard | Scan | Filter | PathFunction"


def unescape(text: str) -> str:
    r"""Return text without its escapes: ``\n``, ``\u00fc``, ``\'``."""
    if "\\" not in text:
        return text

    def replacement(matched: re.Match[str]) -> str:
        escape = matched[1]
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(replacement, text)
