"""The typed tasks, against what AWS says of them: botocore's service models, and the developer guide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from itertools import groupby
from typing import Any

import botocore.session
import pytest
from troposphere import Ref

from cfngen import CALLBACK, REQUEST_RESPONSE, SYNC, SYNC_2, Path, Workflow
from cfngen.apis.arguments import shape_of
from cfngen.apis.differences import DIFFERENCES, WITHOUT_OPERATION
from cfngen.apis.integrations import MODELS
from cfngen.apis.shapes import Shape
from cfngen.asl.values import DynamicText
from cfngen.core.declared import frozen
from cfngen.tasks import batch, databrew, emr_containers, integration, integrations, lambda_, sns, states
from cfngen.tasks.service import ServiceTask
from tests.iam.integrations import calls, cases
from tests.rows import each_row

TASKS = integrations()
CALLS = calls()
CASES = {(case.service, case.action): case for case in cases()}
EACH = each_row("task", TASKS, ids=lambda task: f"{task.service}:{task.action}")
OWN = {*dir(ServiceTask), *(field.name for field in fields(ServiceTask))}

JOB: dict[str, Any] = {"JobName": "nightly", "JobQueue": "nights", "JobDefinition": "nightly:3"}


def operation(task: type[ServiceTask]) -> Any:
    return _operation(MODELS.get(task.service, task.service), pascal(task.action))


@cache
def _operation(model: str, name: str) -> Any:
    return botocore.session.Session().get_service_model(model).operation_model(name)


def pascal(name: str) -> str:
    return name[0].upper() + name[1:]


def payload(task: ServiceTask) -> Any:
    return Workflow(task).to_asl()["States"][task.Name].get("Parameters")


def refused(make: Callable[..., Any]) -> str:
    with pytest.raises(TypeError) as caught:
        make()
    return str(caught.value)


# --- against botocore ----------------------------------------------------------------------------


def shape(task: type[ServiceTask]) -> Shape:
    known = shape_of(task.service, task.action)
    assert known is not None
    return known


def by_its_own(task: type[ServiceTask]) -> bool:
    """Whether Step Functions makes something else of the API's operation."""
    return f"{task.service}:{task.action}" in {**DIFFERENCES, **WITHOUT_OPERATION}


@pytest.mark.slow
@EACH
def test_the_arguments_are_those_of_the_api(task: type[ServiceTask]) -> None:
    if by_its_own(task):
        members = {*shape(task).members} - {"MessageAttribute"}  # SQS's is a misprint
    else:
        members = set(map(pascal, operation(task).input_shape.members))
    assert sorted(name.rstrip("_") for name in task.arguments()) == sorted(members)


def required(task: type[ServiceTask]) -> set[str]:
    if by_its_own(task):
        return set(shape(task).required)
    made_up_by_the_sdk = operation(task).idempotent_members
    return set(map(pascal, set(operation(task).input_shape.required_members) - {*made_up_by_the_sdk}))


def given(task: type[ServiceTask]) -> dict[str, str]:
    """The arguments of the case, spelled as the class spells them."""
    found = CASES[task.service, task.action].facts["arguments"]
    return {f"{name}_" if name in OWN else name: value for name, value in found.items()}


@EACH
@pytest.mark.slow
def test_what_the_api_requires_has_no_default(task: type[ServiceTask]) -> None:
    for name in required(task):
        field_name = f"{name}_" if name in OWN else name
        others: dict[str, Any] = {key: value for key, value in given(task).items() if key != field_name}
        text = refused(lambda others=others: task("T", pattern=REQUEST_RESPONSE, **others))
        assert text.endswith(f"missing 1 required keyword-only argument: {field_name!r}")


@pytest.mark.slow
@EACH
def test_what_the_api_does_not_require_may_be_left_out(task: type[ServiceTask]) -> None:
    least: dict[str, Any] = {
        key: value for key, value in given(task).items() if key.rstrip("_") in required(task)
    }
    if task is sns.Publish:
        least["TopicArn"] = "t"
    names: dict[str, Any] = {key.rstrip("_"): value for key, value in least.items()}
    assert payload(task("T", pattern=REQUEST_RESPONSE, **least)) == (names or None)


@EACH
def test_the_call_of_aws_s_page_can_be_written_with_the_class_and_its_arguments_are_known(
    task: type[ServiceTask],
) -> None:
    call = CALLS[f"{task.service}:{task.action}"]
    arguments: dict[str, Any] = {f"{name}_" if name in OWN else name: value for name, value in call.items()}
    typed_task = task("T", pattern=REQUEST_RESPONSE, **arguments)
    assert [str(it) for it in Workflow(typed_task).check(apis=True)] == []
    assert {key.removesuffix(".$") for key in payload(typed_task)} == call.keys()


# --- patterns ------------------------------------------------------------------------------------


@EACH
def test_each_action_has_the_patterns_of_its_case(task: Any) -> None:
    published = CASES[task.service, task.action].facts["published"]
    assert [pattern.value for pattern in task.patterns] == list(published)


def test_what_can_be_called_follows_from_the_classes(golden: Callable[[str, str], None]) -> None:
    lines = [
        '"""The optimized integrations, each with the endings of its ``Resource``.',
        "",
        "The empty ending is Request Response, and the only one of an express workflow. ``make goldens`` writes",
        "this file from the classes in ``cfngen.tasks``, so that a start need not import them all.",
        "https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "from typing import Final",
        "",
        "OPTIMIZED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {",
    ]
    for service, tasks in groupby(TASKS, key=lambda task: task.service):
        lines.append(f'    "{service}": {{')
        for task in tasks:
            suffixes = ", ".join(f'"{pattern.value}"' for pattern in task.patterns)
            comma = "," if len(task.patterns) == 1 else ""
            lines.append(f'        "{task.action}": ({suffixes}{comma}),')
        lines.append("    },")
    golden("../../cfngen/apis/optimized.py", "\n".join([*lines, "}", ""]))


@EACH
def test_only_a_choice_of_patterns_asks_for_one(task: type[ServiceTask]) -> None:
    [pattern] = [field for field in fields(task) if field.name == "pattern"]
    chooses = len(task.patterns) > 1 and task is not sns.Publish
    assert pattern.default is (MISSING if chooses else REQUEST_RESPONSE)


@each_row(
    ("task", "resource"),
    [
        (batch.SubmitJob("T", pattern=REQUEST_RESPONSE, **JOB), "arn:aws:states:::batch:submitJob"),
        (batch.SubmitJob("T", pattern=SYNC, **JOB), "arn:aws:states:::batch:submitJob.sync"),
        (
            sns.Publish("T", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m"),
            "arn:aws:states:::sns:publish",
        ),
        (
            sns.Publish(
                "T",
                TopicArn="arn:aws:sns:us-east-1:123456789012:t",
                Message=Path("$$.Task.Token"),
                pattern=CALLBACK,
            ),
            "arn:aws:states:::sns:publish.waitForTaskToken",
        ),
        (
            states.StartExecution("T", pattern=SYNC_2, StateMachineArn="m"),
            "arn:aws:states:::states:startExecution.sync:2",
        ),
        (lambda_.Invoke("T", pattern=REQUEST_RESPONSE, FunctionName="f"), "arn:aws:states:::lambda:invoke"),
        (
            emr_containers.DeleteVirtualCluster("T", pattern=SYNC, Id="a"),
            "arn:aws:states:::emr-containers:deleteVirtualCluster.sync",
        ),
        (databrew.StartJobRun("T", pattern=SYNC, Name_="j"), "arn:aws:states:::databrew:startJobRun.sync"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_resource_names_the_action_and_the_pattern(task: ServiceTask, resource: str) -> None:
    assert Workflow(task).to_asl()["States"]["T"]["Resource"] == resource


def test_a_job_has_no_pattern_by_default() -> None:
    assert refused(lambda: batch.SubmitJob("T", **JOB)).endswith(
        "missing 1 required keyword-only argument: 'pattern'; pattern is REQUEST_RESPONSE or SYNC"
    )


@each_row("pattern", [".sync", "SYNC", None, True], ids=repr)
def test_a_pattern_is_one_of_the_values(pattern: Any) -> None:
    message = refused(lambda: batch.SubmitJob("T", pattern=pattern, **JOB))
    assert message == f"pattern takes one of REQUEST_RESPONSE, SYNC, not {pattern!r}"


@pytest.mark.parametrize(
    "resources", ["arn:aws:sns:us-east-1:1:a", Ref("A"), {"a": "b"}], ids=["text", "reference", "mapping"]
)
def test_resources_are_a_list(resources: Any) -> None:
    message = refused(
        lambda: sns.Publish(
            "T", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m", resources=resources
        )
    )
    assert message == f"resources takes a list of ARNs, not {resources!r}"


# --- arguments -----------------------------------------------------------------------------------


def test_arguments_are_rendered_in_the_order_of_the_class_and_the_state_s_own_fields_beside_them() -> None:
    submit = batch.SubmitJob(
        "T", pattern=SYNC, Tags={"team": "data"}, Timeout={"AttemptDurationSeconds": 60}, TimeoutSeconds=90,
        ContainerOverrides={"Environment": [{"Name": "DAY", "Value": "1"}]}, **JOB,
    )  # fmt: skip
    rendered = Workflow(submit).to_asl()["States"]["T"]
    assert list(rendered["Parameters"]) == [
        "JobName", "JobQueue", "JobDefinition", "ContainerOverrides", "Tags", "Timeout",
    ]  # fmt: skip
    assert rendered["TimeoutSeconds"] == 90


def test_batch_s_own_parameters_are_an_argument_as_any_other() -> None:
    submit = batch.SubmitJob("T", pattern=SYNC, Parameters={"day": Path("$.day")}, **JOB)
    assert payload(submit) == {**JOB, "Parameters": {"day.$": "$.day"}}


def test_an_argument_may_be_a_path_or_an_intrinsic() -> None:
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


def test_false_and_zero_are_passed_on() -> None:
    submit = batch.SubmitJob("T", pattern=SYNC, PropagateTags=False, SchedulingPriorityOverride=0, **JOB)
    assert payload(submit) == {**JOB, "PropagateTags": False, "SchedulingPriorityOverride": 0}


def test_what_only_the_policy_needs_is_not_passed_on() -> None:
    publish = sns.Publish("T", TopicArn=Path("$.topic"), Message="m", resources=["arn:aws:sns:*:*:mine-*"])
    assert payload(publish) == {"Message": "m", "TopicArn.$": "$.topic"}


def test_an_argument_whose_name_a_state_has_already_takes_an_underscore() -> None:
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
def test_only_an_argument_whose_name_a_state_has_takes_an_underscore(task: type[ServiceTask]) -> None:
    assert [name for name in task.arguments() if name.endswith("_") != (name.rstrip("_") in OWN)] == []


# --- destinations of a message -------------------------------------------------------------------


@pytest.mark.parametrize("destination", ["TopicArn", "TargetArn", "PhoneNumber"])
def test_a_message_goes_to_one_destination(destination: str) -> None:
    fields: dict[str, Any] = {destination: "x"}
    assert payload(sns.Publish("T", Message="m", **fields)) == {
        "Message": "m",
        destination: "x",
    }


@pytest.mark.parametrize(
    ("destinations", "said"),
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
def test_any_other_number_of_destinations_is_refused(destinations: dict[str, Any], said: str) -> None:
    message = refused(lambda: sns.Publish("Tell", Message="m", **destinations))
    assert message == f"Publish 'Tell' takes one of TopicArn or TargetArn or PhoneNumber, not {said}"


def test_a_message_may_be_a_mapping() -> None:
    publish = sns.Publish(
        "T", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message={"job": Path("$.job")}
    )
    assert payload(publish)["Message"] == {"job.$": "$.job"}


# --- callbacks -----------------------------------------------------------------------------------


def callback(message: str | Path | dict[str, Any], **fields: Any) -> list[Any]:
    publish = sns.Publish(
        "T", TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message=message, pattern=CALLBACK, **fields
    )
    return [(problem.severity, problem.location) for problem in Workflow(publish).check()]


def test_a_callback_that_passes_no_token_is_a_warning() -> None:
    assert callback("approve?") == [("warning", "/States/T/Parameters")]


@each_row(
    "message",
    [
        Path("$$.Task.Token"),
        {"deep": [{"token": Path("$$.Task.Token")}]},
        Path("States.Format('approve with {}', $$.Task.Token)"),
        Path("$$"),
    ],
    ids=["whole", "deep", "in a call", "with all of the context"],
)
def test_a_callback_that_passes_its_token_is_fine(message: Path | dict[str, Any]) -> None:
    assert callback(message) == []


def test_a_token_may_be_passed_as_an_attribute() -> None:
    attributes = {"token": {"DataType": "String", "StringValue": Path("$$.Task.Token")}}
    assert callback("approve?", MessageAttributes=attributes) == []


# --- by name -------------------------------------------------------------------------------------


@EACH
def test_the_class_is_found_by_what_stands_in_the_resource(task: type[ServiceTask]) -> None:
    assert integration(task.service, task.action) is task


@each_row(
    ("service", "action"),
    [
        ("batch", "describeJobs"),
        ("nosuch", "submitJob"),
        ("aws-sdk:batch", "submitJob"),
        ("service", "x"),
        ("grants", "x"),
        ("shared", "x"),
        ("lambda_", "invoke"),
        ("emr_containers", "startJobRun"),
        ("", ""),
    ],
)
def test_there_is_no_class_for_anything_else(service: str, action: str) -> None:
    assert integration(service, action) is None
