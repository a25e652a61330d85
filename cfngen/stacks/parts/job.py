"""A definition of AWS Batch jobs, with the roles that the jobs run with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from awacs.aws import Action, Allow, PolicyDocument, Statement
from troposphere import GetAtt, Ref, Sub, Template
from troposphere.batch import (
    ContainerProperties,
    Environment,
    JobDefinition,
    LogConfiguration,
    MultiNodeContainerProperties,
    NetworkConfiguration,
    NodeProperties,
    NodeRangeProperty,
    ResourceRequirement,
    ResourceRetentionPolicy,
    RetryStrategy,
    RuntimePlatform,
    Secret,
    Timeout,
)
from troposphere.iam import Policy

from cfngen.asl.values import Text
from cfngen.cfn.functions import is_intrinsic
from cfngen.cfn.text import to_value
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.trust import trust
from cfngen.stacks.additions import add_resources
from cfngen.stacks.json_options import json_object
from cfngen.stacks.options import (
    BOOLEAN,
    PREFIX,
    choice,
    integer,
    invalid_combination,
    mapping,
    number,
    option,
    part_of,
    reference,
    references,
)
from cfngen.stacks.parts import fargate
from cfngen.stacks.parts.logs import LogGroup, LogOptions
from cfngen.stacks.properties import tag_map, without_none
from cfngen.stacks.roles import RoleOptions, role
from cfngen.tasks.grants import regional

IMAGE: Final = "public.ecr.aws/amazonlinux/amazonlinux:2023"
VARIABLE: Final = r"(?!AWS_BATCH)(?s:.+)"
POLICY: Final = json_object(
    "a policy document, as an awacs PolicyDocument or as JSON",
    types=(dict, PolicyDocument),
    accepts=lambda document: "Statement" in document,
)
COMPUTE: Final = ("EC2", "SPOT", "FARGATE", "FARGATE_SPOT")
"""The first is AWS's own choice for its samples."""


@frozen(kw_only=True)
class PlatformOptions(RoleOptions):
    """What a job and the environment that it runs in must agree on."""

    compute: Literal["EC2", "SPOT", "FARGATE", "FARGATE_SPOT"] = option(
        choice(*COMPUTE), COMPUTE[0], help="what the job runs on"
    )
    gpus: int = option(integer(0), 0, help="the job's GPUs, on EC2 only")
    architecture: Literal["X86_64", "ARM64"] = option(
        choice("X86_64", "ARM64"), "X86_64", help="the architecture of the image"
    )

    @property
    def on_fargate(self) -> bool:
        """Whether jobs run on Fargate, where there are no instances to choose."""
        return self.compute.startswith("FARGATE")

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem where there are no GPUs."""
        yield from super().invalid_combinations()
        if self.gpus and self.on_fargate:
            yield invalid_combination("gpus", "Fargate has no GPUs", "run the job with compute EC2 or SPOT")
        elif self.gpus and self.architecture == "ARM64":
            yield invalid_combination(
                "gpus", "Batch has GPUs on X86_64 instances only", "build the image for X86_64"
            )


@frozen(kw_only=True)
class JobOptions(LogOptions, PlatformOptions):
    """The options of a job: ``vcpus`` may be a fraction on Fargate, ``memory`` is in MiB."""

    image: Text = option(
        reference("a container image", r"[\w.:/@#-]{1,255}"), IMAGE, help="the job's image"
    )
    command: Sequence[Text] = option(
        references("a list of texts"), ("echo", "Hello world"), help="the job's command"
    )
    vcpus: float = option(number(0.25), 2, help="the job's vCPUs")
    memory: int | None = option(
        integer(4), None, help="the job's memory in MiB: 2000, or the least that Fargate has"
    )
    environment: Mapping[str, Text] = option(
        mapping("a mapping of names (not beginning with AWS_BATCH) to texts", VARIABLE),
        {},
        help="the job's environment variables",
    )
    secrets: Mapping[str, Text] = option(
        mapping("a mapping of names (not beginning with AWS_BATCH) to ARNs", VARIABLE, r"[^\s$\"'\\{}]+"),
        {},
        help="environment variables from secrets or parameters",
    )
    job_attempts: int = option(integer(1, 10), 1, help="how often Batch tries the job")
    job_timeout: int | None = option(integer(60), None, help="seconds after which Batch ends an attempt")
    job_role_policy: PolicyDocument | Mapping[str, Any] | None = option(
        POLICY,
        None,
        help="what the job itself may do",
    )
    job_logs: bool = option(
        BOOLEAN, False, help="log to a group of the stack instead of /aws/batch/job, which all jobs share"
    )
    public_ip: bool = option(BOOLEAN, True, help="give jobs on Fargate a public address")

    @property
    def memory_or_default(self) -> int:
        """The MiB that the job gets."""
        if self.memory is not None:
            return self.memory
        return fargate.SIZES[self.vcpus][0] if self.on_fargate else 2000

    @property
    def secret_services(self) -> list[str]:
        """The services that the job's secrets are read from."""
        return [_may_read(secret).Action[0].prefix for secret in self.secrets.values()]

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for a size that jobs cannot have."""
        yield from super().invalid_combinations()
        if not self.on_fargate:
            if self.vcpus != int(self.vcpus):
                yield invalid_combination(
                    "vcpus",
                    f"on EC2 a job has whole vCPUs, not {self.vcpus:g}",
                    "set 1 or more, or run the job with compute FARGATE",
                )
        elif self.vcpus not in fargate.SIZES:
            sizes = ", ".join(f"{size:g}" for size in fargate.SIZES)
            yield invalid_combination(
                "vcpus", f"Fargate has no jobs of {self.vcpus:g} vCPUs", f"it has {sizes}"
            )
        elif self.memory_or_default not in fargate.SIZES[self.vcpus]:
            yield invalid_combination(
                "memory",
                f"Fargate has no jobs of {self.vcpus:g} vCPUs and {self.memory} MiB",
                f"with {self.vcpus:g} vCPUs it has {fargate.memories(self.vcpus)}",
            )


@frozen(kw_only=True)
class BatchJob(JobOptions):
    """A job definition, the job's own role, and the role that starts its container.

    ``prefix`` begins the logical ids: ``BatchJobDefinition``, ``BatchJobRole``, ``BatchExecutionRole``,
    ``BatchJobLogGroup``. An update leaves the revision that running executions name as it is.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-batch-jobdefinition.html
    """

    prefix: str = option(PREFIX, "Batch", help="the beginning of the logical ids")
    nodes: int | None = option(
        integer(2, 1000), None, help="run a multi-node parallel job on so many instances, on EC2 only"
    )

    def add_to(self, template: Template) -> Ref:
        """Add the definition and its roles; return a reference to the definition's ARN."""
        definition = JobDefinition(
            f"{self.prefix}JobDefinition",
            Type="container" if self.nodes is None else "multinode",
            PlatformCapabilities=["FARGATE" if self.on_fargate else "EC2"],
            **self._what_runs(),
            RetryStrategy=RetryStrategy(Attempts=self.job_attempts),
            **without_none(
                ResourceRetentionPolicy=ResourceRetentionPolicy(SkipDeregisterOnUpdate=True),
                Timeout=Timeout(AttemptDurationSeconds=self.job_timeout) if self.job_timeout else None,
                PropagateTags=True if self.tags else None,
                Tags=tag_map(self.tags),
            ),
        )
        add_resources(self, template, definition)
        if self.job_role_policy is not None:
            policy = Policy(PolicyName=f"{self.prefix}JobPolicy", PolicyDocument=self.job_role_policy)
            trusted = trust("ecs-tasks.amazonaws.com")
            add_resources(
                self, template, role(f"{self.prefix}JobRole", self, trust=trusted, policies=[policy])
            )
        if self._needs_execution_role:
            self._add_execution_role(template)
        if self.job_logs:
            part_of(LogGroup, self, logical_id=f"{self.prefix}JobLogGroup").add_to(template)
        return definition.ref()

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for several nodes where there are no instances."""
        yield from super().invalid_combinations()
        if self.nodes is not None and self.on_fargate:
            yield invalid_combination("nodes", "Fargate has no multi-node jobs", "set compute to EC2")

    def _what_runs(self) -> dict[str, Any]:
        """Return the container, of every node where there are several."""
        if self.nodes is None:
            return {"ContainerProperties": ContainerProperties(**self._container())}
        container = MultiNodeContainerProperties(**self._container())
        every_node = NodeRangeProperty(TargetNodes="0:", Container=container)
        properties = NodeProperties(MainNode=0, NumNodes=self.nodes, NodeRangeProperties=[every_node])
        return {"NodeProperties": properties}

    def _container(self) -> dict[str, Any]:
        network = NetworkConfiguration(AssignPublicIp="ENABLED" if self.public_ip else "DISABLED")
        platform = RuntimePlatform(CpuArchitecture="ARM64", OperatingSystemFamily="LINUX")
        execution_role = GetAtt(f"{self.prefix}ExecutionRole", "Arn")
        return without_none(
            Image=self.image,
            Command=list(self.command) or None,
            ResourceRequirements=list(self._requirements()),
            Environment=[Environment(Name=name, Value=text) for name, text in self.environment.items()]
            or None,
            Secrets=[Secret(Name=name, ValueFrom=source) for name, source in self.secrets.items()] or None,
            LogConfiguration=self._log_configuration() if self.job_logs else None,
            JobRoleArn=None if self.job_role_policy is None else GetAtt(f"{self.prefix}JobRole", "Arn"),
            ExecutionRoleArn=execution_role if self._needs_execution_role else None,
            NetworkConfiguration=network if self.on_fargate else None,
            RuntimePlatform=platform if self.on_fargate and self.architecture == "ARM64" else None,
        )

    def _log_configuration(self) -> LogConfiguration:
        group = Ref(f"{self.prefix}JobLogGroup")
        return LogConfiguration(LogDriver="awslogs", Options={"awslogs-group": group})

    def _requirements(self) -> Iterator[ResourceRequirement]:
        yield ResourceRequirement(Type="VCPU", Value=f"{self.vcpus:g}")
        yield ResourceRequirement(Type="MEMORY", Value=str(self.memory_or_default))
        if self.gpus:
            yield ResourceRequirement(Type="GPU", Value=str(self.gpus))

    @property
    def _needs_execution_role(self) -> bool:  # on Fargate to pull the image; anywhere to read secrets
        return self.on_fargate or bool(self.secrets)

    def _add_execution_role(self, template: Template) -> None:
        policy = "service-role/AmazonECSTaskExecutionRolePolicy"
        statements = [_may_read(secret) for secret in self.secrets.values()]
        document = PolicyDocument(Version="2012-10-17", Statement=statements)
        secrets_policy = Policy(PolicyName=f"{self.prefix}SecretsPolicy", PolicyDocument=document)
        add_resources(
            self,
            template,
            role(
                f"{self.prefix}ExecutionRole",
                self,
                trust=trust("ecs-tasks.amazonaws.com"),
                managed=[Sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{policy}")],
                policies=[secrets_policy] if statements else [],
            ),
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
    text = resource.get("Fn::Sub") if isinstance(resource, Mapping) else resource
    if isinstance(text, str):
        if ":secretsmanager:" in text:
            resource = to_value(re.sub(r"(:secret:[^:]+):.*", r"\1", text))
        elif ":ssm:" in text:
            action, resource = ssm.GetParameters, to_value(text)
        elif text.startswith("${"):
            resource = to_value(re.sub(r"^(\$\{[^}]+\}):.*", r"\1", text))
        else:
            action, resource = ssm.GetParameters, to_value(regional("ssm", f"parameter/{text.lstrip('/')}"))
    return Statement(Effect=Allow, Action=[action], Resource=[resource])
