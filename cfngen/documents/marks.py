"""Where things stand in a text, and what is wrong there."""

from __future__ import annotations

from typing import Final

from cfngen.core.limits import MAX_DEPTH

MAX_VALUES: Final = 500_000
"""Of YAML, aliases followed; no template that CloudFormation takes comes near."""

TOO_DEEP: Final = f"the document is nested deeper than {MAX_DEPTH:,} levels"


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


def line_of(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of a character, which count from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
