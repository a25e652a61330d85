"""Visits that are put together from their events, and what the outcome of the execution says about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from cfngen.history.events import number_or_none, text_or_none
from cfngen.history.values import Event, HistoryAttempt, HistoryVisit, Iteration, Status

_STATUS_OF_ENDING: Final[Mapping[str, Status]] = {
    "Succeeded": "succeeded",
    "Failed": "failed",
    "TimedOut": "timed out",
    "Aborted": "aborted",
}
_ITERATION: Final = re.compile(r"MapIteration(Started|Succeeded|Failed|Aborted)")
ATTEMPT_START: Final = re.compile(r"(Task|LambdaFunction|Activity)Scheduled|(Parallel|Map)StateStarted")
_ATTEMPT_END: Final = re.compile(
    r"(?:Task|LambdaFunction|Activity|Evaluation|(?:Parallel|Map|Task|Wait)State)"
    r"(?:Start|Submit|Schedule)?(Succeeded|Failed|TimedOut|Aborted)"
)
_ENDS_WITHOUT_START: Final = ("EvaluationFailed", "LambdaFunctionScheduleFailed", "ActivityScheduleFailed")
"""Events that end an attempt and may come without an event that begins it."""
FAILURE: Final = re.compile(r"(Failed|TimedOut)$")
_STATUS_OF_OPEN_VISITS: Final[Mapping[str, Status]] = {
    "SUCCEEDED": "unknown",
    "FAILED": "aborted",
    "TIMED_OUT": "timed out",
    "ABORTED": "aborted",
}
"""The status of visits that are still open when the execution ends, by the status of the execution."""


class VisitBuilder:
    """A visit while its events are read; it has no name if its first event is older than the history."""

    def __init__(self, first: Event, kind: str, name: str, parent: VisitBuilder | None = None) -> None:
        self.first = first
        self.kind = kind
        self.name = name
        self.parent = parent
        self.number: int | None = None
        self.iteration: int | None = None
        self.entered: Event | None = None
        self.exited: Event | None = None
        self.events: list[Event] = []
        self.attempts: list[list[Event]] = []
        self.iterations: list[list[Event]] = []
        self.open_iterations: dict[int | None, list[Event]] = {}
        self.has_ended: bool = True  # the last attempt, if one began
        self.fails_parent = False

    def add(self, event: Event, step: str) -> None:
        """Add an event of this visit; one that begins an attempt opens an attempt."""
        self.events.append(event)
        if step == "Entered":
            self.entered = event
        elif step == "Exited":
            self.exited = event
        else:
            self._add_to_attempt(event)
        if iteration := _ITERATION.fullmatch(event.type):
            index = number_or_none(event.details.get("index"))
            if iteration[1] == "Started" or index not in self.open_iterations:
                self.open_iterations[index] = []
                self.iterations.append(self.open_iterations[index])
            self.open_iterations[index].append(event)

    def _add_to_attempt(self, event: Event) -> None:
        ending = ending_of(event)
        if ATTEMPT_START.fullmatch(event.type) or (self.has_ended and event.type in _ENDS_WITHOUT_START):
            self.attempts.append([])
        elif not self.attempts and ending != "aborted":
            self.attempts.append([])  # its first event is older than the history
        if self.attempts:
            self.attempts[-1].append(event)
        self.has_ended = ending is not None

    @property
    def is_abandoned(self) -> bool:
        """Whether a state around it continued without it, or made another attempt."""
        parent = self.parent
        while parent is not None:
            if parent.exited is not None or (parent.attempts and parent.has_ended):
                return True
            if parent.attempts and parent.attempts[-1][0].id > self.first.id:
                return True
            parent = parent.parent
        return False

    def visit(self, outcome: ExecutionEnd) -> HistoryVisit:
        """Return the visit, with the status that follows from the outcome of the execution."""
        open_status: Status = "aborted" if self.is_abandoned else outcome.open_status
        attempts = tuple(outcome.attempt(events, open_status) for events in self.attempts)
        status = self._status(attempts, open_status, outcome)
        error: tuple[str | None, str | None] = (None, None)
        if status in ("failed", "timed out", "caught", "aborted"):
            error = outcome.error_of(self.events) or (None, None)
            if error == (None, None) and self in outcome.failed_visits:
                error = outcome.error, outcome.cause
        assigned = self.exited and self.exited.details.get("assignedVariables")
        return HistoryVisit(
            number=self.number or 0,
            name=self.name,
            type=self.kind,
            status=status,
            entered=self.entered.time if self.entered else None,
            exited=self.exited.time if self.exited else None,
            input=text_or_none(self.entered and self.entered.details.get("input")),
            output=text_or_none(self.exited and self.exited.details.get("output")),
            assigned=assigned if isinstance(assigned, Mapping) else {},
            error=error[0],
            cause=error[1],
            attempts=attempts,
            parent=self.parent.number if self.parent else None,
            iteration=self.iteration,
            iterations=tuple(_iteration_of(events, open_status) for events in self.iterations),
            events=tuple(self.events),
        )

    def _status(
        self, attempts: tuple[HistoryAttempt, ...], open_status: Status, outcome: ExecutionEnd
    ) -> Status:
        failure: Status | None = attempts[-1].status if attempts else None
        if failure not in ("failed", "timed out"):
            failure = None
        if self.exited is not None:
            return "caught" if failure else "retried" if len(attempts) > 1 else "succeeded"
        if self.kind == "Fail":
            return "failed"
        if not failure and self.events and ending_of(self.events[-1]) == "aborted":
            return "aborted"
        if failure and (self.is_abandoned or outcome.status in ("FAILED", "SUCCEEDED")):
            return failure
        if self in outcome.failed_visits or (self.fails_parent and self.is_abandoned):
            return "failed"
        return open_status


class ExecutionEnd:
    """How the execution ended, and through which visits.

    ``contexts`` are the visits of events by the ids of the events, ``before`` returns the previous event.
    """

    def __init__(
        self,
        status: str,
        last: Event | None,
        contexts: Mapping[int, VisitBuilder | None],
        before: Callable[[Event], Event | None],
    ) -> None:
        self.status = status
        self._before = before
        self.open_status: Status = "running"
        if status in _STATUS_OF_OPEN_VISITS:
            self.open_status = "unknown" if last is None else _STATUS_OF_OPEN_VISITS[status]
        self.error: str | None = last.error if last else None
        self.cause: str | None = last.cause if last else None
        self.failed_visits: set[VisitBuilder] = set()
        failed_visit = contexts.get(last.id) if last and status == "FAILED" else None
        while failed_visit is not None and failed_visit.exited is None:
            self.failed_visits.add(failed_visit)
            failed_visit = failed_visit.parent

    def attempt(self, events: list[Event], open_status: Status) -> HistoryAttempt:
        """Return an attempt; its status is ``open_status`` if no event ends it."""
        endings = [(ending, event.time) for event in events if (ending := ending_of(event))]
        if len(endings) > 1 and endings[-1][0] == "aborted":
            endings.pop()  # the abort of the branch that the failed attempt ended
        status, stopped = endings[-1] if endings else (open_status, None)
        scheduled = events[0].details
        resource = text_or_none(scheduled.get("resource"))
        if resource and (service := text_or_none(scheduled.get("resourceType"))):
            resource = f"{service}:{resource}"
        error = self.error_of(events) if status != "succeeded" else None
        outputs = [
            output for event in events if (output := text_or_none(event.details.get("output"))) is not None
        ]
        return HistoryAttempt(
            status=status,
            started=events[0].time,
            stopped=stopped,
            resource=resource,
            input=text_or_none(scheduled.get("parameters", scheduled.get("input"))),
            output=outputs[-1] if outputs else None,
            error=error[0] if error else None,
            cause=error[1] if error else None,
            events=tuple(events),
        )

    def error_of(self, events: list[Event]) -> tuple[str | None, str | None] | None:
        """Return the error and cause of the last failure, which may be that of a failure before it."""
        for event in reversed(events):
            failure: Event | None = event
            while failure is not None and FAILURE.search(failure.type):
                if failure.error or failure.cause:
                    return failure.error, failure.cause
                failure = self._before(failure)
        return None


def _iteration_of(events: list[Event], open_status: Status) -> Iteration:
    last = _ITERATION.fullmatch(events[-1].type)
    ending = _STATUS_OF_ENDING.get(last[1]) if last else None
    return Iteration(
        index=number_or_none(events[0].details.get("index")),
        status=ending or open_status,
        started=events[0].time,
        stopped=events[-1].time if ending else None,
    )


def ending_of(event: Event) -> Status | None:
    """Return the status that an event gives to an attempt, or None if it does not end one."""
    ending = _ATTEMPT_END.fullmatch(event.type)
    return _STATUS_OF_ENDING[ending[1]] if ending else None
