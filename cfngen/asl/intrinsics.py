"""Calls of the intrinsic functions of the Amazon States Language, such as ``States.Format('{}', $.name)``.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Final, NamedTuple

from cfngen.asl.jsonpath import JsonPath, SyntaxFault, SyntaxFaultError, after_blanks, scan
from cfngen.cfn.holes import STAND_IN
from cfngen.core.declared import did_you_mean

PREFIX: Final = "States."
MAX_NESTING: Final = 10
ANY: Final = sys.maxsize
FUNCTIONS: Final = {
    "Array": (0, ANY),
    "ArrayPartition": (2, 2),
    "ArrayContains": (2, 2),
    "ArrayRange": (3, 3),
    "ArrayGetItem": (2, 2),
    "ArrayLength": (1, 1),
    "ArrayUnique": (1, 1),
    "Base64Encode": (1, 1),
    "Base64Decode": (1, 1),
    "Hash": (2, 2),
    "JsonMerge": (3, 3),
    "StringToJson": (1, 1),
    "JsonToString": (1, 1),
    "MathRandom": (2, 3),
    "MathAdd": (2, 2),
    "StringSplit": (2, 2),
    "UUID": (0, 0),
    "Format": (1, ANY),
}
"""How many arguments each function takes, at least and at most."""

OF_TEXT: Final = ("Format", "JsonToString", "ArrayGetItem", "Base64Encode", "Base64Decode", "Hash", "UUID")
"""The functions that ``ErrorPath`` and ``CausePath`` of a Fail take, as they return text.

https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
"""

ALGORITHMS: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")

HEAD: Final = re.compile(r"States\.(\w*)\s*")
"""What a call begins with, before its bracket."""
TEXT: Final = re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL)
OTHER_LITERAL: Final = re.compile(r"(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|null|true|false)(?!\w)")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = r"text has the escapes \', \{, \} and \\"
_BRACE: Final = re.compile(r"\\.|\{\}|\{", re.DOTALL)


class FunctionCall(NamedTuple):
    """A call that can be made: its function, and the paths in it, those of calls inside it included."""

    paths: tuple[JsonPath, ...]
    function: str = ""


class _Argument(NamedTuple):
    source: str
    at: int


@lru_cache(maxsize=4096)
def parse_literal_call(text: str) -> FunctionCall | SyntaxFault:
    """Return what a call reads, or where it goes wrong."""
    paths: list[JsonPath] = []
    try:
        end = _scan_call(text, 0, 1, paths)
    except SyntaxFaultError as error:
        return error.fault
    if rest := text[end:].strip():
        return SyntaxFault(f"{rest[0]!r} is not expected", text.index(rest[0], end))
    head = HEAD.match(text)
    return FunctionCall(tuple(paths), head.group(1) if head else "")


def _scan_call(text: str, start: int, depth: int, paths: list[JsonPath]) -> int:
    head = HEAD.match(text, start)
    if not head:
        raise SyntaxFaultError("'States.' is missing", start)
    name = head.group(1)
    if name not in FUNCTIONS:
        raise SyntaxFaultError(f"there is no function '{PREFIX}{name}'", start, _nearest_function(name))
    if depth > MAX_NESTING:
        raise SyntaxFaultError(f"calls are nested deeper than {MAX_NESTING} levels", start)
    if not text.startswith("(", head.end()):
        raise SyntaxFaultError(
            "'(' is missing", head.end(), "a call looks like States.Format('{} done', $.name)"
        )
    arguments: list[_Argument] = []
    at = after_blanks(text, head.end() + 1)
    if text.startswith(")", at):
        at += 1
    else:
        while True:
            end = _scan_argument(text, at, depth, paths)
            arguments.append(_Argument(text[at:end], at))
            at = after_blanks(text, end)
            if text.startswith(")", at):
                at += 1
                break
            if not text.startswith(",", at):
                raise SyntaxFaultError("',' or ')' is missing", at, _quotes(text, at))
            at = after_blanks(text, at + 1)
    _fits(name, arguments, start)
    return at


def _scan_argument(text: str, at: int, depth: int, paths: list[JsonPath]) -> int:
    if text.startswith("$", at):
        path, end = scan(text, at)
        paths.append(path)
        return end
    if text.startswith(PREFIX, at):
        return _scan_call(text, at, depth + 1, paths)
    literal = TEXT.match(text, at) or OTHER_LITERAL.match(text, at)
    if literal:
        for escape in _ESCAPE.finditer(literal.group()):
            if escape.group(1) not in "'{}\\":
                raise SyntaxFaultError(
                    f"the escape {escape.group()!r} does not exist", at + escape.start(), _ESCAPES
                )
        return literal.end()
    if text.startswith("'", at):
        raise SyntaxFaultError("the text has no closing quote", at, "write a quote inside text as \\'")
    if text.startswith('"', at):
        raise SyntaxFaultError("text is written in single quotes, not in double quotes,", at)
    if at >= len(text):
        raise SyntaxFaultError("')' is missing", at)
    raise SyntaxFaultError(
        "an argument is missing or is not valid", at, "arguments: $.path, 'text', 1, true, null"
    )


def _fits(name: str, arguments: list[_Argument], start: int) -> None:
    least, most = FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        takes = (
            f"{least}" if least == most else f"at least {least}" if most is ANY else f"{least} to {most}"
        )
        noun = "argument" if takes in ("1", "at least 1") else "arguments"
        raise SyntaxFaultError(f"'{PREFIX}{name}' takes {takes} {noun}, not {len(arguments)},", start)
    if name == "Format":
        _check_template(arguments)
    elif name == "Hash" and arguments[1].source.startswith("'"):
        algorithm = arguments[1].source[1:-1]
        if algorithm not in ALGORITHMS:
            hint = did_you_mean(algorithm, ALGORITHMS) or "it is one of " + ", ".join(ALGORITHMS)
            raise SyntaxFaultError(f"there is no algorithm {algorithm!r}", arguments[1].at, hint)
    elif name == "JsonMerge" and arguments[2].source == "true":
        hint = "Step Functions merges only the first level: write false"
        raise SyntaxFaultError("'States.JsonMerge' does not merge deeper levels", arguments[2].at, hint)


def _check_template(arguments: list[_Argument]) -> None:
    """Count the ``{}`` of a template that is text; what a path leads to is not known."""
    template = arguments[0]
    if not template.source.startswith("'") or STAND_IN in template.source:
        return  # what is filled in may bring places of its own
    places = 0
    for brace in _BRACE.finditer(template.source):
        if brace.group() == "{":
            at = template.at + brace.start()
            raise SyntaxFaultError(
                "'{' has no '}' right after it", at, r"write a brace in text as \{ or \}"
            )
        places += brace.group() == "{}"
    if places != len(arguments) - 1:
        count = len(arguments) - 1
        raise SyntaxFaultError(
            f"the template has {places} '{{}}' for {count} argument{'' if count == 1 else 's'}", template.at
        )


def _quotes(text: str, at: int) -> str:
    after_text = text[at - 1] == "'" and text[at : at + 1].isalnum()
    return "write a quote inside text as \\'" if after_text else ""


def _nearest_function(name: str) -> str:
    for known in FUNCTIONS:
        if known.lower() == name.lower():
            return f"did you mean {PREFIX + known!r}?"
    known_names = [PREFIX + known for known in FUNCTIONS]
    if near := did_you_mean(PREFIX + name, known_names, prefix=PREFIX):
        return near
    return "the functions are " + ", ".join(known_names)
