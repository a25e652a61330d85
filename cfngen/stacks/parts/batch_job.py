"""The job: its definition, and the roles it runs with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awacs.aws import Action, Allow, PolicyDocument, Statement
from troposphere import GetAtt, Sub, Template
from troposphere.batch import (
    ContainerProperties,
    Environment,
    JobDefinition,
    NetworkConfiguration,
    ResourceRequirement,
    RetryStrategy,
    RuntimePlatform,
    Secret,
    Timeout,
)
from troposphere.iam import Policy

from cfngen.asl.values import is_intrinsic
from cfngen.iam.arns import sub
from cfngen.iam.trust import trust
from cfngen.stacks.properties import given, tag_map
from cfngen.stacks.roles import role
from cfngen.tasks.grants import regional

if TYPE_CHECKING:
    from cfngen.stacks.samples.batch_job_notification import BatchJobNotification


def add_job(template: Template, stack: BatchJobNotification) -> None:
    """Add the job definition, the job's own role, and the role that starts its container."""
    template.add_resource(
        JobDefinition(
            "BatchJobDefinition",
            Type="container",
            PlatformCapabilities=["FARGATE" if stack.on_fargate else "EC2"],
            ContainerProperties=ContainerProperties(**_container(stack)),
            RetryStrategy=RetryStrategy(Attempts=stack.job_attempts),
            **given(
                Timeout=Timeout(AttemptDurationSeconds=stack.job_timeout) if stack.job_timeout else None,
                PropagateTags=True if stack.tags else None,
                Tags=tag_map(stack.tags),
            ),
        )
    )
    if stack.job_role_policy is not None:
        policy = Policy(PolicyName="BatchJobPolicy", PolicyDocument=stack.job_role_policy)
        template.add_resource(
            role("BatchJobRole", stack, trust=trust("ecs-tasks.amazonaws.com"), policies=[policy])
        )
    if _needs_execution_role(stack):
        _add_execution_role(template, stack)


def _container(stack: BatchJobNotification) -> dict[str, Any]:
    fargate = stack.on_fargate
    arm = fargate and stack.architecture == "ARM64"
    public_ip = "ENABLED" if stack.public_ip else "DISABLED"
    return given(
        Image=stack.image,
        Command=list(stack.command) or None,
        ResourceRequirements=list(_requirements(stack)),
        Environment=[Environment(Name=name, Value=value) for name, value in stack.environment.items()]
        or None,
        Secrets=[Secret(Name=name, ValueFrom=value) for name, value in stack.secrets.items()] or None,
        JobRoleArn=None if stack.job_role_policy is None else GetAtt("BatchJobRole", "Arn"),
        ExecutionRoleArn=GetAtt("BatchExecutionRole", "Arn") if _needs_execution_role(stack) else None,
        NetworkConfiguration=NetworkConfiguration(AssignPublicIp=public_ip) if fargate else None,
        RuntimePlatform=RuntimePlatform(CpuArchitecture="ARM64", OperatingSystemFamily="LINUX")
        if arm
        else None,
    )


def _requirements(stack: BatchJobNotification) -> Iterator[ResourceRequirement]:
    yield ResourceRequirement(Type="VCPU", Value=f"{stack.vcpus:g}")
    yield ResourceRequirement(Type="MEMORY", Value=str(stack.memory_or_default))
    if stack.gpus:
        yield ResourceRequirement(Type="GPU", Value=str(stack.gpus))


def _needs_execution_role(stack: BatchJobNotification) -> bool:
    """On Fargate the role pulls the image and writes logs; anywhere, it reads the secrets."""
    return stack.on_fargate or bool(stack.secrets)


def _add_execution_role(template: Template, stack: BatchJobNotification) -> None:
    policy = "service-role/AmazonECSTaskExecutionRolePolicy"
    secrets = [_may_read(value) for value in stack.secrets.values()]
    document = PolicyDocument(Version="2012-10-17", Statement=secrets)
    template.add_resource(
        role(
            "BatchExecutionRole",
            stack,
            trust=trust("ecs-tasks.amazonaws.com"),
            managed=[Sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}")],
            policies=[Policy(PolicyName="BatchSecretsPolicy", PolicyDocument=document)] if secrets else [],
        )
    )


def _may_read(secret: Any) -> Statement:
    """Return what reading one secret takes.

    Its value is the ARN of a secret, which may go on with a JSON key, a stage and a version, or the ARN
    or name of a parameter of Systems Manager. An intrinsic is taken for the ARN of a secret.
    https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data.html
    """
    from awacs import secretsmanager, ssm

    action: Action = secretsmanager.GetSecretValue
    resource: Any = secret
    if is_intrinsic(secret):
        resource = secret.to_dict()
    spelled = resource.get("Fn::Sub") if isinstance(resource, Mapping) else resource
    if isinstance(spelled, str):
        if ":secretsmanager:" in spelled:
            resource = sub(re.sub(r"(:secret:[^:]+):.*", r"\1", spelled))
        elif ":ssm:" in spelled:
            action, resource = ssm.GetParameters, sub(spelled)
        elif spelled.startswith("${"):
            resource = sub(re.sub(r"^(\$\{[^}]+\}):.*", r"\1", spelled))
        else:
            action, resource = ssm.GetParameters, sub(regional("ssm", f"parameter/{spelled.lstrip('/')}"))
    return Statement(Effect=Allow, Action=[action], Resource=[resource])
