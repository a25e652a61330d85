"""What the script of a page works with: states, visits and events as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cfngen.history import Event, ExecutionHistory, HistoryAttempt, HistoryVisit
from cfngen.views.drawing import Drawing
from cfngen.views.picture import Box


def definition_data(drawing: Drawing) -> dict[str, Any]:
    """Return the states of a definition."""
    states = [
        {
            "name": state_name(box),
            "shown": box.name,
            "type": box.type,
            "detail": box.detail,
            "path": box.path,
        }
        for box in drawing.picture.states()
    ]
    return {"states": states}


def execution_data(
    drawing: Drawing, execution: ExecutionHistory, outcomes: Mapping[int, str]
) -> dict[str, Any]:
    """Return the states of a definition with their outcomes, and the visits and events of an execution."""
    data = definition_data(drawing)
    for state, outcome in zip(data["states"], outcomes.values(), strict=True):
        state["status"] = outcome
    return data | {
        "visits": [_visit(visit) for visit in execution.visits],
        "events": [_event_data(event) for event in execution.events],
        "start": moment(execution.start),
    }


def state_name(box: Box) -> str:
    """Return the name of a state as in the definition."""
    return str(box.path[-1])


def _visit(visit: HistoryVisit) -> dict[str, Any]:
    return _known_fields(
        {
            "name": visit.name,
            "status": visit.status,
            "entered": moment(visit.entered),
            "duration": duration_text(visit.duration),
            "input": visit.input,
            "output": visit.output,
            "assigned": dict(visit.assigned) or None,
            "error": visit.error,
            "cause": visit.cause,
            "parent": visit.parent,
            "iteration": visit.iteration,
            "iterations": [[run.index, run.status] for run in visit.iterations] or None,
            "attempts": [_attempt_data(attempt) for attempt in visit.attempts] or None,
            "events": [event.id for event in visit.events],
        }
    )


def _attempt_data(attempt: HistoryAttempt) -> dict[str, Any]:
    duration = attempt.stopped - attempt.started if attempt.stopped and attempt.started else None
    return _known_fields(
        {
            "status": attempt.status,
            "started": moment(attempt.started),
            "duration": duration_text(duration),
            "resource": attempt.resource,
            "input": attempt.input,
            "output": attempt.output,
            "error": attempt.error,
            "cause": attempt.cause,
            "events": [event.id for event in attempt.events],
        }
    )


def _event_data(event: Event) -> dict[str, Any]:
    return _known_fields(
        {
            "id": event.id,
            "type": event.type,
            "time": moment(event.time),
            "visit": event.visit,
            "details": dict(event.details) or None,
        }
    )


def _known_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def moment(time: datetime | None) -> str | None:
    """Return a time in UTC with milliseconds."""
    return None if time is None else f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03} UTC"


def duration_text(duration: timedelta | None) -> str | None:
    """Return a duration in hours, minutes and seconds."""
    if duration is None:
        return None
    seconds = max(0.0, duration.total_seconds())
    if seconds < 60:
        return f"{seconds:.3f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {rest} s" if hours else f"{minutes} min {rest} s"
