"""Examples on AWS's pages about tasks, their errors and their time, where they state an outcome.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

import pytest

from cfngen.execution import Return, Throw, run_state
from tests.execution.machines import executed, one, task
from tests.execution.test_variables import chained
from tests.rows import each_row

LAMBDA_ERRORS = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"]


@pytest.mark.parametrize(("error", "tries"), [(LAMBDA_ERRORS[0], 7), (LAMBDA_ERRORS[2], 7), ("Other", 1)])
def test_transient_errors_of_lambda(error: str, tries: int) -> None:
    # sfn-best-practices.html#bp-lambda-serviceexception
    retrier = {"ErrorEquals": LAMBDA_ERRORS, "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2}
    execution = executed(one(task(Retry=[retrier])), mocks={"It": Throw(error)})
    assert len(execution["It"].attempts) == tries
    assert execution.duration.total_seconds() == sum(2**number for number in range(1, tries))


def test_a_task_that_is_tried_three_times_more() -> None:
    # sfn-local-test-sm-exec.html
    retrier = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}
    sqs = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}
    machine = chained(task(Retry=[retrier]), {**sqs, "Parameters": {"MessageBody.$": "$"}})
    late = Throw("Lambda.TimeoutException", "Lambda timed out.")
    result = {"StatusCode": 200, "Payload": {"StatusCode": 200, "body": "Hello from Lambda!"}}
    mocks = {
        "0": [Throw("Lambda.ResourceNotReadyException"), late, late, Return(result)],
        "1": Return({"MessageId": "3bcb6e8e"}),
    }
    execution = executed(machine, mocks=mocks)
    assert (execution.output, execution.duration.total_seconds()) == ({"MessageId": "3bcb6e8e"}, 14)
    assert execution["1"].attempts[0].input == {"MessageBody": result}


def test_one_state_alone() -> None:
    # test-state-isolation.html
    rules = [{"Variable": "$.number", "NumericEquals": n, "Next": f"Equals {n}"} for n in (1, 2)]
    end = {"Type": "Succeed"}
    states = {
        "C": {"Type": "Choice", "Choices": rules, "Default": "No Match"},
        "P": {
            "Type": "Pass",
            "InputPath": "$.payload",
            "Parameters": {"data": 1},
            "ResultPath": "$.result",
            "OutputPath": "$.result.data",
            "Next": "No Match",
        },
        "R": task(
            Retry=[{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 2, "MaxAttempts": 3}],
            Catch=[
                {
                    "ErrorEquals": ["Lambda.TooManyRequestsException"],
                    "ResultPath": "$.error",
                    "Next": "No Match",
                }
            ],
            End=True,
        ),
        **dict.fromkeys(("Equals 1", "Equals 2", "No Match"), end),
    }
    machine = {"StartAt": "C", "States": states}
    choice = run_state(machine, "C", {"number": 2})
    assert (choice.status, choice.output, choice.next_state) == ("SUCCEEDED", {"number": 2}, "Equals 2")
    assert run_state(machine, "P", {"payload": {"foo": "bar"}}).output == 1
    tried = run_state(machine, "R", {}, mock=Throw("Lambda.ServiceException"), retries=1)
    assert (tried.status, tried.retry_seconds) == ("RETRIABLE", 4)
    error = {"Error": "Lambda.TooManyRequestsException", "Cause": "Rate exceeded"}
    caught = run_state(machine, "R", {"data": "value"}, mock=Throw(error["Error"], error["Cause"]))
    assert (caught.status, caught.next_state) == ("CAUGHT_ERROR", "No Match")
    assert caught.output == {"data": "value", "error": error}


@pytest.mark.parametrize(
    ("seconds", "timeout", "error", "ends"),
    [(60, 90, None, 60), (61, 90, "States.Http.Socket", 60), (61, None, "States.Http.Socket", 60), (61, 30, "States.Timeout", 30)],
)  # fmt: skip
def test_a_request_takes_a_minute_at_most(
    seconds: int, timeout: int | None, error: str | None, ends: int
) -> None:
    # state-task.html, service-quotas.html and concepts-error-handling.html on HTTP tasks
    bound = {} if timeout is None else {"TimeoutSeconds": timeout}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {}, **bound}
    execution = executed(one(state), mocks={"It": Return({}, seconds=seconds)})
    assert (execution.error, execution.duration.total_seconds()) == (error, ends)


@each_row(
    ("seconds", "timeout", "ends"),
    [(900, 2000, None), (901, 2000, 900), (901, None, 900), (901, 30, 30)],
)
def test_a_harness_takes_a_quarter_of_an_hour_at_most(
    seconds: int, timeout: int | None, ends: int | None
) -> None:
    # connect-bedrockagentcore.html
    bound = {} if timeout is None else {"TimeoutSeconds": timeout}
    resource = "arn:aws:states:::bedrockagentcore:invokeHarness"
    execution = executed(
        one({"Type": "Task", "Resource": resource, "Parameters": {}, **bound}),
        mocks={"It": Return({}, seconds=seconds)},
    )
    error = None if ends is None else "States.Timeout"
    assert (execution.error, execution.duration.total_seconds()) == (error, ends or seconds)


@each_row(
    ("name", "error"),
    [
        ("Authorization", "States.Runtime"),
        ("if-none-match", "States.Runtime"),
        ("X-Amz-Date", "States.Runtime"),
        ("content-type", None),
        ("Request-Id", None),
        ("Datex", None),
    ],
)
def test_headers_that_a_request_may_not_have(name: str, error: str | None) -> None:
    # call-https-apis.html#connect-http-task-fields
    sent = {"Headers": {name: "text"}}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": sent}
    assert executed(one(state), mocks={"It": Return({})}).error == error


def test_an_endpoint_and_a_body_of_the_input() -> None:
    # call-https-apis.html#connect-http-task-fields
    card = {"Number.$": "$.CardNumber", "Expiry.$": "$.ExpiryDate", "Name": "John Doe"}
    url = "States.Format('https://api.stripe.com/v1/customers/{}', $.customer_id)"
    sent = {"ApiEndpoint.$": url, "RequestBody": {"Card": card}}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": sent}
    value = {"customer_id": "1234567890", "CardNumber": "42", "ExpiryDate": "09/25"}
    execution = executed(one(state), value, mocks={"It": Return({})})
    assert execution["It"].attempts[0].input == {
        "ApiEndpoint": "https://api.stripe.com/v1/customers/1234567890",
        "RequestBody": {"Card": {"Number": "42", "Expiry": "09/25", "Name": "John Doe"}},
    }


@pytest.mark.parametrize(
    ("status", "tries", "error"), [("503", 4, "States.Http.StatusCode.503"), ("404", 1, None)]
)
def test_a_status_is_tried_again_or_caught(status: str, tries: int, error: str | None) -> None:
    # call-https-apis.html#connect-http-task-example
    names = [f"States.Http.StatusCode.{code}" for code in (429, 503, 504, 502)]
    retrier = {"ErrorEquals": names, "BackoffRate": 2, "IntervalSeconds": 1, "MaxAttempts": 3}
    catcher = {"ErrorEquals": ["States.Http.StatusCode.404"], "Next": "Z"}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {}, "Retry": [retrier], "Catch": [catcher], "Next": "Z"}  # fmt: skip
    machine = {"StartAt": "It", "States": {"It": state, "Z": {"Type": "Succeed"}}}
    execution = executed(machine, mocks={"It": Throw(f"States.Http.StatusCode.{status}")})
    assert (len(execution["It"].attempts), execution.error) == (tries, error)


@pytest.mark.parametrize("path", ["TimeoutSecondsPath", "HeartbeatSecondsPath"])
def test_a_bound_from_a_variable_or_the_input(path: str) -> None:
    # transforming-data.html and state-task.html#task-state-example-dynamic
    resource = "arn:aws:states:::glue:startJobRun.sync"
    state = {"Type": "Task", "Resource": resource, "Parameters": {}}
    late = {"1": Return({}, seconds=11)}
    for bound in ("$timeout", "$.params.maxTime"):
        machine = chained({"Type": "Pass", "Assign": {"timeout": 10}}, {**state, path: bound})
        execution = executed(machine, {"params": {"maxTime": 10}}, mocks=late)
        assert execution.duration.total_seconds() == 10
        assert execution.error is not None


@pytest.mark.parametrize("resource", ["sns:publish", "batch:submitJob.sync", "sqs:sendMessage.waitForTaskToken"])  # fmt: skip
def test_a_task_that_waits_for_its_job_or_token_is_submitted_first(resource: str) -> None:
    # connect-to-resource.html
    state = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": {}}
    execution = executed(one(state), mocks={"It": Return({})})
    submitted = [event for event in execution.events if event["type"] == "TaskSubmitted"]
    assert len(submitted) == ("." in resource)
