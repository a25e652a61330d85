"""What cannot be: refused when the stack is made, all at once, in words for whoever asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import botocore.session
import pytest
from troposphere import Parameter, Ref

from cfngen import EXPRESS, REQUEST_RESPONSE, Pass, Path, Task, Workflow, WorkflowError
from cfngen.stacks import BatchJobNotification, StackError, StateMachine, options
from cfngen.stacks.parts import fargate
from cfngen.stacks.parts.instances import architecture, has_gpus, most_vcpus
from cfngen.stacks.parts.logs import RETENTION_DAYS
from tests.rows import each_row

Golden = Callable[[str, str], None]

TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"

IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "a job of a size that Fargate does not have": {"compute": "FARGATE", "vcpus": 3},
    "a job with more memory than Fargate gives it": {"compute": "FARGATE", "vcpus": 0.25, "memory": 4096},
    "a job with memory between two sizes": {"compute": "FARGATE", "vcpus": 8, "memory": 17408},
    "a job with the default memory of EC2": {"compute": "FARGATE", "memory": 2000},
    "GPUs on Fargate": {"compute": "FARGATE", "gpus": 1},
    "instances on Fargate": {"compute": "FARGATE_SPOT", "instance_types": ["m6i"]},
    "a part of a vCPU on EC2": {"vcpus": 0.5},
    "a job larger than its environment": {"vcpus": 16, "max_vcpus": 8},
    "a job larger than its environment on Fargate": {"compute": "FARGATE", "vcpus": 4, "max_vcpus": 2},
    "a job larger than its instances": {"vcpus": 8, "instance_types": ["m6i.large", "c6i.xlarge"]},
    "instances of another architecture": {"instance_types": ["m6g.large"]},
    "instances of two architectures": {"instance_types": ["m6i", "m6g"]},
    "x86 instances for an image for ARM": {"instance_types": ["optimal"], "architecture": "ARM64"},
    "GPUs on instances without": {"gpus": 1, "instance_types": ["m6i", "c6i"]},
    "GPUs on instances whose GPUs are not NVIDIA's": {"gpus": 1, "instance_types": ["g4ad"]},
    "GPUs for an image for ARM": {"gpus": 1, "architecture": "ARM64"},
    "subnets without a VPC": {"subnets": ["subnet-0a1b2c3d"]},
    "a VPC without subnets": {"vpc": "vpc-0a1b2c3d"},
    "security groups without subnets": {"security_groups": ["sg-0a1b2c3d"]},
    "no public address in a network of the stack's own": {"compute": "FARGATE", "public_ip": False},
    "zones of existing subnets": {
        "vpc": "vpc-0a1b2c3d",
        "subnets": ["subnet-0a1b2c3d"],
        "availability_zones": 2,
    },
    "routes of existing subnets": {
        "vpc": "vpc-0a1b2c3d",
        "subnets": ["subnet-0a1b2c3d"],
        "nat_gateway": True,
    },
    "endpoints of existing subnets": {
        "vpc": "vpc-0a1b2c3d",
        "subnets": ["subnet-0a1b2c3d"],
        "vpc_endpoints": True,
        "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/job:1",
    },
    "an image that no endpoint reaches": {"vpc_endpoints": True, "image": "python:3.13"},
    "services that nothing reaches": {"endpoint_services": ["sqs"]},
    "volumes of instances on Fargate": {"compute": "FARGATE", "volume_size": 100, "require_imdsv2": True},
    "tries that take longer than an execution": {"task_timeout": 1200},
    "an alarm that the key of its topic silences": {
        "alarms": ["ExecutionsFailed"],
        "topic_key": "alias/aws/sns",
    },
    "a topic for no alarms": {"alarm_topic": TOPIC},
    "the input of no schedule": {"schedule_input": {}, "schedule_timezone": "UTC"},
    "steps of a deployment without versions": {"deployment": "CANARY"},
    "steps of a deployment all at once": {"versions": True, "deployment_interval": 5},
    "a subscription to an existing topic": {"topic": TOPIC, "email": "me@example.com"},
    "a new key for an existing topic": {"topic": TOPIC, "topic_key": "create"},
    "many things at once": {
        "compute": "FARGATE",
        "vcpus": 128,
        "gpus": 1,
        "instance_types": ["g5"],
        "vpc": "vpc-0a1b2c3d",
        "public_ip": False,
        "topic": TOPIC,
        "email": "me@example.com",
    },
}

WRONG: dict[str, Any] = {
    "name": "two words",
    "type": "FAST",
    "scope": "documented",
    "extra_statements": {"Effect": "Allow"},
    "narrow": "less",
    "kms_key": "alias/mine",
    "log_level": "DEBUG",
    "log_retention": 31,
    "log_execution_data": "yes",
    "keep_logs": 1,
    "tracing": "true",
    "tags": {"aws:team": "a"},
    "permissions_boundary": "boundary",
    "role_path": "team",
    "image": "",
    "command": "echo hello",
    "vcpus": "2",
    "memory": 3,
    "environment": {"A": 1},
    "secrets": ["arn"],
    "job_attempts": 11,
    "job_timeout": 59,
    "job_role_policy": "{}",
    "array_size": 1,
    "compute": "EKS",
    "max_vcpus": 0,
    "instance_types": [],
    "gpus": -1,
    "architecture": "arm",
    "availability_zones": 7,
    "vpc": "subnet-0a1b2c3d",
    "subnets": "subnet-0a1b2c3d",
    "security_groups": ["default"],
    "public_ip": None,
    "email": "me",
    "topic": "alarms.fifo",
    "topic_key": "my key",
    "timeout": 0,
    "retry_interval": 1.5,
    "retry_attempts": True,
    "retry_backoff": 0.5,
    "workflow": "workflow.json",
    "log_key": "alias/logs",
    "job_logs": "yes",
    "require_imdsv2": 1,
    "volume_size": 29,
    "runnable_timeout": 599,
    "nat_gateway": "no",
    "vpc_endpoints": "no",
    "endpoint_services": ["Amazon SQS"],
    "task_timeout": 0,
    "schedule": "every day",
    "schedule_timezone": "Berlin time",
    "schedule_input": {"at": {1, 2}},
    "event_pattern": {},
    "alarms": ["ExecutionsFailed", "ExecutionsFailed"],
    "alarm_topic": "alarms",
    "versions": "yes",
    "deployment": "ROLLING",
    "deployment_percentage": 100,
    "deployment_interval": 0,
    "fail_execution": "true",
}


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises((StackError, WorkflowError, TypeError)) as caught:
        make()
    return str(caught.value)


def test_what_cannot_be_is_refused_in_these_words(golden: Golden) -> None:
    texts = [
        f"# {case}\n{refusal(partial(BatchJobNotification, **it))}\n" for case, it in IMPOSSIBLE.items()
    ]
    golden("stacks/impossible.txt", "\n".join(texts))


@each_row("case", IMPOSSIBLE)
def test_what_cannot_be_is_a_stack_error_that_names_options(case: str) -> None:
    with pytest.raises(StackError) as caught:
        BatchJobNotification(**IMPOSSIBLE[case])
    assert {it.code for it in caught.value.problems} == {"INVALID_COMBINATION"}
    assert {it.location for it in caught.value.problems} <= set(options.options_of(BatchJobNotification))


def test_there_is_a_wrong_value_for_every_option() -> None:
    assert set(WRONG) == set(options.options_of(BatchJobNotification))


def test_wrong_values_are_refused_in_these_words_all_at_once(golden: Golden) -> None:
    golden("stacks/wrong.txt", refusal(lambda: BatchJobNotification(**WRONG)) + "\n")


@each_row("name", WRONG)
def test_a_wrong_value_is_refused_by_itself(name: str) -> None:
    with pytest.raises(StackError) as caught:
        BatchJobNotification(**{name: WRONG[name]})
    assert [(it.code, it.location) for it in caught.value.problems] == [("INVALID_OPTION", name)]


EDGES: dict[str, tuple[str, Any]] = {
    "a truth for a number": ("vcpus", True),
    "no number": ("vcpus", float("nan")),
    "an infinite number": ("vcpus", float("inf")),
    "a fraction for a whole number": ("memory", 2048.0),
    "the class of an intrinsic": ("email", Ref),
    "days of the month and of the week": ("schedule", "cron(0 5 * * * *)"),
    "no days at all": ("schedule", "cron(0 5 ? * ? *)"),
    "a day that there is not": ("schedule", "at(2030-02-30T00:00:00)"),
    "a character that no program takes": ("command", ["echo", "a\0"]),
    "a character that no variable takes": ("environment", {"A": "a\0"}),
    "51 tags": ("tags", {str(number): "x" for number in range(51)}),
    "a name of 81 characters": ("name", "a" * 81),
    "a parameter where none is asked for": ("name", Parameter("Name", Type="String")),
    # Batch sets these itself
    "a reserved variable": ("environment", {"AWS_BATCH_JOB_ID": "x"}),
    "a reserved variable from a secret": ("secrets", {"AWS_BATCH_SECRET": "x"}),
    "an empty command": ("command", []),
    "a path without its first slash": ("role_path", "team/"),
    "a list with a number in it": ("instance_types", ["m6i", 5]),
}


@each_row("case", EDGES)
def test_a_value_at_the_edge_is_refused(case: str) -> None:
    name, value = EDGES[case]
    with pytest.raises(StackError) as caught:
        BatchJobNotification(**{name: value})
    assert [(it.code, it.location) for it in caught.value.problems] == [("INVALID_OPTION", name)]


def test_an_unknown_option_is_refused_with_a_suggestion() -> None:
    assert refusal(lambda: BatchJobNotification(vcpu=2)) == (  # type: ignore[call-arg]
        "BatchJobNotification has no field 'vcpu'; did you mean 'vcpus'?"
    )


def test_unknown_options_of_a_command_line_are_refused_beside_wrong_ones() -> None:
    settings = [("vcpu", "2"), ("memory", "much"), ("compute", "fargate")]
    assert refusal(lambda: options.parse_options(BatchJobNotification, settings)) == (
        "vcpu: BatchJobNotification has no field 'vcpu'; did you mean 'vcpus'? [UNKNOWN_OPTION]\n"
        "memory: takes a whole number from 4, not 'much' [INVALID_OPTION]"
    )


# https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
def test_an_express_machine_cannot_wait_for_a_job() -> None:
    with pytest.raises(WorkflowError) as caught:
        BatchJobNotification(type=EXPRESS).template()
    assert str(caught.value) == (
        "/States/Submit Batch Job/Resource: an EXPRESS workflow does not support '.sync' [INVALID_RESOURCE]\n"
        "    hint: make the state machine STANDARD, or call with REQUEST_RESPONSE"
    )


def test_an_express_machine_cannot_wait_for_a_token() -> None:
    wait = Task(
        "Wait",
        Resource="arn:aws:states:::sns:publish.waitForTaskToken",
        Parameters={"TopicArn": TOPIC, "Message": Path("$$.Task.Token")},
    )
    with pytest.raises(WorkflowError, match=re.escape("does not support '.waitForTaskToken'")):
        StateMachine(Workflow(wait), type=EXPRESS).template()


def test_what_is_no_workflow_is_refused() -> None:
    assert refusal(lambda: StateMachine("flow")) == (  # type: ignore[arg-type]
        "workflow: takes a Workflow, not 'flow' [INVALID_OPTION]"
    )


def test_a_machine_refuses_all_that_is_wrong_at_once() -> None:
    machine = Workflow(Pass("a"))
    wrong: dict[str, Any] = {
        "logical_id": "my-machine",
        "role_arn": "role",
        "policy_name": "",
        "description": "x" * 1025,
    }
    with pytest.raises(StackError) as caught:
        StateMachine(machine, **wrong)
    assert {it.location for it in caught.value.problems} == set(wrong)


def documentation(member: str) -> str:
    model = botocore.session.get_session().get_service_model("batch")
    documentation: str = model.shape_for("ResourceRequirement").members[member].documentation
    return documentation


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)]


@pytest.mark.models
def test_the_sizes_on_fargate_are_those_that_aws_documents() -> None:
    vcpus = documentation("value").split('type="VCPU"')[1]
    documented = {
        numbers(size)[0]: tuple(map(int, numbers(memories)))
        for size, memories in re.findall(
            r"<dt>value = ([\d.]+)</dt> <dd> <p> <code>MEMORY</code> = ([^<]+)</p>", vcpus
        )
    }
    assert documented == fargate.SIZES


@pytest.mark.models
def test_the_sizes_on_fargate_are_documented_from_both_sides() -> None:
    memory = documentation("value").split('type="MEMORY"')[1].split('type="VCPU"')[0]
    documented = {
        (vcpus, int(size))
        for sizes, several in re.findall(
            r"<dt>value = ([^<]+)</dt> <dd> <p> <code>VCPU</code> = ([^<]+)</p>", memory
        )
        for size in numbers(sizes)
        for vcpus in numbers(several)
    }
    # AWS's text leaves a few sizes out of this half, and names none that the other lacks
    assert documented <= {(vcpus, size) for vcpus, sizes in fargate.SIZES.items() for size in sizes}
    assert {vcpus for vcpus, _ in documented} == set(fargate.SIZES)


@each_row(("vcpus", "sizes"), fargate.SIZES.items())
def test_each_size_on_fargate_is_possible(vcpus: float, sizes: tuple[int, ...]) -> None:
    for memory in sizes:
        BatchJobNotification(compute="FARGATE", vcpus=vcpus, memory=memory)


@each_row("vcpus", fargate.SIZES)
def test_a_job_on_fargate_gets_the_least_memory_there_is(vcpus: float) -> None:
    stack = BatchJobNotification(compute="FARGATE", vcpus=vcpus)
    assert stack.memory_or_default == min(fargate.SIZES[vcpus])


def schema(resource: str, *path: str) -> Any:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # whose rules take seconds to import

    found = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource).schema
    for step in path:
        found = found[step]
    return found


def test_logs_are_kept_for_as_long_as_cloudwatch_can() -> None:
    assert list(RETENTION_DAYS) == schema("AWS::Logs::LogGroup", "properties", "RetentionInDays", "enum")


def test_the_levels_are_those_of_step_functions() -> None:
    levels = schema("AWS::StepFunctions::StateMachine", "definitions", "LoggingConfiguration")
    for level in levels["properties"]["Level"]["enum"]:
        StateMachine(Workflow(Pass("a")), log_level=level)


# names as AWS lists them: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
@each_row(
    ("name", "expected"),
    [
        *(
            (name, "X86_64")
            for name in ("m6i", "c7a.large", "g4dn", "p4d", "t3a", "x2iedn", "u7i-12tb", "hpc6a")
        ),
        *(
            (name, "ARM64")
            for name in ("m6g", "c7gn.large", "t4g", "x2gd", "im4gn", "is4gen", "a1", "g5g", "hpc7g")
        ),
        ("optimal", "X86_64"),
        ("default_x86_64", "X86_64"),
        ("default_arm64", "ARM64"),
    ],
)
def test_the_name_of_an_instance_type_tells_its_architecture(name: str, expected: str) -> None:
    assert architecture(name) == expected


# "Only instance types that support a NVIDIA GPU and use an x86_64 architecture are supported", and
# ECS_AL2023_NVIDIA, the image that new environments get, knows neither p3 nor g3
# https://docs.aws.amazon.com/batch/latest/userguide/gpu-jobs.html
@each_row(
    ("name", "expected"),
    [
        *((name, True) for name in ("g4dn", "g5.xlarge", "g6", "g6e", "gr6", "p4d.24xlarge", "p5en")),
        *((name, False) for name in ("g4ad", "g4ad.xlarge", "g5g", "g3", "p3.2xlarge", "m6i", "optimal")),
    ],
)
def test_the_name_of_an_instance_type_tells_whether_jobs_get_gpus(name: str, expected: bool) -> None:
    assert has_gpus(name) is expected


@each_row(
    ("names", "expected"),
    [
        (["m6i.large"], 2),
        (["m6i.large", "c6i.xlarge"], 4),
        (["m6i.32xlarge"], 128),
        (["m6i.large", "m6i"], None),
        (["optimal"], None),
        (["m6i.metal"], None),
    ],
)
def test_the_size_of_an_instance_type_tells_its_vcpus(names: list[str], expected: int | None) -> None:
    assert most_vcpus(names) == expected


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html, and state machines take no empty value
@each_row("value", ["", 'a"b', "${AWS::Region}", "a\nb", "a" * 257])
def test_a_tag_whose_value_is_refused_is_refused(value: str) -> None:
    with pytest.raises(StackError, match="tags: takes a mapping of at most 50 tags"):
        BatchJobNotification(tags={"team": value})
    BatchJobNotification(tags={"team": "\ud300 1/a+b@c"})


@each_row("secret", ["", "${Secret}", "two words", 'a"b'])
def test_a_secret_that_is_no_arn_and_no_name_is_refused(secret: str) -> None:
    with pytest.raises(StackError, match="secrets: takes a mapping"):
        BatchJobNotification(secrets={"PASSWORD": secret})


def test_a_workflow_of_ones_own_is_checked_too() -> None:
    from cfngen.tasks import batch

    broken = Workflow(
        batch.SubmitJob(
            "Submit",
            pattern=REQUEST_RESPONSE,
            JobName="n",
            JobQueue="q",
            JobDefinition="d",
            TimeoutSeconds=0,
        )
    )
    with pytest.raises(WorkflowError, match="TimeoutSeconds"):
        BatchJobNotification(workflow=broken).template()


@each_row(
    ("name", "value", "hint"),
    [
        ("scope", "documented", "in Python that is Scope.DOCUMENTED"),
        ("vcpus", "2", "in Python that is 2"),
        ("public_ip", "true", "in Python that is True"),
        ("scope", "wide", ""),
        ("vcpus", "many", ""),
    ],
)
def test_the_text_of_a_command_line_is_told_as_what_it_is_in_python(
    name: str, value: str, hint: str
) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(StackError) as caught:
        BatchJobNotification(**options)
    assert [problem.hint for problem in caught.value.problems] == [hint]
