"""What can be called at all: integrations, actions and patterns, without any API model."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from troposphere import Join, Ref, Sub

from cfngen import SYNC
from cfngen.apis.check import check
from cfngen.apis.integrations import OPTIMIZED
from cfngen.apis.models import load_model
from cfngen.apis.sdk import MISTAKEN, SDK_SERVICES
from cfngen.asl.link import link
from cfngen.asl.states import Pass, RawState, Task
from cfngen.tasks import batch
from tests.apis.calls import ARN, call
from tests.rows import each_row

MISTAKES = [
    "sns:publsh",
    "sns:Publish",
    "sns:createTopic",
    "sns:publish.sync",
    "sns:publish.waitForTaskTokn",
    "sns",
    "snss:publish",
    "batch:submitJob.waitForTaskToken",
    "batch:submitJob.sync:2",
    "dynamodb:getItem.sync",
    "dynamodb:query",
    "eventbridge:putEvents",
    "s3:getObject",
    "stepfunctions:startExecution",
    "states:startExecution.sync:3",
    "aws-sdk:dynamodbb:query",
    "aws-sdk:events:putEvents",
    "aws-sdk:emr-serverless:startJobRun",
    "aws-sdk:stepfunctions:startExecution",
    "aws-sdk:s3:getObject.sync",
    "aws-sdk:glue:startJobRun.sync",
    "aws-sdk:s3",
]


def test_what_does_not_exist_is_told_with_what_does(golden: Callable[[str, str], None]) -> None:
    told = []
    for mistake in MISTAKES:
        problems = check(call(mistake))
        assert problems, mistake
        told += [f"# {ARN}{mistake}", *map(str, problems), ""]
    golden("apis/integrations.txt", "\n".join(told))


@each_row(
    "resource",
    [
        f"{ARN}sns:publish.waitForTaskToken",
        f"{ARN}states:startExecution.sync:2",
        "arn:aws-cn:states:::emr-serverless:startJobRun.sync",
        "arn:${AWS::Partition}:states:::aws-sdk:sfn:startSyncExecution",
        f"{ARN}aws-sdk:cloudwatchlogs:putLogEvents.waitForTaskToken",
        f"{ARN}${{Service}}:publish",
        "arn:aws:states:us-east-1:123456789012:activity:snss",
        "arn:aws:lambda:us-east-1:123456789012:function:publsh",
        "${Function}",
        Ref("Function"),
        Join("", ["arn:", Ref("AWS::Partition"), ":states:::", Ref("Call")]),
        Join(":", ["arn", "aws", "states"]),
        Sub("arn:${AWS::Partition}:states:::batch:submitJob.sync"),
    ],
)
def test_what_exists_is_let_be(resource: object) -> None:
    assert check(link(Task("X", Resource=resource))) == []  # type: ignore[arg-type]


@each_row(
    "resource",
    [
        f"{ARN}snss:publish",
        {"Fn::Sub": "arn:${AWS::Partition}:states:::snss:publish"},
        {"Fn::Sub": ["arn:${P}:states:::snss:publish", {"P": "aws"}]},
        Sub("arn:${AWS::Partition}:states:::snss:publish"),
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":states:::snss:publish"]]},
    ],
)
def test_a_resource_is_read_however_it_is_spelled(resource: object) -> None:
    (problem,) = check(link(RawState("X", {"Type": "Task", "Resource": resource, "End": True})))
    assert (problem.code, problem.location) == ("INVALID_RESOURCE", "/States/X/Resource")


def test_states_that_call_nothing_are_let_be() -> None:
    assert check(link(Pass("A") >> RawState("B", {"Type": "Pass", "Resource": f"{ARN}snss:publish"}))) == []


def test_a_typed_task_is_left_to_the_rules_of_the_language() -> None:
    task = batch.SubmitJob("X", pattern=SYNC, JobName="j", JobQueue="q", JobDefinition="d")
    assert check(link(task)) == []


def test_the_tables_need_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    assert [problem.code for problem in check(call("aws-sdk:dynamodbb:query"))] == ["INVALID_RESOURCE"]


@pytest.mark.models
def test_every_service_has_a_model_of_its_name() -> None:
    from botocore.loaders import Loader

    known = Loader().list_available_services("service-2")
    assert [name for name, model in SDK_SERVICES.items() if model not in known] == []
    assert [name for name in MISTAKEN.values() if name not in SDK_SERVICES] == []
    assert [name for name in MISTAKEN if name in SDK_SERVICES] == []


@pytest.mark.parametrize(
    ("name", "service_id"),
    [
        ("sfn", "SFN"),
        ("cloudwatchlogs", "CloudWatch Logs"),
        ("eventbridge", "EventBridge"),
        ("acmpca", "ACM PCA"),
    ],
)
def test_a_service_is_named_by_its_service_id(name: str, service_id: str) -> None:
    from botocore.loaders import Loader

    model = Loader().load_service_model(SDK_SERVICES[name], "service-2")
    assert model["metadata"]["serviceId"] == service_id


def test_every_optimized_action_is_one_of_the_service_or_differs_by_its_page() -> None:
    from cfngen.apis.differences import DIFFERENCES, WITHOUT_OPERATION
    from cfngen.apis.integrations import MODELS

    for service, actions in OPTIMIZED.items():
        for action in actions:
            name = f"{service}:{action}"
            if name in WITHOUT_OPERATION:
                continue
            differs = DIFFERENCES.get(name)
            model = load_model((differs.model if differs else "") or MODELS.get(service, service))
            assert model is not None, name
            operations = model.actions.values()
            assert (differs.operation if differs else "") in operations or action in model.actions, name


def test_every_difference_is_of_an_integration_that_exists() -> None:
    from cfngen.apis.differences import DIFFERENCES, WITHOUT_OPERATION

    for name in [*DIFFERENCES, *WITHOUT_OPERATION]:
        assert check(call(name)) == [], name
        assert check(call(name, {"Nothing": 1}), apis=True), name  # its arguments are known
