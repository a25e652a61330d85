"""Texts that are known in part: a verdict that is sure holds whatever the symbols turn out to be."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    Placeholder,
    SymbolicText,
    Verdict,
    replaced,
    symbolic_text,
    to_sub,
)
from cfngen.iam.matching import covers, matches, same, service_of
from tests.rings import examples
from tests.rows import each_row

JOBS = Placeholder("Jobs.Name", "name", "queue")
MAILS = Placeholder("Mails.Name", "name", "queue")
ANY = Placeholder("Parameter")
DEFAULTED = Placeholder("Name", default="jobs")
OWN = symbolic_text("arn:", PARTITION, ":sqs:", REGION, ":", ACCOUNT, ":")

CASES = [
    (("*",), symbolic_text(*OWN, JOBS), YES),
    (symbolic_text(*OWN, JOBS), symbolic_text(*OWN, JOBS), YES),
    (symbolic_text(*OWN, "*"), symbolic_text(*OWN, JOBS), YES),
    (symbolic_text(*OWN, MAILS), symbolic_text(*OWN, JOBS), NO),
    (symbolic_text(*OWN, JOBS), symbolic_text(*OWN, "jobs"), UNKNOWN),
    (symbolic_text(*OWN, "jobs"), symbolic_text(*OWN, "mails"), NO),
    (symbolic_text(*OWN, "j*s"), symbolic_text(*OWN, "jobs"), YES),
    (symbolic_text(*OWN, "j?bs"), symbolic_text(*OWN, "jobs"), YES),
    (symbolic_text(*OWN, "jobs"), symbolic_text(*OWN, "Jobs"), NO),
    (symbolic_text(*OWN, "team-a"), symbolic_text(*OWN, "team-*"), UNKNOWN),
    (symbolic_text(*OWN, "mail-a"), symbolic_text(*OWN, "team-*"), NO),
    (symbolic_text(*OWN, "team-*"), symbolic_text(*OWN, "team-a*"), YES),
    (("arn:aws:sqs:eu-west-1:123456789012:jobs",), symbolic_text(*OWN, "jobs"), ASSUMED),
    (("arn:aws:sqs:*:*:jobs",), symbolic_text(*OWN, "jobs"), ASSUMED),
    (("arn:aws:sns:*:*:jobs",), symbolic_text(*OWN, "jobs"), NO),
    (("arn:awss:sqs:*:*:jobs",), symbolic_text(*OWN, "jobs"), NO),
    (("arn:aws:sqs:eu-west1:*:jobs",), symbolic_text(*OWN, "jobs"), NO),
    (("arn:aws:sqs:*:1234:jobs",), symbolic_text(*OWN, "jobs"), NO),
    (symbolic_text(*OWN, DEFAULTED), symbolic_text(*OWN, "jobs"), ASSUMED),
    (symbolic_text(*OWN, DEFAULTED), symbolic_text(*OWN, "mails"), UNKNOWN),
    ((ANY,), symbolic_text(*OWN, "jobs"), UNKNOWN),
    ((ANY,), (ANY,), YES),
    (("arn:aws:sqs",), symbolic_text(*OWN, "jobs"), UNKNOWN),
    (("arn:aws:sqs:eu-west-1:123456789012",), ("arn:aws:sqs:eu-west-1:123456789012:jobs",), UNKNOWN),
    (symbolic_text(*OWN, "${aws:PrincipalTag/team}"), symbolic_text(*OWN, "jobs"), UNKNOWN),
    (symbolic_text(*OWN, "a${*}b"), symbolic_text(*OWN, "a${*}b"), YES),
    (symbolic_text(*OWN, "a${*}b"), symbolic_text(*OWN, "axb"), NO),
    (symbolic_text(*OWN, "job/*"), ("*",), NO),
    (("arn:aws:sqs:*:*:*",), ("*",), UNKNOWN),
    (("*",), ("*",), YES),
    (("arn:aws:batch:*:*:job-definition/a",), ("arn:aws:batch:eu-west-1:123456789012:job-definition/a:*",), NO),
    (("arn:aws:states:*:execution:M:*",), ("arn:aws:states:eu-west-1:123456789012:execution:M:*",), UNKNOWN),
    (("arn:aws:sqs:*:*:jobs",), ("arn:aws:sqs:*:123456789012:jobs",), YES),
    (("arn:aws:sqs:*:*:a*b",), ("arn:aws:sqs:*:*:a**b",), YES),
    (("arn:aws:sqs:eu-west-1:*:jobs",), ("arn:aws:sqs:eu-west-1:1:2:jobs",), NO),
    (("arn:aws:sqs:*",), ("arn:aws:sqs:eu-west-1:123456789012:jobs",), YES),
    (("arn:aws:sqs:**",), ("arn:aws:sqs:eu-west-1:123456789012:jobs",), YES),
    (symbolic_text(*OWN, "${aws:username}-x"), symbolic_text(*OWN, "${aws:username}-y"), NO),
    (symbolic_text(*OWN, "${aws:username}-x"), symbolic_text(*OWN, "${aws:username}_x"), NO),
    (("arn:aws:sqs:**:*:b",), ("arn:aws:sqs:*:*:b",), YES),
    (symbolic_text(*OWN, "${aws:username}"), symbolic_text(*OWN, "${aws:username}"), YES),
    (("arn:aws:sqs:*:123456789012:jobs",), ("arn:aws:sqs:*:123456789012:jo:bs",), NO),
    (("arn:aws:sqs:eu-*:123456789012:a:*",), ("arn:aws:sqs:us-east-1:123456789012:a:b",), NO),
    (symbolic_text("arn:aws:sqs:eu-west-1:", ACCOUNT, ":x-*"), ("arn:aws:sqs:*:123456789012:x-a",), UNKNOWN),
    (symbolic_text(*OWN, JOBS), symbolic_text(*OWN, "a", MAILS), UNKNOWN),
    (symbolic_text(*OWN, JOBS), symbolic_text(*OWN, Placeholder("Other.Name", "name", "topic")), UNKNOWN),
    (symbolic_text(*OWN, Placeholder("A.Name", "name")), symbolic_text(*OWN, Placeholder("B.Name", "name")), UNKNOWN),
    (("arn:aws:sqs:*:123456789012:a*b",), symbolic_text(*OWN, "a:xb"), ASSUMED),
    (("arn:aws:sqs:eu-west-1:123456789012:${aws:username}",), symbolic_text(*OWN, "${aws:username}"), ASSUMED),
    (symbolic_text(*OWN, MAILS, "/x"), symbolic_text(*OWN, JOBS, "/x"), NO),
    (symbolic_text(*OWN, MAILS, "x"), symbolic_text(*OWN, JOBS, "x"), UNKNOWN),
    (symbolic_text(*OWN, "a-", MAILS), symbolic_text(*OWN, "a-", JOBS), NO),
    (("arn:aws:sqs:*:123456789012:jobs",), symbolic_text("arn:aws:sqs:", ANY, ":123456789012:jobs"), UNKNOWN),
    (("arn:aws:sqs:*:*:jobs",), symbolic_text("arn:", PARTITION, ":sqs:*:*:jobs"), ASSUMED),
    ((DEFAULTED,), ("jobs",), ASSUMED),
    ((DEFAULTED,), ("mails",), UNKNOWN),
]  # fmt: skip


@each_row(
    ("pattern", "subject", "verdict"),
    CASES,
    ids=lambda one: one.name if isinstance(one, Verdict) else to_sub(one),
)
def test_a_pattern_matches_an_arn(
    pattern: tuple[Any, ...], subject: tuple[Any, ...], verdict: Verdict
) -> None:
    assert covers(pattern, subject) == verdict


@each_row(
    ("arn", "service"),
    [(("arn:aws:sqs",), None), (("arn:aws:sqs:",), "sqs"), (OWN, "sqs"), (("arn:aws:s*:",), None), (("*",), None)],
    ids=str,
)  # fmt: skip
def test_the_service_of_an_arn_is_known_where_its_name_ends(arn: SymbolicText, service: str | None) -> None:
    assert service_of(arn) == service


@pytest.mark.parametrize("compare", [matches, same])
def test_a_parameter_is_assumed_to_have_its_default(compare: Callable[..., Verdict]) -> None:
    assert compare((DEFAULTED,), ("jobs",)) == ASSUMED
    assert compare((DEFAULTED,), ("mails",)) == UNKNOWN


def test_a_variable_of_iam_is_one_in_a_value_too() -> None:
    assert matches(("a-${aws:username}",), ("a-${aws:username}",)) == YES
    assert matches(("a-*",), ("a-${aws:username}",)) == YES
    assert matches(("b",), ("${aws:username}",)) == UNKNOWN


def test_a_wildcard_of_what_is_no_arn_goes_over_colons() -> None:
    assert matches(("a*c",), ("a:b:c",)) == YES
    assert matches(("a:c",), ("a*c",)) == UNKNOWN


def test_in_policies_of_2008_a_variable_is_but_text() -> None:
    pattern, subject = symbolic_text(*OWN, "${aws:username}"), symbolic_text(*OWN, "jobs")
    assert covers(pattern, subject) == UNKNOWN
    assert covers(pattern, subject, variables=False) == NO


CHARACTERS = "ab/:"
SYMBOLS = [Placeholder("N", "name"), Placeholder("M", "name"), Placeholder("A")]
pieces = st.lists(st.sampled_from(SYMBOLS) | st.text(f"{CHARACTERS}*?", max_size=4), max_size=5).map(
    lambda drawn: symbolic_text(*drawn)
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
    expression = "".join(
        ".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern
    )
    return re.fullmatch(expression, subject, re.DOTALL) is not None


@pytest.mark.slow
@examples(1_000)
@given(pieces, pieces, worlds, st.lists(st.text(CHARACTERS, max_size=3), min_size=5, max_size=5))
def test_a_verdict_that_is_sure_holds_in_every_world(
    pattern: SymbolicText, subject: SymbolicText, world: dict[Placeholder, str], fillings: list[str]
) -> None:
    verdict = matches(pattern, subject)
    known = "".join(map(str, replaced(pattern, world)))
    known_text = "".join(map(str, replaced(subject, world))).replace("?", "a")
    for filling in fillings:
        known_text = known_text.replace("*", filling, 1)
    if "*" in known_text:
        return
    if verdict == YES:
        assert matched(known, known_text)
    if verdict == NO:
        assert not matched(known, known_text)


@examples(500)
@given(st.text(f"{CHARACTERS}*?", max_size=8), st.text(CHARACTERS, max_size=8))
def test_of_what_is_known_whole_every_verdict_is_sure(pattern: str, subject: str) -> None:
    assert matches(symbolic_text(pattern), symbolic_text(subject)) == (
        YES if matched(pattern, subject) else NO
    )
