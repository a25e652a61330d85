"""What a new project leaves to its owner: comments that say what is to be put there instead."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from cfngen.core.problems import Problem
from cfngen.reports.findings import Finding

MARK: Final = "REPLACE-ME"

_MARKED: Final = re.compile(rf"#[ \t]*{MARK}\b:?[ \t]*([^\r\n]*)")
_MAX_BYTES: Final = 1024 * 1024
"""Bytes of a file that a person has written."""


def placeholders(path: str) -> list[Finding]:
    """Return the placeholders of a file, or of all Python files and Makefiles in a folder, as warnings.

    Files are read as text, and nothing is imported. Raises ``OSError`` as the operating system does.
    """
    return [finding for file in _python_and_makefiles(path) for finding in _in(file)]


def _python_and_makefiles(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in ("node_modules", "site-packages")
        )
        yield from (os.path.join(folder, name) for name in sorted(names) if _may_have_placeholders(name))


def _may_have_placeholders(name: str) -> bool:
    return name.endswith(".py") or name == "Makefile"


def _in(path: str) -> Iterator[Finding]:
    with open(path, "rb") as file:
        content = file.read(_MAX_BYTES)
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if match := _MARKED.search(line):
            what = match[1].strip() or "a value"
            problem = Problem(
                "PLACEHOLDER",
                "",
                f"a placeholder is left: {what}",
                f"set your own value, and remove the mark {MARK}",
                "warning",
            )
            yield Finding(path, problem, line=number, column=match.start() + 1)
