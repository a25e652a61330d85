"""Rules about the fixed fields of a state: its name, its texts and its numbers.

Limits: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import inf
from typing import Any, Final, cast

from cfngen.asl.graph import Graph, Node
from cfngen.asl.schema import Field, FieldKind, fields_of
from cfngen.asl.states import AnyTask, Fail, Wait
from cfngen.asl.timestamps import is_timestamp
from cfngen.asl.values import JSONATA, JSONPATH, Function, Jsonata, Language, Path
from cfngen.cfn.functions import is_intrinsic
from cfngen.cfn.text import OPEN, has_substitution, is_unclosed
from cfngen.core import wording
from cfngen.core.problems import Problem, Severity

MAX_NAME: Final = 80


def name_is_within_limits(node: Node, graph: Graph) -> Iterator[Problem]:
    """The state name MUST be at most 80 Unicode characters."""
    name = node.state.Name
    if not name:
        yield Problem("INVALID_STATE_NAME", node.location, "the name of a state is empty")
    elif len(name) > MAX_NAME:
        yield Problem(
            "INVALID_STATE_NAME",
            node.location,
            f"the name of a state can have at most {MAX_NAME} characters; this one has {len(name)}",
        )
    elif "\n" in name or "\r" in name:
        yield Problem(
            "INVALID_STATE_NAME", node.location, "the name of a state cannot contain a line break"
        )


def texts_are_text(node: Node, graph: Graph) -> Iterator[Problem]:
    """``Comment`` MUST be a string; ``Error`` and ``Cause`` are strings or paths to them."""
    state = node.state
    if state.Comment is not None:
        yield from check_text(f"{node.location}/Comment", state.Comment)
    if state.QueryLanguage is not None:
        yield from check_query_language(f"{node.location}/QueryLanguage", state.QueryLanguage)
    if isinstance(state, Fail):
        yield from dynamic_text(f"{node.location}/Error", state.Error, node.language)
        yield from dynamic_text(f"{node.location}/Cause", state.Cause, node.language)
    elif isinstance(state, Wait):
        if node.language == JSONATA and isinstance(state.Timestamp, str) and "{%" in state.Timestamp:
            return  # an expression that is not well delimited, which the rule of expressions refuses
        if isinstance(state.Timestamp, str):
            yield from check_timestamp(f"{node.location}/Timestamp", state.Timestamp)
        else:
            yield from dynamic_text(f"{node.location}/Timestamp", state.Timestamp, node.language)


def check_timestamp(location: str, value: object) -> Iterator[Problem]:
    """Yield a problem if text is not a timestamp."""
    if isinstance(value, str) and not has_substitution(value) and not is_timestamp(value):
        yield schema_problem(
            location,
            f"{brief(value)} is not a timestamp",
            f"use {wording.path_text(value)} to take it from the state's input"
            if value.startswith("$")
            else "a timestamp looks like '2026-03-14T01:59:00Z'",
        )


def numbers_are_in_range(node: Node, graph: Graph) -> Iterator[Problem]:
    """``TimeoutSeconds`` and ``HeartbeatSeconds`` MUST be positive integers; ``Seconds`` may be 0."""
    yield from check_numbers(node.location, node.state.Type, node.state)


def check_numbers(location: str, owner: str, holder: object) -> Iterator[Problem]:
    """Yield the numbers of a mapping that are not in the range of their field."""
    for row in numeric_fields(owner):
        value = getattr(holder, row.name)
        if value is not None:
            yield from check_number(f"{location}/{row.name}", row, value)


@cache
def numeric_fields(owner: str) -> tuple[Field, ...]:
    """Return the fields that hold numbers."""
    return tuple(row for row in fields_of(owner) if row.is_numeric)


def check_number(location: str, row: Field, value: object) -> Iterator[Problem]:
    """Yield a problem unless a value is a number in the range of its field, or an expression for one.

    Retriers and workflows take numbers alone: the specification says so, and emulators follow AWS in that.
    https://states-language.net/spec.html#errors
    """
    if (row.dynamic and isinstance(value, (Path, Jsonata))) or is_filled_in(value):
        return
    whole = row.kind is FieldKind.INTEGER
    least = -inf if row.least is None else row.least
    most = inf if row.most is None else row.most
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if is_number and least <= cast("float", value) <= most and value != inf:
        return
    kind = "a whole number" if whole else "a number"
    bounds = f"of at least {row.least}" if row.most is None else f"from {row.least} to {row.most:,}"
    yield schema_problem(
        location, f"{row.name!r} takes {kind} {bounds}, not {brief(value)}", in_quotes(value)
    )


def heartbeat_is_shorter_than_timeout(node: Node, graph: Graph) -> Iterator[Problem]:
    """If present, ``HeartbeatSeconds`` MUST be smaller than ``TimeoutSeconds``."""
    if not isinstance(node.state, AnyTask):
        return
    timeout, heartbeat = node.state.TimeoutSeconds, node.state.HeartbeatSeconds
    if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        yield Problem(
            "SCHEMA_VALIDATION_FAILED",
            f"{node.location}/HeartbeatSeconds",
            f"a heartbeat of {heartbeat} seconds is not shorter than the timeout of {timeout}",
        )


def wait_has_one_duration(node: Node, graph: Graph) -> Iterator[Problem]:
    """A Wait state MUST contain exactly one of ``Seconds`` and ``Timestamp`` or their paths."""
    state = node.state
    if isinstance(state, Wait) and (state.Seconds is None) == (state.Timestamp is None):
        yield Problem(
            "SCHEMA_VALIDATION_FAILED",
            node.location,
            "a Wait state takes exactly one of 'Seconds' and 'Timestamp'",
        )


def check_text(location: str, value: object) -> Iterator[Problem]:
    """Yield a problem unless a value is text or absent."""
    if value is not None and not isinstance(value, str) and not is_intrinsic(value):
        field = location.rpartition("/")[2]
        yield schema_problem(location, f"{field!r} takes text, not {brief(value)}")


def check_query_language(location: str, value: object) -> Iterator[Problem]:
    """Yield a problem unless a value is a query language or absent."""
    if value not in (None, JSONPATH, JSONATA):
        yield schema_problem(
            location, f"'QueryLanguage' takes {JSONPATH!r} or {JSONATA!r}, not {brief(value)}"
        )


def dynamic_text(location: str, value: object, language: Language) -> Iterator[Problem]:
    """Yield a problem unless a value is text, an intrinsic, a path or absent."""
    if isinstance(value, str):
        if is_unclosed(value):
            yield unclosed_hole(location, value)
        if language == JSONPATH:
            yield from marks(location, value)
        if value.startswith("$."):
            yield Problem(
                "NO_PATH",
                location,
                f"{value!r} is passed on as plain text",
                f"use {wording.path_text(value)} to pass the value from the state's input",
                "warning",
            )
    elif value is not None and not isinstance(value, (Path, Jsonata)) and not is_intrinsic(value):
        field = location.rpartition("/")[2]
        yield schema_problem(location, f"{field!r} takes text or an expression, not {brief(value)}")


def marks(location: str, text: str) -> Iterator[Problem]:
    """Yield a warning where text of a JSONPath state has the marks of an expression in JSONata."""
    if text.startswith("{%") and text.endswith("%}"):
        yield schema_problem(
            location,
            f"{brief(text)} is passed on as text: the state's query language is JSONPath",
            f"set {wording.field_text('QueryLanguage', JSONATA)} on the state or on the workflow",
            "warning",
        )


def unclosed_hole(location: str, text: str) -> Problem:
    """Return that CloudFormation would fill something in, if that were closed."""
    message = f"the {OPEN!r} in {brief(text)} is never closed, so that nothing is filled in"
    return schema_problem(location, message, severity="warning")


def check_one_of(place: str, field: str, value: object, known: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem unless a field holds one of few texts, or is absent."""
    if value is not None and value not in known:
        choice = f"{', '.join(map(repr, known[:-1]))} or {known[-1]!r}"
        yield schema_problem(f"{place}/{field}", f"{field!r} takes {choice}, not {brief(value)}")


def is_filled_in(value: object) -> bool:
    """Tell whether CloudFormation fills in a value as a number or a truth."""
    return is_intrinsic(value) and not isinstance(value, Function)


def in_quotes(value: object) -> str:
    """Say why a function that was read from an object cannot stand for a number."""
    if not isinstance(value, Function):
        return ""
    return (
        "CloudFormation inserts text, and Step Functions does not accept text for a number: "
        "write the number, or the definition as DefinitionString, in which it has no quotation marks"
    )


def schema_problem(location: str, message: str, hint: str = "", severity: Severity = "error") -> Problem:
    """Return a problem of the kind AWS reports for a field that holds what it may not."""
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint, severity)


def brief(value: Any) -> str:
    """Return a value as a reader recognizes it, cut to a line."""
    if is_intrinsic(value) and not isinstance(value, type):
        value = value.to_dict()
    try:
        shown = wording.value_text(value)
    except ValueError:  # Python spells no number of so many digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
