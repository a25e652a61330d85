"""CloudFormation's intrinsic functions as troposphere's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from cfngen.cfn.functions import PREFIX, attribute, get_att


def arguments_of(spelled: Mapping[str, Any]) -> tuple[str, Sequence[Any]] | None:
    """Return the class of troposphere that makes a function, and its arguments, if one makes the same."""
    [(name, argument)] = spelled.items()
    function = name.removeprefix(PREFIX)
    if function not in FUNCTIONS:
        return None
    if (parts := attribute(spelled)) is not None:
        argument = [*parts]
        spelled = get_att(*parts)
    arguments = argument if isinstance(argument, list) and function not in _WHOLE else [argument]
    try:
        made = _classes()[function](*arguments)
        same = made.to_dict() == spelled
    except (AttributeError, TypeError, ValueError):
        return None  # what is spelled is no call of it
    return (function, arguments) if same else None


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
_WHOLE: Final = ("Base64", "GetAZs", "ImportValue", "Ref")
"""Functions of one argument, which may be a list."""
