"""A problem in its file: what ``cfngen check`` and ``cfngen audit`` report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem

__all__ = ["Finding", "is_meant", "selected", "without_repetitions"]


@frozen
class Finding(Declared):
    """A problem in its file: ``machine`` is a template's logical id, lines and columns count from 1."""

    filename: str
    problem: Problem
    machine: str = ""
    line: int | None = None
    column: int | None = None

    def as_sentence(self) -> str:
        """Return it in words, with the id of its rule beside the code."""
        problem = self.problem
        marked = replace(problem, code=f"{problem.code}, {problem.id}") if problem.rule else problem
        return str(replace(self, problem=marked))

    def __str__(self) -> str:
        place = "" if self.line is None else f":{self.line}:{self.column}"
        machine = f" {self.machine}" if self.machine else ""
        return f"{self.filename}{place}:{machine} {self.problem}"


def selected(findings: Iterable[Finding], ignore: Sequence[str], warn: Sequence[str]) -> list[Finding]:
    """Return the findings but those to ``ignore``; of those to ``warn`` of, errors become warnings.

    An entry is the id of a rule or a code, at one place if a path follows: ``ID:FILE#/POINTER``,
    ``ID:FILE`` or ``ID:/POINTER``. The file may have ``*``; a pointer means what is inside, too.
    """
    kept = []
    for finding in findings:
        rules = (finding.problem.id, finding.problem.code)
        place = (finding.filename, finding.problem.location)
        if is_meant(ignore, rules, *place):
            continue
        if finding.problem.severity == "error" and is_meant(warn, rules, *place):
            finding = replace(finding, problem=replace(finding.problem, severity="warning"))
        kept.append(finding)
    return kept


def without_repetitions(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, those of a file that is read by itself and for a template once."""
    met: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        problem = finding.problem
        place = (os.path.normpath(finding.filename), finding.line, finding.column)
        key = (*place, problem.code, problem.location, problem.message)
        if key not in met or (finding.machine and not met[key].machine):
            met[key] = finding
    return [*met.values()]


def is_meant(entries: Iterable[str], rules: Sequence[str], filename: str, location: str) -> bool:
    """Tell whether an entry means what a rule, of one or several ids, finds at a place."""
    return any(_means(entry, rules, filename, location) for entry in entries)


def _means(entry: str, rules: Sequence[str], filename: str, location: str) -> bool:
    rule, _, path = entry.partition(":")
    if rule not in rules:
        return False
    file, pointer = ("", path) if path.startswith("/") else (path.partition("#")[0], path.partition("#")[2])
    if file and not fnmatchcase(filename.removeprefix("./"), file):
        return False
    return not pointer or location == pointer or location.startswith(f"{pointer}/")
