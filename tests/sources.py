"""The modules of the package as Python reads them, for tests that look into the code."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[1] / "cfngen"


@cache
def trees() -> dict[str, ast.Module]:
    """Return each file of Python in the package by its path below it: ``asl/flow.py``."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
