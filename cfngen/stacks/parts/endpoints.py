"""VPC endpoints: how jobs in subnets without a way to the internet reach AWS.

https://docs.aws.amazon.com/batch/latest/userguide/vpc-endpoint-considerations.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from troposphere import AWSObject, If, Ref, Sub
from troposphere.ec2 import SecurityGroup, SecurityGroupRule, VPCEndpoint

from cfngen.cfn.functions import is_intrinsic
from cfngen.stacks.partitions import IN_CHINA

EVERY_JOB: Final = ("s3", "ecr.api", "ecr.dkr", "logs")
"""What starting a container takes: the registry, whose layers are in Amazon S3, and the job's log."""

INSTANCES: Final = ("ecs", "ecs-agent", "ecs-telemetry")
"""What the agent of an instance calls too; Fargate does so outside of the VPC."""

_GATEWAYS: Final = ("s3", "dynamodb")
"""The services that a route reaches, which costs nothing; every other one has interfaces in the subnets."""

_CHINESE: Final = (
    "account", "application-autoscaling", "athena", "autoscaling", "backup", "batch", "cassandra",
    "cloudcontrolapi", "cloudformation", "databrew", "dms", "ebs", "ec2", "ecr.api", "ecr.dkr", "eks",
    "elasticache", "elasticbeanstalk", "elasticfilesystem", "emr-containers", "execute-api", "fsx",
    "imagebuilder", "iot.data", "kinesis-streams", "lambda", "license-manager", "monitoring", "rds",
    "redshift", "redshift-data", "sagemaker.api", "sagemaker.featurestore-runtime", "sagemaker.runtime",
    "securityhub", "servicecatalog", "sms", "sqs", "states", "sts", "sync-states", "synthetics",
    "transfer", "xray",
)  # fmt: skip
"""The services whose name has ``cn`` in front in the regions of China; the others' has not there either.

As the AWS CDK has them from ``aws ec2 describe-vpc-endpoint-services`` (``aws-ec2/lib/vpc-endpoint.ts``).
"""


def endpoints(
    prefix: str, services: Iterable[str], subnets: list[Ref], tags: Mapping[str, Any]
) -> Iterator[AWSObject]:
    """Yield an endpoint for each service, and the group that lets the jobs of a network reach them."""
    vpc, group = Ref(f"{prefix}VPC"), f"{prefix}EndpointSecurityGroup"
    https = SecurityGroupRule(
        Description="HTTPS from jobs",
        IpProtocol="tcp",
        FromPort=443,
        ToPort=443,
        SourceSecurityGroupId=Ref(f"{prefix}SecurityGroup"),
    )
    yield SecurityGroup(
        group,
        GroupDescription="VPC endpoints: HTTPS from Batch jobs",
        VpcId=vpc,
        SecurityGroupIngress=[https],
        **tags,
    )
    for service in dict.fromkeys(services):
        reached = (
            {"VpcEndpointType": "Gateway", "RouteTableIds": [Ref(f"{prefix}PrivateRouteTable")]}
            if service in _GATEWAYS
            else {
                "VpcEndpointType": "Interface",
                "PrivateDnsEnabled": True,
                "SubnetIds": subnets,
                "SecurityGroupIds": [Ref(group)],
            }
        )
        name = re.sub(r"[^A-Za-z0-9]", "", service.title())
        yield VPCEndpoint(
            f"{prefix}{name}Endpoint", VpcId=vpc, ServiceName=_service_name(service), **reached, **tags
        )


def _service_name(service: str) -> Any:
    name = f"com.amazonaws.${{AWS::Region}}.{service}"
    return If(IN_CHINA, Sub(f"cn.{name}"), Sub(name)) if service in _CHINESE else Sub(name)


def reach(image: Any) -> bool:
    """Tell whether endpoints reach the registry of an image: Amazon ECR has them for private ones."""
    return is_intrinsic(image) or bool(re.match(r"\d{12}\.dkr[.-]ecr[.-]", image))
