"""Errors of services by the names that Step Functions gives them.

Recorded of AWS: ``DynamoDB.ResourceNotFoundException``, ``SQS.AmazonSQSException``,
``Lambda.ResourceNotFoundException``, ``EventBridge.FailedEntry``, and of ``aws-sdk:`` integrations
``DynamoDb.DynamoDbException``, ``S3.NoSuchKeyException``, ``Sfn.InvalidTokenException``. The others follow
the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from cfngen.apis.sdk import SDK_SERVICES
from cfngen.cfn.resources import Integration
from cfngen.execution.failures import RuntimeStateError
from cfngen.execution.json_values import to_text
from cfngen.execution.mocks import SubmitFailed, Throw

_PREFIXES: Final[Mapping[str, tuple[str, str]]] = {
    "athena": ("Athena", "AmazonAthena"),
    "batch": ("Batch", "AWSBatch"),
    "codebuild": ("CodeBuild", "AWSCodeBuild"),
    "dynamodb": ("DynamoDB", "AmazonDynamoDBv2"),
    "ecs": ("ECS", "AmazonECS"),
    "eks": ("EKS", "AmazonEKS"),
    "events": ("EventBridge", "AmazonCloudWatchEvents"),
    "emr-serverless": ("EMRServerless", "EMRServerless"),
    "glue": ("Glue", "AWSGlue"),
    "sagemaker": ("SageMaker", "AmazonSageMaker"),
    "sns": ("SNS", "AmazonSNS"),
    "sqs": ("SQS", "AmazonSQS"),
    "states": ("StepFunctions", "AWSStepFunctions"),
}
"""How the names of a service's errors begin, and what their causes call the service."""

_WORDS: Final = re.compile(
    r"[A-Z]{2,}(?=v\d)|[A-Z][a-z]+[A-Z](?![A-Za-z0-9])|[A-Z]+(?![a-z])\d*|[A-Z][a-z]+\d*|[a-z]+\d*|\d+"
)
"""The words of a service's id: ``SES v2``, ``IoT``, ``Dynamo DB``."""


def thrown(resource: Integration, error: Exception) -> Throw | None:
    """Return what an error of a client comes to, None where the emulator lacks the call.

    Raises ``RuntimeStateError`` for arguments that the service does not take, and where the emulator fails.
    """
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

    if isinstance(error, ParamValidationError):
        reason = " ".join(str(error.kwargs.get("report", error)).split())
        raise RuntimeStateError(f"The Parameters could not be used to start the Task: [{reason}]") from None
    if isinstance(error, ClientError):
        return None if _is_missing(error) else _service_error(resource, error)
    if isinstance(error, BotoCoreError):
        return Throw(f"{error_prefix(resource)[0]}.SdkClientException", str(error))
    reason = f"{type(error).__name__}: {error}".removesuffix(": ")
    raise RuntimeStateError(f"the emulator failed to answer: {reason}") from error


def failed_in_part(resource: Integration, result: Mapping[str, Any]) -> Throw | None:
    """Return what a response comes to that tells of a failure, None for all others.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
    """
    if resource.called == "events:putEvents" and result.get("FailedEntryCount"):
        return Throw("EventBridge.FailedEntry", to_text(dict(result)))
    if resource.called == "ecs:runTask" and resource.suffix and result.get("Failures"):
        return SubmitFailed("AmazonECS.Unknown", to_text(result["Failures"]))
    return None


def _is_missing(error: Any) -> bool:
    """Return whether moto lacks a call: its server then responds with HTML, not with an error of AWS."""
    fields = error.response.get("Error", {})
    return str(fields.get("Code")).isdecimal() and str(fields.get("Message")).lstrip().startswith("<")


def _service_error(resource: Integration, error: Any) -> Throw:
    fields, metadata = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    code, message = str(fields.get("Code", "")), str(fields.get("Message", ""))
    status, request = metadata.get("HTTPStatusCode"), metadata.get("RequestId", "")
    prefix, service = error_prefix(resource)
    # an error that the API's model does not declare has the name of the service
    kind = type(error).__name__
    is_declared = kind != "ClientError"
    if resource.sdk:
        name = _exception(kind if is_declared else prefix)
        cause = f"{message} (Service: {service}, Status Code: {status}, Request ID: {request})"
        return Throw(f"{prefix}.{name}", cause)
    is_known = is_declared and resource.service != "sqs"
    name = _exception(code.rpartition(".")[2] if is_known else service.removesuffix("v2"))
    return Throw(
        f"{prefix}.{name}",
        f"{message} (Service: {service}; Status Code: {status}; Error Code: {code}; "
        f"Request ID: {request}; Proxy: null)",
    )


def _exception(name: str) -> str:
    return name if name.endswith("Exception") else f"{name}Exception"


def error_prefix(resource: Integration) -> tuple[str, str]:
    """Return how the names of a service's errors begin, and what their causes call the service.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    if not resource.sdk:
        name = resource.service[:1].upper() + resource.service[1:]
        return _PREFIXES.get(resource.service, (name, name))
    from botocore.session import Session

    model = Session().get_service_model(SDK_SERVICES[resource.service])
    name = "".join(word.capitalize() for word in _WORDS.findall(model.metadata["serviceId"]))
    if not resource.service.endswith("service"):
        name = name.removesuffix("Service")
    return name, name
