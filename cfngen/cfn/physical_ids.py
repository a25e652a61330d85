"""What ``Ref`` and ``Fn::GetAtt`` return for resources that CloudFormation has not made yet.

Names that a template leaves open are made up as CloudFormation does: of the stack, the logical id and
letters, which are the same each time. The return values stand on each type's page, such as
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

REF_NAME, REF_ARN, REF_URL = "{name}", "{arn}", "https://sqs.{region}.amazonaws.com/{account}/{name}"


class Kind(NamedTuple):
    """A type: the property that names it, its ARN, what ``Ref`` returns, and its attributes."""

    property: str
    arn: str
    ref: str = REF_NAME
    attributes: Mapping[str, str] = {"Arn": REF_ARN}


KINDS: Final[Mapping[str, Kind]] = {
    "AWS::StepFunctions::StateMachine": Kind(
        "StateMachineName",
        "states:{region}:{account}:stateMachine:{name}",
        REF_ARN,
        {"Arn": REF_ARN, "Name": REF_NAME},
    ),
    "AWS::StepFunctions::Activity": Kind(
        "Name",
        "states:{region}:{account}:activity:{name}",
        REF_ARN,
        {"Arn": REF_ARN, "Name": REF_NAME},
    ),
    "AWS::SNS::Topic": Kind(
        "TopicName",
        "sns:{region}:{account}:{name}",
        REF_ARN,
        {"TopicArn": REF_ARN, "TopicName": REF_NAME},
    ),
    "AWS::SQS::Queue": Kind(
        "QueueName",
        "sqs:{region}:{account}:{name}",
        REF_URL,
        {"Arn": REF_ARN, "QueueName": REF_NAME, "QueueUrl": REF_URL},
    ),
    "AWS::Lambda::Function": Kind("FunctionName", "lambda:{region}:{account}:function:{name}"),
    "AWS::DynamoDB::Table": Kind("TableName", "dynamodb:{region}:{account}:table/{name}"),
    "AWS::S3::Bucket": Kind("BucketName", "s3:::{name}"),
    "AWS::IAM::Role": Kind("RoleName", "iam::{account}:role/{name}"),
    "AWS::Batch::JobQueue": Kind(
        "JobQueueName",
        "batch:{region}:{account}:job-queue/{name}",
        REF_ARN,
        {"JobQueueArn": REF_ARN},
    ),
    "AWS::Batch::JobDefinition": Kind(
        "JobDefinitionName",
        "batch:{region}:{account}:job-definition/{name}:1",
        REF_ARN,
        {"JobDefinitionArn": REF_ARN},
    ),
    "AWS::Batch::ComputeEnvironment": Kind(
        "ComputeEnvironmentName",
        "batch:{region}:{account}:compute-environment/{name}",
        REF_ARN,
        {"ComputeEnvironmentArn": REF_ARN},
    ),
    "AWS::ECS::Cluster": Kind("ClusterName", "ecs:{region}:{account}:cluster/{name}"),
    "AWS::ECS::TaskDefinition": Kind(
        "Family",
        "ecs:{region}:{account}:task-definition/{name}:1",
        REF_ARN,
        {"TaskDefinitionArn": REF_ARN},
    ),
    "AWS::Events::EventBus": Kind(
        "Name",
        "events:{region}:{account}:event-bus/{name}",
        attributes={"Arn": REF_ARN, "Name": REF_NAME},
    ),
    "AWS::EC2::SecurityGroup": Kind("", "", attributes={"GroupId": REF_NAME}),
    "AWS::EC2::Subnet": Kind("", "", attributes={"SubnetId": REF_NAME}),
    "AWS::EC2::VPC": Kind("", "", attributes={"VpcId": REF_NAME}),
    "AWS::Kinesis::Stream": Kind("Name", "kinesis:{region}:{account}:stream/{name}"),
    "AWS::Logs::LogGroup": Kind("LogGroupName", "logs:{region}:{account}:log-group:{name}:*"),
    "AWS::CodeBuild::Project": Kind("Name", "codebuild:{region}:{account}:project/{name}"),
    "AWS::Glue::Job": Kind("Name", "glue:{region}:{account}:job/{name}", attributes={}),
    "AWS::Glue::Crawler": Kind("Name", "glue:{region}:{account}:crawler/{name}", attributes={}),
    "AWS::SecretsManager::Secret": Kind(
        "Name",
        "secretsmanager:{region}:{account}:secret:{name}-{letters}",
        REF_ARN,
        {"Id": REF_ARN},
    ),
}

_UNLISTED: Final = Kind("", "", attributes={})
_LOWER: Final = ("AWS::S3::Bucket",)
_PREFIXES: Final = {
    "AWS::EC2::SecurityGroup": "sg",
    "AWS::EC2::Subnet": "subnet",
    "AWS::EC2::VPC": "vpc",
}
_LETTERS: Final = 12
MAX_NAME: Final = 64
"""Characters of a name that is made up: enough for no service to refuse it."""


class PhysicalIds(NamedTuple):
    """What a resource is called: ``Ref`` and its attributes."""

    ref: str
    attributes: Mapping[str, str]


def physical_ids(
    type_name: str,
    logical_id: str,
    properties: Mapping[str, Any],
    *,
    stack: str,
    region: str,
    account: str,
    partition: str = "aws",
) -> PhysicalIds:
    """Return what a resource is called; of a type that is not listed, no attribute is known."""
    import base64
    import hashlib

    kind = KINDS.get(type_name, _UNLISTED)
    digest = hashlib.sha256(f"{stack}/{logical_id}".encode()).digest()
    letters = base64.b32encode(digest).decode("ascii")[:_LETTERS]
    name = properties.get(kind.property)
    if not isinstance(name, str):
        room = MAX_NAME - len(letters) - 1
        name = f"{f'{stack}-{logical_id}'[:room]}-{letters}"
        name = name.lower() if type_name in _LOWER else name
    if prefix := _PREFIXES.get(type_name):
        name = f"{prefix}-0{digest.hex()[:16]}"
    values = {"name": name, "letters": letters[:6], "region": region, "account": account}
    arn = f"arn:{partition}:{kind.arn.format(**values)}"
    values["arn"] = arn
    attributes = {attribute: pattern.format(**values) for attribute, pattern in kind.attributes.items()}
    return PhysicalIds(kind.ref.format(**values), attributes)
