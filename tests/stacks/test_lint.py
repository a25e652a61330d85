"""cfn-lint has nothing to say about any template, in any region: no error, no warning, no information."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from cfngen import PolicyWarning
from cfngen.inputs.targets import load, template_of
from cfngen.stacks import BatchJobNotification, options
from cfngen.stacks.samples.catalog import SAMPLES
from cfngen.template import to_yaml
from cfngen.template.lint import ALL_REGIONS, _cfnlint_rules, as_text, lint
from tests.stacks.choices import (
    CHOICES,
    covering,
    covering_values,
    every_value,
    joined,
    possible,
    possible_pairs,
)

PARTS = 2

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def each_resource_is_linted_once() -> Iterator[None]:
    """Let cfn-lint pass over a resource that was clean before, beside resources of the same types.

    Most resources of two templates are the same, and cfn-lint takes most of its time for resources.
    """
    rule, clean = _cfnlint_rules()["E3001"], set[Any]()
    lint_resources = rule.validate

    def lint_new(validator: Any, keywords: Any, resources: Any, schema: Any) -> Iterator[Any]:
        types = {**validator.context.resources, **validator.context.parameters}
        new = {}
        for name, resource in resources.items():
            body = json.dumps(resource)
            refers_to = frozenset((it, types[it].type) for it in types if f'"{it}' in body)
            if (name, body, refers_to) not in clean:
                new[name, body, refers_to] = resource
        named = {name: resource for (name, *_), resource in new.items()}
        problems = list(lint_resources(validator, keywords, named, schema)) if named else []
        clean.update(() if problems else new)
        yield from problems

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rule, "validate", lint_new)
        yield


def findings(settings: dict[str, Any]) -> str:
    text = to_yaml(BatchJobNotification(**settings).template())
    return as_text(lint(text, filename=" ".join(settings), regions=ALL_REGIONS))


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
def test_a_template_with_one_option_is_clean() -> None:
    assert "".join(map(findings, every_value())) == ""


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
    assert as_text(lint(to_yaml(template))) == ""
    template.resources["BatchJobQueue"].properties["Priority"] = "high"
    for _ in range(2):
        assert "[E3012]" in as_text(lint(to_yaml(template)))
    template = BatchJobNotification().template()
    del template.resources["SNSTopic"]
    assert "'SNSTopic' is not one of" in as_text(lint(to_yaml(template)))


def test_no_template_warns_of_a_policy_that_is_wider_than_it_need_be() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", PolicyWarning)
        for settings in covering_values():
            BatchJobNotification(**settings).template()
