"""The API of Step Functions in the emulator, with what moto lacks of it.

Only the emulator's process imports this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.exceptions import ResourceNotFound
from moto.stepfunctions.responses import StepFunctionResponse

from cfngen.local.token_store import TOKENS

_MAX_POLL_SECONDS: Final = 60
"""GetActivityTask returns without a task after so long."""


class StatesApi(StepFunctionResponse):  # type: ignore[misc]
    """The API, with what moto's lacks."""

    def publish_state_machine_version(self) -> ActionResult:
        """Publish a version of a state machine, unless it has not changed since the newest."""
        machine: Any = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        newest = machine.latest_version
        if newest is None or _revision(newest) != _revision(machine):
            machine.publish(self._get_param("description"))
        return ActionResult(_version(machine.latest_version))

    def list_state_machine_versions(self) -> ActionResult:
        """Return the versions of a state machine, the newest first."""
        machine: Any = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
        versions = [machine.versions[number] for number in sorted(machine.versions, reverse=True)]
        return ActionResult({"stateMachineVersions": [*map(_version, versions)]})

    def delete_state_machine_version(self) -> ActionResult:
        """Delete a version, unless an alias names it; one that does not exist is no error."""
        arn = self._get_param("stateMachineVersionArn")
        machine_arn, _, number = arn.rpartition(":")
        for machine in self.stepfunction_backend.state_machines:
            if machine.arn == machine_arn:
                if any(arn in str(alias.routing_configuration) for alias in machine.aliases.values()):
                    raise AWSError(f"Version is referenced by an alias: {arn}", "ConflictException")
                machine.versions.pop(int(number), None)
        return EmptyResult()

    def start_sync_execution(self) -> ActionResult:
        """Run an express execution, and return how it ended."""
        start: Any = self.stepfunction_backend.start_execution
        text = self._get_param("input", if_none="{}")
        execution = start(self._get_param("stateMachineArn"), self._get_param("name"), text, is_kept=False)
        execution.wait()
        billing = {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
        return ActionResult({**execution.described(), "billingDetails": billing})

    def describe_execution(self) -> ActionResult:
        """Return how an execution goes, or how it ended."""
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        return ActionResult(execution.described())

    def stop_execution(self) -> ActionResult:
        """Stop an execution."""
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        execution.stop(self._get_param("error"), self._get_param("cause"))
        return ActionResult({"stopDate": execution.stop_date or datetime.now(timezone.utc)})

    def redrive_execution(self) -> ActionResult:
        """Go on with an execution where it failed, timed out or was stopped."""
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        execution.redrive()
        return ActionResult({"redriveDate": datetime.now(timezone.utc)})

    def list_map_runs(self) -> ActionResult:
        """Return the runs of distributed Maps of an execution."""
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        return ActionResult({"mapRuns": [_map_run(execution, run) for run in execution.prepared.map_runs]})

    def describe_map_run(self) -> ActionResult:
        """Return how a run of a distributed Map goes."""
        arn = self._get_param("mapRunArn")
        for machine in self.stepfunction_backend.state_machines:
            for execution in machine.executions:
                for run in execution.prepared.map_runs:
                    if run.arn == arn:
                        return ActionResult(_map_run(execution, run))
        raise ResourceNotFound(arn)

    def get_execution_history(self) -> ActionResult:
        """Return a page of an execution's events."""
        execution: Any = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        history = execution.prepared.run.history
        count, size = len(history.records), self._get_int_param("maxResults") or 100
        first = int(self._get_param("nextToken") or 0)
        numbers = range(count, 0, -1) if self._get_param("reverseOrder") else range(1, count + 1)
        page = numbers[first : first + size]
        token = str(first + size) if first + size < count else None
        return ActionResult({"events": [history.event(number) for number in page], "nextToken": token})

    def send_task_success(self) -> ActionResult:
        """Let a task succeed."""
        try:
            output = json.loads(self._get_param("output"))
        except ValueError as error:
            raise AWSError(f"Invalid Output: '{error}'", "InvalidOutput") from None
        return self._send({"output": output})

    def send_task_failure(self) -> ActionResult:
        """Let a task fail."""
        return self._send({name: self._get_param(name) for name in ("error", "cause")})

    def send_task_heartbeat(self) -> ActionResult:
        """Say that a task is at work."""
        return self._send({"heartbeat": True})

    def _send(self, message: Mapping[str, Any]) -> ActionResult:
        TOKENS.send(self._get_param("taskToken"), message)
        return EmptyResult()

    def get_activity_task(self) -> ActionResult:
        """Wait for a task of an activity."""
        arn = self.stepfunction_backend.describe_activity(self._get_param("activityArn")).arn
        task = TOKENS.next_task(arn, _MAX_POLL_SECONDS)
        return ActionResult({} if task is None else {"taskToken": task[0], "input": task[1]})


def _version(version: Any) -> dict[str, Any]:
    return {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}


def _revision(machine: Any) -> tuple[Any, ...]:
    """Return what makes a revision of a state machine: its definition, and how it runs."""
    return machine.definition, machine.roleArn, machine.loggingConfiguration, machine.tracingConfiguration


def _map_run(execution: Any, run: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("pending", "running", "timedOut", "aborted", "resultsWritten"), 0)
    counts = {**unknown, "succeeded": run.succeeded, "failed": run.failed, "total": run.total}
    return {
        "executionArn": execution.execution_arn,
        "mapRunArn": run.arn,
        "stateMachineArn": f"{execution.state_machine_arn}/{run.label}",
        "startDate": execution.start_date,
        "status": run.status,
        "redriveCount": run.redrive_count,
        "itemCounts": counts,
        "executionCounts": counts,
        "maxConcurrency": 0,
        "toleratedFailurePercentage": 0,
        "toleratedFailureCount": 0,
    }
