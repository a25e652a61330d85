"""Arguments, results and errors as Step Functions spells them, by botocore's models; no emulator is needed."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from cfngen.aws.clients import Clients
from cfngen.cfn.resources import parse_integration
from cfngen.execution.failures import RuntimeStateError
from cfngen.local.service_errors import error_prefix, failed_in_part, thrown
from cfngen.local.spelling import completed, operation_of, to_request, to_result
from tests.rows import each_row

PREFIXES = [
    (prefix.lower(), prefix)
    for prefix in [
        "AcmPca",
        "B2Bi",
        "Billingconductor",
        "CodestarNotifications",
        "Config",
        "Elasticsearch",
        "FSx",
        "Iot",
        "IotJobsDataPlane",
        "IoTSecureTunneling",
        "IotWireless",
        "KinesisVideoWebRtcStorage",
        "LexRuntimeV2",
        "MTurk",
        "ResourceGroupsTaggingApi",
        "S3Outposts",
        "SageMakerA2IRuntime",
        "SesV2",
        "TimestreamInfluxDb",
        "Wafv2",
        "XRay",
        "LexRuntime",
        "MarketplaceEntitlement",
        "CostAndUsageReport",
        "Directory",
        "ApplicationDiscovery",
    ]
]
"""Services and the prefixes of their errors on AWS's page, some of those whose capitals are not plain."""

CLIENTS = Clients("http://127.0.0.1:9", "us-east-1")


def operation(service: str, action: str) -> Any:
    return operation_of(CLIENTS.client(service), action)


@pytest.mark.parametrize(
    ("service", "action", "arguments", "request_"),
    [
        ("batch", "submitJob", {"JobName": "a", "ContainerOverrides": {"Vcpus": 1}}, {"jobName": "a", "containerOverrides": {"vcpus": 1}}),
        ("sqs", "sendMessage", {"QueueUrl": "q", "MessageBody": {"a": None}}, {"QueueUrl": "q", "MessageBody": '{"a":null}'}),
        ("dynamodb", "putItem", {"TableName": "t", "Item": {"id": {"S": "1"}}}, {"TableName": "t", "Item": {"id": {"S": "1"}}}),
        ("s3", "putObject", {"Bucket": "b", "Key": "k", "Body": {"a": 1}}, {"Bucket": "b", "Key": "k", "Body": b'{"a":1}'}),
        ("rds", "describeDBInstances", {"DbInstanceIdentifier": "a"}, {"DBInstanceIdentifier": "a"}),
        ("sns", "publish", {"Nobody": 1}, {"Nobody": 1}),
    ],
)  # fmt: skip
def test_arguments(service: str, action: str, arguments: Any, request_: Any) -> None:
    assert to_request(arguments, operation(service, action).input_shape) == request_


@each_row(
    ("service", "action", "is_sdk", "response", "result"),
    [
        ("batch", "describeJobs", False, {"jobs": [{"jobId": "1", "parameters": {"a": "b"}}]}, {"Jobs": [{"JobId": "1", "Parameters": {"a": "b"}}]}),
        ("sqs", "sendMessage", False, {"MD5OfMessageBody": "1"}, {"MD5OfMessageBody": "1"}),
        ("rds", "describeDBInstances", True, {"DBInstances": [{"DBName": "a"}]}, {"DbInstances": [{"DbName": "a"}]}),
        ("stepfunctions", "startExecution", False, {"startDate": datetime(2026, 1, 1, tzinfo=timezone.utc)}, {"StartDate": 1767225600000}),
        ("stepfunctions", "startExecution", True, {"startDate": datetime(2026, 1, 1, tzinfo=timezone.utc)}, {"StartDate": "2026-01-01T00:00:00.000Z"}),
    ],
)  # fmt: skip
def test_results(service: str, action: str, is_sdk: bool, response: Any, result: Any) -> None:
    assert to_result(response, operation(service, action).output_shape, is_sdk=is_sdk) == result


@pytest.mark.parametrize(
    ("name", "service", "code", "error"),
    [
        ("dynamodb:putItem", "dynamodb", "ConditionalCheckFailedException", "DynamoDB.ConditionalCheckFailedException"),
        # AWS's samples retry these: of throttling, of an expression that does not fit the item
        ("dynamodb:updateItem", "dynamodb", "ValidationException", "DynamoDB.AmazonDynamoDBException"),
        ("batch:submitJob", "batch", "TooManyRequestsException", "Batch.AWSBatchException"),
        ("batch:submitJob", "batch", "ClientException", "Batch.ClientException"),
        # connect-sagemaker.html
        ("sagemaker:createTrainingJob", "sagemaker", "ResourceLimitExceeded", "SageMaker.ResourceLimitExceededException"),
        ("sagemaker:createTrainingJob", "sagemaker", "ThrottlingException", "SageMaker.AmazonSageMakerException"),
        ("codebuild:startBuild", "codebuild", "ThrottlingException", "CodeBuild.AWSCodeBuildException"),
        ("sns:publish", "sns", "NotFound", "SNS.NotFoundException"),
        ("sqs:sendMessage", "sqs", "AWS.SimpleQueueService.NonExistentQueue", "SQS.AmazonSQSException"),
        ("ecs:runTask", "ecs", "ClusterNotFoundException", "ECS.ClusterNotFoundException"),
        ("events:putEvents", "events", "InternalException", "EventBridge.InternalException"),
        ("states:startExecution", "stepfunctions", "StateMachineDoesNotExist", "StepFunctions.StateMachineDoesNotExistException"),
        ("aws-sdk:dynamodb:putItem", "dynamodb", "ValidationException", "DynamoDb.DynamoDbException"),
        ("aws-sdk:s3:getObject", "s3", "NoSuchKey", "S3.NoSuchKeyException"),
        ("aws-sdk:sfn:sendTaskSuccess", "stepfunctions", "InvalidToken", "Sfn.InvalidTokenException"),
        ("aws-sdk:secretsmanager:getSecretValue", "secretsmanager", "ResourceNotFoundException", "SecretsManager.ResourceNotFoundException"),
        ("aws-sdk:ec2:describeVpcs", "ec2", "InvalidVpcID.NotFound", "Ec2.Ec2Exception"),
    ],
)  # fmt: skip
def test_errors(name: str, service: str, code: str, error: str) -> None:
    client = CLIENTS.client(service)
    response = {"Error": {"Code": code, "Message": "why"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    answer = thrown(parse_integration(name), client.exceptions.from_code(code)(response, "It"))
    assert answer is not None
    assert answer.error == error
    assert answer.cause is not None
    assert answer.cause.startswith("why (Service: ")


@each_row(("service", "prefix"), PREFIXES)
def test_prefixes_of_errors(service: str, prefix: str) -> None:
    # supported-services-awssdk.html: each is the service's name in the resource, in Pascal case
    assert error_prefix(parse_integration(f"aws-sdk:{service}:it"))[0] == prefix


@each_row(
    ("name", "result", "error"),
    [
        ("events:putEvents", {"FailedEntryCount": 1}, "EventBridge.FailedEntry"),
        ("events:putEvents.waitForTaskToken", {"FailedEntryCount": 1}, "EventBridge.FailedEntry"),
        ("events:putEvents", {"FailedEntryCount": 0}, None),
        ("aws-sdk:eventbridge:putEvents", {"FailedEntryCount": 1}, None),
        ("ecs:runTask.sync", {"Failures": [{"Reason": "RESOURCE:MEMORY"}]}, "AmazonECS.Unknown"),
        ("ecs:runTask.waitForTaskToken", {"Failures": [{"Reason": "MISSING"}]}, "AmazonECS.Unknown"),
        ("ecs:runTask", {"Failures": [{"Reason": "MISSING"}]}, None),
        ("ecs:runTask.sync", {"Tasks": [{}], "Failures": []}, None),
    ],
)
def test_responses_that_tell_of_a_failure(name: str, result: Any, error: str | None) -> None:
    failure = failed_in_part(parse_integration(name), result)
    assert (None if failure is None else failure.error) == error


@each_row(
    ("name", "sent", "result"),
    [
        ("glue:startJobRun", {"JobName": "a", "Timeout": 5}, {"JobRunId": "jr_1", "JobName": "a"}),
        ("glue:startJobRun.sync", {"JobName": "a"}, {"JobRunId": "jr_1", "JobName": "a"}),
        ("aws-sdk:glue:startJobRun", {"JobName": "a"}, {"JobRunId": "jr_1"}),
        ("emr-serverless:stopApplication", {"ApplicationId": "00f1"}, {"JobRunId": "jr_1", "ApplicationId": "00f1"}),
        ("emr-serverless:startJobRun", {"ApplicationId": "00f1"}, {"JobRunId": "jr_1"}),
    ],
)  # fmt: skip
def test_responses_that_repeat_an_argument(name: str, sent: Any, result: Any) -> None:
    # connect-glue.html, as recorded in March 2024, and connect-emr-serverless.html
    assert completed(parse_integration(name), sent, {"JobRunId": "jr_1"}) == result


def test_what_moto_lacks_is_no_error_of_a_service() -> None:
    from botocore.exceptions import ClientError

    response: Any = {"Error": {"Code": "404", "Message": "<!doctype html>"}, "ResponseMetadata": {}}
    assert thrown(parse_integration("sns:publish"), ClientError(response, "Publish")) is None


def test_arguments_that_a_service_does_not_take_end_the_execution() -> None:
    from botocore.exceptions import ParamValidationError

    error = ParamValidationError(report='Missing required parameter in input: "Message"')
    with pytest.raises(RuntimeStateError, match="could not be used to start the Task"):
        thrown(parse_integration("sns:publish"), error)


@pytest.mark.parametrize(
    ("error", "told"), [(AssertionError(), "AssertionError"), (KeyError("a"), "KeyError: 'a'")], ids=repr
)
def test_a_failure_of_the_emulator_is_told_as_its_own(error: Exception, told: str) -> None:
    with pytest.raises(RuntimeStateError) as caught:
        thrown(parse_integration("sns:publish"), error)
    assert caught.value.cause == f"the emulator failed to answer: {told}"
