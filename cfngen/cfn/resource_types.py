"""What references to the resources of a template stand for: ARNs, names and URLs.

``{}`` is the name of the resource, ``{path}`` that of an entity of IAM; ``{revision}`` is a number and
``{suffix}`` letters that are only known after deployment. A type that is not here is a reference of which
only its name is known.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from cfngen.cfn.arns import account_wide, partition_wide, regional
from cfngen.cfn.pseudo_parameters import ACCOUNT_ID, REGION, URL_SUFFIX
from cfngen.cfn.text import hole


class ResourceType(NamedTuple):
    """What CloudFormation makes of a resource: ``named`` is the property that names it.

    ``references`` has what its attributes are, and ``REF`` what ``Ref`` returns.
    ``generated`` is how its own names begin, as far as that is sure: ``{stack}`` and ``{id}`` in it.
    """

    named: str
    references: Mapping[str, str]
    generated: str = ""


REF: Final = ""
_STACKED: Final = "{stack}-"


def _with_arn_as_ref(
    named: str, service: str, resource: str, generated: str = "", ref: str = ""
) -> ResourceType:
    """Return a type whose ``Ref`` is its ARN, unless ``ref`` says otherwise."""
    arn = regional(service, resource)
    return ResourceType(named, {REF: ref or arn, "Arn": arn}, generated)


_FUNCTION: Final = _with_arn_as_ref("FunctionName", "lambda", "function:{}", _STACKED, "{}")
_TABLE: Final = _with_arn_as_ref("TableName", "dynamodb", "table/{}", _STACKED, "{}")
_MACHINE: Final = "stateMachine:{}"
_QUEUE: Final = f"https://sqs.{hole(REGION)}.{hole(URL_SUFFIX)}/{hole(ACCOUNT_ID)}/{{}}"

TYPES: Final[Mapping[str, ResourceType]] = {
    "AWS::Batch::ComputeEnvironment": ResourceType(
        "ComputeEnvironmentName",
        dict.fromkeys((REF, "ComputeEnvironmentArn"), regional("batch", "compute-environment/{}")),
    ),
    "AWS::Batch::JobDefinition": ResourceType(
        "JobDefinitionName",
        dict.fromkeys((REF, "JobDefinitionArn"), regional("batch", "job-definition/{}:{revision}")),
    ),
    "AWS::Batch::JobQueue": ResourceType(
        "JobQueueName", dict.fromkeys((REF, "JobQueueArn"), regional("batch", "job-queue/{}"))
    ),
    "AWS::CodeBuild::Project": _with_arn_as_ref("Name", "codebuild", "project/{}", ref="{}"),
    "AWS::DynamoDB::GlobalTable": _TABLE,
    "AWS::DynamoDB::Table": _TABLE,
    "AWS::EC2::SecurityGroup": ResourceType("", dict.fromkeys((REF, "GroupId"), "{}")),
    "AWS::EC2::Subnet": ResourceType("", dict.fromkeys((REF, "SubnetId"), "{}")),
    "AWS::EC2::VPC": ResourceType("", dict.fromkeys((REF, "VpcId"), "{}")),
    "AWS::ECR::Repository": _with_arn_as_ref("RepositoryName", "ecr", "repository/{}", ref="{}"),
    "AWS::ECS::Cluster": _with_arn_as_ref("ClusterName", "ecs", "cluster/{}", ref="{}"),
    "AWS::ECS::TaskDefinition": ResourceType(
        "Family",
        dict.fromkeys((REF, "TaskDefinitionArn"), regional("ecs", "task-definition/{}:{revision}")),
    ),
    "AWS::EKS::Cluster": _with_arn_as_ref("Name", "eks", "cluster/{}", ref="{}"),
    "AWS::Events::EventBus": _with_arn_as_ref("Name", "events", "event-bus/{}", ref="{}"),
    "AWS::Glue::Crawler": ResourceType("Name", {REF: "{}"}),
    "AWS::Glue::Job": ResourceType("Name", {REF: "{}"}),
    "AWS::IAM::Role": ResourceType(
        "RoleName", {REF: "{}", "Arn": account_wide("iam", "role{path}{}")}, _STACKED
    ),
    "AWS::IAM::ManagedPolicy": ResourceType(
        "ManagedPolicyName",
        dict.fromkeys((REF, "PolicyArn"), account_wide("iam", "policy{path}{}")),
        _STACKED,
    ),
    "AWS::Kinesis::Stream": _with_arn_as_ref("Name", "kinesis", "stream/{}", _STACKED, "{}"),
    "AWS::KMS::Key": _with_arn_as_ref("", "kms", "key/{}", ref="{}"),
    "AWS::Lambda::Function": _FUNCTION,
    "AWS::Logs::LogGroup": ResourceType(
        "LogGroupName", {REF: "{}", "Arn": regional("logs", "log-group:{}:*")}
    ),
    "AWS::S3::Bucket": ResourceType("BucketName", {REF: "{}", "Arn": partition_wide("s3", "{}")}),
    "AWS::SNS::Topic": ResourceType(
        "TopicName",
        {REF: regional("sns", "{}"), "TopicArn": regional("sns", "{}"), "TopicName": "{}"},
        _STACKED,
    ),
    "AWS::SQS::Queue": ResourceType(
        "QueueName",
        {REF: _QUEUE, "QueueUrl": _QUEUE, "Arn": regional("sqs", "{}"), "QueueName": "{}"},
        _STACKED,
    ),
    "AWS::SecretsManager::Secret": ResourceType(
        "Name", dict.fromkeys((REF, "Id"), regional("secretsmanager", "secret:{}-{suffix}"))
    ),
    "AWS::Serverless::Function": _FUNCTION,
    "AWS::Serverless::SimpleTable": _TABLE,
    "AWS::Serverless::StateMachine": ResourceType(
        "Name",
        {REF: regional("states", _MACHINE), "Arn": regional("states", _MACHINE), "Name": "{}"},
        "{id}-",
    ),
    "AWS::StepFunctions::Activity": ResourceType(
        "Name",
        {REF: regional("states", "activity:{}"), "Arn": regional("states", "activity:{}"), "Name": "{}"},
    ),
    "AWS::StepFunctions::StateMachine": ResourceType(
        "StateMachineName",
        {REF: regional("states", _MACHINE), "Arn": regional("states", _MACHINE), "Name": "{}"},
        "{id}-",
    ),
}
