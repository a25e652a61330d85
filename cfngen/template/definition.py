"""The second rendering of a definition: JSON text with ``Fn::Sub`` instead of an object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from json.encoder import encode_basestring

from cfngen.template.json_text import compact, pretty
from cfngen.template.sections import plain

# JSON text holds no raw control characters, so these two cannot meet anything of the author's.
_LIVE = "\x01"  # the dollar sign of a ${...} that CloudFormation shall replace
_VARIABLE = re.compile("\0([0-9]+)\0")  # a variable that has no name yet

_REF = re.compile(r"[A-Za-z0-9:]+").fullmatch
_GET_ATT = re.compile(r"[A-Za-z0-9]+\.[A-Za-z0-9_.:]+").fullmatch
_NAME = re.compile(r"\$\{!*([^}]*)\}")
# A literal ${ and, if the same text also closes it, what lies between.
_LITERAL = re.compile(r'\$\{((?:(?!\$\{)[^"}\x00\x01])*\})?')

_TEXT_FUNCTIONS = frozenset(
    f"Fn::{name}"
    for name in [
        "Base64",
        "FindInMap",
        "GetAtt",
        "If",
        "ImportValue",
        "Join",
        "Select",
        "Sub",
        "ToJsonString",
    ]
)


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
        function = next(iter(value)) if len(value) == 1 else ""
        if function != "Ref" and not function.startswith("Fn::"):
            return None
        argument = value[function]
        if argument == "AWS::NoValue" and function == "Ref":
            return ""
        if live := _inlined(function, argument):
            return live
        _refuse_other_than_text(function, argument)
        number = numbers.setdefault(compact(value), len(variables))
        if number == len(variables):
            variables.append(value)
        return f'"\0{number}\0"'

    text = pretty(plain(definition), stand_in)
    if _LIVE not in text and not variables:
        return text
    text = _LITERAL.sub(_escaped, text).replace(_LIVE, "$")
    if not variables:
        return {"Fn::Sub": text}
    names = _free_names(text, len(variables))
    text = _VARIABLE.sub(lambda found: f"${{{names[int(found[1])]}}}", text)
    return {"Fn::Sub": [text, dict(zip(names, variables, strict=True))]}


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


def _inlined(function: str, argument: object) -> str:
    """Return the intrinsic as JSON text around a live ``${...}``, or nothing."""
    if function == "Fn::Sub" and isinstance(argument, str):
        return encode_basestring(argument).replace("${", _LIVE + "{")
    if function == "Ref" and isinstance(argument, str) and _REF(argument):
        return f'"{_LIVE}{{{argument}}}"'
    if function == "Fn::GetAtt":
        name = ".".join(map(str, argument)) if isinstance(argument, list) else str(argument)
        if _GET_ATT(name):
            return f'"{_LIVE}{{{name}}}"'
    return ""


def _refuse_other_than_text(function: str, argument: object) -> None:
    if function not in _TEXT_FUNCTIONS and function != "Ref":
        raise ValueError(f"{function} does not yield text, so DefinitionString cannot hold it")
    if function == "Fn::If" and isinstance(argument, list):
        for branch in argument[1:]:
            if isinstance(branch, dict) and len(branch) == 1:
                [(inner, value)] = branch.items()
                if inner == "Ref" and value != "AWS::NoValue":
                    continue
                if inner.startswith("Fn::"):
                    _refuse_other_than_text(inner, value)
                    continue
            if not isinstance(branch, str):
                raise ValueError(
                    f"Fn::If chooses {branch!r}, which is not text, so DefinitionString cannot hold it"
                )


def _escaped(found: re.Match[str]) -> str:
    # Fn::Sub looks for the next closing brace, which may belong to something else: where this text
    # has none of its own, JSON hides the dollar sign instead.
    return f"${{!{found[1]}" if found[1] else "\\u0024{"


def _free_names(text: str, count: int) -> list[str]:
    taken = {name.strip() for name in _NAME.findall(text)}
    names: list[str] = []
    number = 0
    while len(names) < count:
        number += 1
        if f"Var{number}" not in taken:
            names.append(f"Var{number}")
    return names
