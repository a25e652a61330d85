"""What is wrong with a document, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem, Severity


def schema(location: str, message: str, hint: str = "", severity: Severity = "error") -> Problem:
    """Return a problem that AWS calls a failed validation of the schema."""
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint, severity)


def missing(location: str, name: str, kind: str) -> Problem:
    """Say that a workflow or a branch lacks a field."""
    whole = "a branch" if location else "a workflow"
    return schema(f"{location}/{name}", f"{whole} needs {name!r}, {kind}")


def unknown(location: str, name: str, known: Iterable[str], owner: str) -> Problem:
    """Warn of a field that is not of the language, or newer than what is known here."""
    return schema(
        f"{location}/{name}",
        f"{owner} has no field {name!r} that cfngen knows",
        did_you_mean(name, known),
        "warning",
    )


def brief(value: Any) -> str:
    """Show a value in at most 60 characters."""
    if isinstance(value, (list, Mapping)):
        return "a list" if isinstance(value, list) else "a mapping"
    shown = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
