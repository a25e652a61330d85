"""Rules about JSONPath in fixed fields, and what a path may look like anywhere.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from cfngen.asl.graph import Graph, Node
from cfngen.asl.holes import is_known, jsonata_of, parse_call, parse_jsonata, parse_path, text_of
from cfngen.asl.jsonpath import JsonPath, SyntaxFault
from cfngen.asl.rules.fields import brief, schema_problem
from cfngen.asl.schema import Field, FieldKind, fields_of
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Jsonata, Language, Path
from cfngen.cfn.functions import is_intrinsic
from cfngen.core import wording
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem

CONTEXT: Final = ("Execution", "State", "StateMachine", "Task", "Map")
"""The keys of the context object: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html"""


def paths_are_paths(node: Node, graph: Graph) -> Iterator[Problem]:
    """``InputPath`` and ``OutputPath`` MUST be Paths, ``ResultPath`` a Reference Path.

    So MUST be the paths to numbers and timestamps; those to ``Error`` and ``Cause`` may be calls.
    """
    for row in _path_fields(node.state.Type):
        value = getattr(node.state, row.name)
        if value is None or value is OMIT:
            continue
        location = f"{node.location}/{row.name}"
        if row.kind is FieldKind.PATH:
            yield from path_field(location, value)
        else:
            yield from dynamic_field(location, value, node.language)


@cache
def _path_fields(owner: str) -> tuple[Field, ...]:
    """Return the fields that hold paths, or that may hold one instead of a value."""
    return tuple(row for row in fields_of(owner) if row.kind is FieldKind.PATH or row.dynamic == "Path")


def dynamic_field(location: str, value: object, language: Language) -> Iterator[Problem]:
    """Yield what is wrong with an expression in a fixed field, whose name then ends in ``Path``."""
    if isinstance(value, Path):
        if language == JSONPATH and not location.endswith(("/Error", "/Cause")):
            yield from check_reference(f"{location}Path", value.expression)
        else:
            yield from path_to_text(f"{location}Path", value, language)
    elif isinstance(value, Jsonata):
        yield from check_jsonata(location, value, language)
    elif isinstance(value, str) and language == JSONATA:
        yield from delimited(location, value)
    elif language == JSONATA and (expression_value := jsonata_of(value)) is not None:
        yield from check_jsonata(location, expression_value, language)


def path_to_text(location: str, path: Path, language: Language = JSONPATH) -> Iterator[Problem]:
    """Yield a problem unless a ``Path`` holds a JSONPath, or a call of a function that returns text.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
    """
    from cfngen.asl import intrinsics

    problems = list(check_expression(location, path, language))
    yield from problems
    text = text_of(path.expression)
    if problems or text is None or not text.startswith(intrinsics.PREFIX):
        return
    call = parse_call(text)
    if (
        isinstance(call, intrinsics.FunctionCall)
        and call.function
        and call.function not in intrinsics.OF_TEXT
    ):
        field = location.rpartition("/")[2]
        yield _invalid(
            location,
            f"{text!r} cannot stand in {field!r}, which takes functions that return text",
            "the functions are " + ", ".join(f"{intrinsics.PREFIX}{name}" for name in intrinsics.OF_TEXT),
        )


def path_field(location: str, value: object) -> Iterator[Problem]:
    """Yield a problem unless a field whose name ends in ``Path`` holds one, or null."""
    field = location.rpartition("/")[2]
    if value is None or value is OMIT:
        return
    text = text_of(value) if isinstance(value, str) or is_intrinsic(value) else None
    if text is None:
        yield _invalid(
            location, f"{field!r} takes a path as text, not {brief(value)}", _written_path(value)
        )
    elif field == "ResultPath":
        yield from result_path(location, text)
    else:
        yield from _path_problems(location, text)


def result_path(location: str, text: str) -> Iterator[Problem]:
    """Yield a problem unless text is a Reference Path into the state's input."""
    path = parse_path(text)
    if path is None:
        return
    reason = _not_single(path)
    if not reason and isinstance(path, JsonPath):
        if path.context:
            reason = "the context object cannot be written"
        elif path.variable:
            reason = "'Assign' sets variables"
    if reason:
        yield _no_reference(location, text, reason)


def check_reference(location: str, value: object) -> Iterator[Problem]:
    """Yield a problem unless a ``Path`` leads to one place, as Reference Paths do."""
    text = text_of(value)
    if text is None:
        yield _invalid(location, f"{_a_path()} takes text, not {brief(value)}")
    elif text.startswith("States."):
        yield _no_reference(location, text, "it is a function call")
    elif not text.startswith("$"):
        yield from _path_problems(location, text, "neither a JSONPath nor a call of an intrinsic function")
    elif (path := parse_path(text)) is not None:
        if reason := _not_single(path):
            yield _no_reference(location, text, reason)
        elif isinstance(path, JsonPath):
            yield from _context(location, text, path)


def check_expression(location: str, path: Path, language: Language = JSONPATH) -> Iterator[Problem]:
    """Yield a problem unless a ``Path`` holds a JSONPath or a call of an intrinsic function."""
    text = text_of(path.expression)
    if language != JSONPATH:
        yield schema_problem(
            location,
            f"{wording.path_text(text)} is used in a state whose query language is JSONata",
            f"write the expression as {wording.jsonata_text('$states.input...')}",
        )
    elif text is None:
        yield _invalid(location, f"{_a_path()} takes text, not {brief(path.expression)}")
    elif text.startswith("States."):
        yield from _intrinsic_call(location, text)
    else:
        yield from _path_problems(location, text, "neither a JSONPath nor a call of an intrinsic function")


def check_jsonata(location: str, value: Jsonata, language: Language) -> Iterator[Problem]:
    """Yield a problem unless a ``Jsonata`` holds text, in a state of that query language."""
    text = text_of(value.expression)
    if language != JSONATA:
        yield schema_problem(
            location,
            f"{wording.jsonata_text(text)} is used in a state whose query language is JSONPath",
            f"set {wording.field_text('QueryLanguage', JSONATA)} on the state or on the workflow",
        )
    elif text is None or not text.strip():
        kind = wording.either("Jsonata", "'{% %}'")
        yield schema_problem(location, f"{kind} takes an expression as text, not {brief(value.expression)}")
    elif text.lstrip().startswith("{%"):
        yield schema_problem(
            location,
            f"{brief(text)} already has the delimiters",
            wording.either("remove '{%' and '%}': Jsonata(...) adds them", "write '{%' and '%}' once"),
        )
    else:
        yield from syntax(location, text)


def delimited(location: str, text: str) -> Iterator[Problem]:
    """Yield what is wrong with text of a JSONata state, which is an expression between ``{%`` and ``%}``.

    Improperly opening or closing the expression results in a validation error.
    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    opens, closes = text.startswith("{%"), text.endswith("%}") and len(text) > 3
    if opens and closes:
        yield from syntax(location, text[2:-2])
    elif opens != closes:
        missing, place = ("%}", "end with") if opens else ("{%", "begin with")
        yield schema_problem(
            location,
            f"{brief(text)} does not {place} {missing!r}",
            f"{wording.either('Jsonata(...) adds both; ', '')}there must be no space before or after them",
        )
    elif "{%" in text and text.find("%}") > text.find("{%"):
        yield schema_problem(
            location,
            f"{brief(text)} is passed on as text: an expression is the whole text, with no space around it",
            "write one expression for all of it: {% 'Hello ' & $name %}",
            "warning",
        )


def syntax(location: str, text: str) -> Iterator[Problem]:
    """Yield where an expression in JSONata goes wrong."""
    from cfngen.asl.jsonata import FUNCTIONS

    read = parse_jsonata(text)
    if isinstance(read, SyntaxFault):
        yield Problem(
            "INVALID_JSONATA_EXPRESSION",
            location,
            f"{brief(text)} is not an expression in JSONata: {read}",
            read.hint,
        )
    elif (loose := [*filter(is_known, read.loose)]) or (
        read.reads_root and not re.search(r"/Catch/\d+/Output(/|$)", location)
    ):
        # Step Functions answers "Reference to '...' at the top level is not supported."
        name = loose[0] if loose else "$$"
        yield Problem(
            "UNSUPPORTED_JSONATA_EXPRESSION",
            location,
            f"{brief(text)} reads {name!r} at the top level, where there is no value to read it from",
            "the input of the state is '$states.input', a variable is '$name'",
        )
    elif "eval" in read.functions:
        yield schema_problem(
            location,
            f"{brief(text)} calls '$eval', which Step Functions does not support",
            "$parse reads a text as JSON",
        )
    elif unknown := next((it for it in read.called if it not in FUNCTIONS and is_known(it)), ""):
        yield schema_problem(
            location,
            f"{brief(text)} calls '${unknown}', which is not a function",
            did_you_mean(f"${unknown}", [f"${name}" for name in sorted(FUNCTIONS)], prefix="$"),
            "warning",  # Step Functions makes the machine, whose execution then fails
        )


def _not_single(path: JsonPath | SyntaxFault) -> str:
    if isinstance(path, SyntaxFault):
        return str(path)
    return f"it has {path.many}" if path.many else ""


def _no_reference(location: str, text: str, reason: str) -> Problem:
    return _invalid(
        location,
        f"{text!r} is not a reference path: {reason}",
        "a reference path names one place: '$', '$.result' or '$.jobs[0]'",
    )


def _path_problems(location: str, text: str, expected: str = "not a JSONPath") -> Iterator[Problem]:
    path = parse_path(text)
    if isinstance(path, JsonPath):
        yield from _context(location, text, path)
    elif path is not None and not text.startswith("$"):
        yield _invalid(location, f"{text!r} is {expected}", _suggested_expression(text))
    elif path is not None:
        yield _invalid(location, f"{text!r} is not a JSONPath: {path}", path.hint)


def _intrinsic_call(location: str, text: str) -> Iterator[Problem]:
    call = parse_call(text)
    if isinstance(call, SyntaxFault):
        yield _invalid(location, f"{text!r} is not a valid call: {call}", call.hint)
        return
    for path in call.paths:
        yield from _context(location, text, path)


def _context(location: str, text: str, path: JsonPath) -> Iterator[Problem]:
    if path.context and path.first and path.first not in CONTEXT and is_known(path.first):
        yield unknown_context(location, text, path.first, "SCHEMA_VALIDATION_FAILED")


def unknown_context(location: str, text: str, key: str, code: str) -> Problem:
    """Return that an expression reads what the context object does not hold."""
    message = f"{brief(text)} reads {key!r}, which the context object does not have"
    hint = did_you_mean(key, CONTEXT) or "it has " + ", ".join(CONTEXT)
    return Problem(code, location, message, hint, "warning")


def _written_path(value: object) -> str:
    return f"write {value.expression!r}" if isinstance(value, Path) else ""


def _suggested_expression(text: str) -> str:
    if text.startswith("States."):
        return "a call looks like States.Format('{} done', $.name)"
    return f"a path begins with '$', as in {'$.' + text.lstrip('.$')!r}"


def _invalid(location: str, message: str, hint: str = "") -> Problem:
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint)


def _a_path() -> str:
    return wording.either("Path", "a path")
