"""What the fixture deploys and runs: each state's part, by mocks or in the emulator, and which way it went."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from troposphere import GetAtt, Ref, Sub

from cfngen import EXPRESS, Task, Workflow
from cfngen.stacks import BatchJobNotification, StateMachine
from cfngen.testing import (
    CallService,
    DeployError,
    FailTask,
    MockError,
    NotEmulatedError,
    NotVisitedError,
    Return,
    StepFunctions,
    StepFunctionsError,
    StillRunningError,
    Throw,
)

ROLE = "arn:aws:iam::123456789012:role/of-a-test"
SEND = "arn:aws:states:::sqs:sendMessage"
CALL = {"Type": "Task", "Resource": SEND, "Parameters": {"QueueUrl": "q", "MessageBody.$": "$"}}
TASK = CALL | {"End": True}
RETRIED = TASK | {"Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 900, "MaxAttempts": 2}]}


def one(state: Any, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "It", "States": {"It": state}, **fields}


def chain(*names: Any, **fields: Any) -> dict[str, Any]:
    states = {name: CALL | {"Next": following} for name, following in pairwise(names)}
    return {"StartAt": names[0], "States": {**states, names[-1]: TASK | fields}}


def machine(definition: dict[str, Any], **properties: Any) -> dict[str, Any]:
    properties = {"RoleArn": ROLE, "Definition": definition, **properties}
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}


def refused(error: Any, do: Any) -> Any:
    with pytest.raises(error) as raised:
        do()
    return str(raised.value)


# the sample


@pytest.mark.emulator
def test_the_sample_succeeds_and_tells_its_topic(step_functions: StepFunctions) -> None:
    stack = step_functions.deploy(BatchJobNotification())
    mailbox = stack.listen()
    execution = stack.run()
    assert execution.states == ["Submit Batch Job", "Notify Success"]
    assert execution["Submit Batch Job"].status == "succeeded"
    assert execution["Submit Batch Job"].output["Status"] == "SUCCEEDED"
    told = [message.text for message in mailbox.messages()]
    assert told == ["Batch job submitted through Step Functions succeeded"]


@pytest.mark.emulator
def test_the_sample_fails_three_times_and_tells_its_topic(step_functions: StepFunctions) -> None:
    stack = step_functions.deploy(BatchJobNotification())
    mailbox = stack.listen("SNSTopic")
    execution = stack.run(mocks={"Submit Batch Job": FailTask()})
    assert execution.states == ["Submit Batch Job", "Notify Failure"]
    assert execution["Submit Batch Job"].status == "caught"
    assert [attempt.error for attempt in execution["Submit Batch Job"].attempts] == [
        "States.TaskFailed"
    ] * 3
    queue = stack.resources["BatchJobQueue"]
    jobs = step_functions.client("batch").list_jobs(jobQueue=queue, jobStatus="FAILED")["jobSummaryList"]
    assert len(jobs) == 3
    told = [message.text for message in mailbox.messages()]
    assert told == ["Batch job submitted through Step Functions failed"]


@pytest.mark.emulator
def test_the_sample_fails_once_and_then_succeeds(step_functions: StepFunctions) -> None:
    stack = step_functions.deploy("batch-job-notification")
    execution = stack.run(mocks={"Submit Batch Job": [Throw("Batch.Busy", "later"), CallService()]})
    assert execution.states == ["Submit Batch Job", "Notify Success"]
    first, second = execution["Submit Batch Job"].attempts
    assert (first.status, first.error, first.cause) == ("failed", "Batch.Busy", "later")
    assert (second.status, second.input["JobName"]) == ("succeeded", "BatchJobNotification")


def test_waits_take_no_time_and_count_in_full_towards_a_timeout(step_functions: StepFunctions) -> None:
    wait = {"Type": "Wait", "Seconds": 86_400, "End": True}
    assert step_functions.deploy(one(wait)).run().status == "SUCCEEDED"
    assert step_functions.deploy(one(wait, TimeoutSeconds=90_000)).run().status == "SUCCEEDED"
    assert step_functions.deploy(one(wait, TimeoutSeconds=86_000)).run().status == "TIMED_OUT"


# mocks


def test_one_answer_stands_for_every_try(step_functions: StepFunctions) -> None:
    execution = step_functions.deploy(one(RETRIED)).run(mocks={"It": Throw("A.B", "why")})
    assert (execution.status, execution.error, execution.cause) == ("FAILED", "A.B", "why")
    assert len(execution["It"].attempts) == 3


def test_a_result_arrives_as_it_is_given(step_functions: StepFunctions) -> None:
    result = {"MD5OfMessageBody": "1", "jobId": [None, 1.5, "\u00e9\ud55c"], "": {}}
    execution = step_functions.deploy(one(TASK)).run(mocks={"It": Return(result)})
    assert execution.output == result


def test_a_function_answers_for_what_would_be_sent(step_functions: StepFunctions) -> None:
    definition = one({"Type": "Map", "ItemProcessor": chain("Each"), "End": True})
    execution = step_functions.deploy(definition).run(
        [1, 2, 3], mocks={"Each": lambda sent: Return(sent["MessageBody"] * 2)}
    )
    assert execution.output == [2, 4, 6]
    assert [way.states for way in execution["It"].iterations] == [["Each"]] * 3
    assert [way["Each"].input for way in execution["It"].iterations] == [1, 2, 3]


def test_what_a_function_raises_is_raised_in_the_test(step_functions: StepFunctions) -> None:
    def answer(sent: Any) -> Any:
        if sent["MessageBody"] != 1:
            raise LookupError("only the first is known")
        return Return()

    stack = step_functions.deploy(one(TASK))
    stack.run(1, mocks={"It": answer})
    with pytest.raises(LookupError, match=r"^only the first is known$"):
        stack.run(2, mocks={"It": answer})


def test_each_iteration_has_a_list_of_its_own(step_functions: StepFunctions) -> None:
    inner = {"StartAt": "Each", "States": {"Each": RETRIED}}
    stack = step_functions.deploy(one({"Type": "Map", "ItemProcessor": inner, "End": True}))
    execution = stack.run([1, 2, 3], mocks={"Each": [Throw("A.B"), Return("ok")]})
    assert execution.output == ["ok"] * 3
    assert [len(visit.attempts) for visit in execution.of("Each")] == [2, 2, 2]


def test_branches_are_told_apart(step_functions: StepFunctions) -> None:
    stack = step_functions.deploy(
        one({"Type": "Parallel", "Branches": [chain("A", "B"), chain("C")], "End": True})
    )
    mocks = {"A": Return(1), "B": Return(2), "C": Return(3)}
    execution = stack.run(mocks=mocks)
    assert execution.states == ["It"]
    assert [way.states for way in execution["It"].branches] == [["A", "B"], ["C"]]
    assert ("C" in execution, "D" in execution, execution.output) == (True, False, [2, 3])
    failed = stack.run(mocks=mocks | {"A": Throw("A.B", "why")}, allow_unused=True)
    assert (failed.status, failed.error, failed.cause) == ("FAILED", "A.B", "why")
    assert failed["It"].branches[0].states == ["A"]


def test_jsonata_reads_what_a_mock_returns(step_functions: StepFunctions) -> None:
    task: dict[str, Any] = {
        "Type": "Task",
        "Resource": SEND,
        "Arguments": {"MessageBody": "{% $states.input.n %}"},
    }
    task |= {"Output": "{% $states.result.m + $states.input.n %}", "End": True}
    execution = step_functions.deploy(one(task, QueryLanguage="JSONata")).run(
        {"n": 1}, mocks={"It": lambda sent: Return({"m": sent["MessageBody"] + 1})}
    )
    assert execution.output == 3


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:lambda:us-east-1:123456789012:function:f",
        "arn:aws:states:us-east-1:123456789012:activity:a",
        "arn:aws:states:::lambda:invoke",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:::athena:startQueryExecution.sync",
        "arn:aws:states:::http:invoke",
        "arn:aws:states:::eks:call",
        "arn:aws:states:::aws-sdk:translate:translateText",
    ],
)
def test_any_task_can_be_mocked_and_tried_again(resource: str, step_functions: StepFunctions) -> None:
    definition = one(RETRIED | {"Resource": resource, "Parameters": {"A": 1}})
    execution = step_functions.deploy(definition).run(mocks={"It": [Throw("A.B", "why"), Return({"a": 1})]})
    assert execution.status == "SUCCEEDED"
    first, second = execution["It"].attempts
    assert (first.error, first.cause, first.input) == ("A.B", "why", second.input)
    assert (execution.output, second.input["A"]) == ({"a": 1}, 1)


@pytest.mark.emulator
def test_a_workflow_inside_another_runs_or_is_mocked(step_functions: StepFunctions) -> None:
    start = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
    start["Parameters"] = {"StateMachineArn": {"Ref": "Child"}, "Input": {"n.$": "$.n"}}
    stack = step_functions.deploy(
        {"Resources": {"Child": machine(one({"Type": "Pass", "End": True})), "Parent": machine(one(start))}}
    )
    assert stack.machine("Parent").run({"n": 1}).output["Output"] == {"n": 1}
    mocked = stack.machine("Parent").run({"n": 1}, mocks={"It": Return({"Output": 2})})
    assert mocked.output == {"Output": 2}
    assert refused(StepFunctionsError, stack.run) == (
        "the stack does not have exactly one state machine: it has 'Child', 'Parent'"
    )
    assert refused(StepFunctionsError, lambda: stack.machine("Chlid")) == (
        "the stack has no state machine 'Chlid'; did you mean 'Child'?"
    )


def test_an_express_machine_runs_as_any_other(step_functions: StepFunctions) -> None:
    workflow = Workflow(Task("Do", Resource="arn:aws:states:::lambda:invoke"))
    stack = step_functions.deploy(StateMachine(workflow, type=EXPRESS, role_arn=ROLE))
    assert stack.run(mocks={"Do": Return({"a": 1})}).output == {"a": 1}


@pytest.mark.parametrize(
    ("mocks", "told"),
    [
        ({"Ti": Return()}, "no state is named 'Ti'; it has 'It', 'End'"),
        ({"En": Return()}, "no state is named 'En'; did you mean 'End'?"),
        ({3: Return()}, "the name of a state must be a string, not 3"),
        ({"End": Return()}, "'End' is a Succeed; only a Task can be mocked"),
        (
            {"It": []},
            "the mock of 'It' is an empty list; use Return(...), Throw(...), FailTask() or CallService(), "
            "a list of them, or a function",
        ),
        ({"It": {"a": 1}}, "the mock of 'It' is {'a': 1}; did you mean Return({'a': 1})?"),
        ({"It": Return}, "the mock of 'It' is the class Return: use Return()"),
        (
            {"It": Throw(cast("Any", 3))},
            "the mock of 'It' is Throw(3), whose error and cause are not both text",
        ),
        (
            {"It": [Return({1})]},
            "response 0 of the mock of 'It' is a Return whose result is not JSON: "
            "Object of type set is not JSON serializable",
        ),
    ],
    ids=str,
)
def test_a_mock_that_cannot_be_is_refused(
    mocks: dict[str, Any], told: str, step_functions: StepFunctions
) -> None:
    definition = {"StartAt": "It", "States": {"It": CALL | {"Next": "End"}, "End": {"Type": "Succeed"}}}
    stack = step_functions.deploy(definition)
    assert refused(MockError, lambda: stack.run(mocks=mocks)) == told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"mocks": [1]}, "mocks= is a mapping, not [1]"),
        ({"mocks": {"It": Return(1, cast("Any", "x"))}}, "the mock of 'It' is an answer after 'x' seconds, which is no time"),
        ({"name": 1}, "1 is not a name of an execution: it is not text"),
        ({"timeout": None}, "timeout= is a number of seconds, not None"),
        ({"timeout": 10**400}, "timeout= is a number of seconds, not " + "1" + "0" * 79),
    ],
    ids=str,
)  # fmt: skip
def test_an_argument_that_cannot_be_is_refused(
    arguments: dict[str, Any], told: str, step_functions: StepFunctions
) -> None:
    stack = step_functions.deploy(one(TASK))
    assert (
        refused(StepFunctionsError, lambda: stack.run(**{"mocks": {"It": Return()}, **arguments})) == told
    )


def test_a_function_that_returns_no_answer_is_refused(step_functions: StepFunctions) -> None:
    stack = step_functions.deploy(one(TASK))
    told = refused(MockError, lambda: stack.run(mocks={"It": lambda sent: sent["MessageBody"]}))
    assert told.splitlines()[0] == ("the function that mocks 'It' returned {}; did you mean Return({})?")


def test_a_mock_that_is_not_used_fails_the_test_with_the_way_that_was_taken(
    step_functions: StepFunctions,
) -> None:
    stack = step_functions.deploy(chain("A", "B"))
    mocks: dict[str, Any] = {"A": [Return(), Return()], "B": Throw("A.B", "why")}
    assert refused(MockError, lambda: stack.run(mocks=mocks)) == (
        "the mock of 'A' has 2 responses, of which 1 was used\n"
        "StateMachine FAILED [A.B: why]\n"
        "  A (Task) succeeded\n"
        "  B (Task) failed [A.B: why]"
    )
    assert stack.run(mocks=mocks, allow_unused=True).states == ["A", "B"]
    told = refused(MockError, lambda: stack.run(mocks={"A": Throw("A.B"), "B": Return()}))
    assert told.startswith("the mock of 'B' was not used: the state was not visited\nStateMachine FAILED")


def test_a_mock_with_too_few_answers_fails_the_test_though_a_catcher_is_there(
    step_functions: StepFunctions,
) -> None:
    caught = RETRIED | {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}]}
    stack = step_functions.deploy({"StartAt": "It", "States": {"It": caught, "End": {"Type": "Succeed"}}})
    told = refused(MockError, lambda: stack.run(mocks={"It": [Throw("A.B")]}))
    assert told.splitlines()[0] == (
        "the mock of 'It' has 1 response, and there is another attempt: "
        "use one for each attempt, or a single one without a list for all attempts"
    )


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("arn:aws:states:::lambda:invoke", "the emulator runs no Lambda functions"),
        ("arn:aws:lambda:us-east-1:123456789012:function:f", "the emulator runs no Lambda functions"),
        (
            "arn:aws:states:::aws-sdk:translate:listParallelData",
            "the emulator does not implement translate:listParallelData",
        ),
        ("arn:aws:states:::http:invoke", "the emulator does not implement http:invoke"),
        (
            "arn:aws:states:::emr-serverless:startJobRun.sync",
            "the emulator cannot wait for emr-serverless:startJobRun (sync)",
        ),
    ],
)
def test_a_task_that_nothing_emulates_wants_a_mock(
    resource: str, told: str, step_functions: StepFunctions
) -> None:
    caught: dict[str, Any] = {"Type": "Task", "Resource": resource, "Next": "End"}
    caught |= {"Parameters": {}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}]}
    stack = step_functions.deploy({"StartAt": "It", "States": {"It": caught, "End": {"Type": "Succeed"}}})
    assert refused(NotEmulatedError, stack.run).splitlines()[0] == (
        f"{told}: mock 'It', for example with mocks={{'It': Return(...)}}"
    )


@pytest.mark.emulator
def test_the_mock_that_is_missing_is_named_by_the_task_within_a_map_and_a_parallel(
    step_functions: StepFunctions,
) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {}, "End": True}
    each = {"Type": "Map", "ItemProcessor": one(task), "End": True}
    both = {"Type": "Parallel", "Branches": [{"StartAt": "Each", "States": {"Each": each}}], "End": True}
    stack = step_functions.deploy({"StartAt": "Both", "States": {"Both": both}})
    told = refused(NotEmulatedError, lambda: stack.run([1]))
    assert told.splitlines()[0] == (
        "the emulator does not implement http:invoke: mock 'It', for example with mocks={'It': Return(...)}"
    )


@pytest.mark.emulator
def test_an_execution_that_does_not_end_is_stopped(step_functions: StepFunctions) -> None:
    waits = TASK | {"Resource": f"{SEND}.waitForTaskToken"}
    waits["Parameters"] = {"QueueUrl": {"Ref": "Queue"}, "MessageBody": {"Token.$": "$$.Task.Token"}}
    stack = step_functions.deploy(
        {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Machine": machine(one(waits))}}
    )
    told = refused(StillRunningError, lambda: stack.run(timeout=0.5))
    assert told.startswith("the execution has not ended after 0.5 s. Does a task wait for a token")
    assert "It (Task)" in told


# what is read of an execution


def test_a_state_that_was_not_visited_or_more_than_once_is_told_with_the_way(
    step_functions: StepFunctions,
) -> None:
    inner = {"StartAt": "Each", "States": {"Each": {"Type": "Pass", "End": True}}}
    execution = step_functions.deploy(one({"Type": "Map", "ItemProcessor": inner, "End": True})).run([1, 2])
    way = (
        "StateMachine SUCCEEDED\n  It (Map) succeeded\n    iteration 0\n      Each (Pass) succeeded\n"
        "    iteration 1\n      Each (Pass) succeeded"
    )
    assert refused(NotVisitedError, lambda: execution["Eech"]) == (
        f"no state is named 'Eech'; did you mean 'Each'?\n{way}"
    )
    assert refused(NotVisitedError, lambda: execution["Each"]) == (
        f"'Each' was visited 2 times: of('Each') returns all visits\n{way}"
    )
    assert repr(execution) == "<StateMachine SUCCEEDED: It>"


def test_inputs_and_outputs_are_values(step_functions: StepFunctions) -> None:
    stack = step_functions.deploy(one({"Type": "Pass", "Result": [1], "ResultPath": "$.r", "End": True}))
    execution = stack.run({"a": None}, name="by-name")
    assert (execution.input, execution.output) == ({"a": None}, {"a": None, "r": [1]})
    assert (execution["It"].input, execution["It"].output) == (execution.input, execution.output)
    assert execution.history.name == "by-name"
    inputs: list[Any] = ["text", None, 0, {}]
    assert [stack.run(value).input for value in inputs] == inputs


@pytest.mark.parametrize(
    ("execution_input", "told"),
    [
        ({1}, "the input is not JSON: Object of type set is not JSON serializable"),
        (float("nan"), "the input is not JSON: Out of range float values are not JSON compliant"),
        ("x" * 262_143, "the input has more than 262,144 bytes"),
    ],
    ids=["set", "nan", "long"],
)
def test_an_input_that_cannot_be_is_refused(
    execution_input: set[int] | float | str, told: str, step_functions: StepFunctions
) -> None:
    stack = step_functions.deploy(one({"Type": "Succeed"}))
    assert refused(StepFunctionsError, lambda: stack.run(execution_input)).startswith(told[:45])
    assert refused(StepFunctionsError, lambda: stack.run(name="a b")).startswith(
        "'a b' is not a name of an exec"
    )


# what can be deployed


def test_a_file_is_deployed_whether_template_or_definition(
    step_functions: StepFunctions, tmp_path: Path
) -> None:
    path = tmp_path / "order.asl.json"
    path.write_text(json.dumps(one(TASK | {"Parameters": {"QueueUrl": "${Queue}"}})), encoding="utf-8")
    execution = step_functions.deploy(path, values={"Queue": "https://q"}).run(
        mocks={"It": lambda sent: Return(sent["QueueUrl"])}
    )
    assert execution.output == "https://q"
    stack = step_functions.deploy("templates/batch-job-notification.yaml")
    assert [*stack.machines] == ["BatchJobNotificationStateMachine"]


def test_a_workflow_alone_takes_values_for_what_it_refers_to(step_functions: StepFunctions) -> None:
    sent = {"TopicArn": Ref("Topic"), "Message": Sub("${Topic} ${Fn.Arn} ${AWS::Region}")}
    sent["Subject"] = GetAtt("Fn", "Arn")
    workflow = Workflow(Task("Tell", Resource="arn:aws:states:::sns:publish", Parameters=sent))
    values = {"Topic": "arn:t", "Fn.Arn": "arn:${f}"}
    execution = step_functions.deploy(workflow, values=values).run(
        mocks={"Tell": lambda sent: Return(sent)}
    )
    assert execution.output == {
        "TopicArn": "arn:t",
        "Message": "arn:t arn:${f} us-east-1",
        "Subject": "arn:${f}",
    }
    assert refused(DeployError, lambda: step_functions.deploy(workflow)) == (
        "the workflow refers to 'Topic', 'Fn.Arn', which is not deployed: "
        "deploy its stack, or use values={'Topic': ..., 'Fn.Arn': ...}"
    )
    assert refused(DeployError, lambda: step_functions.deploy(workflow, values={"Topc": 1})) == (
        "the workflow does not refer to 'Topc'; did you mean 'Topic'?"
    )


def test_a_template_of_sam_gives_its_one_state_machine(
    step_functions: StepFunctions, tmp_path: Path
) -> None:
    (tmp_path / "order.asl.json").write_text(json.dumps(one(TASK | {"Resource": "${FunctionArn}"})))
    machine: dict[str, Any] = {
        "Type": "AWS::Serverless::StateMachine",
        "Properties": {"DefinitionUri": "order.asl.json"},
    }
    machine["Properties"]["DefinitionSubstitutions"] = {"FunctionArn": {"Fn::GetAtt": ["Function", "Arn"]}}
    path = tmp_path / "template.yaml"
    path.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"M": machine}}))
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    stack = step_functions.deploy(path, values={"Function.Arn": arn})
    assert stack.run(mocks={"It": Return(1)}).output == 1


@pytest.mark.emulator
def test_parameters_are_held_against_the_template(step_functions: StepFunctions) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Name"}}}
    template = {"Parameters": {"Name": {"Type": "String"}}, "Resources": {"Queue": queue}}
    stack = step_functions.deploy(template, parameters={"Name": "orders"})
    assert stack.resources["Queue"].endswith("/orders")
    assert refused(DeployError, lambda: step_functions.deploy(template)) == (
        "the template needs 'Name': use parameters={'Name': ...}"
    )
    assert refused(DeployError, lambda: step_functions.deploy(template, parameters={"Nam": "x"})) == (
        "the template has no parameter 'Nam'; did you mean 'Name'?"
    )


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("btach-job-notification", "'btach-job-notification' is not a sample; did you mean 'batch-job-"),
        ("no/such.yaml", "there is no file 'no/such.yaml' in "),
        (3, "3 cannot be deployed: use a stack, a workflow, a template, a definition, the path of"),
        ({}, "this is neither a template with 'Resources' nor a definition with 'States'"),
        ({"Resources": {"A": 3}}, "the resource 'A' is not a mapping"),
        (
            one({"Type": "Tsk", "End": True}),
            "cannot be deployed: /States/It/Type: there is no state type 'Tsk'",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_deployed_is_refused(
    what: str | int | dict[str, Any], told: str, step_functions: StepFunctions
) -> None:
    assert refused(DeployError, lambda: step_functions.deploy(what)).startswith(told)


@pytest.mark.emulator
def test_a_stack_that_fails_says_why(step_functions: StepFunctions) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a b"}}
    told = refused(DeployError, lambda: step_functions.deploy({"Resources": {"Queue": queue}}))
    assert "is ROLLBACK_COMPLETE\n  Queue (AWS::SQS::Queue): Can only include alphanumeric" in told


@pytest.mark.emulator
def test_a_topic_is_named_where_there_are_several(step_functions: StepFunctions) -> None:
    topics = {name: {"Type": "AWS::SNS::Topic"} for name in ("Good", "Bad")}
    stack = step_functions.deploy({"Resources": topics})
    assert (
        refused(StepFunctionsError, stack.listen)
        == "the stack does not have exactly one topic: it has 'Good', 'Bad'"
    )
    assert refused(StepFunctionsError, lambda: stack.listen("God")) == (
        "the stack has no topic 'God'; did you mean 'Good'?"
    )


@pytest.mark.emulator
def test_a_test_leaves_nothing_behind(step_functions: StepFunctions) -> None:
    from cfngen.testing import StepFunctions

    with StepFunctions(step_functions.running) as other:
        other.deploy(BatchJobNotification()).listen()
        assert len(step_functions.client("stepfunctions").list_state_machines()["stateMachines"]) == 1
    assert step_functions.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert step_functions.client("sns").list_topics()["Topics"] == []
    assert "QueueUrls" not in step_functions.client("sqs").list_queues()
