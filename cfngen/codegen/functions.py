"""The intrinsic functions of CloudFormation as classes of troposphere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from cfngen.cfn.functions import PREFIX, attribute, get_att, is_function


def arguments_of(function_value: Mapping[str, Any]) -> tuple[str, Sequence[Any]] | None:
    """Return the name of troposphere's class and its arguments, or None if they give another function."""
    [(name, argument)] = function_value.items()
    function = name.removeprefix(PREFIX)
    if function not in FUNCTIONS:
        return None
    if (parts := attribute(function_value)) is not None:
        argument = [*parts]
        function_value = get_att(*parts)
    arguments = argument if isinstance(argument, list) and function not in _ONE_ARGUMENT else [argument]
    if function == "Sub" and len(arguments) == 2 and is_function(arguments[1]):
        return None  # where the names of its variables stand
    try:
        is_same = _classes()[function](*arguments).to_dict() == function_value
    except (AttributeError, TypeError, ValueError):
        return None  # the class does not accept these arguments
    return (function, arguments) if is_same else None


@cache
def _classes() -> Mapping[str, Any]:
    import troposphere

    return {name: getattr(troposphere, name) for name in FUNCTIONS}


FUNCTIONS: Final = (
    "Base64",
    "Cidr",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Ref",
    "Select",
    "Split",
    "Sub",
)
_ONE_ARGUMENT: Final = ("Base64", "GetAZs", "ImportValue", "Ref")
"""Functions of one argument, which may be a list."""
