"""What the diff calls equal in permissions: iam-simulate from npm cannot tell it apart on the needs of both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cfngen.audit import Audit
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import literal
from cfngen.diff import Side, compare
from tests import npm
from tests.diff.drawn import REGION, policies, policy, reworded, side_of, templates

DRAWN = 150
HERE = Path(__file__).parent
CONTEXT = {"aws:SecureTransport": "true", "aws:RequestedRegion": REGION}


class Pair(NamedTuple):
    """The policies of two roles that the diff calls equal, and what the machines of both ask of them."""

    old: dict[str, Any]
    new: dict[str, Any]
    requests: list[tuple[str, str]]


def needs(side: Side) -> list[tuple[str, str]]:
    assert side.source is not None
    assert side.template is not None
    audit, values = Audit(side.source, side.machines), Values(side.template)
    requests = [one for need in audit.needs(side.machines[0], values) for one in need.requests(values)]
    return [(one.action, str(literal(one.resource))) for one in requests]


def permissions(template: dict[str, Any]) -> Any:
    return template["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    drawn: list[Pair] = []

    @settings(max_examples=DRAWN, deadline=None, derandomize=True, phases=[Phase.generate], database=None)
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        old, new = data.draw(templates()), data.draw(templates())
        statements = permissions(old)["Statement"]
        permissions(new)["Statement"] = data.draw(reworded(statements) | policies)
        one, other = side_of(old, "old"), side_of(new, "new")
        if not any(machine.permissions for machine in compare(one, other).machines):
            drawn.append(
                Pair(policy(statements), permissions(new), [*dict.fromkeys((*needs(one), *needs(other)))])
            )

    draw()
    return drawn


def test_the_simulator_decides_the_same_of_what_is_equal(pairs: list[Pair], npm_packages: Path) -> None:
    asked = [
        {"policy": document, "action": action, "resource": resource, "context": CONTEXT}
        for pair in pairs
        for action, resource in pair.requests
        for document in (pair.old, pair.new)
    ]
    said = npm.ask(HERE / "simulation.js", npm_packages, asked)
    different = [
        (json.dumps(one), before, after)
        for one, before, after in zip(asked[::2], said[::2], said[1::2], strict=True)
        if before != after
    ]
    assert different == []
    assert len(pairs) > DRAWN / 4
    assert sum(json.dumps(pair.old) != json.dumps(pair.new) for pair in pairs) > DRAWN / 8
    assert set(said) == {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied"}
