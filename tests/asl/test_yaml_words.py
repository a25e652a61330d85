"""Words that YAML 1.1 has other values for, as AWS reads them."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen import Workflow
from cfngen.documents.source import parse
from tests.rows import each_row


@each_row(
    ("text", "value"),
    [
        *[(word, True) for word in ("yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE")],
        *[(word, False) for word in ("no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE")],
        *[(word, word) for word in ("y", "Y", "n", "N", "yEs", "1:30", "01:30:00", "1:30.5", "2026-01-01")],
        *[(f"'{word}'", word) for word in ("yes", "On", "1:30", "010")],
        ("010", 8),
        ("0x10", 16),
        ("1_000", 1000),
    ],
)
def test_a_value_is_what_aws_reads(text: str, value: Any) -> None:
    assert parse(f"a: {text}").data == {"a": value}
    assert type(parse(f"a: {text}").data["a"]) is type(value)


@each_row("word", ["Yes", "No", "On", "off", "y", "1:30", "010", "true"])
def test_a_key_is_text(word: str) -> None:
    assert [*parse(f"{word}: 1").data] == [word]


@pytest.mark.parametrize("field", ["Next: Yes", "Next: 'Yes'"])
def test_a_state_with_the_name_of_a_truth_is_found_where_its_name_is_text(field: str) -> None:
    text = f"StartAt: A\nStates:\n  A: {{Type: Pass, {field}}}\n  Yes: {{Type: Succeed}}\n"
    problems = [str(problem) for problem in Workflow.read(text).check() if "/Next" in problem.location]
    assert problems == (
        []
        if "'" in field
        else [
            "/States/A/Next: 'Next' takes the name of a state, not true [SCHEMA_VALIDATION_FAILED]\n"
            "    hint: YAML reads Yes, On, True as true: write the name in quotation marks"
        ]
    )


def test_a_machine_that_starts_at_a_truth_is_told_how_to_write_its_name() -> None:
    problems = Workflow.read("StartAt: Yes\nStates:\n  Yes: {Type: Succeed}\n").check()
    assert ("/StartAt", "YAML reads Yes, On, True as true: write the name in quotation marks") in [
        (problem.location, problem.hint) for problem in problems
    ]
