"""Expressions in which CloudFormation fills something in, parsed with stand-ins for that.

What is filled in may be any part of an expression. So a fault counts only where the expression has it with
the stand-ins, and as it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cfngen.asl.jsonpath import JsonPath, SyntaxFault, parse_literal_path
from cfngen.asl.values import Function, Jsonata
from cfngen.cfn.functions import is_function, plain
from cfngen.cfn.holes import STAND_IN, OperandOf, begins_with_hole, inside, stand_ins
from cfngen.cfn.text import as_sub_text, has_hole

if TYPE_CHECKING:
    from cfngen.asl.intrinsics import FunctionCall
    from cfngen.asl.jsonata import JsonataReads

DELIMITERS: Final = ("{%", "%}")
"""What stands around an expression in JSONata."""

_Read = TypeVar("_Read")


def jsonata_of(value: Any) -> Jsonata | None:
    """Return the expression of a text, or of a function that makes one, between ``{%`` and ``%}``."""
    if isinstance(value, str):
        if not value.startswith(DELIMITERS[0]) or not value.endswith(DELIMITERS[1]) or len(value) < 4:
            return None
        return Jsonata(value[2:-2].strip())
    value = plain(value)
    if not is_function(value) or (expression := inside(value, *DELIMITERS)) is None:
        return None
    return Jsonata(expression if isinstance(expression, str) else Function(expression))


def text_of(expression: object) -> str | None:
    """Return the text of an expression, its holes as ``Fn::Sub`` spells them; None for what is no text."""
    text = as_sub_text(plain(expression))
    return text if isinstance(text, str) else None


def parse_jsonata(text: str) -> JsonataReads | SyntaxFault:
    """Return what an expression in JSONata reads, or where it goes wrong."""
    from cfngen.asl.jsonata import JsonataReads, parse_literal_jsonata

    return _read_around_holes(
        text, parse_literal_jsonata, JsonataReads(), lambda width: f"({'1' * (width - 2)})"
    )


def parse_path(text: str) -> JsonPath | SyntaxFault | None:
    """Return what a JSONPath says, or where it goes wrong; None where its beginning is filled in."""
    return (
        None
        if begins_with_hole(text)
        else _read_around_holes(text, parse_literal_path, None, lambda width: "1" * width)
    )


def parse_call(text: str) -> FunctionCall | SyntaxFault:
    """Return what a call of an intrinsic function reads, or where it goes wrong."""
    from cfngen.asl.intrinsics import FunctionCall, parse_literal_call

    return _read_around_holes(
        text,
        parse_literal_call,
        FunctionCall(()),
        lambda width: "1" * width,
        lambda width: STAND_IN * width,
    )


def is_known(name: str) -> bool:
    """Tell whether a name in an expression is the author's own, and no stand-in nor a part of one."""
    return STAND_IN not in name


def _read_around_holes(
    text: str, parse: Callable[[str], _Read | SyntaxFault], unknown: _Read, *operands: OperandOf
) -> _Read | SyntaxFault:
    """Return a text as it is read with one of the stand-ins; ``unknown`` where it is read only without."""
    if not has_hole(text):
        return parse(text)
    readings = [parse(stand_ins(text, operand)) for operand in operands]
    if (read := next((it for it in readings if not isinstance(it, SyntaxFault)), None)) is not None:
        return read
    return readings[0] if isinstance(parse(text), SyntaxFault) else unknown
