"""Tasks that wait until their service is done (``.sync``): how each looks at it, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from cfngen.asl.errors import TASK_FAILED
from cfngen.cfn.resources import Integration
from cfngen.execution.json_values import read_text, to_text
from cfngen.execution.mocks import Return, Throw
from cfngen.local.spelling import called, operation_of

Watch: TypeAlias = "Callable[[Any, Mapping[str, Any], float], Return | Throw | None]"
"""Looks, with a client, at what was submitted so many seconds ago; returns None while it is not done.

It is given the arguments of the call and the members of the response.
"""


def watcher(resource: Integration) -> Watch | None:
    """Return what looks at a task's service, None where the emulator has nothing to look at."""
    return None if resource.sdk else _WATCHERS.get(resource.called + resource.suffix)


def _job(client: Any, submitted: Mapping[str, Any], seconds: float) -> Return | Throw | None:
    described = _described(client, "describeJobs", jobs=[submitted["JobId"]])["Jobs"]
    if not described or described[0]["Status"] not in ("SUCCEEDED", "FAILED"):
        return None
    return _outcome(described[0], described[0]["Status"] == "SUCCEEDED")


def _task(client: Any, submitted: Mapping[str, Any], seconds: float) -> Return | Throw | None:
    if not submitted["Tasks"]:
        return _outcome(submitted, False)
    task = submitted["Tasks"][0]
    described = _described(client, "describeTasks", cluster=task["ClusterArn"], tasks=[task["TaskArn"]])
    if not described["Tasks"] or described["Tasks"][0]["LastStatus"] != "STOPPED":
        return None
    containers = described["Tasks"][0].get("Containers", ())
    return _outcome(described["Tasks"][0], not any(container.get("ExitCode") for container in containers))


def _glue_run(client: Any, submitted: Mapping[str, Any], seconds: float) -> Return | Throw | None:
    names = {"JobName": submitted["JobName"], "RunId": submitted["JobRunId"]}
    run = _described(client, "getJobRun", **names)["JobRun"]
    if run["JobRunState"] in ("STARTING", "RUNNING", "STOPPING", "WAITING"):
        return None
    return _outcome(run, run["JobRunState"] == "SUCCEEDED")


def _query(client: Any, submitted: Mapping[str, Any], seconds: float) -> Return | Throw | None:
    described = _described(client, "getQueryExecution", QueryExecutionId=submitted["QueryExecutionId"])
    status = described["QueryExecution"]["Status"]["State"]
    if status in ("QUEUED", "RUNNING"):
        return None
    return _outcome(described, status == "SUCCEEDED")


def _execution(
    client: Any, submitted: Mapping[str, Any], seconds: float, *, is_read: bool = False
) -> Return | Throw | None:
    result = _described(client, "describeExecution", executionArn=submitted["ExecutionArn"])
    if result["Status"] == "RUNNING":
        return None
    # its waits have been shortened, and count in full here too
    left = max(0.0, (result["StopDate"] - result["StartDate"]) / 1000 - seconds)
    for name in ("Input", "Output"):
        if name in result:
            result[name] = read_text(result[name]) if is_read else result[name]
            result.setdefault(f"{name}Details", {"Included": True})
    return _outcome(result, result["Status"] == "SUCCEEDED", left)


def _outcome(result: Mapping[str, Any], is_success: bool, seconds: float = 0) -> Return | Throw:
    if is_success:
        return Return(result, seconds)
    return Throw(TASK_FAILED, to_text(dict(result)), seconds)


def _described(client: Any, action: str, **arguments: Any) -> Any:
    return called(client, operation_of(client, action), arguments)


_WATCHERS: Final[Mapping[str, Watch]] = {
    "athena:startQueryExecution.sync": _query,
    "batch:submitJob.sync": _job,
    "ecs:runTask.sync": _task,
    "glue:startJobRun.sync": _glue_run,
    "states:startExecution.sync": _execution,
    "states:startExecution.sync:2": partial(_execution, is_read=True),
}
