"""The typed tasks, against what AWS says of them: botocore's service models, and the developer guide."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import botocore.session
import pytest
from troposphere import Ref

from cfngen import CALLBACK, REQUEST_RESPONSE, SYNC, Path, Workflow
from cfngen.asl.declared import frozen
from cfngen.asl.values import DynamicText
from cfngen.tasks import batch, integration, sns
from cfngen.tasks.service import ServiceTask

# the table of optimized integrations, as printed by
# https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
TABLE = {
    # Request Response, Run a Job (.sync), Wait for Callback (.waitForTaskToken)
    "AWS Batch": ("Standard & Express", "Standard", "Not supported"),
    "Amazon SNS": ("Standard & Express", "Not supported", "Standard"),
}
TASKS = {batch.SubmitJob: "AWS Batch", sns.Publish: "Amazon SNS"}
EACH = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)

JOB = {"JobName": "nightly", "JobQueue": "nights", "JobDefinition": "nightly:3"}


@cache
def operation(task):
    model = botocore.session.Session().get_service_model(task.service)
    return model.operation_model(task.action[0].upper() + task.action[1:])


def pascal(name):
    return name[0].upper() + name[1:]


def payload(task):
    return Workflow(task).to_asl()["States"][task.Name].get("Parameters")


def refused(make):
    with pytest.raises(TypeError) as caught:
        make()
    return str(caught.value)


# --- against botocore ----------------------------------------------------------------------------


@EACH
def test_the_arguments_are_those_of_the_api(task):
    members = operation(task).input_shape.members
    assert sorted(name.rstrip("_") for name in task.arguments()) == sorted(map(pascal, members))


@EACH
def test_what_the_api_requires_has_no_default(task):
    required = set(map(pascal, operation(task).input_shape.required_members))
    given = {"Message": "m", "TopicArn": "t"} if task is sns.Publish else {"pattern": SYNC, **JOB}
    for name in required:
        text = refused(
            lambda name=name: task("T", **{key: value for key, value in given.items() if key != name})
        )
        assert text.endswith(f"missing 1 required keyword-only argument: {name!r}")


@EACH
def test_what_the_api_does_not_require_may_be_left_out(task):
    given = {"Message": "m", "TopicArn": "t"} if task is sns.Publish else {"pattern": SYNC, **JOB}
    assert payload(task("T", **given)) == {key: value for key, value in given.items() if key != "pattern"}


# --- patterns ------------------------------------------------------------------------------------


@EACH
def test_the_patterns_are_those_of_the_table(task):
    row = TABLE[TASKS[task]]
    supported = [
        pattern
        for pattern, says in zip((REQUEST_RESPONSE, SYNC, CALLBACK), row, strict=True)
        if says != "Not supported"
    ]
    assert list(task.patterns) == supported


@pytest.mark.parametrize(
    ("task", "resource"),
    [
        (batch.SubmitJob("T", pattern=REQUEST_RESPONSE, **JOB), "arn:aws:states:::batch:submitJob"),
        (batch.SubmitJob("T", pattern=SYNC, **JOB), "arn:aws:states:::batch:submitJob.sync"),
        (sns.Publish("T", TopicArn="t", Message="m"), "arn:aws:states:::sns:publish"),
        (
            sns.Publish("T", TopicArn="t", Message=Path("$$.Task.Token"), pattern=CALLBACK),
            "arn:aws:states:::sns:publish.waitForTaskToken",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_resource_names_the_action_and_the_pattern(task, resource):
    assert Workflow(task).to_asl()["States"]["T"]["Resource"] == resource


def test_a_job_has_no_pattern_by_default():
    assert refused(lambda: batch.SubmitJob("T", **JOB)).endswith(
        "missing 1 required keyword-only argument: 'pattern'"
    )


@pytest.mark.parametrize("pattern", [".sync", "SYNC", None, True], ids=repr)
def test_a_pattern_is_one_of_the_values(pattern):
    message = refused(lambda: batch.SubmitJob("T", pattern=pattern, **JOB))
    assert message == f"pattern takes one of REQUEST_RESPONSE, SYNC, not {pattern!r}"


# --- arguments -----------------------------------------------------------------------------------


def test_arguments_are_rendered_in_the_order_of_the_class_and_the_state_s_own_fields_beside_them():
    submit = batch.SubmitJob(
        "T", pattern=SYNC, Tags={"team": "data"}, Timeout={"AttemptDurationSeconds": 60}, TimeoutSeconds=90,
        ContainerOverrides={"Environment": [{"Name": "DAY", "Value": "1"}]}, **JOB,
    )  # fmt: skip
    rendered = Workflow(submit).to_asl()["States"]["T"]
    assert list(rendered["Parameters"]) == [
        "JobName", "JobQueue", "JobDefinition", "ContainerOverrides", "Tags", "Timeout",
    ]  # fmt: skip
    assert rendered["TimeoutSeconds"] == 90


def test_batch_s_own_parameters_are_an_argument_as_any_other():
    submit = batch.SubmitJob("T", pattern=SYNC, Parameters={"day": Path("$.day")}, **JOB)
    assert payload(submit) == {**JOB, "Parameters": {"day.$": "$.day"}}


def test_an_argument_may_be_a_path_or_an_intrinsic():
    submit = batch.SubmitJob(
        "T", pattern=SYNC, JobName=Path("$.name"), JobQueue=Ref("Queue"), JobDefinition="d",
        PropagateTags=Path("$.tag"), ArrayProperties={"Size": Path("$.size")},
    )  # fmt: skip
    assert payload(submit) == {
        "JobName.$": "$.name",
        "JobQueue": {"Ref": "Queue"},
        "JobDefinition": "d",
        "ArrayProperties": {"Size.$": "$.size"},
        "PropagateTags.$": "$.tag",
    }


def test_false_and_zero_are_passed_on():
    submit = batch.SubmitJob("T", pattern=SYNC, PropagateTags=False, SchedulingPriorityOverride=0, **JOB)
    assert payload(submit) == {**JOB, "PropagateTags": False, "SchedulingPriorityOverride": 0}


def test_what_only_the_policy_needs_is_not_passed_on():
    publish = sns.Publish("T", TopicArn=Path("$.topic"), Message="m", resources=["arn:aws:sns:*:*:mine-*"])
    assert payload(publish) == {"Message": "m", "TopicArn.$": "$.topic"}


def test_an_argument_whose_name_a_state_has_already_takes_an_underscore():
    @frozen(kw_only=True)
    class InvokeModel(ServiceTask):
        ModelId: DynamicText
        Comment_: DynamicText | None = None

        service = "bedrock"
        action = "invokeModel"
        patterns = (REQUEST_RESPONSE,)
        grants = ()

    invoke = InvokeModel(
        "T", pattern=REQUEST_RESPONSE, ModelId="m", Comment="the state's", Comment_="the call's"
    )
    assert InvokeModel.arguments() == ("ModelId", "Comment_")
    assert Workflow(invoke).to_asl()["States"]["T"] == {
        "Type": "Task",
        "Comment": "the state's",
        "Resource": "arn:aws:states:::bedrock:invokeModel",
        "Parameters": {"ModelId": "m", "Comment": "the call's"},
        "End": True,
    }


@EACH
def test_only_an_argument_whose_name_a_state_has_takes_an_underscore(task):
    own = {field.name for field in fields(ServiceTask)}
    assert [name for name in task.arguments() if name.endswith("_") != (name.rstrip("_") in own)] == []


# --- destinations of a message -------------------------------------------------------------------


@pytest.mark.parametrize("destination", ["TopicArn", "TargetArn", "PhoneNumber"])
def test_a_message_goes_to_one_destination(destination):
    assert payload(sns.Publish("T", Message="m", **{destination: "x"})) == {
        "Message": "m",
        destination: "x",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "none"),
        ({"TopicArn": "t", "PhoneNumber": "p"}, "['TopicArn', 'PhoneNumber']"),
        (
            {"TopicArn": "t", "TargetArn": "a", "PhoneNumber": "p"},
            "['TopicArn', 'TargetArn', 'PhoneNumber']",
        ),
    ],
    ids=["none", "two", "three"],
)
def test_any_other_number_of_destinations_is_refused(given, said):
    message = refused(lambda: sns.Publish("Tell", Message="m", **given))
    assert message == f"Publish 'Tell' takes one of TopicArn or TargetArn or PhoneNumber, not {said}"


def test_a_message_may_be_a_mapping():
    publish = sns.Publish("T", TopicArn="t", Message={"job": Path("$.job")})
    assert payload(publish)["Message"] == {"job.$": "$.job"}


# --- callbacks -----------------------------------------------------------------------------------


def callback(message, **fields):
    publish = sns.Publish("T", TopicArn="t", Message=message, pattern=CALLBACK, **fields)
    return [(problem.severity, problem.location) for problem in Workflow(publish).check()]


def test_a_callback_that_passes_no_token_is_a_warning():
    assert callback("approve?") == [("warning", "/States/T/Parameters")]


@pytest.mark.parametrize(
    "message",
    [
        Path("$$.Task.Token"),
        {"deep": [{"token": Path("$$.Task.Token")}]},
        Path("States.Format('approve with {}', $$.Task.Token)"),
        Path("$$"),
    ],
    ids=["whole", "deep", "in a call", "with all of the context"],
)
def test_a_callback_that_passes_its_token_is_fine(message):
    assert callback(message) == []


def test_a_token_may_be_passed_as_an_attribute():
    attributes = {"token": {"DataType": "String", "StringValue": Path("$$.Task.Token")}}
    assert callback("approve?", MessageAttributes=attributes) == []


# --- by name -------------------------------------------------------------------------------------


@EACH
def test_the_class_is_found_by_what_stands_in_the_resource(task):
    assert integration(task.service, task.action) is task


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ("batch", "describeJobs"),
        ("nosuch", "submitJob"),
        ("aws-sdk:batch", "submitJob"),
        ("service", "x"),
        ("grants", "x"),
    ],
)
def test_there_is_no_class_for_anything_else(service, action):
    assert integration(service, action) is None
