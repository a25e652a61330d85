"""What is wrong with a document, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cfngen.asl.schema import BRANCH, CATCHER, RETRIER, RULE, STATES, TEST, WORKFLOW, names_of, owners_of
from cfngen.core.declared import nearest
from cfngen.core.problems import Problem, Severity


def document_problem(
    location: str, message: str, hint: str = "", severity: Severity = "error", rule: str = "asl-document"
) -> Problem:
    """Return a problem that AWS calls a failed validation of the schema."""
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint, severity, rule)


def missing(location: str, name: str, kind: str) -> Problem:
    """Say that a workflow or a branch lacks a field."""
    whole = "a branch" if location else "a workflow"
    return document_problem(f"{location}/{name}", f"{whole} needs {name!r}, {kind}")


def unknown_field_problem(location: str, name: str, owner: str) -> Problem:
    """Refuse a field that is another owner's, or nearly one of this owner, and warn of any other.

    AWS answers the first with "Field 'X' is not supported"; the last may be newer than what is known here.
    """
    message, hint, severity = _unknown_field_words(name, owner)
    rule = "asl-field-not-supported" if severity == "error" else "asl-unknown-field"
    return document_problem(f"{location}/{name}", message, hint, severity, rule)


MAX_UNKNOWN: Final = 1_000
"""The unknown fields of one mapping that are told one by one."""


def more_unknown(location: str, count: int, owner: str) -> Problem:
    """Tell of the unknown fields beyond those that are told one by one."""
    return document_problem(
        location,
        f"{owner_name(owner)} has {count:,} more fields that are not its own",
        rule="asl-unknown-field",
    )


@lru_cache(maxsize=1024)
def _unknown_field_words(name: str, owner: str) -> tuple[str, str, Severity]:
    if owners := owners_of(name):
        others = [owner_name(other) for other in owners]
        listed = others[0] if len(others) == 1 else f"{', '.join(others[:-1])} and {others[-1]}"
        return f"{owner_name(owner)} has no field {name!r}", f"{name!r} is a field of {listed}", "error"
    # a name that begins otherwise is not a slip, and comparing all names takes long where there are many
    begin = name[:1].lower()
    if near := nearest(name, [known for known in names_of(owner) if known[0].lower() == begin]):
        return f"{owner_name(owner)} has no field {name!r}", f"did you mean {near!r}?", "error"
    return f"{owner_name(owner)} has no field {name!r} that cfngen knows", "", "warning"


def owner_name(owner: str) -> str:
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


def kind_or_value(value: Any) -> str:
    """Show a value in at most 60 characters."""
    if isinstance(value, (list, Mapping)):
        return "a list" if isinstance(value, list) else "a mapping"
    try:
        shown = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    except ValueError:  # Python spells no number of so many digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
