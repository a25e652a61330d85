"""Executions of a deployed state machine: their names and inputs, how they start, and their events.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final
from uuid import uuid4

from cfngen.asl.values import EXPRESS
from cfngen.aws.errors import UNUSABLE, DeniedError, ServiceError, response_field, translate_client_error
from cfngen.execution.json_values import parse_json

MAX_INPUT_BYTES: Final = 262_144
"""In UTF-8."""

_POLLS_PER_DESCRIBE: Final = 10
"""GetExecutionHistory is called this often for one DescribeExecution."""

_END_EVENTS: Final = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")


def read_input(text_or_file: str, source: str = "the input") -> str:
    """Return the input of an execution: JSON, or ``@`` and the path of a file with JSON.

    Raises ``ServiceError`` for an input that Step Functions would refuse, and for an unreadable file.
    """
    text = text_or_file
    if text_or_file.startswith("@"):
        source = text_or_file[1:]
        try:
            with open(source, encoding="utf-8-sig") as file:
                text = file.read()
        except OSError as error:
            raise ServiceError(f"cannot read {source}: {error.strerror}", UNUSABLE) from None
        except ValueError:
            raise ServiceError(f"{source} is not UTF-8", UNUSABLE) from None
    if len(text.encode("utf-8", "surrogatepass")) > MAX_INPUT_BYTES:
        raise ServiceError(f"{source} has more than {MAX_INPUT_BYTES:,} bytes", UNUSABLE)
    try:
        parse_json(text)
        text.encode()
    except (ValueError, RecursionError) as error:
        hint = "" if text_or_file.startswith("@") or "{" in text else "; @FILE reads it from a file"
        raise ServiceError(f"{source} is not JSON: {error}{hint}", UNUSABLE) from None
    return text


def start(client: Any, machine_arn: str, input_text: str, name: str | None = None) -> str:
    """Start an execution, and return its ARN. Raises ``ServiceError``.

    An execution without a name gets one here, so that a second call after a lost response does not start
    another.
    """
    problem = "cannot start an execution"
    with translate_client_error(problem):
        response = client.start_execution(
            stateMachineArn=machine_arn, input=input_text, name=name or str(uuid4())
        )
    return str(response_field(response, "executionArn", problem))


def definition_of(client: Any, execution_arn: str) -> str:
    """Return the definition that an execution runs, as text. Raises ``ServiceError``."""
    problem = "cannot read the definition of the execution"
    with translate_client_error(problem):
        response = client.describe_state_machine_for_execution(executionArn=execution_arn)
    return str(response_field(response, "definition", problem))


def run_express(
    client: Any, machine_arn: str, input_text: str, name: str | None = None
) -> Mapping[str, Any]:
    """Run an execution of an express machine, and return the response. Raises ``ServiceError``."""
    problem = "cannot run the execution"
    with translate_client_error(problem):
        response: Mapping[str, Any] = client.start_sync_execution(
            stateMachineArn=machine_arn, input=input_text, name=name or str(uuid4())
        )
    response_field(response, "status", problem)
    return response


def express_definition(client: Any, machine_arn: str) -> str | None:
    """Return the definition of an express machine, or None for a standard one. Raises ``ServiceError``.

    Where the caller may not describe the machine, it is assumed to be a standard one.
    """
    problem = "cannot read the state machine"
    try:
        with translate_client_error(problem):
            response = client.describe_state_machine(stateMachineArn=machine_arn)
    except DeniedError:
        return None
    return str(response_field(response, "definition", problem)) if response.get("type") == EXPRESS else None


class Following:
    """An execution that is followed: its events as they come, and at the end its status."""

    def __init__(self, client: Any, arn: str, poll_seconds: float = 0.5) -> None:
        """Follow an execution, and look at it every ``poll_seconds``."""
        self.arn = arn
        self.described: Mapping[str, Any] = {}
        self.history: list[Mapping[str, Any]] = []
        self._client = client
        self._poll_seconds = poll_seconds

    def __iter__(self) -> Iterator[Mapping[str, Any] | None]:
        """Yield each event once, in order, and None after each poll, until the execution has ended.

        Raises ``ServiceError``.
        """
        for poll in count():
            if poll % _POLLS_PER_DESCRIBE == 0:
                self.described = self._describe()
            yield from self._new_events()
            # between two calls of DescribeExecution, the history shows whether the execution has ended
            if self._has_ended() and not self._is_over():
                self.described = self._describe()
            if self._is_over():
                yield from self._last_events()
                return
            yield None
            time.sleep(self._poll_seconds)

    @property
    def status(self) -> str:
        """The status of Step Functions, such as ``SUCCEEDED``."""
        return str(self.described.get("status", ""))

    def stop(self, cause: str) -> None:
        """Stop the execution. Raises ``ServiceError``."""
        with translate_client_error("cannot stop the execution"):
            self._client.stop_execution(executionArn=self.arn, cause=cause)

    def _describe(self) -> Mapping[str, Any]:
        problem = "cannot follow the execution"
        with translate_client_error(problem):
            response: Mapping[str, Any] = self._client.describe_execution(executionArn=self.arn)
        response_field(response, "status", problem)
        return response

    def _new_events(self) -> Iterator[Mapping[str, Any]]:
        """Read the history from its end back to the last known event, so that no page is read twice."""
        problem = "cannot read the history of the execution"
        last_id = self.history[-1]["id"] if self.history else 0
        new_events: dict[int, Mapping[str, Any]] = {}
        with translate_client_error(problem):
            pages = self._client.get_paginator("get_execution_history").paginate(
                executionArn=self.arn, reverseOrder=True, PaginationConfig={"PageSize": 1000}
            )
            for page in pages:
                events = response_field(page, "events", problem)
                new_events |= {event["id"]: event for event in events}
                if events and events[-1]["id"] <= last_id:
                    break
        for number in sorted(new_events):
            if number > last_id:
                self.history.append(new_events[number])
                yield new_events[number]

    def _is_over(self) -> bool:
        return self.status not in ("RUNNING", "PENDING_REDRIVE")

    def _has_ended(self) -> bool:
        return bool(self.history) and self.history[-1]["type"] in _END_EVENTS

    def _last_events(self) -> Iterator[Mapping[str, Any]]:
        """Wait for the event that ends the history, which may come later than the status."""
        for _ in range(_POLLS_PER_DESCRIBE):
            if self._has_ended():
                return
            time.sleep(self._poll_seconds)
            yield from self._new_events()
