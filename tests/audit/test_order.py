"""A policy that is made after the machine is as good as none when the machine is created."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.audit.templates import PUBLISH, RULES, Changed, audited, codes


def apart(index: int) -> Any:
    """Return the template with one statement in a policy of its own."""
    it = Changed()
    it.resources["Policy"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "p",
            "Roles": [{"Ref": "Role"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [it.statements.pop(index)]},
        },
    }
    return it


def test_a_policy_that_takes_no_turn_may_come_too_late(golden: Callable[[str, str], None]) -> None:
    result = audited(apart(RULES).template)
    assert result.exit_code == 0
    golden("audit/late.txt", result.stdout)


def test_what_is_only_needed_later_may_come_later() -> None:
    assert codes(apart(PUBLISH).template, "--strict") == []


@pytest.mark.parametrize("way", ["depends", "refers", "refers in text", "waits for another that waits"])
def test_a_machine_that_waits_is_created_after_the_policy(way: str) -> None:
    it = apart(RULES)
    machine = it.resources["Machine"]
    if way == "depends":
        machine["DependsOn"] = ["Topic", "Policy"]
    elif way == "refers":
        machine["Metadata"] = {"after": {"Fn::GetAtt": ["Policy", "Id"]}}
    elif way == "refers in text":
        it.machine["Tags"] = [{"Key": "after", "Value": {"Fn::Sub": "x ${Policy}"}}]
    else:
        it.resources["Topic"]["DependsOn"] = "Policy"
    assert codes(it.template, "--strict") == []


def test_a_policy_that_the_role_names_is_there_before_it() -> None:
    it = apart(RULES)
    it.resources["Policy"]["Type"] = "AWS::IAM::ManagedPolicy"
    del it.resources["Policy"]["Properties"]["Roles"]
    it.role["ManagedPolicyArns"] = [{"Ref": "Policy"}]
    assert codes(it.template, "--strict") == []
