"""JSONata as far as it can be told without evaluating it: does it close, and what does it read.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from cfngen.asl.jsonata_tokens import CLOSING, JsonataToken, expects_operand, tokens_of
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

_INFIX: Final = frozenset(
    ["/", "+", "-", "&", "=", "!=", "<", ">", "<=", ">=", ":=", "..", "~>", ".", ",", ":"]
)
"""The signs after which an expression goes on."""


class JsonataReads(NamedTuple):
    """What an expression reads: names of variables, and the fields of ``$states`` and of its context.

    ``tested`` are the variables whose being there is asked for with ``$exists`` or ``?``, ``called`` the
    functions that are called, and ``functions`` also those that are passed on; none that the expression
    itself makes.
    """

    variables: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    """Names, and ``$``, that are read where there is no value to read them from."""
    reads_root: bool = False
    """Whether it reads ``$$``, the value that the whole expression is evaluated on."""


@lru_cache(maxsize=16_384)
def parse_literal_jsonata(text: str) -> JsonataReads | SyntaxFault:
    """Return what an expression reads, or where it goes wrong.

    With the package ``jsonata-python`` (the extra ``jsonata``) its parser has the last word on the syntax.
    """
    tokens = tokens_of(text)
    if isinstance(tokens, SyntaxFault):
        return tokens
    return _unclosed_bracket(tokens) or _refused(text) or _reads_of(tokens)


def _unclosed_bracket(tokens: list[JsonataToken]) -> SyntaxFault | None:
    openers: list[JsonataToken] = []
    for token in tokens:
        if token.kind != "sign":
            continue
        if token.lexeme in CLOSING:
            openers.append(token)
        elif token.lexeme in (")", "]", "}"):
            if not openers:
                return SyntaxFault(f"{token.lexeme!r} closes nothing", token.at)
            expected = CLOSING[openers.pop().lexeme]
            if token.lexeme != expected:
                return SyntaxFault(f"{expected!r} is missing before {token.lexeme!r}", token.at)
    if tokens and tokens[-1].kind == "sign" and tokens[-1].lexeme in _INFIX:
        return SyntaxFault(f"nothing follows {tokens[-1].lexeme!r}", tokens[-1].at)
    if openers:
        opened = openers[-1]
        return SyntaxFault(f"{CLOSING[opened.lexeme]!r} is missing for {opened.lexeme!r}", opened.at)
    return None


def _reads_of(tokens: list[JsonataToken]) -> JsonataReads:
    read: dict[str, None] = {}
    tested: dict[str, None] = {}
    called: dict[str, None] = {}
    fields: dict[str, None] = {}
    keys: dict[str, None] = {}
    bound: set[str] = set()
    end = JsonataToken("", "", -1)
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
            if after[0].lexeme == "." and (field := _field_name(after[1])):
                fields[field] = None
                if field == "context" and after[2].lexeme == "." and (key := _field_name(after[3])):
                    keys[key] = None
        elif after[0].lexeme == "(":
            called[name] = None
        else:
            read[name] = None
            exists = before.lexeme == "(" and index > 1 and tokens[index - 2].lexeme == "$exists"
            if exists or after[0].lexeme in ("?", "?:", "??"):
                tested[name] = None
    return JsonataReads(
        tuple(name for name in read if name not in bound and name not in FUNCTIONS),
        tuple(tested),
        tuple(name for name in called if name not in bound),
        tuple(name for name in (*called, *read) if name not in bound),
        () if "states" in bound else tuple(fields),
        () if "states" in bound else tuple(keys),
        _loose(tokens),
        any(token.lexeme == "$$" for token in tokens if token.kind == "variable"),
    )


_WORDS: Final = ("and", "or", "in", "true", "false", "null", "function", "λ")


def _loose(tokens: list[JsonataToken]) -> tuple[str, ...]:
    """Return the names that stand where no step, predicate, order or grouping gives them a value."""
    if any(token.lexeme == "|" for token in tokens):
        return ()  # a transformation has values of its own
    loose: dict[str, None] = {}
    valued = [False]
    headers: list[bool] = []  # whether each open bracket holds the parameters of a function
    before = JsonataToken("", "", -1)
    is_header = False  # whether the bracket that has just been closed held parameters
    for index, token in enumerate(tokens):
        follows_value = index > 0 and not expects_operand(tokens[index - 1 : index])
        if token.kind == "sign" and token.lexeme in CLOSING:
            stepped = before.lexeme in (".", "^")
            taken = follows_value and not is_header and token.lexeme in ("[", "{")
            valued.append(valued[-1] or stepped or taken)
            headers.append(token.lexeme == "(" and before.lexeme in ("function", "λ"))
        elif token.kind == "sign" and token.lexeme in CLOSING.values() and headers:
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


def _field_name(token: JsonataToken) -> str:
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
