"""Where the values of a text stand, and the errors of a text that is not a document."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import ClassVar, Final

from cfngen.core.limits import MAX_DEPTH

MAX_VALUES: Final = 500_000
"""The values that a text may hold, those of YAML's aliases counted each time they are used.

A template that CloudFormation accepts is far smaller.
"""

TOO_DEEP: Final = f"the document is nested deeper than {MAX_DEPTH:,} levels"


TOO_MANY: Final = f"the document has more than {MAX_VALUES:,} values"


class ReadError(ValueError):
    """A text is not a document.

    ``name`` is the name of its file, ``line`` and ``column`` count from 1, ``code`` is AWS's for it.
    """

    code: ClassVar[str] = "INVALID_JSON_DESCRIPTION"

    def __init__(
        self, message: str, name: str = "", line: int | None = None, column: int | None = None
    ) -> None:
        self.message: str = message
        self.name: str = name
        self.line: int | None = line
        self.column: int | None = column
        super().__init__(message, name, line, column)

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.name}: {self.message}" if self.name else self.message
        place = f"{self.name}:{self.line}:{self.column}" if self.name else f"line {self.line}"
        return f"{place}{'' if self.name else f', column {self.column}'}: {self.message}"


class TooDeepError(ReadError):
    """A text is nested deeper than ``MAX_DEPTH``."""

    code = "TOO_DEEPLY_NESTED"


class SourceNode:
    """The position of a value, with the nodes of the values inside it as ``children``.

    The children of a mapping stand by key, those of a list by index. ``start`` is the offset of the value
    in the text, in characters from 0, and ``key_offset`` that of its key. ``block`` tells whether it is
    YAML's literal text (``|``), whose lines are lines of the file.
    """

    __slots__ = ("block", "children", "key_offset", "slashes", "start")

    def __init__(self, start: int, key_offset: int | None = None, *, block: bool = False) -> None:
        self.start: int = start
        self.key_offset: int = start if key_offset is None else key_offset
        self.block: bool = block
        self.children: dict[str, SourceNode] | list[SourceNode] | None = None
        self.slashes: tuple[int, ...] | None = None

    def key_at(self, pointer: str) -> str | None:
        """Return the longest key of a mapping that a pointer begins with: a key may hold slashes."""
        assert isinstance(self.children, dict)
        if self.slashes is None:
            self.slashes = slashes_of(self.children)
        return longest_key(pointer, self.children, self.slashes)


def slashes_of(keys: Iterable[object]) -> tuple[int, ...]:
    """Return how many slashes keys have, the most first, for ``longest_key``."""
    return tuple(sorted({str(key).count("/") for key in keys}, reverse=True))


def longest_key(pointer: str, keys: Container[str], slashes: Iterable[int]) -> str | None:
    """Return the longest of the keys that a pointer begins with, None where it begins with none."""
    for count in slashes:
        end = -1
        for _ in range(count + 1):
            if (end := pointer.find("/", end + 1)) < 0:
                end = len(pointer)
                break
        if (key := pointer[:end]) in keys:
            return key
    return None


def line_of(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of a character, which count from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
