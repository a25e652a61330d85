"""A Task state: what it sends, what is answered, and how long that may take."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Generator, Mapping
from typing import Any, Final

from cfngen.asl.errors import (
    DATA_LIMIT_EXCEEDED,
    HEARTBEAT_TIMEOUT,
    HTTP_SOCKET,
    RUNTIME,
    TASK_FAILED,
    TIMEOUT,
)
from cfngen.cfn.resources import Activity, CalledFunction, Integration, parse_resource
from cfngen.execution import values
from cfngen.execution.bindings import Evaluate
from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.engine import TOO_LARGE, Engine, StateEnd
from cfngen.execution.failures import HeartbeatError, RuntimeStateError, TaskError, TerminalError
from cfngen.execution.history import Data
from cfngen.execution.http_requests import check_headers
from cfngen.execution.json_values import Json, as_double, copied_json, is_larger, to_text
from cfngen.execution.mocks import FailTask, Return, SubmitFailed, TaskRequest, Throw, UnsupportedTaskError
from cfngen.execution.payloads import jsonata_payload, payload_template
from cfngen.execution.pending import Awaiting, Heartbeat, Pending
from cfngen.execution.scheduler import WaitFor

_WAITS: Final = re.compile(r"\.(sync(:\d+)?|waitForTaskToken)$")
_TOKEN: Final = ".waitForTaskToken"
NO_ANSWER: Final = "the mock has no response"

HTTP_SECONDS: Final = 60
"""How long a request of ``http:invoke`` may take, whatever more ``TimeoutSeconds`` allows."""

HARNESS_SECONDS: Final = 900
"""How long ``bedrockagentcore:invokeHarness`` may take, whatever more ``TimeoutSeconds`` allows.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrockagentcore.html
"""


class CalledResource:
    """What a task calls, and how its events name it."""

    __slots__ = ("arn", "family", "kind", "name", "needs_token", "waits")

    def __init__(self, arn: str) -> None:
        self.arn: str = arn
        self.family: str = "Task"
        self.kind: str = ""
        self.name: str = arn
        called = parse_resource(arn)
        if isinstance(called, Integration):
            self.kind, self.name = called.kind, called.call
        elif isinstance(called, Activity):
            self.family = "Activity"
        elif isinstance(called, CalledFunction):
            self.family = "LambdaFunction"
        self.waits: bool = self.family == "Task" and _WAITS.search(self.name) is not None
        self.needs_token: bool = self.name.endswith(_TOKEN)

    @property
    def details(self) -> dict[str, Any]:
        """The fields that the events of a service's task have in common."""
        return {"resourceType": self.kind, "resource": self.name} if self.family == "Task" else {}

    @property
    def limited(self) -> str:
        """How the cause of too large a result names it."""
        return self.kind if self.family == "Task" else self.arn


def attempt(
    engine: Engine, branch: Branch, state: CompiledState, value: Json
) -> Generator[WaitFor, Any, StateEnd]:
    """Send once, and take the answer."""
    __tracebackhide__ = True  # a test that fails in a mock shows the mock
    resource = CalledResource(_text_of_resource(state.document.get("Resource")))
    if resource.needs_token:
        branch.token = _token(branch)
    effective = engine.effective_input(branch, state, value)
    bindings = branch.bindings(effective)
    arguments = effective if state.arguments is None else state.arguments(bindings)
    if is_larger(arguments):
        too_much = "provided parameters with a size exceeding the maximum number of bytes service limit."
        raise TaskError(DATA_LIMIT_EXCEEDED, f"The state/task '{resource.limited}' {too_much}")
    if resource.kind == "http":
        check_headers(arguments)
    timeout = values.duration(state, "TimeoutSeconds", bindings)
    heartbeat = values.duration(state, "HeartbeatSeconds", bindings)
    credentials = _credentials(state, bindings)
    _schedule(engine, branch, resource, arguments, timeout, heartbeat, credentials)
    number = branch.count(state.name)
    call = TaskRequest(
        state.name,
        number,
        resource.arn,
        arguments,
        branch.token,
        timeout,
        heartbeat,
        credentials,
        branch.run.arn,
        branch.run.machine_arn,
    )
    try:
        answer = engine.answer(call)
    except TerminalError:
        raise
    except BaseException as problem:  # it ends the run, which raises it again
        raise _unanswered(engine, branch, resource, problem) from None
    if isinstance(answer, FailTask):
        answer = _failure_description(resource, arguments, answer.cause)
    if resource.waits and not isinstance(answer, SubmitFailed):
        submitted = answer.submitted if isinstance(answer, Pending) else {}
        engine.note(branch, "TaskSubmitted", {**resource.details, "output": Data(submitted)})
    if isinstance(answer, Pending):
        answer = yield from _awaited(engine, branch, resource, answer, timeout, heartbeat)
    yield from _elapse(engine, branch, resource, answer.seconds, timeout, heartbeat)
    if isinstance(answer, Throw):
        raise _task_error(engine, branch, resource, answer)
    result = copied_json(answer.result)
    if is_larger(result):
        cause = f"The state/task '{resource.limited}' {TOO_LARGE}"
        raise _task_error(engine, branch, resource, Throw(DATA_LIMIT_EXCEEDED, cause))
    engine.note(branch, f"{resource.family}Succeeded", {**resource.details, "output": Data(result)})
    return engine.finish(branch, state, value, result)


def _schedule(
    engine: Engine,
    branch: Branch,
    resource: CalledResource,
    arguments: Json,
    timeout: int | None,
    heartbeat: int | None,
    credentials: Json,
) -> None:
    bounds = {"timeoutInSeconds": timeout, "heartbeatInSeconds": heartbeat}
    role = (
        {"roleArn": credentials["RoleArn"]}
        if isinstance(credentials, dict) and "RoleArn" in credentials
        else None
    )
    if resource.family == "Task":
        details = {
            **resource.details,
            "region": engine.region,
            "parameters": Data(arguments),
            **bounds,
            "taskCredentials": role,
        }
        engine.note(branch, "TaskScheduled", details)
        engine.note(branch, "TaskStarted", resource.details)
        return
    scheduled: dict[str, Any] = {"resource": resource.arn, "input": Data(arguments), **bounds}
    if resource.family == "LambdaFunction":
        scheduled = {"resource": resource.arn, "input": Data(arguments), "timeoutInSeconds": timeout}
        scheduled["taskCredentials"] = role
    engine.note(branch, f"{resource.family}Scheduled", scheduled)
    engine.note(branch, f"{resource.family}Started", {} if resource.family == "Activity" else None)


def _elapse(
    engine: Engine,
    branch: Branch,
    resource: CalledResource,
    seconds: float,
    timeout: int | None,
    heartbeat: int | None,
) -> Generator[WaitFor, Any, None]:
    """Let an answer take its time, which neither the timeout nor the heartbeat may end before."""
    most = HTTP_SECONDS if resource.kind == "http" else None
    if resource.kind == "bedrockagentcore":
        timeout = min(timeout or HARNESS_SECONDS, HARNESS_SECONDS)
    bound, kind = _first_bound(timeout or None, heartbeat or None, most)
    if seconds > bound:
        yield bound
        raise _timed_out(engine, branch, resource, kind)
    if seconds > 0:
        yield seconds


def _awaited(
    engine: Engine,
    branch: Branch,
    resource: CalledResource,
    pending: Pending,
    timeout: int | None,
    heartbeat: int | None,
) -> Generator[WaitFor, Any, Return | Throw]:
    """Wait for the answer of a service; each heartbeat of the task begins the time of the next."""
    clock = engine.loop.clock
    end = math.inf if timeout is None else clock.now() + timeout
    try:
        while True:
            left = None if timeout is None else max(0.0, end - clock.now())
            bound, kind = _first_bound(left, heartbeat)
            message: Return | Throw | Heartbeat | None = yield Awaiting(
                pending, None if bound == math.inf else bound
            )
            if message is None:
                raise _timed_out(engine, branch, resource, kind)
            if not isinstance(message, Heartbeat):
                return message
    finally:
        pending.close()


def _first_bound(
    timeout: float | None, heartbeat: float | None, request: float | None = None
) -> tuple[float, str]:
    bounds = ((timeout, TIMEOUT), (heartbeat, HEARTBEAT_TIMEOUT), (request, HTTP_SOCKET))
    return min(
        [(as_double(bound), kind) for bound, kind in bounds if bound is not None], default=(math.inf, "")
    )


def _timed_out(engine: Engine, branch: Branch, resource: CalledResource, kind: str) -> TaskError:
    if kind == HTTP_SOCKET:
        return _task_error(engine, branch, resource, Throw(HTTP_SOCKET))
    _note_timeout(engine, branch, resource, TIMEOUT, None)
    return HeartbeatError() if kind == HEARTBEAT_TIMEOUT else TaskError(TIMEOUT, None)


def _note_timeout(
    engine: Engine, branch: Branch, resource: CalledResource, error: str, cause: str | None
) -> None:
    engine.note(branch, f"{resource.family}TimedOut", {**resource.details, "error": error, "cause": cause})


def _task_error(engine: Engine, branch: Branch, resource: CalledResource, answer: Throw) -> TaskError:
    """Note that a task failed, and return its error."""
    if answer.error in (TIMEOUT, HEARTBEAT_TIMEOUT):
        cause = answer.cause or None
        _note_timeout(engine, branch, resource, TIMEOUT, cause)
        if answer.error == HEARTBEAT_TIMEOUT and cause is None:
            return HeartbeatError()
        return TaskError(TIMEOUT, cause, answer.error)
    details = {**resource.details, "error": answer.error, "cause": answer.cause}
    kind = "SubmitFailed" if isinstance(answer, SubmitFailed) else "Failed"
    engine.note(branch, f"{resource.family}{kind}", details)
    return TaskError(answer.error, answer.cause)


def _unanswered(
    engine: Engine, branch: Branch, resource: CalledResource, problem: BaseException
) -> RuntimeStateError:
    """Note that a task got no answer, and return what ends the execution."""
    engine.problem = engine.problem or problem
    cause = str(problem) if isinstance(problem, UnsupportedTaskError) else NO_ANSWER
    engine.note(branch, f"{resource.family}Failed", {**resource.details, "error": RUNTIME, "cause": cause})
    return RuntimeStateError(cause)


def _failure_description(resource: CalledResource, arguments: Json, cause: str) -> Throw:
    """Return what the failure of a service looks like: of a job, its description."""
    if resource.kind != "batch" or not resource.waits:
        return Throw(TASK_FAILED, cause)
    sent: Mapping[str, Any] = arguments if isinstance(arguments, dict) else {}
    names = {name: sent[name] for name in ("JobName", "JobQueue", "JobDefinition") if name in sent}
    return Throw(TASK_FAILED, to_text({**names, "Status": "FAILED", "StatusReason": cause}))


def _credentials(state: CompiledState, bindings: Any) -> Json:
    template = state.document.get("Credentials")
    if template is None:
        return None
    evaluate: Evaluate = (
        jsonata_payload(template, "Credentials") if state.is_jsonata else payload_template(template)
    )
    return evaluate(bindings)


def _token(branch: Branch) -> str:
    from base64 import b64encode

    return b64encode(branch.run.random.getrandbits(768).to_bytes(96, "big")).decode("ascii")


def _text_of_resource(resource: object) -> str:
    if isinstance(resource, str):
        return resource
    raise RuntimeStateError(f"Resource is not text: {json.dumps(resource, default=str)}")
