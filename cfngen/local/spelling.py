"""Arguments and results as Step Functions spells them, and as the API models of botocore have them.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any, Final

from cfngen.apis.models import uncapitalized
from cfngen.cfn.resources import Integration
from cfngen.execution.json_values import Json, to_text

_REPEATED: Final = {
    "glue:startJobRun": "JobName",
    **dict.fromkeys(
        (f"emr-serverless:{verb}Application" for verb in ("start", "stop", "delete")), "ApplicationId"
    ),
}
"""The argument that is in a response too, by integration."""


def operation_of(client: Any, action: str) -> Any:
    """Return botocore's model of an action such as ``submitJob``, None where the service lacks it."""
    name = _operations(client.meta.service_model).get(action.lower())
    return client.meta.service_model.operation_model(name) if name else None


@cache
def _operations(model: Any) -> Mapping[str, str]:
    return {name.lower(): name for name in model.operation_names}


def called(client: Any, operation: Any, arguments: Any, *, is_sdk: bool = False) -> Any:
    """Call an operation, and return what it responds as Step Functions shows it."""
    response = client._make_api_call(operation.name, arguments)
    response.pop("ResponseMetadata", None)
    return to_result(response, operation.output_shape, is_sdk=is_sdk)


def completed(resource: Integration, sent: Mapping[str, Json], result: dict[str, Any]) -> dict[str, Any]:
    """Return a response with what Step Functions adds to it of the request.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
    """
    repeated = _REPEATED.get(resource.called, "")
    return {**result, repeated: sent[repeated]} if repeated in sent else result


def to_request(value: Json, shape: Any) -> Any:
    """Return arguments as the API takes them; what it does not know stays, and is refused."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        request: dict[str, Any] = {}
        for key, item in value.items():
            name = members.get(key.lower(), key)
            request[name] = to_request(item, shape.members.get(name))
        return request
    if shape.type_name == "list" and isinstance(value, list):
        return [to_request(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: to_request(item, shape.value) for key, item in value.items()}
    if shape.type_name == "string" and not isinstance(value, str):
        return to_text(value)
    if shape.type_name == "blob":
        return (value if isinstance(value, str) else to_text(value)).encode()
    return value


def to_result(value: Any, shape: Any, *, is_sdk: bool) -> Any:
    """Return a response as Step Functions shows it.

    A time is a number of milliseconds, and text in ISO 8601 where ``is_sdk`` tells of an ``aws-sdk:``
    integration, which has the AWS SDK for Java's names.
    """
    if isinstance(value, Mapping):
        is_structure = shape is not None and shape.type_name == "structure"
        result = {}
        for key, item in value.items():
            inner = shape.members.get(key) if is_structure else getattr(shape, "value", None)
            result[_api_name(key, is_sdk) if is_structure else key] = to_result(item, inner, is_sdk=is_sdk)
        return result
    if isinstance(value, (list, tuple)):
        return [to_result(item, getattr(shape, "member", None), is_sdk=is_sdk) for item in value]
    if isinstance(value, datetime):
        moment = value.astimezone(timezone.utc)
        if is_sdk:
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return int(moment.timestamp() * 1000)
    if hasattr(value, "read"):
        value = value.read()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _api_name(name: str, is_sdk: bool) -> str:
    api_name = uncapitalized(name) if is_sdk else name
    return api_name[:1].upper() + api_name[1:]
