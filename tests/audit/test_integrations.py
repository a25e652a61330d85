"""Whatever a task calls, the policies that cfngen derives for it are found to be right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from troposphere import encode_to_dict

from cfngen import DOCUMENTED, LEAST_PRIVILEGE
from cfngen.audit import Audit
from cfngen.documents.source import parse
from cfngen.iam.derive import derive
from cfngen.inputs.machines import machines_of
from cfngen.tasks.service import ServiceTask
from tests.audit.templates import Changed
from tests.iam.test_scopes import CALLS, arguments, identity, nested
from tests.rings import examples


def audit(
    declared: type[ServiceTask], pattern: Any, passed: Any, scope: Any, strict: bool = False
) -> list[Any]:
    """Return what the audit finds, notes aside, when the role has the policy of a scope."""
    it = Changed()
    it.resources["It"] = {"Type": "Custom::Thing"}
    it.machine["StateMachineName"] = "calls"
    it.machine["Definition"] = {
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": f"arn:aws:states:::{declared.service}:{declared.action}{pattern.value}",
                "Parameters": passed,
                "End": True,
            }
        },
    }
    source = parse(json.dumps(it.template), "template.json")
    [machine], _ = machines_of(source)
    derived = derive(machine.workflow.linked, scope, (), "calls")
    it.role["Policies"][0]["PolicyDocument"] = encode_to_dict(derived.document())
    source = parse(json.dumps(it.template), "template.json")
    machines, _ = machines_of(source)
    problems = [problem for _, problem in Audit(source, machines, strict).problems()]
    return [str(problem) for problem in problems if problem.severity != "note"]


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS, ids=identity)
@examples(5)
@given(data=st.data())
def test_the_tight_policy_is_just_right(call: tuple[type[ServiceTask], Any], data: st.DataObject) -> None:
    passed = nested(data.draw(arguments(call[0])))
    task, pattern = call
    assert audit(task, pattern, passed, LEAST_PRIVILEGE, strict=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS, ids=identity)
@examples(5)
@given(data=st.data())
def test_the_policy_of_the_page_is_enough_and_accepted(
    call: tuple[type[ServiceTask], Any], data: st.DataObject
) -> None:
    passed = nested(data.draw(arguments(call[0])))
    task, pattern = call
    assert audit(task, pattern, passed, DOCUMENTED) == []


def test_what_the_page_prints_is_more_than_is_needed() -> None:
    [call] = [call for call in CALLS if identity(call) == "batch:submitJob.sync"]
    passed = {"JobName": "a", "JobQueue": "b", "JobDefinition": "c:1"}
    found = audit(*call, passed, DOCUMENTED, strict=True)
    assert [text.partition("]")[0].rpartition("[")[2] for text in found] == ["EXCESS_RESOURCE"]
