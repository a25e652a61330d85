"""What CloudFormation makes of the intrinsic functions in a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

PSEUDO_PARAMETERS = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-west-2",
    "AWS::StackId": "arn:aws:cloudformation:us-west-2:123456789012:stack/teststack/51af3dc0-da77-11e4",
    "AWS::StackName": "teststack",
    "AWS::URLSuffix": "amazonaws.com",
}


def resolved(value: Any, values: Mapping[str, str]) -> Any:
    """Resolve the intrinsics in plain dicts and lists; ``values`` has the others by ``Ref`` or ``A.Arn``."""
    if isinstance(value, list):
        return [resolved(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(key, argument)] = value.items()
        if key in _FUNCTIONS:
            return _FUNCTIONS[key](argument, {**PSEUDO_PARAMETERS, **values})
    return {key: resolved(item, values) for key, item in value.items()}


def _sub(argument: Any, values: Mapping[str, str]) -> str:
    text, own = (argument, {}) if isinstance(argument, str) else argument
    known = {**values, **{name: resolved(item, values) for name, item in own.items()}}

    def replaced(found: re.Match[str]) -> str:
        return f"${{{found[1][1:]}}}" if found[1].startswith("!") else known[found[1]]

    return re.sub(r"\$\{([^}]*)\}", replaced, text)


def _get_att(argument: Any, values: Mapping[str, str]) -> str:
    return values[argument if isinstance(argument, str) else ".".join(argument)]


_FUNCTIONS: dict[str, Callable[[Any, Mapping[str, str]], Any]] = {
    "Ref": lambda argument, values: values[argument],
    "Fn::Sub": _sub,
    "Fn::GetAtt": _get_att,
    "Fn::If": lambda argument, values: resolved(
        argument[2], values
    ),  # InChina, InGovCloud: not in us-west-2
    "Fn::Join": lambda argument, values: argument[0].join(resolved(argument[1], values)),
    "Fn::Select": lambda argument, values: resolved(argument[1], values)[int(argument[0])],
    "Fn::Split": lambda argument, values: resolved(argument[1], values).split(argument[0]),
}
