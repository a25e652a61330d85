"""Limits that services document beside their API models, and what definitions in production pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.loaders import Loader

from cfngen import Workflow
from cfngen.apis.limits import LIMITS
from cfngen.apis.sdk import RETIRED, SDK_SERVICES
from tests.rows import each_row

JOB = {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}


def found(resource: str, arguments: dict[str, Any], language: str = "JSONPath") -> dict[str, str]:
    field = "Parameters" if language == "JSONPath" else "Arguments"
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", field: arguments, "End": True}
    document = {"QueryLanguage": language, "StartAt": "A", "States": {"A": state}}
    return {
        problem.location.removeprefix("/States/A/").removeprefix(f"{field}/"): problem.severity
        for problem in Workflow.read(document).check(apis=True)
    }


@each_row("resource", ["batch:submitJob.sync", "aws-sdk:batch:submitJob"])
@each_row(
    ("arguments", "places"),
    [
        ({"ArrayProperties": {"Size": 1}}, ["ArrayProperties/Size"]),
        ({"ArrayProperties": {"Size": 10_001}}, ["ArrayProperties/Size"]),
        ({"ArrayProperties": {"Size": 10_000}}, []),
        ({"RetryStrategy": {"Attempts": 11}}, ["RetryStrategy/Attempts"]),
        ({"Timeout": {"AttemptDurationSeconds": 59}}, ["Timeout/AttemptDurationSeconds"]),
        ({"RetryStrategy": {"EvaluateOnExit": [{"Action": "RETRY"}]}}, ["RetryStrategy/EvaluateOnExit"]),
        (
            {"RetryStrategy": {"Attempts": 2, "EvaluateOnExit": [{"Action": "RETRY", "OnReason": "*x"}]}},
            ["RetryStrategy/EvaluateOnExit/0/OnReason"],
        ),
        ({"RetryStrategy": {"Attempts": 2, "EvaluateOnExit": [{"Action": "EXIT", "OnReason": "*"}]}}, []),
        (
            {"ContainerOverrides": {"Environment": [{"Name": "AWS_BATCH_X", "Value": "1"}]}},
            ["ContainerOverrides/Environment/0/Name"],
        ),
        ({"ContainerOverrides": {"Vcpus": 1}}, ["ContainerOverrides/Vcpus"]),
    ],
)
def test_limits_of_batch(resource: str, arguments: dict[str, Any], places: list[str]) -> None:
    assert found(resource, {**JOB, **arguments}) == dict.fromkeys(places, "warning")


def test_names_of_variables_are_limited_wherever_the_documentation_of_batch_says_so() -> None:
    model: dict[str, Any] = Loader().load_service_model("batch", "service-2")["shapes"]

    def places(shape: str, path: str) -> Iterator[str]:
        kind = model[shape]
        if kind["type"] == "list":
            yield from places(kind["member"]["shape"], f"{path}[]")
        for name, member in kind.get("members", {}).items():
            at = f"{path}.{name[0].upper()}{name[1:]}".removeprefix(".")
            if "cannot start with" in (said := member.get("documentation", "")) and "AWS_BATCH" in said:
                yield f"{at}[].Name"
            yield from places(member["shape"], at)

    limited = {path for path, pattern in LIMITS["batch", "SubmitJob"].patterns.items() if "AWS" in pattern}
    assert limited == set(places("SubmitJobRequest", ""))


@each_row(
    ("resource", "arguments", "places"),
    [
        ("batch:submitJob", {**JOB, "Parameters": {"Key2": 100}}, {}),
        (
            "dynamodb:getItem",
            {"TableName": "t", "Key": {"kind": "order", "id.$": "$.x"}},
            {"Key/kind": "warning"},
        ),
        (
            "dynamodb:getItem",
            {"TableName": "t", "Key": {"done": {"BOOL": "true"}}},
            {"Key/done/BOOL": "warning"},
        ),
        ("batch:submitJob", {**JOB, "ArrayProperties": {"Size": "5"}}, {"ArrayProperties/Size": "warning"}),
        (
            "batch:submitJob",
            {**JOB, "ArrayProperties": {"Size": "many"}},
            {"ArrayProperties/Size": "error"},
        ),
        *(
            ("batch:submitJob", {**JOB, "ArrayProperties": held}, {"ArrayProperties": "warning"})
            for held in (5, 0.5, True, "x")
        ),
        *(
            ("dynamodb:putItem", {"TableName": "t", "Item": {"m": {"M": held}}}, {"Item/m/M": "warning"})
            for held in (1, "x")
        ),
        ("batch:submitJob", {**JOB, "ArrayProperties": [1]}, {"ArrayProperties": "error"}),
    ],
)
def test_what_production_passes_is_no_error(
    resource: str, arguments: dict[str, Any], places: dict[str, str]
) -> None:
    assert found(resource, arguments) == places


def test_in_jsonata_a_key_that_ends_as_a_path_is_an_unknown_argument() -> None:
    assert found("lambda:invoke", {"FunctionName": "f", "Payload.$": "$.x"}, "JSONata") == {
        "Payload.$": "error"
    }


def test_a_retired_service_is_a_warning_without_another_to_take() -> None:
    assert found("aws-sdk:qldb:listLedgers", {}) == {"Resource": "warning"}
    assert not RETIRED & SDK_SERVICES.keys()
