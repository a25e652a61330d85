"""Reading: events that name the one before them become visits of states.

An event says neither which visit it belongs to nor which branch it stands in; the chain of the events
before it does. No event is looked at more often than the states around it are deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from cfngen.history import Attempt, Event, HistoryError, Iteration, Status, Visit

_STATUS: Final = {
    "ExecutionStarted": "RUNNING",
    "ExecutionRedriven": "RUNNING",
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}
_ENDED: Final[Mapping[str, Status]] = {
    "Succeeded": "succeeded",
    "Failed": "failed",
    "TimedOut": "timed out",
    "Aborted": "aborted",
}
_STATE: Final = re.compile(r"(\w+)State(Entered|Exited|Started|Succeeded|Failed|Aborted)")
_ITERATION: Final = re.compile(r"MapIteration(Started|Succeeded|Failed|Aborted)")
_BEGINS: Final = re.compile(r"(Task|LambdaFunction|Activity)Scheduled|(Parallel|Map)StateStarted")
_ENDS: Final = re.compile(
    r"(?:Task|LambdaFunction|Activity|Evaluation|(?:Parallel|Map|Task|Wait)State)"
    r"(?:Start|Submit|Schedule)?(Succeeded|Failed|TimedOut|Aborted)"
)
_REFUSED: Final = ("EvaluationFailed", "LambdaFunctionScheduleFailed", "ActivityScheduleFailed")
"""The ends of a try that may come without its beginning."""
_FELL: Final = re.compile(r"(Failed|TimedOut)$")
_LEFT: Final[Mapping[str, Status]] = {
    "SUCCEEDED": "unknown",
    "FAILED": "aborted",
    "TIMED_OUT": "timed out",
    "ABORTED": "aborted",
}
"""What becomes of the states that are open when an execution ends."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FRACTION: Final = re.compile(r"\.(\d+)")
_MILLISECONDS: Final = 1e11
"""Greater numbers are no seconds: they would be past the year 5000."""


def read(described: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields of an ``Execution``. Raises ``HistoryError``."""
    if not isinstance(described, Mapping):
        raise HistoryError(f"an execution is described by a mapping, not {described!r:.80}")
    listed = _in_order(events)
    whole = [event for event in listed if event.type in _STATUS]
    first = whole[0] if whole and whole[0].type == "ExecutionStarted" else None
    last = whole[-1] if whole and _STATUS[whole[-1].type] != "RUNNING" else None
    told = _STATUS[whole[-1].type] if whole else "RUNNING"
    status = str(described.get("status") or told)
    is_whole = first is not None and (last is not None or status in ("RUNNING", "PENDING_REDRIVE"))
    reading = _Reading(listed)
    visits = reading.named()
    fate = _Fate(status, last, reading)
    arn = str(described.get("executionArn") or "")

    def given(name: str, event: Event | None) -> str | None:
        return _text(described.get(name)) or _text(event and event.details.get(name))

    return {
        "arn": arn,
        "name": str(described.get("name") or arn.rpartition(":")[2]),
        "status": status,
        "machine": _text(described.get("stateMachineArn")),
        "start": _time(described.get("startDate")) or (first and first.time),
        "stop": _time(described.get("stopDate")) or (last and last.time),
        "input": given("input", first),
        "output": given("output", last),
        "error": given("error", last),
        "cause": given("cause", last),
        "visits": tuple(visit.finished(fate) for visit in visits),
        "events": tuple(listed),
        "is_whole": is_whole,
    }


class _Visiting:
    """A visit that is being read; it has no name where its beginning is older than the history."""

    def __init__(self, first: Event, kind: str, name: str, parent: _Visiting | None = None) -> None:
        self.first = first
        self.kind = kind
        self.name = name
        self.parent = parent
        self.number: int | None = None
        self.iteration: int | None = None
        self.entered: Event | None = None
        self.exited: Event | None = None
        self.events: list[Event] = []
        self.tries: list[list[Event]] = []
        self.iterations: list[list[Event]] = []
        self.iterating: dict[int | None, list[Event]] = {}
        self.has_ended = False  # the try under way
        self.brings_down = False  # the state around it

    def take(self, event: Event, step: str) -> None:
        """Take an event of its own in; what begins a try opens one."""
        self.events.append(event)
        if step == "Entered":
            self.entered = event
        elif step == "Exited":
            self.exited = event
        else:
            self._try(event)
        if iterated := _ITERATION.fullmatch(event.type):
            index = _number(event.details.get("index"))
            if iterated[1] == "Started" or index not in self.iterating:
                self.iterating[index] = []
                self.iterations.append(self.iterating[index])
            self.iterating[index].append(event)

    def _try(self, event: Event) -> None:
        ended = _ended(event)
        again = self.has_ended or not self.tries
        if _BEGINS.fullmatch(event.type) or (again and event.type in _REFUSED):
            self.tries.append([])
        elif not self.tries and ended != "aborted":
            self.tries.append([])  # its beginning is older than the history
        if self.tries:
            self.tries[-1].append(event)
        self.has_ended = ended is not None

    @property
    def is_left(self) -> bool:
        """Whether a state around it went on without it, or tried once more."""
        around = self.parent
        while around is not None:
            if around.exited is not None or (around.tries and around.has_ended):
                return True
            if around.tries and around.tries[-1][0].id > self.first.id:
                return True
            around = around.parent
        return False

    def finished(self, fate: _Fate) -> Visit:
        """Return the visit, given what became of the execution."""
        left: Status = "aborted" if self.is_left else fate.left
        attempts = tuple(fate.attempt(events, left) for events in self.tries)
        status = self._status(attempts, left, fate)
        told: tuple[str | None, str | None] = (None, None)
        if status in ("failed", "timed out", "caught", "aborted"):
            told = fate.told(self.events) or (None, None)
            if told == (None, None) and self in fate.culprits:
                told = fate.error, fate.cause
        assigned = self.exited and self.exited.details.get("assignedVariables")
        return Visit(
            number=self.number or 0,
            name=self.name,
            type=self.kind,
            status=status,
            entered=self.entered.time if self.entered else None,
            exited=self.exited.time if self.exited else None,
            input=_text(self.entered and self.entered.details.get("input")),
            output=_text(self.exited and self.exited.details.get("output")),
            assigned=assigned if isinstance(assigned, Mapping) else {},
            error=told[0],
            cause=told[1],
            attempts=attempts,
            parent=self.parent.number if self.parent else None,
            iteration=self.iteration,
            iterations=tuple(_iteration(events, left) for events in self.iterations),
            events=tuple(self.events),
        )

    def _status(self, attempts: tuple[Attempt, ...], left: Status, fate: _Fate) -> Status:
        fell: Status | None = attempts[-1].status if attempts else None
        if fell not in ("failed", "timed out"):
            fell = None
        if self.exited is not None:
            return "caught" if fell else "retried" if len(attempts) > 1 else "succeeded"
        if self.kind == "Fail":
            return "failed"
        if not fell and self.events and _ended(self.events[-1]) == "aborted":
            return "aborted"
        if fell and (self.is_left or fate.status in ("FAILED", "SUCCEEDED")):
            return fell
        if self in fate.culprits or (self.brings_down and self.is_left):
            return "failed"
        return left


class _Fate:
    """What became of the execution, and through which visits."""

    def __init__(self, status: str, last: Event | None, reading: _Reading) -> None:
        self.status = status
        self.before = reading.before
        self.left: Status = "running"
        if status in _LEFT:
            self.left = "unknown" if last is None else _LEFT[status]
        self.error, self.cause = (last.error, last.cause) if last else (None, None)
        self.culprits: set[_Visiting] = set()
        culprit = reading.context.get(last.id) if last and status == "FAILED" else None
        while culprit is not None and culprit.exited is None:
            self.culprits.add(culprit)
            culprit = culprit.parent

    def attempt(self, events: list[Event], left: Status) -> Attempt:
        """Return a try, which is ``left`` unless an event ends it."""
        ends = [(ended, event.time) for event in events if (ended := _ended(event))]
        if len(ends) > 1 and ends[-1][0] == "aborted":
            ends.pop()  # a task that failed ends its branch, of which Step Functions tells too
        status, stopped = ends[-1] if ends else (left, None)
        scheduled = events[0].details
        resource = _text(scheduled.get("resource"))
        if resource and (service := _text(scheduled.get("resourceType"))):
            resource = f"{service}:{resource}"
        told = self.told(events) if status != "succeeded" else None
        outputs = [output for event in events if (output := _text(event.details.get("output"))) is not None]
        return Attempt(
            status=status,
            started=events[0].time,
            stopped=stopped,
            resource=resource,
            input=_text(scheduled.get("parameters", scheduled.get("input"))),
            output=outputs[-1] if outputs else None,
            error=told[0] if told else None,
            cause=told[1] if told else None,
            events=tuple(events),
        )

    def told(self, events: list[Event]) -> tuple[str | None, str | None] | None:
        """Return the error that the last of the events to fail tells of, or what it failed of inside."""
        for event in reversed(events):
            fallen: Event | None = event
            while fallen is not None and _FELL.search(fallen.type):
                if fallen.error or fallen.cause:
                    return fallen.error, fallen.cause
                fallen = self.before(fallen)
        return None


class _Reading:
    """Where each event stands: its ``context`` is the visit that it is part of, or comes after."""

    def __init__(self, listed: list[Event]) -> None:
        self.visits: list[_Visiting] = []
        self.context: dict[int, _Visiting | None] = {}
        self._events: dict[int, Event] = {}
        self._named: dict[str, _Visiting] = {}
        self._entered: list[_Visiting] = []
        for event in listed:
            self._place(event)

    def before(self, event: Event) -> Event | None:
        """Return the event that an event names as the one before it, unless that is missing."""
        return self._events.get(event.previous) if event.previous else None

    def named(self) -> list[_Visiting]:
        """Return the visits of which the name is known, numbered, and number their events."""
        known = [visit for visit in self.visits if visit.name]
        for number, visit in enumerate(known):
            visit.number = number
            for event in visit.events:
                event.__dict__["visit"] = number
        return known

    def _place(self, event: Event) -> None:
        before = self.before(event)
        around = self.context[before.id] if before else None
        named = _STATE.fullmatch(event.type)
        kind, step = (named[1], named[2]) if named else ("", "")
        if event.type.startswith("MapIteration"):
            kind = "Map"
        name = _text(event.details.get("name")) or _text(event.details.get("state")) or ""
        if event.type in _STATUS:
            visit = None
        elif step == "Entered":
            visit = self._enter(event, kind, name, before, around)
        else:
            visit = self._climb(around, kind, name, step) or self._found(event, kind, name, before)
            visit.kind, visit.name = visit.kind or kind, visit.name or name
        if visit:
            visit.take(event, step)
            if around and around is not visit and _FELL.search(event.type):
                around.brings_down = True
        self.context[event.id] = visit or around
        self._events[event.id] = event

    def _enter(
        self, event: Event, kind: str, name: str, before: Event | None, around: _Visiting | None
    ) -> _Visiting:
        visit = self._begin(event, kind, name)
        if before and around:
            if before.type in ("ParallelStateStarted", "MapStateStarted", "MapIterationStarted"):
                visit.parent = around
                visit.iteration = _number(before.details.get("index"))
            else:
                visit.parent, visit.iteration = around.parent, around.iteration
        self._entered.append(visit)
        return visit

    def _begin(self, event: Event, kind: str, name: str) -> _Visiting:
        visit = _Visiting(event, kind, name)
        self.visits.append(visit)
        if name:
            self._named[name] = visit
        return visit

    def _climb(self, visit: _Visiting | None, kind: str, name: str, step: str) -> _Visiting | None:
        """Return the innermost state that an event can be of, from where the event before it stands."""
        while visit is not None:
            fits = (not kind or visit.kind in ("", kind)) and (not name or visit.name in ("", name))
            if fits and visit.exited is None:
                ends = step in ("Succeeded", "Failed", "Aborted") and kind in ("Parallel", "Map")
                if not (ends and visit.tries and visit.has_ended):
                    return visit
            if not kind and not name:
                return None
            visit = visit.parent
        return None

    def _found(self, event: Event, kind: str, name: str, before: Event | None) -> _Visiting:
        """Return the visit of an event whose chain does not lead to one."""
        known = self._named.get(name)
        if known and known.exited is None:
            return known
        if not name and (before or not event.previous):
            while self._entered and self._entered[-1].exited is not None:
                self._entered.pop()
            if self._entered:
                return self._entered[-1]
        return self._begin(event, kind, name)


def _in_order(events: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Return each event once, by its id: pages may overlap, or run backwards."""
    found: dict[int, Event] = {}
    for place, given in enumerate(events):
        if not isinstance(given, Mapping):
            raise HistoryError(f"event {place} of the history is no mapping: {given!r:.80}")
        number, kind = given.get("id"), given.get("type")
        if not isinstance(number, int) or not isinstance(kind, str):
            raise HistoryError(f"event {place} of the history has no 'id' and 'type': {given!r:.80}")
        details: Any = next((value for key, value in given.items() if key.endswith("EventDetails")), {})
        found[number] = Event(
            id=number,
            type=kind,
            time=_time(given.get("timestamp")),
            previous=_number(given.get("previousEventId")),
            details=details if isinstance(details, Mapping) else {},
        )
    return [found[number] for number in sorted(found)]


def _iteration(events: list[Event], left: Status) -> Iteration:
    last = _ITERATION.fullmatch(events[-1].type)
    ended = _ENDED.get(last[1]) if last else None
    return Iteration(
        index=_number(events[0].details.get("index")),
        status=ended or left,
        started=events[0].time,
        stopped=events[-1].time if ended else None,
    )


def _ended(event: Event) -> Status | None:
    """Return how an event ends a try, or None."""
    found = _ENDS.fullmatch(event.type)
    return _ENDED[found[1]] if found else None


def _text(given: Any) -> str | None:
    return given if isinstance(given, str) else None


def _number(given: Any) -> int | None:
    return given if isinstance(given, int) else None


def _time(given: Any) -> datetime | None:
    """Return a time of AWS's SDKs, of its JSON or of its command, in UTC."""
    try:
        if isinstance(given, str):
            # before Python 3.11 a fraction has three or six digits, and UTC is no letter
            text = _FRACTION.sub(lambda found: f".{found[1]:0<6.6}", given.strip())
            given = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
        if isinstance(given, datetime):
            return given.astimezone(timezone.utc) if given.tzinfo else given.replace(tzinfo=timezone.utc)
        if isinstance(given, (int, float)):
            seconds = given / 1000 if abs(given) > _MILLISECONDS else given
            return _EPOCH + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None
    return None
