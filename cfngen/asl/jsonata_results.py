"""What JSONata returns where that is text, as far as the expression itself tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from cfngen.asl.jsonata_tokens import CLOSING, JsonataToken, tokens_of
from cfngen.asl.jsonpath import SyntaxFault


class TextResult(NamedTuple):
    """What an expression returns where that is text: its beginning, and whether that is all of it."""

    beginning: str
    is_whole: bool


_UNKNOWN: Final = TextResult("", False)
_DEFAULTS: Final = ("?:", "??")
_MAX_RESULTS: Final = 50


def results(text: str) -> list[TextResult]:
    """Return what an expression may return: one result, or one for each side of its conditionals."""
    tokens = tokens_of(text)
    if isinstance(tokens, SyntaxFault):
        return [_UNKNOWN]
    known: list[TextResult] = []
    parts = [tokens]
    while parts:
        if len(known) + len(parts) > _MAX_RESULTS:
            return [_UNKNOWN]
        part = _last_expression(parts.pop())
        sides = _sides(part)
        if sides is None:
            known.append(_literal_beginning(part))
        else:
            parts += reversed(sides)
    return known


def _last_expression(tokens: list[JsonataToken]) -> list[JsonataToken]:
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


def _is_outside(last: JsonataToken, inner: list[JsonataToken]) -> bool:
    """Tell whether the last bracket closes the first one, and none between does."""
    return (
        last.lexeme == ")" and last.kind == "sign" and all(depth >= 0 for _, _, depth in _with_depth(inner))
    )


def _with_depth(tokens: list[JsonataToken]) -> Iterator[tuple[int, JsonataToken, int]]:
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind == "sign":
            depth -= token.lexeme in (")", "]", "}")
            yield index, token, depth
            depth += token.lexeme in CLOSING
        else:
            yield index, token, depth


def _sides(tokens: list[JsonataToken]) -> list[list[JsonataToken]] | None:
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


def _literal_beginning(tokens: list[JsonataToken]) -> TextResult:
    """Return the literal texts that an expression begins with, joined by ``&``."""
    texts: list[str] = []
    for index in range(0, len(tokens), 2):
        token = tokens[index]
        joint = tokens[index + 1].lexeme if index + 1 < len(tokens) else ""
        if token.kind != "text" or "\\" in token.lexeme:
            return TextResult("".join(texts), False)
        if joint not in ("", "&"):
            return _UNKNOWN
        texts.append(token.lexeme[1:-1])
        if not joint:
            return TextResult("".join(texts), True)
    return _UNKNOWN
