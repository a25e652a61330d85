"""What is wrong with a document, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cfngen.asl.schema import BRANCH, CATCHER, RETRIER, RULE, STATES, TEST, WORKFLOW, names_of, owners_of
from cfngen.core.declared import nearest
from cfngen.core.problems import Problem, Severity


def schema(
    location: str, message: str, hint: str = "", severity: Severity = "error", rule: str = "asl-document"
) -> Problem:
    """Return a problem that AWS calls a failed validation of the schema."""
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint, severity, rule)


def missing(location: str, name: str, kind: str) -> Problem:
    """Say that a workflow or a branch lacks a field."""
    whole = "a branch" if location else "a workflow"
    return schema(f"{location}/{name}", f"{whole} needs {name!r}, {kind}")


def unknown(location: str, name: str, owner: str) -> Problem:
    """Refuse a field that is another owner's, or nearly one of this owner, and warn of any other.

    AWS answers the first with "Field 'X' is not supported"; the last may be newer than what is known here.
    """
    message, hint, severity = _unknown(name, owner)
    rule = "asl-field-not-supported" if severity == "error" else "asl-unknown-field"
    return schema(f"{location}/{name}", message, hint, severity, rule)


MAX_UNKNOWN: Final = 1_000
"""The unknown fields of one mapping that are told one by one."""


def more_unknown(location: str, count: int, owner: str) -> Problem:
    """Tell of the unknown fields beyond those that are told one by one."""
    return schema(
        location, f"{named(owner)} has {count:,} more fields that are not its own", rule="asl-unknown-field"
    )


@lru_cache(maxsize=1024)
def _unknown(name: str, owner: str) -> tuple[str, str, Severity]:
    if owners := owners_of(name):
        others = [named(other) for other in owners]
        listed = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} and {others[-1]}"
        return f"{named(owner)} has no field {name!r}", f"{name!r} is a field of {listed}", "error"
    # a name that begins otherwise is not a slip, and comparing all names takes long where there are many
    begin = name[:1].lower()
    if near := nearest(name, [known for known in names_of(owner) if known[0].lower() == begin]):
        return f"{named(owner)} has no field {name!r}", f"did you mean {near!r}?", "error"
    return f"{named(owner)} has no field {name!r} that cfngen knows", "", "warning"


def named(owner: str) -> str:
    """Return what a message calls the owner of fields."""
    return _NAMED.get(owner) or (f"a {owner}" if owner in STATES else repr(owner))


_NAMED: Final = {
    WORKFLOW: "a workflow",
    BRANCH: "a branch",
    RETRIER: "a retrier",
    CATCHER: "a catcher",
    RULE: "a rule",
    TEST: "a test",
}


def word(value: Any) -> str:
    """Return a hint where a truth stands for a name: YAML reads some words as truths."""
    if not isinstance(value, bool):
        return ""
    words = ", ".join(("Yes", "On", "True") if value else ("No", "Off", "False"))
    return f"YAML reads {words} as {json.dumps(value)}: write the name in quotation marks"


def brief(value: Any) -> str:
    """Show a value in at most 60 characters."""
    if isinstance(value, (list, Mapping)):
        return "a list" if isinstance(value, list) else "a mapping"
    try:
        shown = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    except ValueError:  # Python spells no number of so many digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
