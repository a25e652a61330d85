"""Whether patterns of policies match texts that are known in part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Final, NamedTuple, TypeAlias

from cfngen.cfn.symbolic import (
    ASSUMED,
    NO,
    UNKNOWN,
    YES,
    Placeholder,
    SymbolicText,
    Verdict,
    has_wildcard,
    literal,
    symbolic_text,
    to_sub,
)
from cfngen.cfn.text import OPEN


def covers(pattern: SymbolicText, subject: SymbolicText, *, variables: bool = True) -> Verdict:
    """Tell whether the pattern of a policy matches an ARN.

    A wildcard in ``subject`` stands for everything that it may be: all of it must match. Without
    ``variables``, as in policies of 2008, ``${...}`` in a literal is but text.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    return _covers(pattern, subject, variables)


def matches(pattern: SymbolicText, subject: SymbolicText) -> Verdict:
    """Tell whether a pattern matches a text that is no ARN, such as an action or a condition's value."""
    return _compared(_tokens(pattern, False, True), _tokens(subject, False, True), ())


def same(one: SymbolicText, other: SymbolicText) -> Verdict:
    """Tell whether two texts are equal; wildcards are but characters."""
    return _compared(_plain(one), _plain(other), ())


def service_of(arn: SymbolicText) -> str | None:
    """Return the service that an ARN names, or None where that is not known."""
    fields = _fields(arn)
    known = literal(fields[2]) if len(fields) > 3 else None
    return None if known is None or has_wildcard(fields[2]) else known


# --- tokens --------------------------------------------------------------------------------------


class _Wild(NamedTuple):
    name: str
    crosses: bool = True


_STAR: Final = _Wild("*")
_STAR_WITHIN: Final = _Wild("*", False)
_ONE: Final = _Wild("?")

_Token: TypeAlias = "str | Placeholder | _Wild"

_FIELDS: Final = 6
_KINDS: Final[Mapping[str, Callable[[str], object]]] = {
    "any": lambda character: True,
    "name": lambda character: character not in ":/",
    "partition": re.compile(r"[a-z-]").match,
    "region": re.compile(r"[a-z0-9-]").match,
    "account": re.compile(r"[0-9]").match,
}
_WHOLE: Final[Mapping[str, re.Pattern[str]]] = {
    "partition": re.compile(r"aws(-[a-z]+)*"),
    "region": re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+"),
    "account": re.compile(r"[0-9]{12}"),
}


def _plain(text: SymbolicText) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    for piece in text:
        tokens += [piece] if isinstance(piece, Placeholder) else piece
    return tuple(tokens)


@lru_cache(maxsize=10_000)
def _tokens(text: SymbolicText, arn: bool, variables: bool) -> tuple[_Token, ...]:
    """Return a pattern a character at a time; in the fields of an ARN ``*`` stops at the colon."""
    tokens: list[_Token] = []
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
                star = _STAR if not arn or last or colons >= _FIELDS - 1 else _STAR_WITHIN
                if tokens and tokens[-1] in (_STAR, _STAR_WITHIN):  # together they match what one does
                    tokens[-1] = _STAR if _STAR in (star, tokens[-1]) else _STAR_WITHIN
                else:
                    tokens.append(star)
            elif character == "?":
                tokens.append(_ONE)
            else:
                colons += character == ":"
                tokens.append(character)
    return tuple(tokens)


# --- matching ------------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def _covers(pattern: SymbolicText, subject: SymbolicText, variables: bool) -> Verdict:
    if pattern == ("*",):
        return YES
    pattern_tokens, subject_tokens = _tokens(pattern, True, variables), _tokens(subject, True, True)
    if subject == ("*",):
        return UNKNOWN if _is_any_of_a_service(pattern) else NO
    if _has_impossible_pseudo_parameter(pattern, subject) or _has_impossible_pseudo_parameter(
        subject, pattern
    ):
        return NO
    verdict = _compared(pattern_tokens, subject_tokens, (pattern, subject))
    short = sum(token == ":" for token in pattern_tokens) < _FIELDS - 1 and isinstance(
        pattern_tokens[0] if pattern_tokens else "", str
    )
    if short and not str(pattern[-1]).endswith("*"):
        # IAM refuses such an ARN or fills it up with wildcards, as the kind of the policy may be
        filled = _compared((*pattern_tokens, _STAR), subject_tokens, ())
        return (
            UNKNOWN
            if filled > NO and not any(isinstance(piece, Placeholder) for piece in pattern)
            else verdict
        )
    return verdict


def _has_impossible_pseudo_parameter(one: SymbolicText, other: SymbolicText) -> bool:
    """Tell whether a literal stands where there is a pseudo parameter, and is no region or no account."""
    if "AWS::" not in to_sub(other):
        return False
    for mine, theirs in zip(_fields(one), _fields(other), strict=False):
        known = literal(mine)
        if (
            len(theirs) != 1
            or not isinstance(theirs[0], Placeholder)
            or known is None
            or has_wildcard(mine)
        ):
            continue
        if theirs[0].kind in _WHOLE and not _WHOLE[theirs[0].kind].fullmatch(known):
            return True
    return False


def _is_any_of_a_service(pattern: SymbolicText) -> bool:
    """Tell whether an ARN is that of all there is in a service, whose meaning for none is not written."""
    tail = pattern[-1] if pattern else ""
    return isinstance(tail, str) and (tail == "*" or tail.endswith(":*"))


def _compared(
    pattern: tuple[_Token, ...], subject: tuple[_Token, ...], arns: tuple[SymbolicText, ...]
) -> Verdict:
    pattern, subject = _without_common(pattern, subject)
    if _includes(pattern, subject):
        return YES
    if not _overlaps(pattern, subject) or (arns and not _could_be(*arns)):
        return NO
    if arns:
        one, other = (_assumed(arn) for arn in arns)
        one, other = _unified(one, other)
        if _includes(_tokens(one, True, True), _tokens(other, True, True)):
            return ASSUMED
    elif _includes(_by_default(pattern), _by_default(subject)):
        return ASSUMED
    return UNKNOWN


def _could_be(pattern: SymbolicText, subject: SymbolicText) -> bool:
    """Tell whether two ARNs could be the same where both have all their fields.

    A wildcard at the end of a field may go on beyond the colon, which an ARN without a region or account
    of its own may mean to use; where those are there, each field is compared by itself.
    """
    mine, theirs = _fields(pattern), _fields(subject)
    if (
        len(mine) != _FIELDS
        or len(theirs) != _FIELDS
        or not all(_PLAUSIBLE[i](mine[i]) for i in _PLAUSIBLE)
    ):
        return True
    return all(
        _overlaps(_tokens(one, False, True), _tokens(other, False, True))
        for one, other in zip(mine, theirs, strict=True)
    )


def _is_plausible(kind: str, field: SymbolicText) -> bool:
    known = literal(field)
    return not known or has_wildcard(field) or bool(_WHOLE[kind].fullmatch(known))


_PLAUSIBLE: Final[Mapping[int, Callable[[SymbolicText], bool]]] = {
    3: partial(_is_plausible, "region"),
    4: partial(_is_plausible, "account"),
}
"""The fields by which one sees whether a wildcard stands for several."""


def _without_common(
    one: tuple[_Token, ...], other: tuple[_Token, ...]
) -> tuple[tuple[_Token, ...], tuple[_Token, ...]]:
    """Return both without what they begin with alike, which leaves less to compare."""
    length = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs or isinstance(mine, _Wild):
            break
        length += 1
    return one[length:], other[length:]


def _includes(pattern: tuple[_Token, ...], subject: tuple[_Token, ...]) -> bool:
    """Tell whether the pattern matches whatever the symbols and wildcards of the subject stand for."""
    end = len(pattern)

    def reached(places: Iterable[int]) -> set[int]:
        closed: set[int] = set()
        for place in places:
            closed.add(place)
            while place < end and pattern[place] in (_STAR, _STAR_WITHIN):
                place += 1
                closed.add(place)
        return closed

    places = reached([0])
    for token in subject:
        following = []
        for place in places - {end}:
            mine = pattern[place]
            if mine == _STAR:
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


def _stays_within(token: _Token) -> bool:
    """Tell whether a token stands for nothing that holds a colon."""
    if isinstance(token, str):
        return token != ":"
    return token == _STAR_WITHIN or (isinstance(token, Placeholder) and token.kind != "any")


def _overlaps(one: tuple[_Token, ...], other: tuple[_Token, ...]) -> bool:
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


def _are_different_names(one: tuple[_Token, ...], left: int, other: tuple[_Token, ...], right: int) -> bool:
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


def _is_long(token: _Token) -> bool:
    return isinstance(token, Placeholder) or token in (_STAR, _STAR_WITHIN)


def _allows(long: _Token, character: _Token) -> bool:
    if not isinstance(long, Placeholder) or not isinstance(character, str):
        return True
    return bool(_KINDS[long.kind](character))


def _by_default(tokens: tuple[_Token, ...]) -> tuple[_Token, ...]:
    defaults: list[_Token] = []
    for token in tokens:
        known = token.default if isinstance(token, Placeholder) else None
        defaults += [token] if known is None else known
    return tuple(defaults)


def _assumed(text: SymbolicText) -> SymbolicText:
    return symbolic_text(
        *(
            piece.default if isinstance(piece, Placeholder) and piece.default is not None else piece
            for piece in text
        )
    )


def _unified(one: SymbolicText, other: SymbolicText) -> tuple[SymbolicText, SymbolicText]:
    """Return two ARNs with the same symbol where one has a pseudo parameter and the other a literal."""
    fields, others = _fields(one), _fields(other)
    if len(fields) != _FIELDS or len(others) != _FIELDS:
        return one, other
    for index in range(_FIELDS):
        for mine, theirs in ((fields, others), (others, fields)):
            symbol = mine[index][0] if len(mine[index]) == 1 else None
            known = literal(theirs[index])
            if not isinstance(symbol, Placeholder) or symbol.kind not in _WHOLE or known is None:
                continue
            if _WHOLE[symbol.kind].fullmatch(known):
                theirs[index] = (symbol,)
    return _joined(fields), _joined(others)


def _fields(arn: SymbolicText) -> list[SymbolicText]:
    """Return the six fields of an ARN, or fewer."""
    fields: list[list[str | Placeholder]] = [[]]
    for piece in arn:
        if isinstance(piece, Placeholder):
            fields[-1].append(piece)
            continue
        first, *rest = piece.split(":", _FIELDS - len(fields))
        fields[-1].append(first)
        fields += [[field] for field in rest]
    return [symbolic_text(*field) for field in fields]


def _joined(fields: list[SymbolicText]) -> SymbolicText:
    pieces: list[str | Placeholder] = []
    for index, field in enumerate(fields):
        pieces += [":", *field] if index else field
    return symbolic_text(*pieces)
