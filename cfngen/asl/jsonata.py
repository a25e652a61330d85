"""JSONata as far as it can be told without evaluating it: does it close, and what does it read.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from cfngen.asl.jsonpath import SyntaxFault

MAX_PARSED: Final = 2_000
"""The characters up to which the parser of the extra ``jsonata`` reads: on paths its time grows squared."""

FUNCTIONS: Final = frozenset(
    (
        *("abs", "append", "assert", "average", "base64decode", "base64encode", "boolean", "ceil"),
        *("clone", "contains", "count", "decodeUrl", "decodeUrlComponent", "distinct", "each"),
        *("encodeUrl", "encodeUrlComponent", "error", "eval", "exists", "filter", "floor"),
        *("foldLeft", "formatBase", "formatInteger", "formatNumber", "fromMillis", "join", "keys"),
        *("length", "lookup", "lowercase", "map", "match", "max", "merge", "millis", "min", "not"),
        *("now", "number", "pad", "parseInteger", "power", "random", "reduce", "replace"),
        *("reverse", "round", "shuffle", "sift", "single", "sort", "split", "spread", "sqrt"),
        *("string", "substring", "substringAfter", "substringBefore", "sum", "toMillis", "trim"),
        *("type", "uppercase", "zip"),
        *("hash", "parse", "partition", "range", "uuid"),
    )
)
"""The functions of JSONata 2.0.6, and those that Step Functions adds."""

_TOKEN: Final = re.compile(
    r"""
    (?P<blank> \s+ | /\*.*?\*/ )
    | (?P<text> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
    | (?P<quoted> `[^`]*` )
    | (?P<variable> \$\$ | \$\w* )
    | (?P<word> \w+ )
    | (?P<sign> := | ~> | != | <= | >= | \.\. | \*\* | \?: | \?\? | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_SHORT_ESCAPES: Final = frozenset('"\\/bfnrt')
_INFIX: Final = frozenset(
    ["/", "+", "-", "&", "=", "!=", "<", ">", "<=", ">=", ":=", "..", "~>", ".", ",", ":"]
)
"""The signs after which an expression goes on."""

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_UNCLOSED: Final = {'"': "the text", "'": "the text", "`": "the name"}
_BEFORE_OPERAND: Final = ("and", "or", "in")


class Reading(NamedTuple):
    """What an expression reads: names of variables, and the fields of ``$states`` and of its context.

    ``asked`` are the variables whose being there is asked for with ``$exists`` or ``?``, ``called`` the
    functions that are called, and ``functions`` also those that are passed on; none that the expression
    itself makes.
    """

    variables: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    """Names, and ``$``, that are read where there is no value to read them from."""
    reads_root: bool = False
    """Whether it reads ``$$``, the value that the whole expression is evaluated on."""


class _Token(NamedTuple):
    kind: str
    lexeme: str
    at: int


@lru_cache(maxsize=16_384)
def parse(text: str) -> Reading | SyntaxFault:
    """Return what an expression reads, or where it goes wrong.

    With the package ``jsonata-python`` (the extra ``jsonata``) its parser has the last word on the syntax.
    """
    tokens = _tokens(text)
    if isinstance(tokens, SyntaxFault):
        return tokens
    return _unclosed(tokens) or _refused(text) or _reading(tokens)


def _tokens(text: str) -> list[_Token] | SyntaxFault:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # the last alternative takes any character
        kind, lexeme = match.lastgroup or "", match.group()
        end = match.end()
        if kind == "text" and "\\" in lexeme:
            for found in _ESCAPE.finditer(lexeme):
                if len(found[0]) == 2 and found[0][1] not in _SHORT_ESCAPES:
                    return SyntaxFault(f"{found[0]} is no escape", at + found.start())
        if kind == "sign":
            if lexeme in ("!", "~"):
                return SyntaxFault(f"{lexeme!r} is no operator", at)
            if lexeme in _UNCLOSED:
                return SyntaxFault(f"{_UNCLOSED[lexeme]} has no closing quote", at)
            if lexeme == "/" and text.startswith("/*", at):
                return SyntaxFault("the comment is not closed", at)
            if lexeme == "/" and _expects_operand(tokens):
                kind = "regex"
                end = _after_regex(text, at)
                if not end:
                    return SyntaxFault("the regular expression is not closed", at)
        if kind != "blank":
            tokens.append(_Token(kind, lexeme, at))
        at = end
    return tokens


def _expects_operand(tokens: list[_Token]) -> bool:
    """Tell whether a ``/`` begins a regular expression, or divides what is before it."""
    if not tokens:
        return True
    last = tokens[-1]
    if last.kind == "sign":
        return last.lexeme not in (")", "]", "}", "*", "**", "%")
    is_name = len(tokens) > 1 and tokens[-2].lexeme == "."
    return last.kind == "word" and last.lexeme in _BEFORE_OPERAND and not is_name


def _after_regex(text: str, start: int) -> int:
    """Return where a regular expression ends: after a ``/`` outside of its brackets, or 0."""
    depth = 0
    at = start + 1
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "/" and not depth:
            return at + 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        at += 1
    return 0


def _unclosed(tokens: list[_Token]) -> SyntaxFault | None:
    openers: list[_Token] = []
    for token in tokens:
        if token.kind != "sign":
            continue
        if token.lexeme in _CLOSING:
            openers.append(token)
        elif token.lexeme in (")", "]", "}"):
            if not openers:
                return SyntaxFault(f"{token.lexeme!r} closes nothing", token.at)
            expected = _CLOSING[openers.pop().lexeme]
            if token.lexeme != expected:
                return SyntaxFault(f"{expected!r} is missing before {token.lexeme!r}", token.at)
    if tokens and tokens[-1].kind == "sign" and tokens[-1].lexeme in _INFIX:
        return SyntaxFault(f"nothing follows {tokens[-1].lexeme!r}", tokens[-1].at)
    if openers:
        opened = openers[-1]
        return SyntaxFault(f"{_CLOSING[opened.lexeme]!r} is missing for {opened.lexeme!r}", opened.at)
    return None


def _reading(tokens: list[_Token]) -> Reading:
    read: dict[str, None] = {}
    asked: dict[str, None] = {}
    called: dict[str, None] = {}
    fields: dict[str, None] = {}
    keys: dict[str, None] = {}
    bound: set[str] = set()
    end = _Token("", "", -1)
    parameters = 0  # how many brackets of a list of parameters are open
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else end
        after = tokens[index + 1 : index + 5] + [end] * 4
        if parameters:
            parameters += (token.lexeme == "(") - (token.lexeme == ")")
        elif token.lexeme in ("function", "λ") and after[0].lexeme == "(":
            parameters = 1
            continue
        if parameters and before.lexeme in ("function", "λ"):
            parameters = 1  # the bracket that has just been counted
        if token.kind != "variable" or token.lexeme in ("$", "$$"):
            continue
        name = token.lexeme[1:]
        if parameters or before.lexeme in ("@", "#") or after[0].lexeme == ":=":
            bound.add(name)
        elif name == "states":
            if after[0].lexeme == "." and (field := _field(after[1])):
                fields[field] = None
                if field == "context" and after[2].lexeme == "." and (key := _field(after[3])):
                    keys[key] = None
        elif after[0].lexeme == "(":
            called[name] = None
        else:
            read[name] = None
            exists = before.lexeme == "(" and index > 1 and tokens[index - 2].lexeme == "$exists"
            if exists or after[0].lexeme in ("?", "?:", "??"):
                asked[name] = None
    return Reading(
        tuple(name for name in read if name not in bound and name not in FUNCTIONS),
        tuple(asked),
        tuple(name for name in called if name not in bound),
        tuple(name for name in (*called, *read) if name not in bound),
        () if "states" in bound else tuple(fields),
        () if "states" in bound else tuple(keys),
        _loose(tokens),
        any(token.lexeme == "$$" for token in tokens if token.kind == "variable"),
    )


_WORDS: Final = ("and", "or", "in", "true", "false", "null", "function", "λ")


def _loose(tokens: list[_Token]) -> tuple[str, ...]:
    """Return the names that stand where no step, predicate, order or grouping gives them a value."""
    if any(token.lexeme == "|" for token in tokens):
        return ()  # a transformation has values of its own
    loose: dict[str, None] = {}
    valued = [False]
    headers: list[bool] = []  # whether each open bracket holds the parameters of a function
    before = _Token("", "", -1)
    is_header = False  # whether the bracket that has just been closed held parameters
    for index, token in enumerate(tokens):
        follows_value = index > 0 and not _expects_operand(tokens[index - 1 : index])
        if token.kind == "sign" and token.lexeme in _CLOSING:
            stepped = before.lexeme in (".", "^")
            taken = follows_value and not is_header and token.lexeme in ("[", "{")
            valued.append(valued[-1] or stepped or taken)
            headers.append(token.lexeme == "(" and before.lexeme in ("function", "λ"))
        elif token.kind == "sign" and token.lexeme in _CLOSING.values() and headers:
            valued.pop()
            is_header = headers.pop()
            before = token
            continue
        elif not valued[-1] and not follows_value and before.lexeme != ".":
            is_name = token.kind == "word" and token.lexeme not in _WORDS and not token.lexeme[0].isdigit()
            if is_name or token.kind == "quoted" or (token.kind == "variable" and token.lexeme == "$"):
                loose[token.lexeme] = None
        is_header = False
        before = token
    return tuple(loose)


def _field(token: _Token) -> str:
    return token.lexeme.strip("`") if token.kind in ("word", "quoted") else ""


def _refused(text: str) -> SyntaxFault | None:
    """Ask the parser, if it is installed; what it says about other than syntax does not count."""
    limit = sys.getrecursionlimit()
    try:
        parser = _parser()
        if parser is not None and len(text) <= MAX_PARSED:
            parser().parse(text)
    except Exception as error:  # its own faults say nothing about the expression
        code, location = getattr(error, "error", None), getattr(error, "location", None)
        if isinstance(code, str) and code.startswith(("S01", "S02")) and isinstance(location, int):
            reason = str(error).strip().rstrip(".") or "a syntax error"
            return SyntaxFault(f"{reason[:1].lower()}{reason[1:]}", max(min(location, len(text)) - 1, 0))
    finally:
        sys.setrecursionlimit(limit)  # which jsonata-python raises for the whole of Python
    return None


@lru_cache(maxsize=1)
def _parser() -> Any:
    try:
        return import_module("jsonata.parser").Parser
    except ImportError:
        return None


class Result(NamedTuple):
    """What an expression returns where that is text: its beginning, and whether that is all of it."""

    beginning: str
    is_whole: bool


_UNKNOWN: Final = Result("", False)
_DEFAULTS: Final = ("?:", "??")
_MAX_RESULTS: Final = 50


def results(text: str) -> list[Result]:
    """Return what an expression may return: one result, or one for each side of its conditionals."""
    tokens = _tokens(text)
    if isinstance(tokens, SyntaxFault):
        return [_UNKNOWN]
    known: list[Result] = []
    parts = [tokens]
    while parts:
        if len(known) + len(parts) > _MAX_RESULTS:
            return [_UNKNOWN]
        part = _last_expression(parts.pop())
        sides = _sides(part)
        if sides is None:
            known.append(_literal(part))
        else:
            parts += reversed(sides)
    return known


def _last_expression(tokens: list[_Token]) -> list[_Token]:
    """Return what is inside the brackets around an expression: the last of those in it."""
    while tokens and tokens[0].lexeme == "(" and tokens[0].kind == "sign":
        inner = tokens[1:-1]
        if not _is_outside(tokens[-1], inner):
            return tokens
        begin = 0
        for index, token, depth in _with_depth(inner):
            if depth == 0 and token.lexeme == ";" and token.kind == "sign":
                begin = index + 1
        tokens = inner[begin:]
    return tokens


def _is_outside(last: _Token, inner: list[_Token]) -> bool:
    """Tell whether the last bracket closes the first one, and none between does."""
    return (
        last.lexeme == ")" and last.kind == "sign" and all(depth >= 0 for _, _, depth in _with_depth(inner))
    )


def _with_depth(tokens: list[_Token]) -> Iterator[tuple[int, _Token, int]]:
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind == "sign":
            depth -= token.lexeme in (")", "]", "}")
            yield index, token, depth
            depth += token.lexeme in _CLOSING
        else:
            yield index, token, depth


def _sides(tokens: list[_Token]) -> list[list[_Token]] | None:
    """Return the sides of a conditional, or of an operator that chooses a default; None for all else."""
    begin = -1
    open_conditionals = 0
    for index, token, depth in _with_depth(tokens):
        if depth or token.kind != "sign":
            continue
        if token.lexeme == ":=":
            return None
        if token.lexeme in _DEFAULTS and begin < 0:
            return [tokens[:index], tokens[index + 1 :]]
        if token.lexeme == "?":
            begin = index if begin < 0 else begin
            open_conditionals += 1
        elif token.lexeme == ":" and open_conditionals:
            open_conditionals -= 1
            if open_conditionals == 0:
                return [tokens[begin + 1 : index], tokens[index + 1 :]]
    return None if begin < 0 else [tokens[begin + 1 :]]


def _literal(tokens: list[_Token]) -> Result:
    """Return the literal texts that an expression begins with, joined by ``&``."""
    texts: list[str] = []
    for index in range(0, len(tokens), 2):
        token = tokens[index]
        joint = tokens[index + 1].lexeme if index + 1 < len(tokens) else ""
        if token.kind != "text" or "\\" in token.lexeme:
            return Result("".join(texts), False)
        if joint not in ("", "&"):
            return _UNKNOWN
        texts.append(token.lexeme[1:-1])
        if not joint:
            return Result("".join(texts), True)
    return _UNKNOWN
