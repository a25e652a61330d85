"""The AWS CLI, which is not ours, deploys the committed templates, runs them, and deletes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cfngen.local import FailTask, Return, Running, Throw
from cfngen.local.mailbox import Mailbox
from tests.local.aws_cli import call
from tests.local.conftest import entered, kinds

TEMPLATES = sorted((Path(__file__).parents[2] / "templates").glob("*.yaml"))
NOTIFICATIONS = [template for template in TEMPLATES if template.stem.startswith("batch-job-notification")]
SUCCEEDED = "Batch job submitted through Step Functions succeeded"
FAILED = "Batch job submitted through Step Functions failed"


@pytest.fixture(scope="session")
def aws(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Run the AWS CLI against the emulator; return what it prints, read as JSON where it is."""
    options = ["--endpoint-url", running.url, "--output", "json"]
    folder = tmp_path_factory.mktemp("aws")
    return lambda *arguments: call([*options, *arguments], running.environment, folder)


@pytest.fixture(scope="session")
def deploy(aws: Any) -> Any:
    """Deploy a template as its users do; return the outputs of the stack."""

    def deployed(template: Path, stack: Any) -> Any:
        asked = [] if "-fargate" not in template.name else ["NotificationEmail=me@example.com"]
        overrides = ["--parameter-overrides", *asked] if asked else []
        aws(
            *("cloudformation", "deploy", "--template-file", str(template), "--stack-name", stack),
            *("--capabilities", "CAPABILITY_IAM", *overrides),
        )
        [described] = aws("cloudformation", "describe-stacks", "--stack-name", stack)["Stacks"]
        assert described["StackStatus"] == "CREATE_COMPLETE"
        return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    return deployed


@pytest.fixture(scope="session", params=NOTIFICATIONS, ids=lambda template: template.stem)
def outputs(request: pytest.FixtureRequest, deploy: Any) -> Any:
    return deploy(request.param, f"kept-{request.param.stem}")


@pytest.fixture
def mailbox(running: Running, outputs: Any) -> Iterator[Any]:
    box = Mailbox(running, outputs["TopicArn"])
    yield box
    box.close()


@pytest.fixture
def execute(aws: Any) -> Any:
    """Start an execution, wait for its end, and read its history."""

    def executed(machine: str, execution_input: str = "{}") -> dict[str, Any]:
        [arn] = aws(
            *("stepfunctions", "start-execution", "--state-machine-arn", machine),
            *("--input", execution_input, "--query", "[executionArn]"),
        )
        until = time.monotonic() + 120
        while (said := aws("stepfunctions", "describe-execution", "--execution-arn", arn))[
            "status"
        ] == "RUNNING":
            assert time.monotonic() < until, "the execution does not end"
        return {**said, **aws("stepfunctions", "get-execution-history", "--execution-arn", arn)}

    return executed


@pytest.fixture
def execution(execute: Any, outputs: Any) -> Any:
    """Run the machine of the stack that stays."""
    return lambda case="": execute(outputs["StateMachineArn"] + case, outputs["ExecutionInput"])


@pytest.fixture
def jobs(running: Running, outputs: Any) -> Any:
    """Count the jobs of the queue by what they ended as; those of earlier tests left out."""
    client = running.client("batch")

    def counted() -> Any:
        return {
            status: len(
                client.list_jobs(jobQueue=outputs["JobQueueArn"], jobStatus=status)["jobSummaryList"]
            )
            for status in ("SUCCEEDED", "FAILED")
        }

    before = counted()
    return lambda: {status: count - before[status] for status, count in counted().items()}


def test_a_job_that_succeeds_is_told_to_the_topic(execution: Any, jobs: Any, mailbox: Any) -> None:
    said = execution()
    assert entered(said) == ["Submit Batch Job", "Notify Success"]
    assert jobs() == {"SUCCEEDED": 1, "FAILED": 0}
    assert [message.text for message in mailbox.messages()] == [SUCCEEDED]
    assert said["status"] == "SUCCEEDED"


def test_a_job_that_fails_is_tried_twice_more_and_told_to_the_topic(
    running: Running, outputs: dict[str, str], execution: Any, jobs: Any, mailbox: Any
) -> None:
    running.mock(outputs["StateMachineArn"], "fails", {"Submit Batch Job": [FailTask("made to fail")]})
    said = execution("#fails")
    ways = {"SUCCEEDED": ["Submit Batch Job", "Notify Failure"]}
    ways["FAILED"] = [*ways["SUCCEEDED"], "Fail Execution"]
    assert entered(said) == ways[said["status"]]
    assert jobs() == {"SUCCEEDED": 0, "FAILED": 3}
    assert kinds(said, "TaskFailed") == 3
    [message] = mailbox.messages()
    assert message.text == FAILED or message.text.startswith("The Batch job failed: States.TaskFailed: ")


def test_a_job_that_fails_once_is_tried_again_and_its_success_is_told(
    running: Running, outputs: dict[str, str], execution: Any, mailbox: Any
) -> None:
    answers: list[Any] = [Throw("Batch.ServerException"), Return({"JobId": "1"})]
    running.mock(outputs["StateMachineArn"], "once", {"Submit Batch Job": answers})
    said = execution("#once")
    assert entered(said) == ["Submit Batch Job", "Notify Success"]
    assert kinds(said, "TaskFailed") == 1
    assert [message.text for message in mailbox.messages()] == [SUCCEEDED]


def test_the_nightly_load_is_scheduled_and_watched(aws: Any, deploy: Any) -> None:
    [template] = [template for template in TEMPLATES if template.stem == "nightly-etl"]
    machine = deploy(template, "nightly")["StateMachineArn"]
    [schedule] = aws("scheduler", "list-schedules", "--name-prefix", "nightly")["Schedules"]
    assert schedule["Target"]["Arn"] == machine
    alarms = aws("cloudwatch", "describe-alarms", "--alarm-name-prefix", "nightly")["MetricAlarms"]
    assert {alarm["Dimensions"][0]["Value"] for alarm in alarms} == {machine}


MOCKS: dict[str, Any] = {
    "batch-fan-out": {"Generate batch job input": [Return({"Payload": ["1", "2"]})]},
    "batch-with-lambda": {"Generate batch job input": [Return({"Payload": {"batch_input": {"day": "1"}}})]},
}
"""Tasks of samples that the emulator cannot run: those of Lambda functions."""


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(
            template, id=template.stem, marks=[pytest.mark.long] if template not in NOTIFICATIONS else []
        )
        for template in TEMPLATES
    ],
)
def test_a_stack_runs_and_leaves_nothing_behind(
    template: Path, running: Running, aws: Any, deploy: Any, execute: Any
) -> None:
    before = everything(running)
    machine = deploy(template, "to-be-deleted")["StateMachineArn"]
    assert everything(running) != before
    running.mock(machine, "it", MOCKS.get(template.stem, {}))
    assert execute(f"{machine}#it")["status"] == "SUCCEEDED"
    aws("cloudformation", "delete-stack", "--stack-name", "to-be-deleted")
    aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", "to-be-deleted")
    assert everything(running) == before


LISTS = (
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_addresses", "Addresses", "PublicIp"),
    ("ec2", "describe_instances", "Reservations", "ReservationId"),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("batch", "describe_compute_environments", "computeEnvironments", "computeEnvironmentArn"),
    ("batch", "describe_job_queues", "jobQueues", "jobQueueArn"),
    ("logs", "describe_log_groups", "logGroups", "arn"),
    ("stepfunctions", "list_state_machines", "stateMachines", "stateMachineArn"),
    ("scheduler", "list_schedules", "Schedules", "Arn"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmArn"),
    ("athena", "list_work_groups", "WorkGroups", "Name"),
    ("glue", "get_databases", "DatabaseList", "Name"),
)


def everything(running: Running) -> Any:
    """Return the names of all that an account holds of what a stack may make."""
    found = {
        (service, key): sorted(item[name] for item in getattr(running.client(service), call)()[key])
        for service, call, key, name in LISTS
    }
    definitions = running.client("batch").describe_job_definitions(status="ACTIVE")["jobDefinitions"]
    found["batch", "jobDefinitions"] = sorted(item["jobDefinitionArn"] for item in definitions)
    clusters = running.client("ecs")
    described = clusters.describe_clusters(clusters=clusters.list_clusters()["clusterArns"])["clusters"]
    found["ecs", "clusters"] = sorted(
        item["clusterArn"] for item in described if item["status"] == "ACTIVE"
    )
    # AWS Batch makes this one for itself, and keeps it
    found["iam", "Roles"] = [name for name in found["iam", "Roles"] if name != "AWSServiceRoleForBatch"]
    return found
