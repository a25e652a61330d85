"""Texts that are known in part: a verdict that is sure holds whatever the symbols turn out to be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen.cfn.symbolic import (
    ACCOUNT,
    ASSUMED,
    NO,
    PARTITION,
    REGION,
    UNKNOWN,
    YES,
    Symbol,
    Text,
    Verdict,
    replaced,
    spelled,
    text,
)
from cfngen.iam.matching import covers, matches
from tests.rings import examples

JOBS = Symbol("Jobs.Name", "name", "queue")
MAILS = Symbol("Mails.Name", "name", "queue")
ANY = Symbol("Parameter")
DEFAULTED = Symbol("Name", default="jobs")
OWN = text("arn:", PARTITION, ":sqs:", REGION, ":", ACCOUNT, ":")

CASES = [
    (("*",), text(*OWN, JOBS), YES),
    (text(*OWN, JOBS), text(*OWN, JOBS), YES),
    (text(*OWN, "*"), text(*OWN, JOBS), YES),
    (text(*OWN, MAILS), text(*OWN, JOBS), NO),
    (text(*OWN, JOBS), text(*OWN, "jobs"), UNKNOWN),
    (text(*OWN, "jobs"), text(*OWN, "mails"), NO),
    (text(*OWN, "j*s"), text(*OWN, "jobs"), YES),
    (text(*OWN, "j?bs"), text(*OWN, "jobs"), YES),
    (text(*OWN, "jobs"), text(*OWN, "Jobs"), NO),
    (text(*OWN, "team-a"), text(*OWN, "team-*"), UNKNOWN),
    (text(*OWN, "mail-a"), text(*OWN, "team-*"), NO),
    (text(*OWN, "team-*"), text(*OWN, "team-a*"), YES),
    (("arn:aws:sqs:eu-west-1:123456789012:jobs",), text(*OWN, "jobs"), ASSUMED),
    (("arn:aws:sqs:*:*:jobs",), text(*OWN, "jobs"), ASSUMED),
    (("arn:aws:sns:*:*:jobs",), text(*OWN, "jobs"), NO),
    (("arn:awss:sqs:*:*:jobs",), text(*OWN, "jobs"), NO),
    (("arn:aws:sqs:eu-west1:*:jobs",), text(*OWN, "jobs"), NO),
    (("arn:aws:sqs:*:1234:jobs",), text(*OWN, "jobs"), NO),
    (text(*OWN, DEFAULTED), text(*OWN, "jobs"), ASSUMED),
    (text(*OWN, DEFAULTED), text(*OWN, "mails"), UNKNOWN),
    ((ANY,), text(*OWN, "jobs"), UNKNOWN),
    ((ANY,), (ANY,), YES),
    (("arn:aws:sqs",), text(*OWN, "jobs"), UNKNOWN),
    (text(*OWN, "${aws:PrincipalTag/team}"), text(*OWN, "jobs"), UNKNOWN),
    (text(*OWN, "a${*}b"), text(*OWN, "a${*}b"), YES),
    (text(*OWN, "a${*}b"), text(*OWN, "axb"), NO),
    (text(*OWN, "job/*"), ("*",), NO),
    (("arn:aws:sqs:*:*:*",), ("*",), UNKNOWN),
    (("*",), ("*",), YES),
    (("arn:aws:batch:*:*:job-definition/a",), ("arn:aws:batch:eu-west-1:123456789012:job-definition/a:*",), NO),
    (("arn:aws:states:*:execution:M:*",), ("arn:aws:states:eu-west-1:123456789012:execution:M:*",), UNKNOWN),
    (("arn:aws:sqs:*:*:jobs",), ("arn:aws:sqs:*:123456789012:jobs",), YES),
    (("arn:aws:sqs:*:*:a*b",), ("arn:aws:sqs:*:*:a**b",), YES),
    (("arn:aws:sqs:**:*:b",), ("arn:aws:sqs:*:*:b",), YES),
    (text(*OWN, "${aws:username}"), text(*OWN, "${aws:username}"), YES),
    (("arn:aws:sqs:*:123456789012:jobs",), ("arn:aws:sqs:*:123456789012:jo:bs",), NO),
    (("arn:aws:sqs:eu-*:123456789012:a:*",), ("arn:aws:sqs:us-east-1:123456789012:a:b",), NO),
    (text("arn:aws:sqs:eu-west-1:", ACCOUNT, ":x-*"), ("arn:aws:sqs:*:123456789012:x-a",), UNKNOWN),
    (text(*OWN, JOBS), text(*OWN, "a", MAILS), UNKNOWN),
    (text(*OWN, JOBS), text(*OWN, Symbol("Other.Name", "name", "topic")), UNKNOWN),
    (text(*OWN, Symbol("A.Name", "name")), text(*OWN, Symbol("B.Name", "name")), UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "subject", "verdict"),
    CASES,
    ids=lambda one: one.name if isinstance(one, Verdict) else spelled(one),
)
def test_a_pattern_matches_an_arn(
    pattern: tuple[Any, ...], subject: tuple[Any, ...], verdict: Verdict
) -> None:
    assert covers(pattern, subject) == verdict


def test_in_policies_of_2008_a_variable_is_but_text() -> None:
    pattern, subject = text(*OWN, "${aws:username}"), text(*OWN, "jobs")
    assert covers(pattern, subject) == UNKNOWN
    assert covers(pattern, subject, variables=False) == NO


CHARACTERS = "ab/:"
SYMBOLS = [Symbol("N", "name"), Symbol("M", "name"), Symbol("A")]
pieces = st.lists(st.sampled_from(SYMBOLS) | st.text(f"{CHARACTERS}*?", max_size=4), max_size=5).map(
    lambda drawn: text(*drawn)
)
worlds = st.fixed_dictionaries(
    {
        symbol: st.text(
            "ab" if symbol.kind == "name" else CHARACTERS, min_size=symbol.kind == "name", max_size=3
        )
        for symbol in SYMBOLS
    }
)


def matched(pattern: str, subject: str) -> bool:
    """Tell by regular expressions whether a pattern matches a literal."""
    given = "".join(".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern)
    return re.fullmatch(given, subject, re.DOTALL) is not None


@examples(1_000)
@given(pieces, pieces, worlds, st.lists(st.text(CHARACTERS, max_size=3), min_size=5, max_size=5))
def test_a_verdict_that_is_sure_holds_in_every_world(
    pattern: Text, subject: Text, world: dict[Symbol, str], fillings: list[str]
) -> None:
    verdict = matches(pattern, subject)
    known = "".join(map(str, replaced(pattern, world)))
    given = "".join(map(str, replaced(subject, world))).replace("?", "a")
    for filling in fillings:
        given = given.replace("*", filling, 1)
    if "*" in given:
        return
    if verdict == YES:
        assert matched(known, given)
    if verdict == NO:
        assert not matched(known, given)


@examples(500)
@given(st.text(f"{CHARACTERS}*?", max_size=8), st.text(CHARACTERS, max_size=8))
def test_of_what_is_known_whole_every_verdict_is_sure(pattern: str, subject: str) -> None:
    assert matches(text(pattern), text(subject)) == (YES if matched(pattern, subject) else NO)
