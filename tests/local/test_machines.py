"""State machines in the emulator: its API over the engine, and the services that their tasks call."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cfngen.local import Running
from tests.local.conftest import entered, kinds

pytestmark = pytest.mark.emulator

PASS = {"Type": "Pass", "End": True}
ROLE = "arn:aws:iam::123456789012:role/r"


def one(state: Any, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "It", "States": {"It": state}, **fields}


def task(resource: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "End": True, **fields}


def wait_for_end(client: Any, arn: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while True:
        described: dict[str, Any] = client.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING":
            return described
        assert time.monotonic() < until, "the execution does not end"
        time.sleep(0.01)


def create_table(client: Any, name: str) -> None:
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture(scope="session")
def states(running: Running) -> Any:
    return running.client("stepfunctions")


@pytest.fixture(scope="session")
def table(running: Running) -> Iterator[str]:
    client = running.client("dynamodb")
    create_table(client, "items")
    yield "items"
    client.delete_table(TableName="items")


@pytest.fixture
def queue(running: Running) -> Iterator[str]:
    client = running.client("sqs")
    url = client.create_queue(QueueName="tokens-of-a-test")["QueueUrl"]
    yield url
    client.delete_queue(QueueUrl=url)


def test_an_express_machine_answers_at_once(states: Any, machine: Callable[..., str]) -> None:
    arn = machine(one({"Type": "Wait", "Seconds": 200, "End": True}), StateMachineType="EXPRESS")
    response = states.start_sync_execution(stateMachineArn=arn, input='{"n":1}')
    assert (response["status"], json.loads(response["output"])) == ("SUCCEEDED", {"n": 1})
    assert (response["stopDate"] - response["startDate"]).total_seconds() >= 200
    assert ":express:" in response["executionArn"]


def test_an_execution_is_stopped_while_it_waits(states: Any, machine: Callable[..., str]) -> None:
    arn = machine(one({"Type": "Wait", "Seconds": 9_000_000, "End": True}, TimeoutSeconds=99_000_000))
    started = states.start_execution(stateMachineArn=arn)["executionArn"]
    states.stop_execution(executionArn=started, error="Mine", cause="why")
    described = wait_for_end(states, started)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Mine", "why")
    last = states.get_execution_history(executionArn=started, reverseOrder=True, maxResults=1)
    assert (last["events"][0]["type"], last["nextToken"]) == ("ExecutionAborted", "1")


def test_an_execution_of_one_name_and_input_is_started_once(
    states: Any, machine: Callable[..., str]
) -> None:
    arn = machine(one(PASS))
    first = states.start_execution(stateMachineArn=arn, name="one", input="{}")["executionArn"]
    wait_for_end(states, first)
    with pytest.raises(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(stateMachineArn=arn, name="one", input='{"a":1}')


def test_a_definition_that_step_functions_refuses_is_refused(states: Any) -> None:
    definition = json.dumps(one({"Type": "Pass", "Next": "Ti"}))
    with pytest.raises(states.exceptions.InvalidDefinition, match="no state is named 'Ti'"):
        states.create_state_machine(name="refused", definition=definition, roleArn=ROLE)


def test_a_task_waits_for_its_token_and_for_each_heartbeat(
    running: Running, states: Any, machine: Callable[..., str], queue: str
) -> None:
    state = task(
        "sqs:sendMessage.waitForTaskToken",
        Parameters={"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"},
        HeartbeatSeconds=30,
    )
    started = states.start_execution(stateMachineArn=machine(one(state)))["executionArn"]
    [message] = running.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    states.send_task_heartbeat(taskToken=message["Body"])
    states.send_task_success(taskToken=message["Body"], output='{"done":true}')
    assert json.loads(wait_for_end(states, started)["output"]) == {"done": True}
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_success(taskToken=message["Body"], output="{}")
    with pytest.raises(states.exceptions.InvalidToken):
        states.send_task_success(taskToken="nobody's", output="{}")
    with pytest.raises(states.exceptions.InvalidOutput):
        states.send_task_success(taskToken="nobody's", output="{")


def test_a_branch_sends_the_token_that_another_waits_for(
    states: Any, machine: Callable[..., str], queue: str
) -> None:
    waits = task(
        "sqs:sendMessage.waitForTaskToken", Parameters={"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"}
    )
    receives = task("aws-sdk:sqs:receiveMessage", Parameters={"QueueUrl": queue, "WaitTimeSeconds": 5})
    sends = task(
        "aws-sdk:sfn:sendTaskSuccess", Parameters={"TaskToken.$": "$.Messages[0].Body", "Output": {"a": 1}}
    )
    receives = {key: value for key, value in receives.items() if key != "End"} | {"Next": "Send"}
    branches = [
        {"StartAt": "Wait", "States": {"Wait": waits}},
        {"StartAt": "Receive", "States": {"Receive": receives, "Send": sends}},
    ]
    arn = machine(one({"Type": "Parallel", "Branches": branches, "End": True}))
    described = wait_for_end(states, states.start_execution(stateMachineArn=arn)["executionArn"])
    assert json.loads(described["output"]) == [{"a": 1}, {}]


def test_a_task_without_its_token_times_out(states: Any, machine: Callable[..., str], queue: str) -> None:
    state = task(
        "sqs:sendMessage.waitForTaskToken",
        Parameters={"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"},
        TimeoutSeconds=1,
    )
    described = wait_for_end(
        states, states.start_execution(stateMachineArn=machine(one(state)))["executionArn"]
    )
    assert (described["status"], described["error"]) == ("FAILED", "States.Timeout")


def test_a_worker_does_the_task_of_an_activity(states: Any, machine: Callable[..., str]) -> None:
    activity = states.create_activity(name="work")["activityArn"]

    def work() -> None:
        task = states.get_activity_task(activityArn=activity)
        n = json.loads(task["input"])["n"]
        states.send_task_success(taskToken=task["taskToken"], output=json.dumps(n + 1))

    worker = threading.Thread(target=work)
    worker.start()
    arn = machine(one({"Type": "Task", "Resource": activity, "End": True}))
    started = states.start_execution(stateMachineArn=arn, input='{"n":1}')["executionArn"]
    assert wait_for_end(states, started)["output"] == "2"
    worker.join()


@pytest.mark.parametrize(("suffix", "output"), [(".sync", '{"n":1}'), (".sync:2", {"n": 1})])
def test_an_execution_waits_for_another_and_counts_its_waits(
    states: Any,
    machine: Callable[..., str],
    run: Callable[..., dict[str, Any]],
    suffix: str,
    output: object,
) -> None:
    child = machine(one({"Type": "Wait", "Seconds": 3000, "End": True}))
    parameters = {"StateMachineArn": child, "Input": {"n": 1}}
    state = task(f"states:startExecution{suffix}", Parameters=parameters)
    described = run(machine(one(state)))
    assert json.loads(described["output"])["Output"] == output
    assert (described["stopDate"] - described["startDate"]).total_seconds() >= 3000
    late = run(machine(one(state | {"TimeoutSeconds": 2000})))
    assert (late["status"], late["error"]) == ("FAILED", "States.Timeout")


def test_a_failure_of_another_execution_describes_it(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    child = machine(one({"Type": "Fail", "Error": "Mine", "Cause": "why"}))
    described = run(machine(one(task("states:startExecution.sync", Parameters={"StateMachineArn": child}))))
    cause = json.loads(described["cause"])
    assert (described["error"], cause["Error"], cause["Status"]) == ("States.TaskFailed", "Mine", "FAILED")


def test_a_condition_that_fails_has_the_error_of_its_service(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]], table: str
) -> None:
    parameters = {
        "TableName": table,
        "Item": {"id": {"S": "1"}},
        "ConditionExpression": "attribute_exists(id)",
    }
    optimized = run(machine(one(task("dynamodb:putItem", Parameters=parameters))))
    assert optimized["error"] == "DynamoDB.ConditionalCheckFailedException"
    assert "Service: AmazonDynamoDBv2; Status Code: 400" in optimized["cause"]
    sdk = run(machine(one(task("aws-sdk:dynamodb:putItem", Parameters=parameters))))
    assert sdk["error"] == "DynamoDb.ConditionalCheckFailedException"


@pytest.mark.parametrize(
    ("resource", "parameters", "error"),
    [
        ("sqs:sendMessage", {"QueueUrl": "http://127.0.0.1/1/none", "MessageBody": "a"}, "SQS.AmazonSQSException"),
        ("aws-sdk:s3:getObject", {"Bucket": "none", "Key": "k"}, "S3.NoSuchBucketException"),
        ("batch:submitJob", {"JobName": "a", "JobQueue": "none", "JobDefinition": "b"}, "Batch.ClientException"),
        ("ecs:runTask", {"Cluster": "none", "TaskDefinition": "b"}, "ECS.ClusterNotFoundException"),
        ("sns:publish", {"TopicArn": "arn:aws:sns:us-east-1:1:none", "Message": "a"}, "SNS.NotFoundException"),
    ],
)  # fmt: skip
def test_an_error_is_named_and_caught(
    machine: Callable[..., str],
    run: Callable[..., dict[str, Any]],
    resource: str,
    parameters: dict[str, Any],
    error: str,
) -> None:
    failing = task(resource, Parameters=parameters, Catch=[{"ErrorEquals": [error], "Next": "Mend"}])
    definition = one(failing)
    definition["States"]["Mend"] = PASS
    assert entered(run(machine(definition))) == ["It", "Mend"]


def test_what_a_service_refuses_to_take_ends_the_execution(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    failing = task(
        "sqs:sendMessage", Parameters={"Body": "a"}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Mend"}]
    )
    definition = one(failing)
    definition["States"]["Mend"] = PASS
    described = run(machine(definition))
    assert (described["status"], described["error"]) == ("FAILED", "States.Runtime")
    assert 'Missing required parameter in input: "MessageBody"' in described["cause"]


def test_data_is_sent_as_json_where_the_service_takes_text(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]], queue: str
) -> None:
    described = run(
        machine(
            one(task("sqs:sendMessage", Parameters={"QueueUrl": queue, "MessageBody": {"a": [1, None]}}))
        )
    )
    assert {"MD5OfMessageBody", "MessageId"} <= json.loads(described["output"]).keys()
    [message] = running.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"]) == {"a": [1, None]}


def test_a_distributed_map_reads_and_writes_s3(
    running: Running, states: Any, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    s3 = running.client("s3")
    s3.create_bucket(Bucket="of-a-map")
    s3.put_object(Bucket="of-a-map", Key="in.csv", Body=b"a,b\n1,2\n3,4\n")
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **one(PASS)}
    processor = json.loads(json.dumps(processor).replace("It", "Each"))
    state = {
        "Type": "Map",
        "ItemProcessor": processor,
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket": "of-a-map", "Key": "in.csv"},
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "of-a-map", "Prefix": "out"},
        },
        "End": True,
    }
    described = run(machine(one(state)))
    details = json.loads(described["output"])["ResultWriterDetails"]
    manifest = json.loads(s3.get_object(Bucket="of-a-map", Key=details["Key"])["Body"].read())
    [written] = manifest["ResultFiles"]["SUCCEEDED"]
    results = json.loads(s3.get_object(Bucket="of-a-map", Key=written["Key"])["Body"].read())
    assert [json.loads(result["Output"]) for result in results] == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4"},
    ]
    [map_run] = states.list_map_runs(executionArn=described["executionArn"])["mapRuns"]
    counts = states.describe_map_run(mapRunArn=map_run["mapRunArn"])["itemCounts"]
    assert (counts["succeeded"], counts["failed"], counts["total"]) == (2, 0, 2)


def test_results_of_a_distributed_map_are_written_when_their_bucket_is_there(
    running: Running, states: Any, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Each", "States": {"Each": PASS}}  # fmt: skip
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "is-late"}}
    state = {"Type": "Map", "ItemProcessor": processor, "ResultWriter": writer, "End": True}
    described = run(machine(one(state)), [1])
    assert (described["status"], described["error"]) == ("FAILED", "States.ResultWriterFailed")
    s3 = running.client("s3")
    s3.create_bucket(Bucket="is-late")
    states.redrive_execution(executionArn=described["executionArn"])
    assert wait_for_end(states, described["executionArn"])["status"] == "SUCCEEDED"
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="is-late")["Contents"]]
    body = s3.get_object(Bucket="is-late", Key=next(key for key in keys if "SUCCEEDED" in key))["Body"]
    assert [result["Output"] for result in json.loads(body.read())] == ["1"]


def test_an_execution_is_redriven_when_what_it_lacked_is_there(
    running: Running, states: Any, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arguments = {"TableName": "later", "Item": {"id": {"S.$": "$.id"}}}
    put = task("dynamodb:putItem", Parameters=arguments)
    branches = [{"StartAt": name, "States": {name: state}} for name, state in {"Put": put, "Wait": {"Type": "Wait", "Seconds": 90, "End": True}}.items()]  # fmt: skip
    failed = run(machine(one({"Type": "Parallel", "Branches": branches, "End": True})), {"id": "7"})
    arn = failed["executionArn"]
    assert (failed["status"], failed["redriveStatus"], failed["redriveCount"]) == (
        "FAILED",
        "REDRIVABLE",
        0,
    )
    client = running.client("dynamodb")
    create_table(client, "later")
    assert states.redrive_execution(executionArn=arn)["redriveDate"]
    done = wait_for_end(states, arn)
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", [{}, {"id": "7"}])
    assert (done["redriveStatus"], done["redriveCount"]) == ("NOT_REDRIVABLE", 1)
    assert client.get_item(TableName="later", Key={"id": {"S": "7"}})["Item"]
    events = states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    assert [event["type"] for event in events].count("ExecutionRedriven") == 1
    with pytest.raises(ClientError, match="Execution is SUCCEEDED and cannot be redriven") as refused:
        states.redrive_execution(executionArn=arn)
    assert refused.value.response["Error"]["Code"] == "ExecutionNotRedrivable"
    client.delete_table(TableName="later")


def test_nulls_arrive_whole(machine: Callable[..., str], run: Callable[..., dict[str, Any]]) -> None:
    result = {"a": None, "b": [None]}
    arn = machine(one(PASS), Definition=None, DefinitionString=json.dumps(one(PASS | {"Result": result})))
    assert json.loads(run(arn)["output"]) == result


def test_a_task_that_nothing_emulates_says_so(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    described = run(machine(one(task("lambda:invoke", Parameters={"FunctionName": "f"}))))
    assert (described["error"], kinds(described, "TaskFailed")) == ("States.Runtime", 1)
    assert described["cause"].endswith("the emulator runs no Lambda functions")
