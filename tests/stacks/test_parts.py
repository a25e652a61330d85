"""Parts of a stack: each can be used alone in any template, and twice in one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from awacs import s3
from awacs.aws import Allow, PolicyDocument, Statement
from troposphere import Parameter, Ref, Sub, Template

from cfngen import SYNC, Pass, Workflow
from cfngen.inputs.targets import load
from cfngen.stacks import BatchJobNotification, StackError, StateMachine, options, parts
from cfngen.stacks.parts import (
    Alarm,
    BatchCompute,
    BatchJob,
    BatchQueue,
    Dashboard,
    DataBucket,
    EventTrigger,
    LambdaFunction,
    LogGroup,
    Network,
    NotificationTopic,
    Schedule,
)
from cfngen.stacks.samples.console import add_console
from cfngen.tasks import batch
from cfngen.template import document, to_yaml
from cfngen.template.lint import as_text, lint
from tests.rows import each_row

PARTS = (
    Alarm,
    BatchCompute,
    BatchJob,
    BatchQueue,
    Dashboard,
    DataBucket,
    EventTrigger,
    LogGroup,
    Network,
    NotificationTopic,
    Schedule,
)
CODE = "def handler(event, context):\n    return {}\n"
OWN_NETWORK = Network(subnets=["subnet-0a1b2c3d"], security_groups=["sg-0a1b2c3d"])


def add_job(template: Template, **options: Any) -> Any:
    return BatchJob(**options).add_to(template)


def add_network(template: Template, **options: Any) -> Any:
    return Network(**options).add_to(template)


def add_compute(template: Template, **options: Any) -> Any:
    return BatchCompute(**options).add_to(template, OWN_NETWORK.add_to(Template()))


def add_topic(template: Template, **options: Any) -> Any:
    return NotificationTopic(**options).add_to(template)


def resources(add: Callable[..., Any], **options: Any) -> list[str]:
    template = Template()
    add(template, **options)
    return list(template.resources)


def add_batch(template: Template, *, job: Any = None, network: Any = None, **compute: Any) -> None:
    """Add the parts that every sample has, in its order."""
    environment = BatchCompute(**compute)
    (job or BatchJob(**compute)).add_to(template)
    references = (network or Network()).add_to(template)
    BatchQueue(runnable_timeout=3600 if compute else None).add_to(template, environment.ref())
    environment.add_to(template, references)


def add_notification(template: Template, stack: Any) -> None:
    NotificationTopic().add_to(template)
    add_batch(template)


def add_notification_on_fargate(template: Template, stack: Any) -> None:
    add_console(template, None)
    NotificationTopic(email="parameter", topic_key="alias/aws/sns").add_to(template)
    job = BatchJob(compute="FARGATE", vcpus=1, memory=2048, job_logs=True)
    add_batch(template, job=job, compute="FARGATE")


def add_fan_out(template: Template, stack: Any) -> None:
    LambdaFunction(logical_id="GenerateBatchJobInput", code=stack.CODE).add_to(template)
    add_batch(template)


def add_with_lambda(template: Template, stack: Any) -> None:
    LambdaFunction(logical_id="GenerateBatchJobInput", code=stack.CODE).add_to(template)
    add_batch(template, job=BatchJob(command=["echo", "Ref::input"]))


def add_over_s3(template: Template, stack: Any) -> None:
    bucket = DataBucket(logical_id="DataBucket").add_to(template)
    read = Statement(
        Effect=Allow, Action=[s3.GetObject], Resource=[Sub("${DataBucket.Arn}/in/*").to_dict()]
    )
    job = BatchJob(
        command=stack.command,
        job_role_policy=PolicyDocument(Version="2012-10-17", Statement=[read]),
        environment={"BUCKET": bucket},
    )
    add_batch(template, job=job)


def add_multi_node(template: Template, stack: Any) -> None:
    add_batch(template, job=BatchJob(nodes=2), network=Network(availability_zones=1, members_talk=True))


def add_nightly(template: Template, stack: Any) -> None:
    add_console(template, None)
    DataBucket(logical_id="EtlBucket").add_to(template)
    own = stack.template().resources  # which no part makes
    template.add_resource([own[name] for name in ("EtlDatabase", "EtlTable", "EtlWorkGroup")])
    NotificationTopic(topic_key="create", hears_alarms=True).add_to(template)
    put = Statement(
        Effect=Allow, Action=[s3.PutObject], Resource=[Sub("${EtlBucket.Arn}/loaded/*").to_dict()]
    )
    job = BatchJob(
        compute="FARGATE",
        vcpus=1,
        memory=2048,
        job_logs=True,
        command=stack.command,
        job_role_policy=PolicyDocument(Version="2012-10-17", Statement=[put]),
        environment={"TARGET": Sub("s3://${EtlBucket}/loaded")},
    )
    add_batch(template, job=job, compute="FARGATE")


COMPOSED: dict[str, Callable[[Template, Any], None]] = {
    "batch-job-notification": add_notification,
    "batch-job-notification-fargate": add_notification_on_fargate,
    "batch-fan-out": add_fan_out,
    "batch-with-lambda": add_with_lambda,
    "batch-over-s3": add_over_s3,
    "batch-multi-node": add_multi_node,
    "nightly-etl": add_nightly,
}


@pytest.mark.parametrize("slug", COMPOSED)
def test_parts_put_together_by_hand_are_the_sample_to_the_byte(slug: str) -> None:
    stack: Any = load(slug)
    whole, by_hand, added = stack.template(), Template(stack.DESCRIPTION), Template()
    by_hand.set_version()
    COMPOSED[slug](added, stack)
    by_hand.resources.update(added.resources)  # on which it depends what the role of the machine needs
    stack.machine().add_to(by_hand)
    for name in added.resources:  # they stand behind the machine
        by_hand.resources[name] = by_hand.resources.pop(name)
    for section in ("parameters", "conditions", "metadata"):
        getattr(by_hand, section).update(getattr(added, section))
    by_hand.outputs = whole.outputs
    assert to_yaml(by_hand) == to_yaml(whole)


def test_a_dashboard_shows_how_executions_end_and_how_long_they_take() -> None:
    template = Template()
    machine = StateMachine(Workflow(Pass("Hello")), logical_id="Hello").add_to(template)
    Dashboard().add_to(template, machine)
    assert as_text(lint(to_yaml(template))) == ""
    resources_made: Any = document(template)["Resources"]
    text, values = resources_made["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert values == {"Machine": {"Ref": "Hello"}}
    executions, times = json.loads(text)["widgets"]
    assert (executions["x"] + executions["width"], times["x"] + times["width"]) == (times["x"], 24)
    assert {widget["properties"]["period"] for widget in (executions, times)} == {5 * 60}
    shown = [metric[1] for metric in executions["properties"]["metrics"]]
    assert shown == [
        "ExecutionsStarted",
        "ExecutionsSucceeded",
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "ExecutionThrottled",
    ]
    assert {metric[3] for metric in times["properties"]["metrics"]} == {"${Machine}"}


@each_row(
    ("add", "options", "expected"),
    [
        (add_job, {}, ["BatchJobDefinition"]),
        (add_job, {"compute": "FARGATE"}, ["BatchJobDefinition", "BatchExecutionRole"]),
        (add_job, {"job_role_policy": {"Statement": []}}, ["BatchJobDefinition", "BatchJobRole"]),
        (add_compute, {"compute": "FARGATE"}, ["BatchComputeEnvironment"]),
        (add_compute, {}, ["BatchComputeEnvironment", "BatchEcsInstanceRole", "BatchIamInstanceProfile"]),
        (add_network, {"subnets": ["subnet-1"], "vpc": "vpc-1"}, ["BatchSecurityGroup"]),
        (add_network, {"subnets": ["subnet-1"], "security_groups": ["sg-1"]}, []),
        (add_topic, {"email": "me@example.com"}, ["SNSTopic", "SNSTopicSubscription"]),
        (add_topic, {"topic": "arn:aws:sns:us-east-1:123456789012:alarms"}, []),
    ],
)
def test_a_part_adds_what_its_options_ask_for(
    add: Callable[..., Any], options: dict[str, Any], expected: list[str]
) -> None:
    assert resources(add, **options) == expected


NOTHING = Workflow(Pass("Nothing"))
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
NAMED_BY_PREFIX = ("BatchCompute", "BatchJob", "Network")
WHOLE: dict[str, Callable[..., Any]] = {
    "Alarm": lambda it, **names: Alarm(metric="ExecutionsFailed", **names).add_to(it, MACHINE, TOPIC),
    "BatchCompute": lambda it, **names: add_compute(it, require_imdsv2=True, **names),
    "BatchJob": lambda it, **names: add_job(
        it, compute="FARGATE", job_logs=True, job_role_policy={"Statement": []}, **names
    ),
    "BatchQueue": lambda it, **names: BatchQueue(**names).add_to(it, "environment"),
    "Dashboard": lambda it, **names: Dashboard(**names).add_to(it, MACHINE),
    "DataBucket": lambda it, **names: DataBucket(**names).add_to(it),
    "EventTrigger": lambda it, **names: EventTrigger(event_pattern={"source": ["aws.s3"]}, **names).add_to(
        it, MACHINE
    ),
    "LambdaFunction": lambda it, **names: LambdaFunction(code=CODE, **names).add_to(it),
    "LogGroup": lambda it, **names: LogGroup(**names).add_to(it),
    "Network": lambda it, **names: add_network(it, nat_gateway=True, vpc_endpoints=True, **names),
    "NotificationTopic": lambda it, **names: add_topic(it, email="parameter", topic_key="create", **names),
    "Schedule": lambda it, **names: Schedule(schedule="rate(1 day)", **names).add_to(it, MACHINE),
}
"""Each part with all that it may add."""


def test_every_part_is_tried() -> None:
    assert [*WHOLE] == [name for name in parts.__all__ if name != "NetworkReferences"]


@pytest.mark.parametrize("part", WHOLE)
def test_a_template_can_hold_a_part_twice_by_one_name_of_its_own(part: str) -> None:
    template = Template()
    WHOLE[part](template)
    first = set(template.resources)
    WHOLE[part](template, **{"prefix" if part in NAMED_BY_PREFIX else "logical_id": "Other"})
    second = template.resources.keys() - first
    assert len(second) == len(first)
    assert all(name.startswith("Other") for name in second)


@pytest.mark.parametrize("part", WHOLE)
def test_a_part_that_is_there_already_is_refused_with_what_names_another(part: str) -> None:
    template = Template()
    WHOLE[part](template)
    before = to_yaml(template)
    with pytest.raises(StackError) as caught:
        WHOLE[part](template)
    assert to_yaml(template) == before
    begins = "prefix" if part in NAMED_BY_PREFIX else "logical_id"
    assert re.fullmatch(
        rf"{part}: the template already has [\w, ]+ \[DUPLICATE_LOGICAL_ID\]\n"
        rf"    hint: give each {part} of a template its own {begins}=",
        str(caught.value),
    )


def test_parts_that_ask_for_one_parameter_share_it() -> None:
    template, asked = Template(), Parameter("Subnets", Type="List<AWS::EC2::Subnet::Id>")
    for prefix in ("One", "Other"):
        Network(prefix=prefix, vpc="parameter", subnets=asked).add_to(template)
    assert list(template.parameters) == ["VpcId", "Subnets"]
    message = "the template already has another parameter Subnets"
    with pytest.raises(StackError, match=message):
        Network(prefix="Third", vpc="parameter", subnets=Parameter("Subnets", Type="String")).add_to(
            template
        )


@each_row("part", PARTS)
def test_a_part_and_the_sample_have_the_same_options(part: type) -> None:
    sample, ids = options.options_of(BatchJobNotification), {"prefix", "route_prefix", "logical_id"}
    ids |= {
        "metric",
        "threshold",
        "hears_alarms",
        "members_talk",
        "has_instances",
        "nodes",
    }  # which the stack sets itself
    assert options.options_of(part).keys() - sample.keys() <= ids
    for name, item in options.options_of(part).items():
        if name in sample and (part, name) != (LogGroup, "name"):  # the sample's is the machine's
            assert item.metadata["kind"] is sample[name].metadata["kind"]


def test_a_part_refuses_what_is_not_valid_by_itself() -> None:
    with pytest.raises(StackError, match="Fargate has no GPUs"):
        BatchJob(compute="FARGATE", gpus=1)
    with pytest.raises(StackError, match="no GPUs in m6i"):
        BatchCompute(gpus=1, instance_types=["m6i"])
    with pytest.raises(StackError, match="needs its subnets"):
        Network(vpc="vpc-0a1b2c3d")
    with pytest.raises(StackError, match="already has its own subscriptions"):
        NotificationTopic(topic="arn:aws:sns:us-east-1:123456789012:alarms", email="me@example.com")


def test_a_stack_of_parts_refers_to_its_parts() -> None:
    template = Template()
    compute = BatchCompute(compute="FARGATE").add_to(template, Network().add_to(template))
    queue = BatchQueue().add_to(template, compute)
    job = BatchJob(compute="FARGATE", vcpus=1).add_to(template)
    submit = batch.SubmitJob("Run", pattern=SYNC, JobName="nightly", JobQueue=queue, JobDefinition=job)
    StateMachine(Workflow(submit)).add_to(template)
    assert queue.to_dict() == Ref("BatchJobQueue").to_dict()
    text = to_yaml(template)
    assert "JobQueue: !Ref BatchJobQueue" in text
    assert "JobDefinition: !Ref BatchJobDefinition" in text


@pytest.mark.parametrize(
    ("part", "neighbours", "message"),
    [
        (
            Schedule(schedule="rate(1 day)"),
            [StateMachine(NOTHING)],
            "not a StateMachine: pass what its add_to",
        ),
        (EventTrigger(event_pattern={"source": ["a"]}), [StateMachine(NOTHING)], "machine takes an ARN"),
        (Alarm(), [MACHINE, NotificationTopic()], "topic takes an ARN, a resource or a reference"),
        (Dashboard(), [None], "machine takes an ARN, a resource or a reference, not None"),
        (BatchQueue(), [BatchCompute()], "compute_environment takes an ARN"),
        (BatchCompute(), [Network()], "that Network().add_to returns, not a Network"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_a_part_beside_another_is_told_to_give_what_adding_it_returned(
    part: Any, neighbours: list[Any], message: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        part.add_to(Template(), *neighbours)
    with pytest.raises(TypeError, match="template takes a troposphere Template, not None"):
        DataBucket().add_to(None)


def test_a_parameter_may_be_the_machine() -> None:
    template = Template()
    Dashboard().add_to(template, Parameter("Machine", Type="String"))
    resources_made: Any = document(template)["Resources"]
    assert resources_made["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"][1] == {
        "Machine": {"Ref": "Machine"}
    }
