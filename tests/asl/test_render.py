"""What a state looks like in the Amazon States Language."""

from __future__ import annotations

from typing import Any

import pytest
from troposphere import GetAtt, Join, Ref, Sub

from cfngen import ALL, SYNC, Catcher, Fail, Pass, Path, RawState, Retrier, Succeed, Task, Wait, Workflow
from cfngen.tasks import batch, sns
from tests.rows import each_row

ARN = "arn:aws:states:::aws-sdk:batch:listJobs"


def rendered(state: Any) -> Any:
    return Workflow(state).to_asl()["States"][state.Name]


def test_what_is_omitted_is_not_rendered() -> None:
    assert rendered(Task("T", Resource=ARN)) == {"Type": "Task", "Resource": ARN, "End": True}


@each_row("field", ["InputPath", "ResultPath", "OutputPath", "Result"])
def test_none_is_null_in_the_fields_that_may_be_null(field: str) -> None:
    assert rendered(Pass("P", **{field: None})) == {"Type": "Pass", field: None, "End": True}


def test_none_is_null_in_a_catcher_s_result_path() -> None:
    catcher = Catcher(ErrorEquals=[ALL], Next=Fail("F"), ResultPath=None)
    assert rendered(Task("T", Resource=ARN, Catch=[catcher]))["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "F"}
    ]


def test_none_is_nothing_in_the_other_fields() -> None:
    wait = Wait("W", Seconds=1, Timestamp=None, Comment=None)
    assert rendered(wait) == {"Type": "Wait", "Seconds": 1, "End": True}


@each_row("result", [0, False, "", [], {}], ids=repr)
def test_an_empty_result_is_a_result(result: Any) -> None:
    assert rendered(Pass("P", Result=result)) == {"Type": "Pass", "Result": result, "End": True}


def test_zero_seconds_are_rendered() -> None:
    assert rendered(Wait("W", Seconds=0)) == {"Type": "Wait", "Seconds": 0, "End": True}


def test_the_fields_of_a_task_stand_in_this_order() -> None:
    task = Task(
        "T",
        Catch=[Catcher(ErrorEquals=[ALL], Next=Fail("F"))],
        Retry=[Retrier(ErrorEquals=[ALL])],
        HeartbeatSeconds=1,
        TimeoutSeconds=2,
        OutputPath="$",
        ResultPath="$",
        ResultSelector={},
        Parameters={},
        InputPath="$",
        Credentials={"RoleArn": "arn:aws:iam::123456789012:role/r"},
        Resource=ARN,
        Comment="c",
    )
    assert list(Workflow(task).to_asl()["States"]["T"]) == [
        "Type", "Comment", "Resource", "Credentials", "InputPath", "Parameters", "ResultSelector",
        "ResultPath", "OutputPath", "TimeoutSeconds", "HeartbeatSeconds", "End", "Retry", "Catch",
    ]  # fmt: skip


def test_the_fields_of_a_workflow_stand_in_this_order() -> None:
    workflow = Workflow(Pass("P"), TimeoutSeconds=1, Version="1.0", Comment="c")
    assert list(workflow.to_asl()) == ["Comment", "Version", "StartAt", "TimeoutSeconds", "States"]


def test_a_path_in_a_payload_moves_its_key() -> None:
    payload: dict[str, Any] = {
        "id": Path("$.id"),
        "deep": {"list": [{"name": Path("States.UUID()")}]},
        "text": "$",
    }
    assert rendered(Pass("P", Parameters=payload))["Parameters"] == {
        "id.$": "$.id",
        "deep": {"list": [{"name.$": "States.UUID()"}]},
        "text": "$",
    }


@each_row(
    ("state", "field"),
    [
        (Wait("S", Seconds=Path("$.x")), "SecondsPath"),
        (Wait("S", Timestamp=Path("$.x")), "TimestampPath"),
        (Fail("S", Error=Path("$.x")), "ErrorPath"),
        (Fail("S", Cause=Path("$.x")), "CausePath"),
        (Task("S", Resource=ARN, TimeoutSeconds=Path("$.x")), "TimeoutSecondsPath"),
        (Task("S", Resource=ARN, HeartbeatSeconds=Path("$.x")), "HeartbeatSecondsPath"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_path_in_a_fixed_field_is_its_sibling(state: Wait | Fail | Task, field: str) -> None:
    shown = rendered(state)
    assert shown[field] == "$.x"
    assert field.removesuffix("Path") not in shown


def test_intrinsics_of_cloudformation_stand_in_texts_and_payloads() -> None:
    task = Task(
        "T",
        Resource=GetAtt("Function", "Arn"),
        Parameters={"a": Ref("A"), "b": [Sub("${B}-x")], "c": {"d": Join("-", ["x", Ref("D")])}},
    )
    shown = rendered(task)
    assert shown["Resource"] == {"Fn::GetAtt": ["Function", "Arn"]}
    assert shown["Parameters"] == {
        "a": {"Ref": "A"},
        "b": [{"Fn::Sub": "${B}-x"}],
        "c": {"d": {"Fn::Join": ["-", ["x", {"Ref": "D"}]]}},
    }


def test_an_intrinsic_of_any_library_will_do() -> None:
    class Import:
        def to_dict(self) -> dict[str, Any]:
            return {"Fn::ImportValue": "Topic"}

    assert rendered(sns.Publish("P", TopicArn=Import(), Message="m"))["Parameters"]["TopicArn"] == {
        "Fn::ImportValue": "Topic"
    }


def test_an_intrinsic_stands_in_a_text_field() -> None:
    assert rendered(Fail("F", Cause=Ref("Cause"))) == {"Type": "Fail", "Cause": {"Ref": "Cause"}}


def test_a_typed_task_calls_its_integration_in_the_partition() -> None:
    submit = batch.SubmitJob("S", pattern=SYNC, JobName="n", JobQueue="q", JobDefinition="d")
    resource = Workflow(submit).to_asl(partition="aws-cn")["States"]["S"]["Resource"]
    assert resource == "arn:aws-cn:states:::batch:submitJob.sync"


def test_a_retrier_renders_what_it_is_given_in_the_order_of_the_language() -> None:
    retrier = Retrier(
        JitterStrategy="FULL",
        MaxDelaySeconds=9,
        BackoffRate=1.5,
        MaxAttempts=0,
        IntervalSeconds=2,
        ErrorEquals=(ALL,),
    )
    shown = rendered(Task("T", Resource=ARN, Retry=[retrier]))["Retry"][0]
    assert list(shown.items()) == [
        ("ErrorEquals", ["States.ALL"]),
        ("IntervalSeconds", 2),
        ("MaxAttempts", 0),
        ("BackoffRate", 1.5),
        ("MaxDelaySeconds", 9),
        ("JitterStrategy", "FULL"),
    ]


def test_a_raw_state_is_rendered_as_it_is() -> None:
    fields = {
        "Type": "Parallel",
        "Branches": [{"StartAt": "In", "States": {"In": {"Type": "Succeed"}}}],
        "ResultSelector": {"first.$": "$[0]"},
        "Unheard-of": None,
    }
    assert rendered(RawState("R", fields)) == {**fields, "End": True}


@pytest.mark.parametrize("type_", ["Succeed", "Fail"])
def test_a_raw_terminal_state_has_neither_next_nor_end(type_: str) -> None:
    assert rendered(RawState("R", {"Type": type_})) == {"Type": type_}


def test_a_raw_state_may_hold_intrinsics_and_paths() -> None:
    raw = RawState("R", {"Type": "Task", "Resource": ARN, "Parameters": {"a": Ref("A"), "b": Path("$.b")}})
    assert rendered(raw)["Parameters"] == {"a": {"Ref": "A"}, "b.$": "$.b"}


def test_succeed_renders_its_paths() -> None:
    assert rendered(Succeed("S", InputPath="$.a", OutputPath=None)) == {
        "Type": "Succeed",
        "InputPath": "$.a",
        "OutputPath": None,
    }


def test_the_document_is_new_each_time() -> None:
    workflow = Workflow(Pass("P", Result={"a": [1]}))
    workflow.to_asl()["States"]["P"]["Result"]["a"].append(2)
    assert workflow.to_asl()["States"]["P"]["Result"] == {"a": [1]}
