"""A problem in its file: what ``cfngen check`` and ``cfngen audit`` report."""

from __future__ import annotations

from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem

__all__ = ["Finding"]


@frozen
class Finding(Declared):
    """A problem in its file: ``machine`` is a template's logical id, lines and columns count from 1."""

    filename: str
    problem: Problem
    machine: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = "" if self.line is None else f":{self.line}:{self.column}"
        machine = f" {self.machine}" if self.machine else ""
        return f"{self.filename}{place}:{machine} {self.problem}"
