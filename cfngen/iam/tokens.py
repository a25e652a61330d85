"""Patterns of policies and texts that are known in part, as tokens, and whether tokens match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from cfngen.cfn.symbolic import Placeholder, SymbolicText
from cfngen.cfn.text import OPEN


class Wild(NamedTuple):
    """A wildcard; ``crosses`` where it goes on beyond a colon."""

    name: str
    crosses: bool = True


STAR: Final = Wild("*")
_STAR_WITHIN: Final = Wild("*", False)
_ONE: Final = Wild("?")

Token: TypeAlias = "str | Placeholder | Wild"
"""A character, a symbol or a wildcard."""

FIELDS: Final = 6
"""How many fields an ARN has."""

_KINDS: Final[Mapping[str, Callable[[str], object]]] = {
    "any": lambda character: True,
    "name": lambda character: character not in ":/",
    "partition": re.compile(r"[a-z-]").match,
    "region": re.compile(r"[a-z0-9-]").match,
    "account": re.compile(r"[0-9]").match,
}


def plain_tokens(text: SymbolicText) -> tuple[Token, ...]:
    """Return a text in which wildcards are but characters."""
    tokens: list[Token] = []
    for piece in text:
        tokens += [piece] if isinstance(piece, Placeholder) else piece
    return tuple(tokens)


@lru_cache(maxsize=10_000)
def pattern_tokens(text: SymbolicText, arn: bool, variables: bool) -> tuple[Token, ...]:
    """Return a pattern a character at a time; in the fields of an ARN ``*`` stops at the colon."""
    tokens: list[Token] = []
    colons = 0
    for index, piece in enumerate(text):
        if isinstance(piece, Placeholder):
            tokens.append(piece)
            continue
        at = close = 0
        while at < len(piece):
            character = piece[at]
            if variables and piece.startswith(OPEN, at):  # which begins a variable of IAM's as well
                if 0 <= close <= at:
                    close = piece.find("}", at)
                if close >= 0:
                    name = piece[at + 2 : close]
                    tokens.append(name if name in ("*", "?", "$") else Placeholder(f"!{name}"))
                    at = close + 1
                    continue
            at += 1
            if character == "*":
                last = at == len(piece) and index == len(text) - 1
                star = STAR if not arn or last or colons >= FIELDS - 1 else _STAR_WITHIN
                if tokens and tokens[-1] in (STAR, _STAR_WITHIN):  # together they match what one does
                    tokens[-1] = STAR if STAR in (star, tokens[-1]) else _STAR_WITHIN
                else:
                    tokens.append(star)
            elif character == "?":
                tokens.append(_ONE)
            else:
                colons += character == ":"
                tokens.append(character)
    return tuple(tokens)


def without_common(
    one: tuple[Token, ...], other: tuple[Token, ...]
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Return both without what they begin with alike, which leaves less to compare."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs or isinstance(mine, Wild):
            break
        length += 1
    return one[length:], other[length:]


def includes(pattern: tuple[Token, ...], subject: tuple[Token, ...]) -> bool:
    """Tell whether the pattern matches whatever the symbols and wildcards of the subject stand for."""
    end = len(pattern)

    def reached(places: Iterable[int]) -> set[int]:
        closed: set[int] = set()
        for place in places:
            closed.add(place)
            while place < end and pattern[place] in (STAR, _STAR_WITHIN):
                place += 1
                closed.add(place)
        return closed

    places = reached([0])
    for token in subject:
        following = []
        for place in places - {end}:
            mine = pattern[place]
            if mine == STAR:
                following.append(place)
            elif mine == _STAR_WITHIN:
                if _stays_within(token):
                    following.append(place)
            elif mine == token or (mine == _ONE and isinstance(token, str)):
                following.append(place + 1)
        places = reached(following)
        if not places:
            return False
    return end in places


def overlaps(one: tuple[Token, ...], other: tuple[Token, ...]) -> bool:
    """Tell whether some text could be both; where that is hard to say, it could."""
    visited = {(0, 0)}
    pending = [(0, 0)]
    ends = (len(one), len(other))
    while pending:
        left, right = pending.pop()
        if (left, right) == ends:
            return True
        mine = one[left] if left < ends[0] else None
        theirs = other[right] if right < ends[1] else None
        steps = []
        if mine is not None and theirs is not None and _are_different_names(one, left, other, right):
            continue
        if mine is not None and _is_long(mine):
            steps.append((left + 1, right))
            if theirs is not None and not _is_long(theirs) and _allows(mine, theirs):
                steps.append((left, right + 1))
        if theirs is not None and _is_long(theirs):
            steps.append((left, right + 1))
            if mine is not None and not _is_long(mine) and _allows(theirs, mine):
                steps.append((left + 1, right))
        if mine is None or theirs is None or _is_long(mine) or _is_long(theirs):
            pass
        elif mine == theirs or _ONE in (mine, theirs):
            steps.append((left + 1, right + 1))
        for step in steps:
            if step not in visited:
                visited.add(step)
                pending.append(step)
    return False


def by_default(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens with the symbols that have a default as that."""
    defaults: list[Token] = []
    for token in tokens:
        known = token.default if isinstance(token, Placeholder) else None
        defaults += [token] if known is None else known
    return tuple(defaults)


def _stays_within(token: Token) -> bool:
    """Tell whether a token stands for nothing that holds a colon."""
    if isinstance(token, str):
        return token != ":"
    return token == _STAR_WITHIN or (isinstance(token, Placeholder) and token.kind != "any")


def _are_different_names(one: tuple[Token, ...], left: int, other: tuple[Token, ...], right: int) -> bool:
    """Tell whether two names that differ stand at the same place, and end at the same."""
    mine, theirs = one[left], other[right]
    if not isinstance(mine, Placeholder) or not isinstance(theirs, Placeholder) or mine == theirs:
        return False
    if not mine.group or mine.group != theirs.group:
        return False
    before = {tokens[at - 1] if at else ":" for tokens, at in ((one, left), (other, right))}
    after = {
        tokens[at + 1] if at + 1 < len(tokens) else None for tokens, at in ((one, left), (other, right))
    }
    return len(after) == 1 and after <= {None, ":", "/"} and before <= {":", "/", "-"}


def _is_long(token: Token) -> bool:
    return isinstance(token, Placeholder) or token in (STAR, _STAR_WITHIN)


def _allows(long: Token, character: Token) -> bool:
    if not isinstance(long, Placeholder) or not isinstance(character, str):
        return True
    return bool(_KINDS[long.kind](character))
