"""AWS's sample project *Manage a batch job*: run an AWS Batch job and tell a topic how it went.

https://docs.aws.amazon.com/step-functions/latest/dg/batch-job-notification.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, Literal

from awacs.aws import PolicyDocument
from troposphere import GetAtt, Output, Parameter, Ref, Template

from cfngen.asl.errors import ALL
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.values import SYNC, Text
from cfngen.core.declared import frozen
from cfngen.core.problems import Problem
from cfngen.iam.derive import DOCUMENTED, Scope
from cfngen.stacks.options import (
    BOOLEAN,
    asked,
    asked_list,
    choice,
    impossible,
    integer,
    mapping,
    number,
    option,
    reference,
    references,
    value,
)
from cfngen.stacks.parts import fargate, instances
from cfngen.stacks.parts.batch_computing import add_computing
from cfngen.stacks.parts.batch_job import add_job
from cfngen.stacks.parts.batch_network import add_network
from cfngen.stacks.parts.notification import (
    AWS_MANAGED,
    CREATE,
    add_topic,
    topic_key_statements,
)
from cfngen.stacks.state_machine import SCOPE, MachineOptions, StateMachine
from cfngen.tasks import batch, sns
from cfngen.workflow import Workflow

DESCRIPTION: Final = "Run an AWS Batch job with Step Functions and tell an SNS topic how it went"
IMAGE: Final = "public.ecr.aws/amazonlinux/amazonlinux:2023"
COMMENT: Final = "An example of the Amazon States Language for notification on an AWS Batch job completion"
VARIABLE: Final = r"(?!AWS_BATCH)(?s:.+)"
COMPUTE: Final = ("EC2", "SPOT", "FARGATE", "FARGATE_SPOT")
"""The first is AWS's own choice for the sample."""


@frozen(kw_only=True)
class BatchJobNotification(MachineOptions):
    """The sample's stack; the defaults are AWS's, and every field is an option.

    ``vcpus`` may be a fraction on Fargate, ``memory`` is in MiB, ``job_timeout`` in seconds for each of
    ``job_attempts``, ``timeout`` in seconds for the whole execution. ``workflow`` replaces the sample's; it
    may refer to ``BatchJobQueue``, ``BatchJobDefinition`` and ``SNSTopic``.

    Raises ``TypeError`` for an option that does not exist and ``StackError`` for those that cannot be.
    """

    image: Text = option(reference("a container image"), IMAGE, help="the job's image")
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
        mapping("a mapping of names (not beginning with AWS_BATCH) to ARNs", VARIABLE),
        {},
        help="environment variables from secrets or parameters",
    )
    job_attempts: int = option(integer(1, 10), 1, help="how often Batch tries the job")
    job_timeout: int | None = option(integer(60), None, help="seconds after which Batch ends an attempt")
    job_role_policy: PolicyDocument | Mapping[str, Any] | None = option(
        value(
            "a policy document, as an awacs PolicyDocument or as JSON", (PolicyDocument, dict), json.loads
        ),
        None,
        help="what the job itself may do",
    )
    array_size: int | None = option(integer(2, 10_000), None, help="run an array job of this size")

    compute: Literal["EC2", "SPOT", "FARGATE", "FARGATE_SPOT"] = option(
        choice(*COMPUTE), COMPUTE[0], help="what the job runs on"
    )
    max_vcpus: int = option(integer(1), 64, help="the most vCPUs at a time")
    instance_types: Sequence[str] | None = option(
        references("a list of instance types or families", r"[a-z][\w.-]*"), None, help="on EC2 only"
    )
    gpus: int = option(integer(0), 0, help="the job's GPUs, on EC2 only")
    architecture: Literal["X86_64", "ARM64"] = option(
        choice("X86_64", "ARM64"), "X86_64", help="the architecture of the image"
    )

    availability_zones: int = option(integer(1, 6), 1, help="zones of the stack's own network")
    vpc: Text | Parameter | None = option(
        asked("the id of a VPC", r"vpc-[0-9a-f]+"), None, help="an existing VPC instead"
    )
    subnets: Sequence[Text] | Text | Parameter | None = option(
        asked_list("a list of subnet ids", r"subnet-[0-9a-f]+"), None, help="existing subnets of that VPC"
    )
    security_groups: Sequence[Text] | None = option(
        references("a list of security group ids", r"sg-[0-9a-f]+"), None, help="existing ones instead"
    )
    public_ip: bool = option(BOOLEAN, True, help="give jobs on Fargate a public address")

    email: Text | Parameter | None = option(
        asked("an e-mail address", r"[^\s@]+@[^\s@]+\.[^\s@]+"), None, help="who is notified"
    )
    topic: Text | Parameter | None = option(
        asked("the ARN of a topic", r"arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+"),
        None,
        help="an existing topic instead",
    )
    topic_key: Text | None = option(
        reference(
            f"the id, ARN or alias of a KMS key ({AWS_MANAGED} is AWS's own), or '{CREATE}'", r"[\w:/-]+"
        ),
        None,
        help="the key that encrypts the topic",
    )

    scope: Scope = option(SCOPE, DOCUMENTED, help="how tight the policy of its role is")
    timeout: int = option(integer(1, 99_999_999), 3600, help="seconds after which an execution ends")
    retry_interval: int = option(integer(1, 99_999_999), 30, help="seconds before the first retry")
    retry_attempts: int = option(integer(0, 99_999_999), 2, help="how often the task is tried again")
    retry_backoff: float = option(number(1), 1.5, help="by what the interval grows at each retry")
    workflow: Workflow | None = option(
        value("a Workflow", Workflow), None, help="a workflow of your own instead of the sample's"
    )

    def template(self) -> Template:
        """Return the template, to which the caller may add. Raises ``WorkflowError``."""
        template = Template(DESCRIPTION)
        template.set_version()
        resources = Template()
        topic = add_topic(resources, self)
        add_job(resources, self)
        add_computing(resources, self, add_network(resources, self))
        self._machine(topic).add_to(template)
        _join(template, resources)
        _add_outputs(template, self, topic)
        return template

    def machine(self) -> StateMachine:
        """Return the state machine at the heart of the stack."""
        return self._machine(add_topic(Template(), self))

    def _machine(self, topic: Any) -> StateMachine:
        shared = {item.name: getattr(self, item.name) for item in fields(MachineOptions)}
        shared["extra_statements"] = (*self.extra_statements, *topic_key_statements(self))
        return StateMachine(
            self.workflow or self.sample_workflow(topic),
            logical_id="BatchJobNotificationStateMachine",
            role_logical_id="BatchJobNotificationExecutionRole",
            policy_name="BatchJobNotificationAccessPolicy",
            **shared,
        )

    def sample_workflow(self, topic: Text) -> Workflow:
        """Return the workflow of AWS's sample."""
        notify_success = sns.Publish(
            "Notify Success",
            Message="Batch job submitted through Step Functions succeeded",
            TopicArn=topic,
        )
        notify_failure = sns.Publish(
            "Notify Failure",
            Message="Batch job submitted through Step Functions failed",
            TopicArn=topic,
        )
        submit_batch_job = batch.SubmitJob(
            "Submit Batch Job",
            pattern=SYNC,
            JobName="BatchJobNotification",
            JobQueue=Ref("BatchJobQueue"),
            JobDefinition=Ref("BatchJobDefinition"),
            ArrayProperties=None if self.array_size is None else {"Size": self.array_size},
            Retry=[
                Retrier(
                    ErrorEquals=[ALL],
                    IntervalSeconds=self.retry_interval,
                    MaxAttempts=self.retry_attempts,
                    BackoffRate=self.retry_backoff,
                )
            ],
            Catch=[Catcher(ErrorEquals=[ALL], Next=notify_failure)],
        )
        return Workflow(
            submit_batch_job >> notify_success,
            Comment=COMMENT,
            TimeoutSeconds=self.timeout,
        )

    @property
    def on_fargate(self) -> bool:
        """Whether jobs run on Fargate, where there are no instances to choose."""
        return self.compute.startswith("FARGATE")

    @property
    def memory_or_default(self) -> int:
        """The MiB that the job gets."""
        if self.memory is not None:
            return self.memory
        return fargate.SIZES[self.vcpus][0] if self.on_fargate else 2000

    @property
    def instance_types_or_default(self) -> Sequence[str]:
        """The instance types that fit the architecture and the GPUs."""
        return self.instance_types or instances.DEFAULTS[self.architecture, bool(self.gpus)]

    def impossible(self) -> Iterator[Problem]:
        """Yield the combinations that Batch or CloudFormation would refuse, or that would never run."""
        yield from _too_large(self)
        yield from _not_on_fargate(self) if self.on_fargate else _not_on_ec2(self)
        yield from _no_such_network(self)
        yield from _no_such_topic(self)


def _too_large(stack: BatchJobNotification) -> Iterator[Problem]:
    if stack.vcpus > stack.max_vcpus:
        yield impossible(
            "vcpus",
            f"a job of {stack.vcpus:g} vCPUs never runs where there are at most {stack.max_vcpus}",
            "ask for fewer, or raise max_vcpus",
        )


def _not_on_fargate(stack: BatchJobNotification) -> Iterator[Problem]:
    if stack.vcpus not in fargate.SIZES:
        sizes = ", ".join(f"{size:g}" for size in fargate.SIZES)
        yield impossible("vcpus", f"Fargate has no jobs of {stack.vcpus:g} vCPUs", f"it has {sizes}")
    elif stack.memory_or_default not in fargate.SIZES[stack.vcpus]:
        yield impossible(
            "memory",
            f"Fargate has no jobs of {stack.vcpus:g} vCPUs and {stack.memory} MiB",
            f"with {stack.vcpus:g} vCPUs it has {fargate.memories(stack.vcpus)}",
        )
    if stack.gpus:
        yield impossible("gpus", "Fargate has no GPUs", "run the job with compute EC2 or SPOT")
    if stack.instance_types:
        yield impossible("instance_types", "Fargate has no instances to choose", "leave them out")


def _not_on_ec2(stack: BatchJobNotification) -> Iterator[Problem]:
    if stack.vcpus != int(stack.vcpus):
        yield impossible(
            "vcpus",
            f"on EC2 a job has whole vCPUs, not {stack.vcpus:g}",
            "ask for 1 or more, or run it with compute FARGATE",
        )
    types = stack.instance_types_or_default
    for name in types:
        if instances.architecture(name) != stack.architecture:
            yield impossible(
                "instance_types",
                f"{name!r} is {instances.architecture(name)}, and the image {stack.architecture}",
                "choose types of one architecture, and name it with architecture",
            )
    if stack.gpus and stack.architecture == "ARM64":
        yield impossible("gpus", "Batch has GPUs beside X86_64 only", "build the image for X86_64")
    elif stack.gpus and not any(map(instances.has_gpus, types)):
        yield impossible(
            "gpus", f"there are no GPUs in {', '.join(types)}", "choose a family such as g4dn, g5 or p4d"
        )
    most = instances.most_vcpus(types)
    if most is not None and stack.vcpus > most:
        yield impossible(
            "vcpus",
            f"a job of {stack.vcpus:g} vCPUs never runs on {', '.join(types)}, which have at most {most}",
            "ask for fewer, or choose larger instance types",
        )


def _no_such_network(stack: BatchJobNotification) -> Iterator[Problem]:
    if stack.subnets is None:
        for name in ("vpc", "security_groups"):
            if getattr(stack, name) is not None:
                yield impossible(name, "an existing network needs its subnets too", "give subnets")
        if not stack.public_ip:
            yield impossible(
                "public_ip",
                "without a public address a job reaches nothing from the stack's own network",
                "give vpc and subnets with a way out of their own, such as a NAT gateway",
            )
    else:
        if stack.vpc is None and stack.security_groups is None:
            yield impossible("subnets", "the security group of the jobs needs a VPC", "give vpc too")
        if stack.availability_zones > 1:
            yield impossible("availability_zones", "existing subnets have their zones", "leave it out")


def _no_such_topic(stack: BatchJobNotification) -> Iterator[Problem]:
    if stack.topic is None:
        return
    if stack.email is not None:
        yield impossible("email", "an existing topic has its own subscriptions", "subscribe it there")
    if stack.topic_key == CREATE:
        yield impossible(
            "topic_key", "the key of an existing topic is not this stack's to create", "name its key"
        )


def _join(template: Template, other: Template) -> None:
    """Add what the parts of the stack have added to a template of their own, after the machine."""
    template.resources |= other.resources
    template.parameters |= other.parameters
    template.conditions |= other.conditions
    template.metadata |= other.metadata


def _add_outputs(template: Template, stack: BatchJobNotification, topic: Any) -> None:
    outputs = {
        "StateMachineArn": ("The state machine.", Ref("BatchJobNotificationStateMachine")),
        "ExecutionInput": ("Sample input to StartExecution.", "{}"),
        "ExecutionRoleArn": (
            "The role of the state machine.",
            GetAtt("BatchJobNotificationExecutionRole", "Arn"),
        ),
        "TopicArn": ("The topic that hears how the job went.", topic),
        "JobQueueArn": ("The queue of the job.", Ref("BatchJobQueue")),
        "JobDefinitionArn": ("The definition of the job.", Ref("BatchJobDefinition")),
        "ComputeEnvironmentArn": ("What the job runs on.", Ref("BatchComputeEnvironment")),
    }
    if stack.topic is not None:
        del outputs["TopicArn"]  # not this stack's to tell
    if stack.log_level != "OFF":
        group = Ref("BatchJobNotificationStateMachineLogGroup")
        outputs["LogGroupName"] = ("The log group of the state machine.", group)
    for name, (description, given) in outputs.items():
        template.add_output(Output(name, Description=description, Value=given))
