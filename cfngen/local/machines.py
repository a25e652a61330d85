"""State machines in the emulator: cfngen runs their executions, in place of moto.

Only the emulator's process imports this. ``install`` is the one place at which moto is told so.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple
from uuid import uuid4

from moto.core.exceptions import AWSError
from moto.stepfunctions import exceptions, models, urls
from moto.stepfunctions.models import StateMachine, StepFunctionBackend

from cfngen.asl.workflow import AslWorkflow
from cfngen.core.problems import errors
from cfngen.documents.source import ReadError
from cfngen.execution.branches import ExecutionArns
from cfngen.execution.failures import ExecutionError
from cfngen.execution.json_values import to_text
from cfngen.execution.live import LiveClock, LiveLoop, StoppedError
from cfngen.execution.machine import compile_machine, states_of
from cfngen.execution.mocks import Answer, FailTask, TaskRequest
from cfngen.execution.pending import Pending
from cfngen.execution.prepared import EXPRESS, Prepared, RunOptions, prepare
from cfngen.execution.redrives import is_redrivable
from cfngen.execution.results import Execution
from cfngen.local.machines_api import StatesApi
from cfngen.local.mocks import Response, responses_from_json, unknown_states
from cfngen.local.services import Services
from cfngen.local.time_scale import TimeScale

_CASES: Final[dict[tuple[str, str], Mapping[str, list[Response]]]] = {}
"""The responses of tasks by state, for the name of a state machine and that of a test case."""


def install(scale: TimeScale, services: Services) -> None:
    """Let moto run all state machines by the engine; it calls ``services`` for their tasks."""
    _Backend.scale, _Backend.services = scale, services
    setattr(models.stepfunctions_backends, "backend", _Backend)  # noqa: B010
    urls.url_paths["{0}/$"] = StatesApi.dispatch


def mock(machine: str, case: str, responses: Mapping[str, Any]) -> None:
    """Mock tasks in a test case of a state machine with the responses of ``responses_to_json``."""
    _CASES[machine, case] = responses_from_json(responses)


def fail_job(job_id: str, cause: str) -> None:
    """Let a job of AWS Batch end as ``FAILED``."""
    from moto.batch.models import batch_backends

    for account in batch_backends.values():
        for backend in account.values():
            if job_id in backend._jobs:
                job = backend._jobs[job_id]
                job.status = "FAILED"
                job.exit_code = 1
                job.job_stopped_reason = cause


class _Started(NamedTuple):
    """What the ARN of a state machine, of a version or of an alias starts; it runs as the ``revision`` is.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
    """

    machine: Any
    revision: Any
    version_arn: str | None = None
    alias_arn: str | None = None


class _MotoExecution:
    """An execution with the attributes that moto shows."""

    def __init__(
        self,
        started: _Started,
        name: str,
        text: str,
        shorten: Callable[[float], float],
        *,
        is_kept: bool,
    ) -> None:
        machine_arn: str = started.machine.arn
        kind = "execution" if is_kept else "express"
        self.execution_arn = f"{machine_arn.replace(':stateMachine:', f':{kind}:')}:{name}"
        self.name = name
        self.state_machine_arn = machine_arn
        self.execution_input = text
        self.start_date = datetime.now(timezone.utc)
        self.prepared: Prepared
        self._started = started
        self._end: Execution | None = None
        self._stop: StoppedError | None = None
        self._shorten = shorten
        self._thread: threading.Thread

    def start(self, prepared: Prepared) -> None:
        """Run it in a thread of its own."""
        self.prepared = prepared
        self._end = self._stop = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def redrive(self) -> None:
        """Go on where it stood when it ended without success."""
        if reason := self._not_redrivable():
            raise AWSError(reason, "ExecutionNotRedrivable")
        self.start(self.prepared.redriven(self.prepared.options._replace(loop=self.loop())))

    def loop(self) -> LiveLoop:
        """Return what runs it from now on."""
        return LiveLoop(LiveClock(datetime.now(timezone.utc).timestamp()), self._shorten, self.check)

    def _not_redrivable(self) -> str:
        if self.status in ("RUNNING", "SUCCEEDED"):
            return f"Execution is {self.status} and cannot be redriven"
        if self.prepared.options.type == EXPRESS:
            return "Express executions cannot be redriven"
        return "" if is_redrivable(self.prepared.run) else "Execution history event limit exceeded"

    def wait(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def stop(self, error: str | None, cause: str | None) -> None:
        """Stop it, and wait until it has stopped, unless a call of a service lasts."""
        self._stop = StoppedError(error, cause)
        self._thread.join(1)

    def check(self) -> None:
        """Raise ``StoppedError`` where somebody stops it."""
        if self._stop is not None:
            raise self._stop

    @property
    def status(self) -> str:
        """The status of Step Functions."""
        return self._end.status if self._end is not None else "RUNNING"

    @property
    def stop_date(self) -> datetime | None:
        """When it ended."""
        return self._end.stop if self._end is not None else None

    def described(self) -> dict[str, Any]:
        """Return the response of ``DescribeExecution``."""
        end = self._end
        fields = {
            "executionArn": self.execution_arn,
            "stateMachineArn": self.state_machine_arn,
            "stateMachineVersionArn": self._started.version_arn,
            "stateMachineAliasArn": self._started.alias_arn,
            "name": self.name,
            "status": "RUNNING",
            "startDate": self.start_date,
            "input": self.execution_input,
            "inputDetails": {"included": True},
            "redriveCount": self.prepared.run.redrive_count,
            "redriveStatus": "NOT_REDRIVABLE" if (reason := self._not_redrivable()) else "REDRIVABLE",
            "redriveStatusReason": reason or None,
        }
        if end is not None:
            fields |= {"status": end.status, "stopDate": end.stop, "error": end.error, "cause": end.cause}
            if end.status == "SUCCEEDED":
                fields |= {"output": to_text(end.output), "outputDetails": {"included": True}}
        return {name: value for name, value in fields.items() if value is not None}

    def _run(self) -> None:
        try:
            self._end, _ = self.prepared.execute()
        except Exception as error:  # a fault of the emulator: who waits for the execution is told
            self._end = self.prepared.fail(f"the emulator cannot run it: {error!r}")
            raise


class _Backend(StepFunctionBackend):  # type: ignore[misc]
    """Moto's state machines, with executions of the engine."""

    scale: TimeScale
    services: Services

    @property
    def _url_module(self) -> Any:
        return urls

    def create_state_machine(self, name: str, definition: str, *args: Any, **kwargs: Any) -> StateMachine:
        """Create a state machine whose definition has been checked."""
        _check(definition)
        return super().create_state_machine(name, definition, *args, **kwargs)

    def update_state_machine(
        self, arn: str, definition: str | None = None, *args: Any, **kwargs: Any
    ) -> StateMachine:
        """Change a state machine."""
        if definition is not None:
            _check(definition)
        return super().update_state_machine(arn, definition, *args, **kwargs)

    def start_execution(
        self, state_machine_arn: str, name: str | None, execution_input: str, *, is_kept: bool = True
    ) -> Any:
        """Start an execution; the name of a test case may stand behind the ARN and a hash."""
        arn, hash_, case = state_machine_arn.partition("#")
        what = _started_by(self, arn)
        machine = what.machine
        responses = _case_responses(machine, case) if hash_ else {}
        if name:
            self._validate_name(name)
        machine._validate_execution_input(execution_input)
        name = name or str(uuid4())
        known = machine._handle_name_input_idempotency(name, execution_input) if is_kept else None
        if known is not None:
            return known
        execution = _MotoExecution(what, name, execution_input, self.scale.scaled, is_kept=is_kept)
        options = RunOptions(
            type=machine.type,
            name=name,
            machine=machine.name,
            tasks=_answers(self.services, responses),
            s3=self.services.objects,
            loop=execution.loop(),
            seed=uuid4().int,  # two executions have no token in common
            names=ExecutionArns(execution.execution_arn, machine.arn, what.revision.roleArn),
        )
        try:
            execution.start(prepare(what.revision.definition, json.loads(execution_input), options))
        except ExecutionError as error:
            raise exceptions.InvalidExecutionInput(str(error)) from None
        if is_kept:
            machine.executions.append(execution)
        return execution


def _started_by(backend: Any, arn: str) -> _Started:
    *machine_parts, last = arn.split(":")
    if len(machine_parts) < 7:
        machine = backend.describe_state_machine(arn)
        return _Started(machine, machine)
    alias = None if last.isnumeric() else backend.describe_state_machine_alias(arn)
    version_arn = arn if alias is None else _chosen(alias.routing_configuration)
    version = backend.describe_state_machine(version_arn)
    machine = backend.describe_state_machine(":".join(machine_parts))
    return _Started(machine, version, version_arn, None if alias is None else arn)


def _chosen(routes: Any) -> str:
    """Return one of the versions of an alias, each as often as its weight says."""
    arns = [str(route["stateMachineVersionArn"]) for route in routes]
    return random.choices(arns, [int(route["weight"]) for route in routes])[0]


def _answers(services: Services, responses: Mapping[str, list[Response]]) -> Any:
    def answer(call: TaskRequest) -> Answer | Pending:
        attempts = responses.get(call.state)
        if not attempts:
            return services.call(call)
        response = attempts[min(call.number, len(attempts) - 1)]
        return services.call(call, response) if isinstance(response, FailTask) else response

    return answer


def _case_responses(machine: Any, case: str) -> Mapping[str, list[Response]]:
    responses = _CASES.get((machine.name, case))
    if responses is None:
        message = f"the state machine {machine.name!r} has no test case {case!r}"
        raise exceptions.ValidationException(message)
    names = [name for name, _ in states_of(json.loads(machine.definition))]
    if messages := unknown_states(responses, names):
        raise exceptions.ValidationException(f"the test case {case!r} does not fit: {'; '.join(messages)}")
    return responses


def _check(definition: str) -> None:
    """Refuse a definition that Step Functions refuses."""
    try:
        problems = [str(problem) for problem in errors(AslWorkflow.read(definition).check())]
        if not problems:
            compile_machine(json.loads(definition))
    except (ReadError, ExecutionError, ValueError) as error:
        problems = [str(error)]
    if problems:
        raise AWSError(f"Invalid State Machine Definition: {'; '.join(problems)}", "InvalidDefinition")
