"""The second rendering of a definition: JSON text with ``Fn::Sub`` instead of an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from cfngen.cfn import functions
from cfngen.cfn.pseudo_parameters import NO_VALUE
from cfngen.cfn.template import null_pointers
from cfngen.cfn.text import OPEN, escaped, hole, reference_name, spans
from cfngen.core.problems import Problem
from cfngen.core.values import mapping
from cfngen.template.json_text import compact, pretty
from cfngen.template.sections import document, plain_document

if TYPE_CHECKING:
    from cfngen.template.sections import ToDict

# JSON text holds no raw control characters, so these two cannot meet anything of the author's.
_LIVE = "\x01"  # the dollar sign of a ${...} that CloudFormation shall replace
_VARIABLE = re.compile("\0([0-9]+)\0")  # a variable that has no name yet

NULL = "NULL_VALUE"
NO_NULLS = "CloudFormation refuses a null in a template"

_UNQUOTED = "cfngen::Unquoted"  # the key of a value without quotation marks, which no definition has

# A literal ${ and, if the same text also closes it, what lies between.
_LITERAL = re.compile(rf'{re.escape(OPEN)}((?:(?!{re.escape(OPEN)})[^"}}\x00\x01])*\}})?')


def definition_string(
    definition: Mapping[str, object], unquoted: Iterable[Sequence[str | int]] = ()
) -> str | dict[str, object]:
    r"""Return the definition as the value of ``DefinitionString``: JSON text, or one ``Fn::Sub``.

    Both forms resolve to the same Amazon States Language as long as no value that CloudFormation
    puts in holds a quotation mark, a backslash or a line break: ``Fn::Sub`` does not escape them.
    A literal ``${`` is written ``${!``, or ``\u0024{`` where nothing closes it. Raises ValueError
    for an intrinsic that yields anything but text, which a string cannot hold. ``unquoted`` are the keys
    that lead to the intrinsics that stand for a number or a truth, which get no quotation marks.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    variables: list[dict[str, object]] = []
    numbers: dict[str, int] = {}  # equal intrinsics share one variable

    def stand_in(value: dict[str, object]) -> str | None:
        if (number := value.get(_UNQUOTED)) is not None and len(value) == 1:
            assert isinstance(number, dict)
            if number == NO_VALUE:
                return ""
            return (_inlined(number) or variable(_in_text(number)))[1:-1]
        if not functions.is_function(value):
            return None
        if value == NO_VALUE:
            return ""
        return _inlined(value) or variable(value)

    def variable(value: dict[str, object]) -> str:
        _refuse_other_than_text(value)
        number = numbers.setdefault(compact(value), len(variables))
        if number == len(variables):
            variables.append(value)
        return f'"\0{number}\0"'

    text = pretty(_with_marks(plain_document(definition), unquoted), stand_in)
    if _LIVE not in text and not variables:
        return text
    text = _LITERAL.sub(_escaped_hole, text).replace(_LIVE, "$")
    if not variables:
        return functions.sub(text)
    names = _free_names(text, len(variables))
    text = _VARIABLE.sub(lambda match: hole(names[int(match[1])]), text)
    return functions.sub(text, dict(zip(names, variables, strict=True)))


def _with_marks(
    definition: dict[str, object], unquoted: Iterable[Sequence[str | int]]
) -> dict[str, object]:
    """Mark the values of a definition, which is changed, that get no quotation marks."""
    for keys in unquoted:
        holder: Any = definition
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = {_UNQUOTED: holder[keys[-1]]}
    return definition


def _in_text(value: dict[str, object]) -> dict[str, object]:
    """Return a function with its numbers as the text that stands for them in a variable."""
    call = functions.function_call(value)
    if call is None or call[0] != functions.IF or not isinstance(call[1], list):
        return value
    branches = [_in_text(it) if isinstance(it, dict) else _unquoted_text(it) for it in call[1]]
    return {functions.IF: branches}


def _unquoted_text(value: object) -> object:
    return json.dumps(value) if isinstance(value, (bool, int, float)) else value


def with_definition_strings(template: dict[str, object], *, all_of_them: bool = True) -> dict[str, object]:
    """Return the template with ``DefinitionString`` where a state machine has ``Definition``.

    Unless ``all_of_them`` is asked for, only where a null keeps the object from being deployed.
    """
    resources = template.get("Resources")
    if not isinstance(resources, dict):
        return template
    changed = {
        name: _with_definition_string(name, resource, definition)
        for name, resource, definition in _definitions(resources)
        if all_of_them or null_pointers(definition)
    }
    return template | {"Resources": {**resources, **changed}} if changed else template


def string_reasons(template: ToDict | Mapping[str, object]) -> list[Problem]:
    """Return why definitions of a template cannot be objects, in the order of the template.

    CloudFormation refuses every null in a template; what else there is a stack knows of its workflow.
    """
    resources: Any = (
        template.get("Resources") if isinstance(template, Mapping) else _template_resources(template)
    )
    reasons = []
    for name, resource in resources.items() if isinstance(resources, Mapping) else ():
        place = f"/Resources/{name}/Properties/Definition"
        string = getattr(resource, "properties", {}).get("DefinitionString")
        for reason in getattr(string, "reasons", ()):
            reasons.append(replace(reason, location=place + reason.location))
    for name, _, definition in _definitions(mapping(document(template).get("Resources"))):
        place = f"/Resources/{name}/Properties/Definition"
        reasons += [
            Problem(NULL, place + pointer, NO_NULLS, "", "note") for pointer in null_pointers(definition)
        ]
    return reasons


def _definitions(
    resources: Mapping[str, object],
) -> Iterator[tuple[str, dict[str, object], dict[str, object]]]:
    """Yield the state machines whose definition is an object: their logical id, themselves, and it."""
    for name, resource in resources.items():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::StepFunctions::StateMachine":
            definition = mapping(resource.get("Properties")).get("Definition")
            if isinstance(definition, dict):
                yield name, resource, definition


def _with_definition_string(
    name: str, resource: dict[str, object], definition: dict[str, object]
) -> dict[str, object]:
    try:
        string = definition_string(definition)
    except ValueError as error:
        raise ValueError(f"/Resources/{name}/Properties/Definition: {error}") from None
    return resource | {
        "Properties": {
            "DefinitionString" if key == "Definition" else key: string if value is definition else value
            for key, value in mapping(resource["Properties"]).items()
        }
    }


def _template_resources(template: object) -> Mapping[str, object]:
    return mapping(getattr(template, "resources", None))


def _inlined(value: dict[str, object]) -> str:
    """Return the function as JSON text around a live ``${...}``, or nothing."""
    text = functions.argument_of(functions.SUB, value)
    if isinstance(text, str):
        return encode_basestring(text).replace(OPEN, _LIVE + "{")
    name = reference_name(value)
    return f'"{_LIVE}{{{name}}}"' if name else ""


def _refuse_other_than_text(value: object) -> None:
    call = functions.function_call(value)
    if call is None:
        return
    function, argument = call
    if function not in functions.YIELD_TEXT:
        raise ValueError(f"{function} does not yield text, so DefinitionString cannot hold it")
    if function == functions.IF and isinstance(argument, list):
        for branch in argument[1:]:
            if branch == NO_VALUE or not (isinstance(branch, str) or functions.is_function(branch)):
                raise ValueError(
                    f"{function} chooses {branch!r}, which is not text, so DefinitionString cannot hold it"
                )
            _refuse_other_than_text(branch)


def _escaped_hole(match: re.Match[str]) -> str:
    # Fn::Sub looks for the next closing brace, which may belong to something else: where this text
    # has none of its own, JSON hides the dollar sign instead.
    return escaped(OPEN + match[1]) if match[1] else "\\u0024{"


def _free_names(text: str, count: int) -> list[str]:
    used_names = {name.lstrip("!").strip() for _, _, name in spans(text)}
    names: list[str] = []
    number = 0
    while len(names) < count:
        number += 1
        if f"Var{number}" not in used_names:
            names.append(f"Var{number}")
    return names
