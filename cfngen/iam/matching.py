"""Whether patterns of policies match texts that are known in part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final

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
from cfngen.iam.tokens import (
    FIELDS,
    STAR,
    Token,
    by_default,
    includes,
    overlaps,
    pattern_tokens,
    plain_tokens,
    without_common,
)

_WHOLE: Final[Mapping[str, re.Pattern[str]]] = {
    "partition": re.compile(r"aws(-[a-z]+)*"),
    "region": re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+"),
    "account": re.compile(r"[0-9]{12}"),
}


def covers(pattern: SymbolicText, subject: SymbolicText, *, variables: bool = True) -> Verdict:
    """Tell whether the pattern of a policy matches an ARN.

    A wildcard in ``subject`` stands for everything that it may be: all of it must match. Without
    ``variables``, as in policies of 2008, ``${...}`` in a literal is but text.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    return _covers_uncached(pattern, subject, variables)


def matches(pattern: SymbolicText, subject: SymbolicText) -> Verdict:
    """Tell whether a pattern matches a text that is no ARN, such as an action or a condition's value."""
    return _match_verdict(pattern_tokens(pattern, False, True), pattern_tokens(subject, False, True), ())


def same(one: SymbolicText, other: SymbolicText) -> Verdict:
    """Tell whether two texts are equal; wildcards are but characters."""
    return _match_verdict(plain_tokens(one), plain_tokens(other), ())


def service_of(arn: SymbolicText) -> str | None:
    """Return the service that an ARN names, or None where that is not known."""
    fields = _arn_fields(arn)
    known = literal(fields[2]) if len(fields) > 3 else None
    return None if known is None or has_wildcard(fields[2]) else known


@lru_cache(maxsize=100_000)
def _covers_uncached(pattern: SymbolicText, subject: SymbolicText, variables: bool) -> Verdict:
    if pattern == ("*",):
        return YES
    mine, theirs = pattern_tokens(pattern, True, variables), pattern_tokens(subject, True, True)
    if subject == ("*",):
        return UNKNOWN if _is_any_of_a_service(pattern) else NO
    if _has_impossible_pseudo_parameter(pattern, subject) or _has_impossible_pseudo_parameter(
        subject, pattern
    ):
        return NO
    verdict = _match_verdict(mine, theirs, (pattern, subject))
    short = sum(token == ":" for token in mine) < FIELDS - 1 and isinstance(mine[0] if mine else "", str)
    if short and not str(pattern[-1]).endswith("*"):
        # IAM refuses such an ARN or fills it up with wildcards, as the kind of the policy may be
        filled = _match_verdict((*mine, STAR), theirs, ())
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
    for mine, theirs in zip(_arn_fields(one), _arn_fields(other), strict=False):
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


def _match_verdict(
    pattern: tuple[Token, ...], subject: tuple[Token, ...], arns: tuple[SymbolicText, ...]
) -> Verdict:
    pattern, subject = without_common(pattern, subject)
    if includes(pattern, subject):
        return YES
    if not overlaps(pattern, subject) or (arns and not _could_be(*arns)):
        return NO
    if arns:
        one, other = (_assumed(arn) for arn in arns)
        one, other = _unified(one, other)
        if includes(pattern_tokens(one, True, True), pattern_tokens(other, True, True)):
            return ASSUMED
    elif includes(by_default(pattern), by_default(subject)):
        return ASSUMED
    return UNKNOWN


def _could_be(pattern: SymbolicText, subject: SymbolicText) -> bool:
    """Tell whether two ARNs could be the same where both have all their fields.

    A wildcard at the end of a field may go on beyond the colon, which an ARN without a region or account
    of its own may mean to use; where those are there, each field is compared by itself.
    """
    mine, theirs = _arn_fields(pattern), _arn_fields(subject)
    if len(mine) != FIELDS or len(theirs) != FIELDS or not all(_PLAUSIBLE[i](mine[i]) for i in _PLAUSIBLE):
        return True
    return all(
        overlaps(pattern_tokens(one, False, True), pattern_tokens(other, False, True))
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


def _assumed(text: SymbolicText) -> SymbolicText:
    return symbolic_text(
        *(
            piece.default if isinstance(piece, Placeholder) and piece.default is not None else piece
            for piece in text
        )
    )


def _unified(one: SymbolicText, other: SymbolicText) -> tuple[SymbolicText, SymbolicText]:
    """Return two ARNs with the same symbol where one has a pseudo parameter and the other a literal."""
    fields, others = _arn_fields(one), _arn_fields(other)
    if len(fields) != FIELDS or len(others) != FIELDS:
        return one, other
    for index in range(FIELDS):
        for mine, theirs in ((fields, others), (others, fields)):
            symbol = mine[index][0] if len(mine[index]) == 1 else None
            known = literal(theirs[index])
            if not isinstance(symbol, Placeholder) or symbol.kind not in _WHOLE or known is None:
                continue
            if _WHOLE[symbol.kind].fullmatch(known):
                theirs[index] = (symbol,)
    return _joined_fields(fields), _joined_fields(others)


def _arn_fields(arn: SymbolicText) -> list[SymbolicText]:
    """Return the six fields of an ARN, or fewer."""
    fields: list[list[str | Placeholder]] = [[]]
    for piece in arn:
        if isinstance(piece, Placeholder):
            fields[-1].append(piece)
            continue
        first, *rest = piece.split(":", FIELDS - len(fields))
        fields[-1].append(first)
        fields += [[field] for field in rest]
    return [symbolic_text(*field) for field in fields]


def _joined_fields(fields: list[SymbolicText]) -> SymbolicText:
    pieces: list[str | Placeholder] = []
    for index, field in enumerate(fields):
        pieces += [":", *field] if index else field
    return symbolic_text(*pieces)
