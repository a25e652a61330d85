"""What runs without the emulator, and what needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cfngen.local.running import Running
from cfngen.stacks import BatchJobNotification
from cfngen.testing import (
    CallService,
    FailTask,
    MockError,
    NotEmulatedError,
    Return,
    StepFunctions,
    StepFunctionsError,
    Throw,
)
from cfngen.testing.planned import planned
from tests.rows import each_row

LAMBDA = "arn:aws:states:::lambda:invoke"
SEND = "arn:aws:states:::sqs:sendMessage"
MOCKS = {"Submit Batch Job": Return({"JobId": "1"}), "Notify Success": Return({"MessageId": "1"})}


def no_emulator() -> Running:
    raise AssertionError("the emulator was started")


@pytest.fixture
def without() -> Iterator[Any]:
    with StepFunctions(no_emulator) as step_functions:
        yield step_functions


def sends(**fields: Any) -> dict[str, Any]:
    task: dict[str, Any] = {
        "Type": "Task",
        "Resource": SEND,
        "Parameters": {"QueueUrl": {"Ref": "Queue"}, "MessageBody": "a"},
    }
    definition: dict[str, Any] = {"StartAt": "First", "States": {"First": {**task, "Next": "Second"}}}
    definition["States"]["Second"] = {**task, "End": True, **fields}
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/r", "Definition": definition}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    return {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Machine": machine}}


def test_mocks_of_all_tasks_that_are_reached_need_no_emulator(without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    execution = stack.run({"day": "2026-11-28"}, mocks=MOCKS)
    assert (execution.status, execution.states) == ("SUCCEEDED", ["Submit Batch Job", "Notify Success"])
    assert list(stack.machines) == ["BatchJobNotificationStateMachine"]
    assert stack.machine().definition["StartAt"] == "Submit Batch Job"


def test_an_execution_is_redriven_with_other_mocks_and_keeps_those_that_stand(without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    failed = stack.run(mocks={**MOCKS, "Notify Success": Throw("SNS.InternalErrorException")})
    execution = failed.redrive({"Notify Success": Return({"MessageId": "2"})})
    assert (failed.status, execution.status, execution.redrive_count) == ("FAILED", "SUCCEEDED", 1)
    assert len(execution["Submit Batch Job"].attempts) == 1
    again = stack.run(mocks={**MOCKS, "Notify Success": Throw("SNS.InternalErrorException")}).redrive()
    assert (again.status, len(again["Notify Success"].attempts)) == ("FAILED", 2)


def test_what_was_sent_names_the_resources_of_the_stack(without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    execution = stack.run(mocks=MOCKS)
    sent = execution["Submit Batch Job"].attempts[0].input
    assert sent["JobQueue"] == stack.resources["BatchJobQueue"]
    assert stack.outputs["StateMachineArn"] == stack.machine().arn


@pytest.mark.parametrize(
    "mocks", [{}, {"Submit Batch Job": CallService()}, {"Submit Batch Job": FailTask()}], ids=str
)
def test_a_task_that_calls_its_service_needs_the_emulator(mocks: dict[str, Any], without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    with pytest.raises(AssertionError, match="the emulator was started"):
        stack.run(mocks=mocks)


@pytest.mark.parametrize("ask", ["resources", "outputs"])
def test_what_a_stack_has_needs_the_emulator(ask: str, without: Any) -> None:
    with pytest.raises(AssertionError, match="the emulator was started"):
        getattr(without.deploy(BatchJobNotification()), ask)


def test_a_task_without_a_mock_ends_the_test_where_there_is_no_emulator() -> None:
    with StepFunctions(None) as step_functions:
        stack = step_functions.deploy(BatchJobNotification())
        assert stack.run(mocks=MOCKS).status == "SUCCEEDED"
        with pytest.raises(NotEmulatedError) as raised:
            stack.run(mocks={"Submit Batch Job": Return({})})
        assert str(raised.value).splitlines()[0] == (
            "there is no emulator: mock 'Notify Success', for example with "
            "mocks={'Notify Success': Return(...)}"
        )
        with pytest.raises(StepFunctionsError, match="there is no emulator, and this needs one"):
            step_functions.client("sqs")


@pytest.mark.emulator
def test_a_function_is_not_called_again_in_the_emulator(step_functions: StepFunctions) -> None:
    calls = []

    def first(sent: Any) -> Any:
        calls.append(sent["MessageBody"])
        return Return(1)

    stack = step_functions.deploy(sends())
    assert "Queue" in stack.resources  # it is in the emulator from here on
    execution = stack.run(mocks={"First": first})
    assert (execution.status, execution["First"].output, calls) == ("SUCCEEDED", 1, ["a"])


@pytest.mark.emulator
def test_the_emulator_takes_over_and_the_next_execution_needs_it_no_more(
    step_functions: StepFunctions,
) -> None:
    stack = step_functions.deploy(sends())
    assert stack.run().status == "SUCCEEDED"
    queue = stack.resources["Queue"]
    execution = stack.run(mocks={"First": Return(1), "Second": Return(2)})
    assert execution["First"].attempts[0].input["QueueUrl"] == queue


def test_mocks_are_held_against_the_states(without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    with pytest.raises(
        MockError, match="the mock of 'Submit Batch Job' has 2 responses, of which 1 was used"
    ):
        stack.run(mocks={**MOCKS, "Submit Batch Job": [Return({}), Return({})]})
    with pytest.raises(
        MockError, match="the mock of 'Submit Batch Job' has 1 response, and there is another"
    ):
        stack.run(mocks={**MOCKS, "Submit Batch Job": [Throw("A")]})


def test_an_input_may_be_null(without: Any) -> None:
    definition = {"StartAt": "It", "States": {"It": {"Type": "Pass", "End": True}}}
    assert without.deploy(definition).run(None).output is None
    assert without.deploy(definition).run().output == {}


def test_a_definition_that_cannot_run_is_told(without: Any) -> None:
    definition = {"StartAt": "It", "States": {"It": {"Type": "Pass", "End": True, "InputPath": "$.["}}}
    template = sends()
    template["Resources"]["Machine"]["Properties"]["Definition"] = definition
    with pytest.raises(StepFunctionsError, match="It"):
        without.deploy(template).run()


# one state


def test_one_state(without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    result = stack.test_state("Submit Batch Job", mock=Throw("Batch.Busy", "later"))
    assert (result.status, result.retry_seconds) == ("RETRIABLE", 30)
    result = stack.test_state("Submit Batch Job", mock=Throw("Batch.Busy", "later"), retries=2)
    assert (result.status, result.next_state) == ("CAUGHT_ERROR", "Notify Failure")
    assert result.sent["JobName"] == "BatchJobNotification"


def test_one_state_with_the_mocks_of_others(without: Any) -> None:
    stack = without.deploy(BatchJobNotification())
    with pytest.raises(StepFunctionsError, match="no state is named 'Submit'"):
        stack.test_state("Submit")
    with pytest.raises(MockError, match="'Submit Batch Job' is"):
        stack.test_state("Submit Batch Job", mock={"a": 1})
    with pytest.raises(StepFunctionsError, match="a state that is run alone calls no service"):
        stack.test_state("Submit Batch Job", mock=CallService())


# what is planned


def plan(template: Any, **parameters: Any) -> Any:
    return planned(template, parameters, stack="s", region="us-east-1", account="123456789012")


def test_a_definition_may_be_text_with_substitutions() -> None:
    template = """
      {"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
        "StateMachineName": "it", "StateMachineType": "EXPRESS",
        "DefinitionString": {"Fn::Join": ["", ["{\\"StartAt\\": \\"A\\", \\"States\\": {\\"A\\": ",
          "{\\"Type\\": \\"Wait\\", \\"Seconds\\": ${n}, \\"Comment\\": \\"${where}\\", \\"End\\": true}}}"]]},
        "DefinitionSubstitutions": {"n": 3, "where": {"Ref": "AWS::Region"}}}}}}
    """
    machine = plan(template).machines["M"]
    assert (machine.name, machine.type) == ("it", "EXPRESS")
    assert machine.arn == "arn:aws:states:us-east-1:123456789012:stateMachine:it"
    state = {"Type": "Wait", "Seconds": 3, "Comment": "us-east-1", "End": True}
    assert machine.definition == {"StartAt": "A", "States": {"A": state}}


@each_row(
    "template",
    [
        '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}',
        '{"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}',
        '{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": "x"}}}}',
        '{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionS3Location": {}}}}}',
        '{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::ImportValue": "x"}}}}}',
    ],
    ids=["no machine", "transform", "no JSON", "elsewhere", "import"],
)  # fmt: skip
def test_what_only_a_deployment_can_tell(template: str) -> None:
    assert plan(template) is None
