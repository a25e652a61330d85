"""Small machines for tests: one state, or tasks that are mocked."""

from __future__ import annotations

from typing import Any

from cfngen.execution import run
from cfngen.execution.prepared import EMPTY

START = "2026-11-28T04:22:04Z"
LAMBDA = "arn:aws:states:::lambda:invoke"


def one(state: Any, **fields: Any) -> dict[str, Any]:
    """A machine of one state."""
    return {"StartAt": "It", "States": {"It": {**state, "End": True}}, **fields}


def task(**fields: Any) -> Any:
    """A task that calls a function."""
    return {"Type": "Task", "Resource": LAMBDA, **fields}


def output(state: Any, value: Any = None, **fields: Any) -> Any:
    """What a machine of one state puts out."""
    execution = executed(one(state, **fields), {} if value is None else value)
    assert execution.status == "SUCCEEDED", execution.cause
    return execution.output


def failure(state: Any, value: Any = None, **fields: Any) -> str:
    """How a machine of one state fails."""
    execution = executed(one(state, **fields), {} if value is None else value)
    assert execution.status == "FAILED"
    return f"{execution.error}: {execution.cause}"


def executed(definition: dict[str, Any], value: Any = EMPTY, **options: Any) -> Any:
    """An execution that starts at a time that stands."""
    return run(definition, value, start=START, **options)


def kinds(execution: Any) -> list[Any]:
    """The types of the events."""
    return [event["type"] for event in execution.events]


def chain(execution: Any) -> list[Any]:
    """Each event with its id and that of the event before it."""
    return [f"{event['id']}<-{event['previousEventId']} {event['type']}" for event in execution.events]
