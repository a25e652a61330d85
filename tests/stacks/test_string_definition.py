"""Definitions that no object of a template can hold: nulls, and numbers that CloudFormation fills in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from troposphere import FindInMap, GetAtt, If, Ref, Sub

from cfngen import (
    Choice,
    ChoiceRule,
    DataTest,
    ItemBatcher,
    ItemReader,
    Map,
    Pass,
    ProcessorConfig,
    ReaderConfig,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
)
from cfngen.stacks import StateMachine
from cfngen.template import rendered, string_reasons, to_json, to_yaml
from tests.rows import each_row


def _properties(stack: StateMachine) -> Any:
    template: Any = rendered(stack.template())
    return template["Resources"]["StateMachine"]["Properties"]


def _filled_in(string: Any, values: dict[str, str]) -> Any:
    """Return what CloudFormation makes of the string, as Step Functions reads it."""
    text, own = (string["Fn::Sub"], {}) if isinstance(string["Fn::Sub"], str) else string["Fn::Sub"]
    for name, value in (values | {key: values[key] for key in own}).items():
        text = text.replace(f"${{{name}}}", value)
    return json.loads(text)


def _discarding() -> StateMachine:
    return StateMachine(Workflow(Pass("Give", Result={"other": 1}, ResultPath=None) >> Pass("Go")))


def test_a_null_makes_the_definition_a_string() -> None:
    properties = _properties(_discarding())
    assert "Definition" not in properties
    assert json.loads(properties["DefinitionString"])["States"]["Give"]["ResultPath"] is None


def test_a_template_never_holds_a_null() -> None:
    assert "null" not in to_json(_discarding().template()).replace('\\"ResultPath\\": null', "")


def test_an_object_that_could_not_be_deployed_is_refused() -> None:
    with pytest.raises(ValueError, match="/States/Give/ResultPath: CloudFormation refuses a null"):
        to_yaml(_discarding().template(), definition="object")


def test_a_plain_template_with_a_null_in_its_definition_gets_a_string_too() -> None:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "Definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": None}}}
        },
    }
    plain: Any = rendered({"Resources": {"Machine": machine}})
    assert json.loads(plain["Resources"]["Machine"]["Properties"]["DefinitionString"])["StartAt"] == "A"


def test_a_definition_that_an_object_can_hold_stays_one() -> None:
    stack = StateMachine(Workflow(Wait("Pause", Seconds=5)))
    assert _properties(stack)["Definition"]["States"]["Pause"]["Seconds"] == 5
    assert string_reasons(stack.template()) == []


_TASK = "arn:aws:lambda:us-east-1:123456789012:function:Work"
_TESTS: list[dict[str, Any]] = [
    {"Variable": "$.count", "NumericGreaterThan": Ref("Number")},
    {"Variable": "$.done", "BooleanEquals": Ref("Truth")},
    {"Not": DataTest(Variable="$.done", IsPresent=Ref("Truth"))},
]


def _choice(test: int) -> Choice:
    return Choice("S", Choices=[ChoiceRule(**_TESTS[test], Next=Succeed("A"))])


@each_row(
    ("flow", "path", "value"),
    [
        (Wait("S", Seconds=Ref("Number")), ["Seconds"], 7),
        (Wait("S", Seconds=GetAtt("Number", "Value")), ["Seconds"], 8),
        (Wait("S", Seconds=Sub("${Number}0")), ["Seconds"], 70),
        (Task("S", Resource=_TASK, TimeoutSeconds=Ref("Number")), ["TimeoutSeconds"], 7),
        (Task("S", Resource=_TASK, HeartbeatSeconds=Ref("Number")), ["HeartbeatSeconds"], 7),
        (
            Task("S", Resource=_TASK, Retry=[Retrier(ErrorEquals=["E"], MaxAttempts=Ref("Number"))]),
            ["Retry", 0, "MaxAttempts"],
            7,
        ),
        (
            Task("S", Resource=_TASK, Retry=[Retrier(ErrorEquals=["E"], BackoffRate=Ref("Number"))]),
            ["Retry", 0, "BackoffRate"],
            7,
        ),
        (Map("S", ItemProcessor=Pass("I"), MaxConcurrency=Ref("Number")), ["MaxConcurrency"], 7),
        (
            Map(
                "S",
                ItemProcessor=Wait("I", Seconds=Ref("Number")),
                ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
            ),
            ["ItemProcessor", "States", "I", "Seconds"],
            7,
        ),
        (
            Map(
                "S",
                ItemProcessor=Pass("I"),
                ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
                ItemBatcher=ItemBatcher(MaxItemsPerBatch=Ref("Number")),
                ItemReader=ItemReader(
                    Resource="arn:aws:states:::s3:getObject",
                    ReaderConfig=ReaderConfig(InputType="JSON", MaxItems=Ref("Number")),
                    Parameters={"Bucket": "b", "Key": "k"},
                ),
                ToleratedFailurePercentage=Ref("Number"),
            ),
            ["ToleratedFailurePercentage"],
            7,
        ),
        (
            _choice(0),
            ["Choices", 0, "NumericGreaterThan"],
            7,
        ),
        (
            _choice(1),
            ["Choices", 0, "BooleanEquals"],
            True,
        ),
        (
            _choice(2),
            ["Choices", 0, "Not", "IsPresent"],
            True,
        ),
    ],
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, list) else "",
)
def test_a_number_may_be_filled_in(flow: Any, path: list[str | int], value: object) -> None:
    workflow = Workflow(flow)
    assert [it for it in workflow.check() if it.severity == "error"] == []
    string = _properties(StateMachine(workflow))["DefinitionString"]
    found = _filled_in(
        string, {"Number": "7", "Number.Value": "8", "Truth": "true", "AWS::Partition": "aws"}
    )
    found = found["States"]["S"]
    for key in path:
        found = found[key]
    assert found == value
    assert type(found) is type(value)


def test_the_time_limit_of_a_workflow_may_be_filled_in() -> None:
    workflow = Workflow(Pass("S"), TimeoutSeconds=Ref("Limit"))
    assert (
        _filled_in(_properties(StateMachine(workflow))["DefinitionString"], {"Limit": "60"})[
            "TimeoutSeconds"
        ]
        == 60
    )


def test_a_number_of_a_condition_or_a_mapping_is_a_variable_of_the_text() -> None:
    flow = Wait("A", Seconds=If("IsProd", 60, 5)) >> Wait("B", Seconds=FindInMap("Pauses", "prod", "Long"))
    text, own = _properties(StateMachine(Workflow(flow)))["DefinitionString"]["Fn::Sub"]
    assert '"Seconds": ${Var1}' in text
    assert own == {
        "Var1": {"Fn::If": ["IsProd", "60", "5"]},
        "Var2": {"Fn::FindInMap": ["Pauses", "prod", "Long"]},
    }


def test_text_keeps_its_quotation_marks_beside_a_number() -> None:
    flow = Wait("A", Seconds=Ref("Pause")) >> Pass("B", Parameters={"pause": Ref("Pause")})
    text = _properties(StateMachine(Workflow(flow)))["DefinitionString"]["Fn::Sub"]
    assert '"Seconds": ${Pause}' in text
    assert '"pause": "${Pause}"' in text


def test_a_payload_may_have_the_names_of_numbers() -> None:
    stack = StateMachine(
        Workflow(Pass("A", Parameters={"Seconds": Ref("Pause"), "TimeoutSeconds": Ref("B")}))
    )
    assert "Definition" in _properties(stack)


def test_the_reasons_are_told_in_the_order_of_the_definition() -> None:
    flow = Pass("Give", Result=1, ResultPath=None) >> Wait("Pause", Seconds=Ref("Pause"))
    reasons = string_reasons(StateMachine(Workflow(flow)).template())
    place = "/Resources/StateMachine/Properties/Definition/States"
    assert [reason.location for reason in reasons] == [f"{place}/Give/ResultPath", f"{place}/Pause/Seconds"]
