"""What cfngen writes into a template and reads back is the same workflow, with the same policy."""

from __future__ import annotations

import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from troposphere import GetAtt, Join, Ref, Sub

from cfngen import (
    LEAST_PRIVILEGE,
    S3_GET_OBJECT,
    S3_PUT_OBJECT,
    ItemReader,
    Map,
    Pass,
    ProcessorConfig,
    ResultWriter,
    Task,
    Workflow,
)
from cfngen import Path as JsonPath
from cfngen.asl.states import RawState
from cfngen.core.problems import Problem
from cfngen.inputs.machines import read_all
from cfngen.inputs.policies import of_machine, of_stack
from cfngen.inputs.targets import load
from cfngen.machines import SourceMachine
from cfngen.stacks import StateMachine
from cfngen.stacks.samples.catalog import Sample
from cfngen.template import to_json, to_yaml
from tests.iam.integrations import Case, cases
from tests.rows import each_row
from tests.stacks.hinted import HINTED, TOLD

pytestmark = pytest.mark.filterwarnings("ignore::cfngen.PolicyWarning")

Form = Literal["auto", "string"]


def spelled(value: Any) -> str:
    """Return a text as it is, and a function of CloudFormation by what it says, not by its place in memory."""
    return repr(value.to_dict() if hasattr(value, "to_dict") else value)


_FORMS = pytest.mark.parametrize("form", ["auto", "string"])
_CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.py"))


def _read(path: Path) -> StateMachine:
    case = runpy.run_path(str(path))
    return StateMachine(case["workflow"], type=case.get("type", "STANDARD"))


@cache
def sound() -> dict[str, StateMachine]:
    """Return the machines of the cases that have no error."""
    return {
        path.stem: stack
        for path, stack in ((path, _read(path)) for path in _CASES)
        if not any(problem.severity == "error" for problem in stack.workflow.check(stack.type))
    }


def _followed() -> list[str]:
    """Return those without a raw state, of which Python says less than the definition that it becomes."""
    return [
        name
        for name, stack in sound().items()
        if not any(isinstance(node.state, RawState) for node, _ in stack.workflow.linked.walk())
    ]


def _written(stack: Any, form: Form) -> list[SourceMachine]:
    """Return the machine of a stack as it is read from its template in YAML, and in JSON."""
    template = stack.template()
    machines = []
    for write in (to_yaml, to_json):
        (machine,), unread = read_all(write(template, definition=form), "template.yaml")
        assert unread == []
        machines.append(machine)
    return machines


def _assert_same_policy(stack: Any, form: Form) -> None:
    policy = of_stack(stack, "", LEAST_PRIVILEGE)
    written = replace(policy, extra=()).document()  # no definition tells the stack's own statements
    for machine in _written(stack, form):
        assert of_machine(machine, "").document() == written


@_FORMS
@each_row("name", sound)
@pytest.mark.slow
def test_a_case_has_the_same_policy_when_it_is_read_back(name: str, form: Form) -> None:
    _assert_same_policy(sound()[name], form)


def _places(problems: list[Problem]) -> list[tuple[str, str, str]]:
    """Return all of problems but their words, which are those of Python, or those of a document."""
    return [(problem.code, problem.location, problem.severity) for problem in problems]


@_FORMS
@each_row("name", _followed)
@pytest.mark.slow
def test_a_case_has_the_same_problems_when_it_is_read_back(name: str, form: Form) -> None:
    stack = sound()[name]
    for machine in _written(stack, form):
        assert _places(machine.workflow.check(machine.type)) == _places(stack.workflow.check(stack.type))


@_FORMS
@pytest.mark.parametrize("sample", TOLD, ids=lambda sample: sample.slug)
def test_a_sample_has_the_same_policy_when_it_is_read_back(sample: Sample, form: Form) -> None:
    _assert_same_policy(load(sample.stack, tuple(sample.settings.items())), form)


@_FORMS
@pytest.mark.parametrize("sample", HINTED, ids=lambda sample: sample.slug)
def test_a_sample_whose_author_lists_arns_allows_the_same_actions_when_it_is_read_back(
    sample: Sample, form: Form
) -> None:
    def actions(document: Any) -> set[str]:
        return {action for statement in document["Statement"] for action in statement["Action"]}

    stack = load(sample.stack, tuple(sample.settings.items()))
    written = replace(of_stack(stack, "", LEAST_PRIVILEGE), extra=()).document()
    for machine in _written(stack, form):
        assert actions(of_machine(machine, "").document()) == actions(written)


@each_row("case", list(cases()), ids=str)
@pytest.mark.slow
def test_an_integration_has_the_same_policy_when_it_is_read_back(case: Case) -> None:
    for form in ("auto", "string"):
        _assert_same_policy(StateMachine(Workflow(case.typed())), form)


_PLACES = ["::", "us-east-1:123456789012:", "${AWS::Region}:${AWS::AccountId}:"]


@_FORMS
@each_row(
    "resource",
    [
        S3_GET_OBJECT,
        "arn:aws:states:::s3:getObject",
        *(Sub(f"arn:${{AWS::Partition}}:states:{place}s3:getObject") for place in _PLACES),
        Join("", ["arn:", Ref("AWS::Partition"), ":states:::s3:getObject"]),
    ],
    ids=spelled,
)
def test_an_item_reader_may_read_its_object_however_it_is_spelled(resource: Any, form: Form) -> None:
    reader = ItemReader(Resource=resource, Parameters={"Bucket": Ref("Bucket"), "Key": "items.json"})
    stack = StateMachine(
        Workflow(
            Map(
                "Each",
                ItemProcessor=Pass("Item"),
                ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
                ItemReader=reader,
                ResultWriter=ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": Ref("Bucket")}),
            )
        )
    )
    _assert_same_policy(stack, form)
    actions = [action for it in of_stack(stack, "").document()["Statement"] for action in it["Action"]]
    assert {"s3:GetObject", "s3:PutObject"} <= set(actions)


@_FORMS
@each_row("place", _PLACES)
@each_row(
    ("name", "arguments", "action"),
    [
        (
            "sqs:sendMessage",
            {"QueueUrl": Ref("Queue"), "MessageBody": JsonPath("$.text")},
            "sqs:SendMessage",
        ),
        (
            "aws-sdk:translate:translateText",
            {"Text": "a", "SourceLanguageCode": "en", "TargetLanguageCode": "de"},
            "translate:TranslateText",
        ),
    ],
)
def test_a_region_and_an_account_change_nothing(
    name: str, arguments: Any, action: str, place: str, form: Form
) -> None:
    resource = Sub(f"arn:${{AWS::Partition}}:states:{place}{name}")
    stack = StateMachine(Workflow(Task("Call", Resource=resource, Parameters=arguments)))
    _assert_same_policy(stack, form)
    (statement,) = of_stack(stack, "").document()["Statement"]
    assert statement["Action"] == [action]


@_FORMS
@each_row(
    "resource",
    [
        GetAtt("Function", "Arn"),
        Sub("${Function.Arn}:live"),
        Sub("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}"),
        "arn:aws:lambda:us-east-1:123456789012:function:Work",
        "arn:aws:states:us-east-1:123456789012:activity:Work",
        Sub("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:activity:${Name}"),
    ],
    ids=spelled,
)
def test_functions_and_activities_have_the_same_policy_when_they_are_read_back(
    resource: Any, form: Form
) -> None:
    _assert_same_policy(StateMachine(Workflow(Task("Work", Resource=resource))), form)
