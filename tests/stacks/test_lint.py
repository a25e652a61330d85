"""cfn-lint has nothing to say about any template: no error, no warning, no information."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from cfngen import PolicyWarning
from cfngen.inputs.targets import load, template_of
from cfngen.stacks import BatchJobNotification, options
from cfngen.stacks.samples.catalog import SAMPLES
from cfngen.template import to_yaml
from cfngen.template.lint import as_text, lint
from tests.stacks.choices import (
    CHOICES,
    covering,
    covering_values,
    every_value,
    joined,
    possible,
    possible_pairs,
)

PARTS = 6

pytestmark = pytest.mark.slow


def findings(settings: dict[str, Any]) -> str:
    text = to_yaml(BatchJobNotification(**settings).template())
    return as_text(lint(text, filename=" ".join(settings)))


@pytest.mark.parametrize("slug", [sample.slug for sample in SAMPLES])
def test_a_sample_is_clean_with_its_definition_as_text(slug: str) -> None:
    assert as_text(lint(to_yaml(template_of(load(slug)), definition="string"))) == ""


def test_there_are_values_for_every_option() -> None:
    assert set(CHOICES) == set(options.options_of(BatchJobNotification))


def test_each_value_is_a_value_of_its_option() -> None:
    assert [name for name, values in CHOICES.items() for value in values if name not in value] == []


def test_each_value_is_possible() -> None:
    assert [value for value in every_value() if not possible(value)] == []


def test_templates_that_hold_each_value_of_an_option_are_clean() -> None:
    assert "".join(map(findings, covering_values())) == ""


@pytest.mark.long
@pytest.mark.parametrize("option", CHOICES)
def test_a_template_with_one_option_is_clean(option: str) -> None:
    assert "".join(map(findings, CHOICES[option])) == ""


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_a_template_with_any_two_options_is_clean(part: int) -> None:
    assert "".join(map(findings, covering()[part::PARTS])) == ""


@pytest.mark.long
def test_the_choices_hold_every_pair_of_values_that_is_possible() -> None:
    values = list(every_value())
    held = {
        (one, other)
        for row in covering()
        for places in [[place for place, value in enumerate(values) if joined(row, value) == row]]
        for one in places
        for other in places
        if one < other
    }
    assert possible_pairs() <= held


@pytest.mark.long
def test_most_pairs_are_possible() -> None:
    assert len(possible_pairs()) > 4000


def test_cfn_lint_would_say_so_if_a_template_were_wrong() -> None:
    template = BatchJobNotification().template()
    template.resources["BatchJobQueue"].properties["Priority"] = "high"
    assert "[E3012]" in as_text(lint(to_yaml(template)))


def test_no_template_warns_of_a_policy_that_is_wider_than_it_need_be() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", PolicyWarning)
        for settings in covering_values():
            BatchJobNotification(**settings).template()
