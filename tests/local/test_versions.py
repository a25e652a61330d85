"""Versions and aliases: a stack that has them is deployed, started by its alias, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cfngen import Pass, Workflow
from cfngen.local import Running
from cfngen.local.deployment import CAPABILITIES
from cfngen.stacks import StateMachine
from cfngen.template import to_json


def template(result: int) -> dict[str, Any]:
    stack = StateMachine(
        Workflow(Pass("Number", Result=result)), versions=True, deployment="LINEAR", schedule="rate(1 day)"
    )
    return {"TemplateBody": to_json(stack.template()), "Capabilities": list(CAPABILITIES)}


def test_each_change_of_a_stack_is_a_version_that_its_alias_starts(
    running: Running, run: Callable[..., dict[str, Any]]
) -> None:
    stacks, states = running.client("cloudformation"), running.client("stepfunctions")
    stacks.create_stack(StackName="versions", **template(1))
    [output] = stacks.describe_stacks(StackName="versions")["Stacks"][0]["Outputs"]
    machine = output["OutputValue"]
    [listed] = states.list_state_machine_aliases(stateMachineArn=machine)["stateMachineAliases"]
    alias = listed["stateMachineAliasArn"]
    [schedule] = running.client("scheduler").list_schedules(NamePrefix="versions")["Schedules"]
    assert schedule["Target"]["Arn"] == alias
    first = run(alias)
    assert (first["output"], first["stateMachineVersionArn"]) == ("1", f"{machine}:1")
    assert (first["stateMachineArn"], first["stateMachineAliasArn"]) == (machine, alias)

    stacks.update_stack(StackName="versions", **template(2))
    assert run(alias)["stateMachineVersionArn"] == f"{machine}:2"
    versions = states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]
    assert [it["stateMachineVersionArn"] for it in versions] == [f"{machine}:2", f"{machine}:1"]
    assert [run(arn)["output"] for arn in (f"{machine}:1", alias, machine)] == ["1", "2", "2"]
    with pytest.raises(ClientError, match="referenced by an alias"):
        states.delete_state_machine_version(stateMachineVersionArn=f"{machine}:2")

    stacks.delete_stack(StackName="versions")
    with pytest.raises(ClientError, match="Does Not Exist"):
        states.describe_state_machine_alias(stateMachineAliasArn=alias)


def test_what_has_not_changed_is_no_new_version(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    states = running.client("stepfunctions")
    arn = machine({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}})
    published = [states.publish_state_machine_version(stateMachineArn=arn) for _ in range(2)]
    assert [it["stateMachineVersionArn"] for it in published] == [f"{arn}:1"] * 2
    all_of_it = [{"stateMachineVersionArn": f"{arn}:1", "weight": 100}]
    alias = states.create_state_machine_alias(name="live", routingConfiguration=all_of_it)[
        "stateMachineAliasArn"
    ]
    assert run(alias)["executionArn"].startswith(f"{arn.replace(':stateMachine:', ':execution:')}:")
