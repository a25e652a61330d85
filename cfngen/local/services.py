"""Services called for tasks, as Step Functions calls them: its spelling, its waiting, its errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, MutableMapping
from functools import cache
from typing import Any, Final
from uuid import uuid4

from cfngen.apis.integrations import MODELS
from cfngen.apis.sdk import SDK_SERVICES
from cfngen.cfn.resources import Activity, CalledFunction, Integration, parse_resource
from cfngen.execution.failures import RuntimeStateError
from cfngen.execution.json_values import Json, to_text
from cfngen.execution.mocks import (
    Answer,
    FailTask,
    Return,
    SubmitFailed,
    TaskRequest,
    Throw,
    UnsupportedTaskError,
)
from cfngen.execution.pending import HEARTBEAT, Heartbeat, Pending
from cfngen.local.service_errors import failed_in_part, thrown
from cfngen.local.spelling import called, completed, operation_of, to_request
from cfngen.local.synchronous import watcher

_NOT_EMULATED: Final = {
    "lambda": "runs no Lambda functions",
    "apigateway": "calls no APIs of API Gateway",
}
_TOKEN: Final = ".waitForTaskToken"


class Services:
    """Calls the services of one emulator; ``client`` returns botocore's client of a service.

    ``emulator`` calls a method of its ``TokenStore``, or ``fail_job``, in the process of the emulator.
    """

    def __init__(self, client: Callable[[str], Any], emulator: Callable[..., Any]) -> None:
        self._client = cache(client)
        self._emulator = emulator
        self.objects: MutableMapping[tuple[str, str], bytes] = _Objects(self._client)

    def call(self, call: TaskRequest, failing: FailTask | None = None) -> Answer | Pending:
        """Call the service of a task; with ``failing`` its job fails, where it is one.

        Raises ``UnsupportedTaskError`` for what the emulator does not support, and ``RuntimeStateError``
        for arguments that the service does not take.
        """
        resource = parse_resource(call.resource)
        if isinstance(resource, Activity):
            return self._schedule(call)
        if isinstance(resource, CalledFunction):
            raise _unsupported(call, _NOT_EMULATED["lambda"])
        if not isinstance(resource, Integration):
            raise RuntimeStateError(f"The resource provided {call.resource} is not recognized.")
        if failing is not None and resource.name != "batch:submitJob.sync":
            return failing
        if not resource.sdk and resource.service in _NOT_EMULATED:
            raise _unsupported(call, _NOT_EMULATED[resource.service])
        return self._request(call, resource, failing)

    def _schedule(self, call: TaskRequest) -> Pending:
        token = str(uuid4())
        self._emulator("schedule", call.resource, token, to_text(call.arguments))
        return Pending(lambda: self._message(token), close=lambda: self._emulator("close", token))

    def _request(
        self, call: TaskRequest, resource: Integration, failing: FailTask | None
    ) -> Answer | Pending:
        named = f"{resource.service}:{resource.action}"
        model = SDK_SERVICES.get(resource.service) if resource.sdk else resource.service
        client = self._known_client(MODELS.get(model, model) if model else "")
        operation = operation_of(client, resource.action) if client is not None else None
        if client is None or operation is None:
            raise _unsupported(call, f"does not implement {named}")
        waits = resource.suffix.startswith(".sync")
        watch = watcher(resource) if waits else None
        if waits and watch is None:
            raise _unsupported(call, f"cannot wait for {named} ({resource.suffix[1:]})")
        if call.token is not None:
            self._emulator("open", call.token)
        sent = _sent(call, resource)
        arguments = to_request(sent, operation.input_shape)
        begun = time.monotonic()
        try:
            result = called(client, operation, arguments, is_sdk=resource.sdk)
        except Exception as error:
            answer = thrown(resource, error)
            if answer is None:
                raise _unsupported(call, f"does not implement {named}") from error
            return SubmitFailed(answer.error, answer.cause) if resource.suffix else answer
        if (failure := failed_in_part(resource, result)) is not None:
            return failure
        result = completed(resource, sent, result)
        if watch is not None:
            if failing is not None:
                self._emulator("fail_job", result["JobId"], failing.cause)
            submission = {**sent, **result}
            return Pending(lambda: watch(client, submission, time.monotonic() - begun), result)
        if call.token is not None and resource.suffix == _TOKEN:
            token = call.token
            return Pending(lambda: self._message(token), result, lambda: self._emulator("close", token))
        return Return(result)

    def _known_client(self, service: str) -> Any:
        from botocore.exceptions import UnknownServiceError

        try:
            return self._client(service)
        except UnknownServiceError:
            return None

    def _message(self, token: str) -> Answer | Heartbeat | None:
        message = self._emulator("take", token)
        if message is None:
            return None
        if "output" in message:
            return Return(message["output"])
        if "heartbeat" in message:
            return HEARTBEAT
        return Throw(message.get("error"), message.get("cause"))


def _sent(call: TaskRequest, resource: Integration) -> dict[str, Json]:
    """Return the arguments of a call with what Step Functions adds."""
    sent = dict(call.arguments) if isinstance(call.arguments, dict) else {}
    if resource.sdk:
        return sent
    if resource.called == "states:startExecution":
        sent.setdefault("Input", {})
    elif resource.called == "events:putEvents" and isinstance(sent.get("Entries"), list):
        # https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
        sent["Entries"] = [
            {**entry, "Resources": [*entry.get("Resources", ()), call.machine, call.execution]}
            for entry in sent["Entries"]
        ]
    return sent


def _unsupported(call: TaskRequest, reason: str) -> UnsupportedTaskError:
    return UnsupportedTaskError(call.state, f"the emulator {reason}")


class _Objects(MutableMapping[tuple[str, str], bytes]):
    """The objects in S3, by bucket and key."""

    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client

    def __getitem__(self, name: tuple[str, str]) -> bytes:
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            body: bytes = self._client("s3").get_object(Bucket=name[0], Key=name[1])["Body"].read()
        except (ClientError, ParamValidationError):
            raise KeyError(name) from None
        return body

    def __setitem__(self, name: tuple[str, str], body: bytes) -> None:
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            self._client("s3").put_object(Bucket=name[0], Key=name[1], Body=body)
        except (ClientError, ParamValidationError):
            raise KeyError(name) from None

    def __delitem__(self, name: tuple[str, str]) -> None:
        self._client("s3").delete_object(Bucket=name[0], Key=name[1])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        client = self._client("s3")
        for bucket in client.list_buckets()["Buckets"]:
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
                yield from ((bucket["Name"], item["Key"]) for item in page.get("Contents", ()))

    def __len__(self) -> int:
        return sum(1 for _ in self)
