"""What calls pass, against the services' own API models."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from troposphere import Ref

from cfngen import Jsonata, Path, Workflow
from cfngen.apis.check import check
from cfngen.apis.integrations import OPTIMIZED
from cfngen.apis.models import load_model, uncapitalized
from cfngen.apis.sdk import SDK_SERVICES
from cfngen.apis.shapes import Shape
from cfngen.asl.graph import Graph
from cfngen.asl.link import link
from cfngen.asl.states import RawState, Task
from cfngen.core.installation import install_command
from cfngen.core.problems import Problem
from cfngen.tasks import sns
from tests.apis.calls import ARN, call
from tests.iam.integrations import calls
from tests.rows import each_row

CALLS = calls()
_MESSAGE: dict[str, Any] = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:T", "Message": "m"}

MISTAKES: list[tuple[str, Any]] = [
    ("aws-sdk:dynamodb:qery", {}),
    ("aws-sdk:sns:publsh", {}),
    ("sns:publish", {"TopicArn": "t", "Mesage": "m"}),
    ("sns:publish", {"TopicArn": "t", "Mesage.$": "$.m"}),
    ("sns:publish", {"message": "m"}),
    ("sns:publish", {**_MESSAGE, "Colour": "red"}),
    ("sns:publish", {**_MESSAGE, "Subject": 7}),
    ("sns:publish", {**_MESSAGE, "MessageAttributes": [{"DataType": "String"}]}),
    ("sns:publish", {**_MESSAGE, "MessageAttributes": {"a": {"StringValue": "v", "Kind": "String"}}}),
    ("sqs:sendMessage", {}),
    ("sqs:sendMessage", {"QueueUrl": "q", "MessageBody": "m", "DelaySeconds": "5"}),
    ("sqs:sendMessage", {"QueueUrl": "q", "MessageBody": "m", "DelaySeconds": 1.5}),
    ("sqs:sendMessage", {"QueueUrl": "q", "MessageBody": "m", "DelaySeconds": True}),
    ("sqs:sendMessage", "m"),
    ("lambda:invoke", {"FunctionName": "f", "InvocationType": "Evnt"}),
    ("lambda:invoke", {"FunctionName": ""}),
    ("batch:submitJob", {"JobName": "j", "JobQueue": "q", "JobDefinition": "d", "SchedulingPriorty": 1}),
    ("batch:submitJob", {"jobName": "j", "jobQueue": "q", "jobDefinition": "d"}),
    (
        "ecs:runTask",
        {"TaskDefinition": "t", "Overrides": {"ContainerOverrides": [{"Environment": {"A": "B"}}]}},
    ),
    ("ecs:runTask", {"TaskDefinition": "t", "LaunchType": "FARGATES", "Count": "2"}),
    ("dynamodb:getItem", {"TableName": "t", "Key": {"id": "1"}}),
    ("dynamodb:putItem", {"TableName": "t", "Item": {"n": {"N": 1}, "b": {"Bool": True}}}),
    ("events:putEvents", {"Entries": {"Source": "s"}}),
    ("events:putEvents", {"Entries": [{"Source": "s", "Details": {}}]}),
    ("apigateway:invoke", {"ApiEndpoint": "e", "Method": "FETCH", "Query": {}}),
    ("http:invoke", {"ApiEndpoint": "e", "Method": "GET", "Authentication": {"Arn": "a"}}),
    ("eks:runJob", {"ClusterName": "c", "LogOptions": {"RetrieveLogs": "yes"}}),
    ("elasticmapreduce:createCluster", {"Name": "c", "Instances": {}}),
    ("elasticmapreduce:addStep", {"JobFlowId": "j", "Step": {"Name": "s"}}),
    ("states:startExecution", {"StateMachineARN": "a", "Input": {"any": "thing"}}),
    ("aws-sdk:rds:describeDBInstances", {"DBInstanceIdentifier": "i", "MaxRecords": 20}),
    ("aws-sdk:rds:createDBSnapshot", {"DBInstanceIdentifier": "i"}),
    ("aws-sdk:s3:getObject", {"Bucket": "b"}),
    (
        "aws-sdk:s3:putObject",
        {"Bucket": "b", "Key": "k", "Body": {"any": "thing"}, "StorageClass": "GLACIRE"},
    ),
    ("aws-sdk:sqs:sendMessage", {"QueueUrl": "q", "MessageBody": 1}),
    ("aws-sdk:scheduler:createSchedule", {"Name": {"a": 1}, "State": {}}),
    ("aws-sdk:ec2:describeInstances", {"Filters": [{"Name": "n", "Value": "v"}]}),
    ("aws-sdk:s3:listDirectoryBuckets", {"MaxDirectoryBuckets": 5000}),
]


def arguments(graph: Graph) -> list[Problem]:
    """Return what is wrong with the calls of a workflow, their arguments included."""
    return check(graph, apis=True)


@pytest.mark.models
@pytest.mark.slow
def test_mistakes_are_told_where_they_stand(golden: Callable[[str, str], None]) -> None:
    told = []
    for name, parameters in MISTAKES:
        problems = arguments(call(name, parameters))
        assert problems, name
        told += [f"# {name} {parameters}", *(f"{problem.severity} {problem}" for problem in problems), ""]
    golden("apis/arguments.txt", "\n".join(told))


def test_there_is_a_case_for_every_optimized_integration() -> None:
    names = [f"{service}:{action}" for service in OPTIMIZED for action in OPTIMIZED[service]]
    assert sorted(CALLS) == names


@each_row("name", CALLS)
def test_the_calls_of_the_pages_are_right(name: str) -> None:
    service, action = name.split(":")
    for suffix in OPTIMIZED[service][action]:
        problems = check(call(name + suffix, CALLS[name]), apis=True)
        assert [str(problem) for problem in problems] == []


@each_row(
    ("name", "parameters"),
    [
        ("aws-sdk:sfn:startSyncExecution", {"StateMachineArn": "a", "Input": {"a": Path("$.b")}}),
        ("aws-sdk:sqs:sendMessage", {"QueueUrl": "q", "MessageBody": {"a": 1}}),
        (
            "aws-sdk:scheduler:createSchedule",
            {
                "Name": "s",
                "ScheduleExpression": "rate(1 day)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {
                    "Arn": "arn:aws:sqs:us-east-1:123456789012:q",
                    "RoleArn": "arn:aws:iam::123456789012:role/r",
                    "Input": {"a": Path("$.b")},
                },
            },
        ),
        ("aws-sdk:lambda:invoke", {"FunctionName": "f", "Payload": {"a": 1}}),
        ("aws-sdk:s3:putObject", {"Bucket": "b", "Key": "k", "Body": {"a": 1}, "Acl": "private"}),
        ("aws-sdk:rds:describeDBInstances", {"DbInstanceIdentifier": "i"}),
        ("aws-sdk:dynamodb:putItem", {"TableName": "t", "Item": {"a": {"BOOL": True}, "b": {"Nul": True}}}),
        ("aws-sdk:bedrockruntime:invokeModel", {"ModelId": "m", "Body": {"prompt": "p"}}),
        ("aws-sdk:s3:listBuckets", {}),
        ("aws-sdk:eventbridge:putEvents", {"Entries": [{"Time": "2026-01-01T00:00:00Z", "Detail": "{}"}]}),
        ("aws-sdk:costexplorer:getTags", {"TimePeriod": {"Start": "2026-01-01", "End": "2026-02-01"}}),
        # made up by the SDK where it is not given
        ("aws-sdk:fis:startExperiment", {"ExperimentTemplateId": "t"}),
    ],
)
def test_calls_of_the_sdk_are_right(name: str, parameters: Any) -> None:
    assert [str(problem) for problem in check(call(name, parameters), apis=True)] == []


DYNAMIC = [
    Path("$.a"),
    Jsonata("$a"),
    Ref("Parameter"),
    {"Ref": "Parameter"},
    {"Fn::GetAtt": ["A", "Arn"]},
    "{% $a %}",
    "${Substitution}",
    None,
]


@each_row("value", DYNAMIC, ids=lambda value: type(value).__name__)
def test_what_is_known_later_is_not_checked(value: Any) -> None:
    assert arguments(call("sqs:sendMessage", value)) == []
    parameters = {
        "QueueUrl": value,
        "MessageBody": value,
        "DelaySeconds": value,
        "MessageAttributes": {"a": value},
    }
    assert arguments(call("sqs:sendMessage", parameters)) == []
    assert (
        arguments(call("ecs:runTask", {"TaskDefinition": "t", "LaunchType": value, "Overrides": value}))
        == []
    )
    assert arguments(call("events:putEvents", {"Entries": [value]})) == []


def test_a_path_written_by_hand_gives_its_argument() -> None:
    assert arguments(call("sqs:sendMessage", {"QueueUrl.$": "$.q", "MessageBody.$": "$.m"})) == []


def test_without_a_payload_the_arguments_are_the_input() -> None:
    assert arguments(call("sqs:sendMessage")) == []
    assert arguments(link(RawState("X", {"Type": "Task", "Resource": f"{ARN}sqs:sendMessage"}))) == []


def test_the_location_names_the_field_and_the_place_in_it() -> None:
    entries: Any = {"Entries": [{"Source": "s"}, {"Source": 1}]}
    resource = f"{ARN}events:putEvents"
    places = {
        "/States/X/Parameters/Entries/1/Source": Task("X", Resource=resource, Parameters=entries),
        "/States/X/Arguments/Entries/1/Source": Task("X", Resource=resource, Arguments=entries),
    }
    for place, task in places.items():
        assert [problem.location for problem in arguments(link(task))] == [place]
    raw = RawState("X", {"Type": "Task", "Resource": resource, "Arguments": entries})
    assert [problem.location for problem in arguments(link(raw))] == [
        "/States/X/Arguments/Entries/1/Source"
    ]


def test_typed_tasks_are_checked_too() -> None:
    task = sns.Publish("X", TopicArn="t", Message="m", MessageAttributes={"a": {"Value": "v"}})
    places = [problem.location for problem in arguments(link(task))]
    place = "/States/X/Parameters/MessageAttributes/a"
    assert places == [place, f"{place}/Value"]


def test_arguments_of_what_has_no_integration_are_not_checked() -> None:
    assert [problem.code for problem in arguments(call("snss:publish", {"Mesage": 1}))] == [
        "INVALID_RESOURCE"
    ]


def test_an_integration_has_not_all_arguments_of_its_operation() -> None:
    parameters = {"Name": "c", "Instances": {"KeepJobFlowAliveWhenNoSteps": True}, "Steps": []}
    (problem,) = arguments(call("elasticmapreduce:createCluster", parameters))
    assert problem.message == "elasticmapreduce:createCluster has no argument 'Steps'"
    assert arguments(call("aws-sdk:emr:runJobFlow", parameters)) == []


def test_text_is_held_against_the_whole_pattern() -> None:
    (problem,) = arguments(call("lambda:invoke", {"FunctionName": "a function"}))
    assert problem.severity == "warning"
    assert problem.message.endswith("which 'a function' does not")
    assert arguments(call("lambda:invoke", {"FunctionName": "function"})) == []


def test_long_text_is_not_held_against_a_pattern() -> None:
    from cfngen.apis.literals import mismatches
    from cfngen.apis.shapes import LONGEST_MATCHED

    shape = Shape("text", pattern=re.compile(r"(a+)+"))
    assert len(list(mismatches("", "b", shape, "x"))) == 1
    assert list(mismatches("", "b" * (LONGEST_MATCHED + 1), shape, "x")) == []


def test_a_shape_that_holds_itself_is_compiled() -> None:
    nested: Any = {"S": "s"}
    for _ in range(500):
        nested = {"L": [nested]}
    item = {"TableName": "t", "Item": {"a": nested, "b": {"L": [{"M": {"c": {"N": 1}}}]}}}
    (problem,) = arguments(call("dynamodb:putItem", item))
    assert problem.location == "/States/X/Parameters/Item/b/L/0/M/c/N"


def test_problems_come_in_the_order_of_the_document() -> None:
    parameters = {"TopicArn": 1, "Nothing": 2, "Message": "m", "Subject": 3}
    places = [problem.location.rpartition("/")[2] for problem in arguments(call("sns:publish", parameters))]
    assert places == ["TopicArn", "Nothing", "Subject"]


def test_missing_models_are_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    with pytest.raises(ImportError, match=re.escape(install_command("apis"))):
        check(call("sns:publish"), apis=True)


@each_row(
    ("name", "begins"),
    [
        ("DBInstanceIdentifier", "dbInstanceIdentifier"),
        ("SSEKMSKeyId", "ssekmsKeyId"),
        ("MD5OfBody", "md5OfBody"),
        ("ACL", "acl"),
        ("ETag", "eTag"),
        ("jobName", "jobName"),
        ("S", "s"),
    ],
)
def test_names_begin_as_in_the_sdk_for_java(name: str, begins: str) -> None:
    assert uncapitalized(name) == begins


@pytest.mark.slow
def test_the_least_that_a_service_requires_is_enough() -> None:
    chance = random.Random(20260101)
    for name in chance.sample(sorted(SDK_SERVICES), 60):
        model = load_model(SDK_SERVICES[name], sdk=True)
        assert model is not None
        action = chance.choice(sorted(model.actions))
        parameters = _least(model.arguments(model.actions[action]))
        graph = call(f"aws-sdk:{name}:{action}", parameters)
        problems = [problem for problem in check(graph, apis=True) if "matches" not in problem.message]
        assert [str(problem) for problem in problems] == [], (name, action)
        for argument in list(parameters):
            left = {key: value for key, value in parameters.items() if key != argument}
            (problem,) = [
                found
                for found in arguments(call(f"aws-sdk:{name}:{action}", left))
                if "requires" in str(found)
            ]
            assert repr(argument) in problem.message


@pytest.mark.long
def test_the_examples_that_aws_publishes_are_right() -> None:
    """botocore ships examples of calls; a few of them are wrong themselves, with text for numbers."""
    from botocore.exceptions import UnknownServiceError
    from botocore.loaders import Loader

    loader, checked, wrong = Loader(), 0, []
    for name, service in SDK_SERVICES.items():
        try:
            examples = loader.load_service_model(service, "examples-1")["examples"]
        except UnknownServiceError:
            continue
        api, model = loader.load_service_model(service, "service-2"), load_model(service, sdk=True)
        assert model is not None
        for action, operation in model.actions.items():
            for example in examples.get(operation, ()):
                taken = api["operations"][operation].get("input", {}).get("shape")
                if not taken:
                    continue
                parameters = _spelled(example.get("input", {}), api["shapes"], taken)
                problems = arguments(call(f"aws-sdk:{name}:{action}", parameters))
                checked += 1
                wrong += [f"{name}:{action} {problem}" for problem in problems]
    assert checked > 1000
    assert len(wrong) < checked / 50, "\n".join(wrong)


@pytest.mark.slow
def test_ten_thousand_calls_are_quick() -> None:
    flow: Any = sns.Publish("0", **_MESSAGE)
    for number in range(1, 10_000):
        flow = flow >> sns.Publish(str(number), **_MESSAGE)
    graph = link(flow)
    check(call("sns:publish", {}), apis=True)
    begin = time.process_time()
    assert check(graph, apis=True) == []
    assert time.process_time() - begin < 2


def _spelled(value: Any, shapes: Any, name: str) -> Any:
    """Spell the arguments of an example as Step Functions does."""
    shape = shapes[name]
    if shape["type"] == "structure":
        found = {}
        for key, item in value.items():
            if key not in shape["members"]:
                return value
            api_name = uncapitalized(key)
            api_name = {"equals": "equalsValue", "default": "defaultValue"}.get(api_name, api_name)
            found[api_name[:1].upper() + api_name[1:]] = _spelled(
                item, shapes, shape["members"][key]["shape"]
            )
        return found
    if shape["type"] == "list" and isinstance(value, list):
        return [_spelled(item, shapes, shape["member"]["shape"]) for item in value]
    if shape["type"] == "map":
        return {key: _spelled(item, shapes, shape["value"]["shape"]) for key, item in value.items()}
    return value


def _least(shape: Shape, depth: int = 0) -> Any:
    """Return the smallest value of a shape."""
    if shape.kind == "structure":
        return {name: _least(shape.members[name], depth + 1) for name in shape.required if depth < 20}
    if shape.kind == "list":
        return [_least(shape.inner, depth + 1)] * int(shape.least or 0) if shape.inner else []
    if shape.kind == "map":
        return (
            {f"k{n}": _least(shape.inner, depth + 1) for n in range(int(shape.least or 0))}
            if shape.inner
            else {}
        )
    if shape.kind in ("integer", "number"):
        return shape.least or 0
    if shape.values:
        return shape.values[0]
    return {"boolean": True, "any": {}}.get(shape.kind, "x" * int(shape.least or 1))


def test_one_of_several_arguments_is_enough() -> None:
    both = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:news", "Message": "m"}
    for parameters, said in (
        (both, []),
        ({"Message": "m"}, ["'TopicArn' or 'TargetArn' or 'PhoneNumber'"]),
    ):
        task = Task("Publish", Resource="arn:aws:states:::sns:publish", Parameters=parameters)
        problems = Workflow(task).check(apis=True)
        assert [problem.message.partition("requires ")[2] for problem in problems] == said


READING = {"Resource": f"{ARN}s3:getObject", "ReaderConfig": {"InputType": "JSON"}}
WRITING = {"Resource": f"{ARN}s3:putObject"}


@each_row(
    ("field", "call", "told"),
    [
        ("ItemReader", {**READING, "Parameters": {"Bucket": "b", "Key.$": "$.k", "VersionId": "1"}}, []),
        (
            "ItemReader",
            {**READING, "Parameters": {"Bucket": "b", "Key": "k", "Ky.$": "$.k"}},
            ["error: /ItemReader/Parameters/Ky.$: s3:getObject has no argument 'Ky'; did you mean 'Key'?"],
        ),
        (
            "ItemReader",
            {"Resource": f"{ARN}s3:listObjectsV2", "Parameters": {"Bucket": "b", "MaxKeys": ["many"]}},
            ["error: /ItemReader/Parameters/MaxKeys: 'MaxKeys' takes a whole number, not [\"many\"]; "],
        ),
        (
            "ItemReader",
            {"Resource": f"{ARN}s3:listObjectsV2", "Parameters": {}},
            ["error: /ItemReader/Parameters: a call of 's3:listObjectsV2' needs 'Bucket'; "],
        ),
        ("ResultWriter", {**WRITING, "Parameters": {"Bucket": "b", "Prefix": "p"}}, []),
        (
            "ResultWriter",
            {**WRITING, "Parameters": {"Bucket": "b", "Key": "p"}},
            [
                "warning: /ResultWriter/Parameters/Key: s3:putObject has no argument 'Key'; it has Bucket, Prefix"
            ],
        ),
    ],
)
def test_the_calls_of_a_map_are_held_to_their_arguments(field: str, call: Any, told: list[str]) -> None:
    inner = {
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    }
    each = {"Type": "Map", "ItemProcessor": inner, field: call, "End": True}
    problems = Workflow.read({"StartAt": "X", "States": {"X": each}}).check(apis=True)
    assert [
        f"{it.severity}: {it.location.removeprefix('/States/X')}: {it.message}; {it.hint}"
        for it in problems
    ] == told
