"""Where moto differs from AWS and cfngen stands on it, the emulator answers as AWS does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfngen.local import Return, Running, Throw
from tests.local.conftest import ROLE, entered

PASSES = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
ANSWERS = {"QueryLanguage": "JSONata", "StartAt": "A"}

pytestmark = pytest.mark.emulator


def computed(expression: Any, **fields: Any) -> Any:
    return ANSWERS | {
        "States": {"A": {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True, **fields}}
    }


@pytest.fixture(scope="session")
def patches() -> Any:
    from cfngen.local.patches import PATCHES  # with moto, which takes seconds to import

    return PATCHES


@pytest.fixture(scope="session")
def stack(running: Running) -> Any:
    """Make a stack of resources; return it as DescribeStacks shows it, and its events."""
    client = running.client("cloudformation")

    def create(name: str, resources: Any, **sections: Any) -> tuple[Any, ...]:
        template = {"Resources": resources, **sections}
        client.create_stack(StackName=name, TemplateBody=json.dumps(template))
        [described] = client.describe_stacks(StackName=name)["Stacks"]
        events = client.describe_stack_events(StackName=name)["StackEvents"][::-1]
        return described, [
            (event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason"))
            for event in events
        ]

    return create


def topics(running: Running) -> Any:
    """Return the ARNs of all topics by their names."""
    listed = running.client("sns").list_topics()["Topics"]
    return {topic["TopicArn"].rpartition(":")[2]: topic["TopicArn"] for topic in listed}


def test_every_patch_has_its_own_name_and_defect(patches: Any) -> None:
    names, defects = ({getattr(patch, of) for patch in patches} for of in ("name", "defect"))
    assert len(names) == len(defects) == len(patches)


def test_every_defect_can_be_looked_for_in_the_version_that_is_installed(running: Running) -> None:
    assert running.failed_patches == {}


def test_what_is_mended_is_found_no_more() -> None:
    script = "from cfngen.local.patches import apply_needed as apply; apply(); print(*apply())"
    command = [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {script}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[] []\n"


def test_what_is_patched_is_among_the_patches(running: Running, patches: Any) -> None:
    assert set(running.patches) <= {patch.name for patch in patches}


def test_a_resource_that_cannot_be_made_rolls_the_stack_back(running: Running, stack: Any) -> None:
    described, events = stack(
        "broken",
        {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "rolled-back"}},
            "Broken": {
                "Type": "AWS::SQS::Queue",
                "DependsOn": "Topic",
                "Properties": {"QueueName": "no blanks, please"},
            },
        },
    )
    assert described["StackStatus"] == "ROLLBACK_COMPLETE"
    assert [(name, status) for name, status, _ in events] == [
        ("broken", "CREATE_IN_PROGRESS"),
        ("Topic", "CREATE_IN_PROGRESS"),
        ("Topic", "CREATE_COMPLETE"),
        ("Broken", "CREATE_IN_PROGRESS"),
        ("Broken", "CREATE_FAILED"),
        ("broken", "ROLLBACK_IN_PROGRESS"),
        ("Topic", "DELETE_COMPLETE"),
        ("broken", "ROLLBACK_COMPLETE"),
    ]
    assert events[4][2]  # why, in the words of the service
    assert "rolled-back" not in topics(running)


def test_a_definition_that_is_wrong_rolls_the_stack_back_and_says_why(stack: Any) -> None:
    machine = {
        "Definition": {"StartAt": "A", "States": {"A": {"Type": "Pas"}}},
        "RoleArn": "arn:aws:iam::123456789012:role/r",
    }
    described, events = stack(
        "wrong", {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine}}
    )
    assert described["StackStatus"] == "ROLLBACK_COMPLETE"
    assert events[2][2]  # why, in the words of the service


def test_what_stands_in_the_way_of_a_deletion_is_said_by_the_stack(running: Running, stack: Any) -> None:
    client = running.client("cloudformation")
    stack("kept", {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}})
    [found] = client.describe_stack_resources(StackName="kept")["StackResources"]
    network, vpc = running.client("ec2"), found["PhysicalResourceId"]
    subnet = network.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    client.delete_stack(StackName="kept")
    assert client.describe_stacks(StackName="kept")["Stacks"][0]["StackStatus"] == "DELETE_FAILED"
    network.delete_subnet(SubnetId=subnet)
    client.delete_stack(StackName="kept")
    assert "kept" not in [found["StackName"] for found in client.describe_stacks()["Stacks"]]


def test_a_resource_that_is_to_be_retained_stays(running: Running, stack: Any) -> None:
    topic = {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain", "Properties": {"TopicName": "stays"}}
    stack("retained", {"Topic": topic})
    running.client("cloudformation").delete_stack(StackName="retained")
    assert "stays" in topics(running)
    running.client("sns").delete_topic(TopicArn=topics(running)["stays"])


def test_a_job_definition_keeps_what_the_template_says_of_it(running: Running, stack: Any) -> None:
    properties = {
        "Timeout": {"AttemptDurationSeconds": 90},
        "PlatformCapabilities": ["FARGATE"],
        "Tags": {"a": "b"},
    }
    needs = [{"Type": "VCPU", "Value": 1}, {"Type": "MEMORY", "Value": "2048"}]
    container = {"Image": "busybox", "ResourceRequirements": needs}
    properties |= {"Type": "container", "JobDefinitionName": "kept", "ContainerProperties": container}
    stack("jobs", {"Job": {"Type": "AWS::Batch::JobDefinition", "Properties": properties}})
    described = running.client("batch").describe_job_definitions(jobDefinitionName="kept")[
        "jobDefinitions"
    ][0]
    assert (described["timeout"], described["tags"]) == ({"attemptDurationSeconds": 90}, {"a": "b"})
    assert described["platformCapabilities"] == ["FARGATE"]
    running.client("cloudformation").delete_stack(StackName="jobs")


MANAGED = "arn:aws:iam::aws:policy/service-role/"


@pytest.mark.parametrize(
    ("policy", "status"),
    [("AWSBatchServiceRole", "CREATE_COMPLETE"), ("AWSBatchServiceRol", "ROLLBACK_COMPLETE")],
)
def test_a_managed_policy_is_attached_if_aws_has_it(stack: Any, policy: str, status: str) -> None:
    role: dict[str, Any] = {
        **ROLE,
        "Properties": {**ROLE["Properties"], "ManagedPolicyArns": [MANAGED + policy]},
    }
    assert stack(f"with-{policy}", {"Role": role})[0]["StackStatus"] == status


def test_a_long_name_of_a_stack_makes_names_that_fit(stack: Any) -> None:
    described, _ = stack("s" * 100, {"R" * 60: ROLE})
    assert described["StackStatus"] == "CREATE_COMPLETE"


def test_a_definition_string_has_its_substitutions(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]], running: Running
) -> None:
    definition = json.dumps(
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${Word}", "End": True}}}
    )
    arn = machine(
        PASSES,
        Definition=None,
        DefinitionString=definition,
        DefinitionSubstitutions={"Word": "substituted"},
    )
    assert run(arn)["output"] == '"substituted"'


def test_the_type_of_a_machine_is_kept(machine: Callable[..., str], running: Running) -> None:
    arn = machine(PASSES, StateMachineType="EXPRESS")
    assert running.client("stepfunctions").describe_state_machine(stateMachineArn=arn)["type"] == "EXPRESS"


def test_an_execution_without_a_name_gets_one(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(PASSES)
    first, second = run(arn), run(arn)
    assert first["name"] != second["name"] != "None"
    assert first["executionArn"] == f"{arn.replace(':stateMachine:', ':execution:')}:{first['name']}"


@pytest.mark.parametrize("output", ['"text"', "0", "[1, {}]", "true"])
def test_an_output_is_json_whatever_it_is(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]], output: str
) -> None:
    result = {"Type": "Pass", "Result": json.loads(output), "End": True}
    said = run(machine({"StartAt": "A", "States": {"A": result}}))
    assert json.loads(said["output"]) == json.loads(output)


def test_a_machine_of_jsonata_that_is_refused_breaks_no_other(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    client = running.client("stepfunctions")
    broken = computed("1") | {"States": {"A": {"Type": "Pass", "Result": 1, "End": True}}}
    with pytest.raises(client.exceptions.ClientError):
        client.create_state_machine(
            name="broken", definition=json.dumps(broken), roleArn="arn:aws:iam::1:role/r"
        )
    assert (
        run(machine({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}}))[
            "output"
        ]
        == "1"
    )


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$sum($states.input.of)", 6),
        ("$partition($states.input.of, 2)", [[1, 2], [3]]),
        ("$range(0, 4, 2)", [0, 2, 4]),
        ("$hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("$parse('{\"a\": [1]}').a[0]", 1),
        ("$length($uuid())", 36),
        ("$random() < 1", True),
        ("$states.input.none ? 1 : null", None),
        ("$states.input.of[$ > 1]", [2, 3]),
        ("{'a': $states.input.text}", {"a": 'it\'s "quoted" \\ and ${braced}'}),
    ],
)
def test_jsonata_is_evaluated(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]], expression: str, value: object
) -> None:
    execution_input = {"of": [1, 2, 3], "text": 'it\'s "quoted" \\ and ${braced}'}
    assert json.loads(run(machine(computed(expression)), execution_input)["output"]) == value


def test_a_variable_may_hold_a_quotation_mark(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"it": '{% "say \\"so\\"" %}'}, "Next": "B"},
        "B": {"Type": "Pass", "Output": "{% $it %}", "End": True},
    }
    assert json.loads(run(machine(ANSWERS | {"States": states}))["output"]) == 'say "so"'


def test_jsonata_that_fails_is_an_error_that_can_be_caught(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    said = run(machine(computed("$parse('{')")))
    assert (said["status"], said["error"]) == ("FAILED", "States.QueryEvaluationError")


@pytest.mark.parametrize("around", ["Parallel", "Map"])
@pytest.mark.parametrize("error", ["States.TaskFailed", "States.Timeout", "States.Http.Socket", "Mine"])
def test_what_fails_inside_a_branch_is_caught_around_it(
    running: Running,
    machine: Callable[..., str],
    run: Callable[..., dict[str, Any]],
    around: str,
    error: str,
) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True}
    inner = {"StartAt": "Fails", "States": {"Fails": task}}
    held = {"Branches": [inner]} if around == "Parallel" else {"ItemProcessor": inner, "ItemsPath": "$.of"}
    caught = [{"ErrorEquals": [error], "Next": "Mend"}]
    states = {
        "Around": {"Type": around, **held, "Catch": caught, "End": True},
        "Mend": {"Type": "Pass", "End": True},
    }
    arn = machine({"StartAt": "Around", "States": states})
    running.mock(arn, "fails", {"Fails": [Throw(error, "because")]})
    said = run(f"{arn}#fails", {"of": [1]})
    assert entered(said) == ["Around", "Fails", "Mend"]
    assert json.loads(said["output"])["Error"] == error


def test_an_answer_may_be_any_json(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True}
    arn = machine({"StartAt": "A", "States": {"A": task}})
    running.mock(arn, "a number", {"A": [Return(1)]})
    assert run(f"{arn}#a number")["output"] == "1"


def test_the_cause_of_a_failed_task_arrives(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(
        {
            "StartAt": "A",
            "States": {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                    "Parameters": {
                        "QueueUrl": running.client("sqs").create_queue(QueueName="tokens")["QueueUrl"],
                        "MessageBody.$": "$$.Task.Token",
                    },
                    "End": True,
                }
            },
        }
    )
    client, queues = running.client("stepfunctions"), running.client("sqs")
    started = client.start_execution(stateMachineArn=arn)["executionArn"]
    url = queues.get_queue_url(QueueName="tokens")["QueueUrl"]
    [message] = queues.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    client.send_task_failure(taskToken=message["Body"], error="Mine", cause="because")
    while (said := client.describe_execution(executionArn=started))["status"] == "RUNNING":
        pass
    assert (said["error"], said["cause"]) == ("Mine", "because")


def test_a_function_s_result_is_its_payload(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(
        {
            "StartAt": "A",
            "States": {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
                    "End": True,
                }
            },
        }
    )
    running.mock(arn, "answers", {"A": [Return({"x": 1})]})
    assert json.loads(run(f"{arn}#answers")["output"]) == {"x": 1}


def test_the_page_lists_every_patch(patches: Any, request: pytest.FixtureRequest) -> None:
    page = Path(__file__).parents[2] / "docs" / "local.md"
    before, mark, after = page.read_text(encoding="utf-8").partition(
        "<!-- written by pytest --goldens -->\n\n"
    )
    listed, blank, rest = after.partition("\n\n")
    lines = "\n".join(f"- `{patch.name}`: {patch.defect}" for patch in patches)
    if request.config.getoption("--goldens"):
        page.write_text(f"{before}{mark}{lines}{blank}{rest}", encoding="utf-8")
        return
    assert listed == lines
