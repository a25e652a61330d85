"""What is drawn at random, valid in our eyes, is so in those of the validators from npm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from cfngen import Workflow
from tests.asl.test_nested_properties import workflows
from tests.validators.agreement import by_others

DRAWN = 60


@pytest.fixture(scope="session")
def said(npm_packages: Path) -> dict[str, dict[str, list[str]]]:
    """What each validator says of each drawn definition; one process is asked of all of them."""
    definitions: dict[str, object] = {}

    @settings(max_examples=DRAWN, deadline=None, derandomize=True, phases=[Phase.generate], database=None)
    @given(workflows())
    def draw(workflow: Workflow) -> None:
        definitions[str(len(definitions))] = json.loads(json.dumps(workflow.to_asl()))

    draw()
    return by_others(definitions, npm_packages)


def known(message: str) -> bool:
    """Tell that asl-validator refuses an empty text in a payload of JSONata: see docs/validators.md."""
    inside = any(f"/{field}/" in message for field in ("Assign", "Output", "Arguments"))
    return inside and message.endswith("must match exactly one schema in oneOf")


@pytest.mark.parametrize("validator", ["asl-validator", "asl-service"])
def test_what_is_nested_is_accepted(validator: str, said: dict[str, dict[str, list[str]]]) -> None:
    assert len(said) == DRAWN
    messages = [
        (name, " ".join(message.split()))
        for name, verdicts in said.items()
        for message in verdicts[validator]
    ]
    assert [(name, message) for name, message in messages if not known(message)] == []
