"""CloudFormation's intrinsic functions: their names, and the values that call them.

In Python a function is a value of any library that has ``to_dict()``, such as troposphere's ``Ref``; in a
document it is a mapping of one key: ``{"Ref": "Topic"}``.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

PREFIX: Final = "Fn::"
"""What the names of all functions but ``Ref`` and ``Condition`` begin with."""

REF: Final = "Ref"
CONDITION: Final = "Condition"
"""A function inside the section ``Conditions`` alone; elsewhere it is a key like others."""
AND: Final = "Fn::And"
BASE64: Final = "Fn::Base64"
CIDR: Final = "Fn::Cidr"
CONTAINS: Final = "Fn::Contains"
EACH_MEMBER_EQUALS: Final = "Fn::EachMemberEquals"
EACH_MEMBER_IN: Final = "Fn::EachMemberIn"
EQUALS: Final = "Fn::Equals"
FIND_IN_MAP: Final = "Fn::FindInMap"
FOR_EACH: Final = "Fn::ForEach"
"""Followed by ``::`` and the name of the loop."""
GET_ATT: Final = "Fn::GetAtt"
GET_AZS: Final = "Fn::GetAZs"
GET_STACK_OUTPUT: Final = "Fn::GetStackOutput"
IF: Final = "Fn::If"
IMPORT_VALUE: Final = "Fn::ImportValue"
JOIN: Final = "Fn::Join"
LENGTH: Final = "Fn::Length"
NOT: Final = "Fn::Not"
OR: Final = "Fn::Or"
REF_ALL: Final = "Fn::RefAll"
SELECT: Final = "Fn::Select"
SPLIT: Final = "Fn::Split"
SUB: Final = "Fn::Sub"
TO_JSON_STRING: Final = "Fn::ToJsonString"
TRANSFORM: Final = "Fn::Transform"
VALUE_OF: Final = "Fn::ValueOf"
VALUE_OF_ALL: Final = "Fn::ValueOfAll"

TAGGED: Final = (
    AND,
    BASE64,
    CIDR,
    CONTAINS,
    EACH_MEMBER_EQUALS,
    EACH_MEMBER_IN,
    EQUALS,
    FIND_IN_MAP,
    GET_AZS,
    GET_ATT,
    GET_STACK_OUTPUT,
    IF,
    IMPORT_VALUE,
    JOIN,
    LENGTH,
    NOT,
    OR,
    REF_ALL,
    SELECT,
    SPLIT,
    SUB,
    TO_JSON_STRING,
    TRANSFORM,
    VALUE_OF,
    VALUE_OF_ALL,
)
"""The functions that YAML may spell as a tag: ``!Sub``. ``Fn::ForEach`` has no tag."""

EXTENDED: Final = "AWS::LanguageExtensions"
"""The transform without which a template has none of `LANGUAGE_EXTENSIONS`."""
LANGUAGE_EXTENSIONS: Final = frozenset([FOR_EACH, LENGTH, TO_JSON_STRING])
"""The functions that a template has by the transform ``AWS::LanguageExtensions`` alone.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
"""

YIELD_TEXT: Final = frozenset(
    [
        REF,
        BASE64,
        FIND_IN_MAP,
        GET_ATT,
        GET_STACK_OUTPUT,
        IF,
        IMPORT_VALUE,
        JOIN,
        SELECT,
        SUB,
        TO_JSON_STRING,
    ]
)
"""The functions that may return text; the others return a list, a number or a truth."""


def is_intrinsic(value: object) -> bool:
    """Tell a CloudFormation function in Python, which may be of any library, from other values."""
    return hasattr(value, "to_dict")


def plain(value: Any) -> Any:
    """Return a function in Python as the mapping that spells it, anything else as it is."""
    return value.to_dict() if is_intrinsic(value) and not isinstance(value, type) else value


def is_name(key: object) -> bool:
    """Tell whether a key of a mapping is the name of a function."""
    return isinstance(key, str) and (key == REF or key.startswith(PREFIX))


def is_function(value: object) -> bool:
    """Tell whether a value of a document is a call of a function; ``Ref`` takes text alone."""
    return function_call(value) is not None


def function_call(value: object) -> tuple[str, Any] | None:
    """Return the function that a value of a document calls, and its argument: ``("Ref", "Topic")``."""
    # most values are texts and dicts, of which the abstract class need not be asked
    if isinstance(value, str) or not isinstance(value, (dict, Mapping)) or len(value) != 1:
        return None
    [(name, argument)] = value.items()
    if name == REF:
        return (name, argument) if isinstance(argument, str) else None
    return (name, argument) if isinstance(name, str) and name.startswith(PREFIX) else None


def argument_of(function: str, value: object) -> Any:
    """Return the argument of a value that calls this function, or None for any other value."""
    return value[function] if isinstance(value, Mapping) and len(value) == 1 and function in value else None


def ref_name(value: object) -> str | None:
    """Return the name that ``Ref`` takes, or None for any other value."""
    name = argument_of(REF, value)
    return name if isinstance(name, str) else None


def attribute(value: object) -> tuple[str, str] | None:
    """Return the logical id and the attribute of ``Fn::GetAtt``, or None for any other value."""
    argument = argument_of(GET_ATT, value)
    return None if argument is None else attribute_parts(argument)


def attribute_parts(argument: object) -> tuple[str, str] | None:
    """Return the logical id and the attribute in the argument of ``Fn::GetAtt``, if both are known."""
    if isinstance(argument, str):
        name, _, inner = argument.partition(".")
        return (name, inner) if name and inner else None
    if isinstance(argument, (list, tuple)) and len(argument) == 2:
        name, inner = argument
        return (name, inner) if isinstance(name, str) and isinstance(inner, str) else None
    return None


def substitution(value: object) -> tuple[str, Mapping[str, Any]] | None:
    """Return the text of ``Fn::Sub`` and its own variables, or None for any other value."""
    argument = argument_of(SUB, value)
    return None if argument is None else substitution_parts(argument)


def substitution_parts(argument: object) -> tuple[str, Mapping[str, Any]] | None:
    """Return the text and the variables in the argument of ``Fn::Sub``."""
    if isinstance(argument, str):
        return argument, {}
    if isinstance(argument, (list, tuple)) and len(argument) == 2:
        text, own = argument
        return (text, own) if isinstance(text, str) and isinstance(own, Mapping) else None
    return None


def join_parts(argument: object) -> tuple[str, Sequence[Any]] | None:
    """Return the separator and the items in the argument of ``Fn::Join``, where they are a list."""
    if isinstance(argument, (list, tuple)) and len(argument) == 2:
        separator, items = argument
        if isinstance(separator, str) and isinstance(items, (list, tuple)):
            return separator, items
    return None


def if_branches(value: object) -> tuple[Any, Any, Any] | None:
    """Return the condition of ``Fn::If`` and its two branches, or None for any other value."""
    argument = argument_of(IF, value)
    if isinstance(argument, (list, tuple)) and len(argument) == 3:
        condition, when_true, when_false = argument
        return condition, when_true, when_false
    return None


def ref(name: str) -> dict[str, Any]:
    """Return a reference to a resource, a parameter or a pseudo parameter."""
    return {REF: name}


def get_att(logical_id: str, name: str) -> dict[str, Any]:
    """Return an attribute of a resource."""
    return {GET_ATT: [logical_id, name]}


def sub(text: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a text in which CloudFormation fills in what stands in ``${...}``."""
    return {SUB: [text, dict(variables)] if variables else text}


def select_of_split(separator: str, index: int, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the function that picks a part of the text that another returns."""
    return {SELECT: [index, {SPLIT: [separator, dict(value)]}]}
