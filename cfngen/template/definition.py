"""The second rendering of a definition: JSON text with ``Fn::Sub`` instead of an object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from json.encoder import encode_basestring

from cfngen.cfn import functions
from cfngen.cfn.pseudo_parameters import NO_VALUE
from cfngen.cfn.text import OPEN, escaped, hole, reference_name, spans
from cfngen.template.json_text import compact, pretty
from cfngen.template.sections import plain

# JSON text holds no raw control characters, so these two cannot meet anything of the author's.
_LIVE = "\x01"  # the dollar sign of a ${...} that CloudFormation shall replace
_VARIABLE = re.compile("\0([0-9]+)\0")  # a variable that has no name yet

# A literal ${ and, if the same text also closes it, what lies between.
_LITERAL = re.compile(rf'{re.escape(OPEN)}((?:(?!{re.escape(OPEN)})[^"}}\x00\x01])*\}})?')


def definition_string(definition: Mapping[str, object]) -> str | dict[str, object]:
    r"""Return the definition as the value of ``DefinitionString``: JSON text, or one ``Fn::Sub``.

    Both forms resolve to the same Amazon States Language as long as no value that CloudFormation
    puts in holds a quotation mark, a backslash or a line break: ``Fn::Sub`` does not escape them.
    A literal ``${`` is written ``${!``, or ``\u0024{`` where nothing closes it. Raises ValueError
    for an intrinsic that yields anything but text, which a string cannot hold.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    variables: list[dict[str, object]] = []
    numbers: dict[str, int] = {}  # equal intrinsics share one variable

    def stand_in(value: dict[str, object]) -> str | None:
        if not functions.is_function(value):
            return None
        if value == NO_VALUE:
            return ""
        if live := _inlined(value):
            return live
        _refuse_other_than_text(value)
        number = numbers.setdefault(compact(value), len(variables))
        if number == len(variables):
            variables.append(value)
        return f'"\0{number}\0"'

    text = pretty(plain(definition), stand_in)
    if _LIVE not in text and not variables:
        return text
    text = _LITERAL.sub(_escaped, text).replace(_LIVE, "$")
    if not variables:
        return functions.sub(text)
    names = _free_names(text, len(variables))
    text = _VARIABLE.sub(lambda found: hole(names[int(found[1])]), text)
    return functions.sub(text, dict(zip(names, variables, strict=True)))


def with_definition_strings(template: dict[str, object]) -> dict[str, object]:
    """Return the template with ``DefinitionString`` where a state machine has ``Definition``."""
    resources = template.get("Resources")
    if not isinstance(resources, dict):
        return template
    return template | {"Resources": {name: _with_string(name, r) for name, r in resources.items()}}


def _with_string(name: str, resource: object) -> object:
    if not isinstance(resource, dict) or resource.get("Type") != "AWS::StepFunctions::StateMachine":
        return resource
    properties = resource.get("Properties")
    definition = properties.get("Definition") if isinstance(properties, dict) else None
    if not isinstance(properties, dict) or not isinstance(definition, dict):
        return resource
    try:
        string = definition_string(definition)
    except ValueError as error:
        raise ValueError(f"/Resources/{name}/Properties/Definition: {error}") from None
    return resource | {
        "Properties": {
            "DefinitionString" if key == "Definition" else key: string if value is definition else value
            for key, value in properties.items()
        }
    }


def _inlined(value: dict[str, object]) -> str:
    """Return the function as JSON text around a live ``${...}``, or nothing."""
    text = functions.argument_of(functions.SUB, value)
    if isinstance(text, str):
        return encode_basestring(text).replace(OPEN, _LIVE + "{")
    name = reference_name(value)
    return f'"{_LIVE}{{{name}}}"' if name else ""


def _refuse_other_than_text(value: object) -> None:
    call = functions.call_of(value)
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


def _escaped(found: re.Match[str]) -> str:
    # Fn::Sub looks for the next closing brace, which may belong to something else: where this text
    # has none of its own, JSON hides the dollar sign instead.
    return escaped(OPEN + found[1]) if found[1] else "\\u0024{"


def _free_names(text: str, count: int) -> list[str]:
    taken = {name.lstrip("!").strip() for _, _, name in spans(text)}
    names: list[str] = []
    number = 0
    while len(names) < count:
        number += 1
        if f"Var{number}" not in taken:
            names.append(f"Var{number}")
    return names
