"""Reading: events that name the one before them become visits of states.

An event says neither which visit it belongs to nor which branch it is in; the chain of the events before it
does. No event is looked at more often than the states around it are deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cfngen.history.events import HistoryError, in_order, moment_or_none, number_or_none, text_or_none
from cfngen.history.values import Event
from cfngen.history.visits import FAILURE, ExecutionEnd, VisitBuilder

_STATUS_OF_EXECUTION_EVENT: Final = {
    "ExecutionStarted": "RUNNING",
    "ExecutionRedriven": "RUNNING",
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}
_STATE: Final = re.compile(r"(\w+)State(Entered|Exited|Started|Succeeded|Failed|Aborted)")


def execution_fields(described: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields of an ``Execution``. Raises ``HistoryError``."""
    if not isinstance(described, Mapping):
        raise HistoryError(f"the description of an execution must be a mapping, not {described!r:.80}")
    ordered = in_order(events)
    of_execution = [event for event in ordered if event.type in _STATUS_OF_EXECUTION_EVENT]
    first = of_execution[0] if of_execution and of_execution[0].type == "ExecutionStarted" else None
    last_status = _STATUS_OF_EXECUTION_EVENT[of_execution[-1].type] if of_execution else "RUNNING"
    last = of_execution[-1] if last_status != "RUNNING" else None
    status = str(described.get("status") or last_status)
    is_whole = first is not None and (last is not None or status in ("RUNNING", "PENDING_REDRIVE"))
    placer = _EventPlacer(ordered)
    builders = placer.number_visits()
    outcome = ExecutionEnd(status, last, placer.contexts, placer.before)
    arn = str(described.get("executionArn") or "")

    def text_of(name: str, event: Event | None) -> str | None:
        return text_or_none(described.get(name)) or text_or_none(event and event.details.get(name))

    return {
        "arn": arn,
        "name": str(described.get("name") or arn.rpartition(":")[2]),
        "status": status,
        "machine": text_or_none(described.get("stateMachineArn")),
        "start": moment_or_none(described.get("startDate")) or (first and first.time),
        "stop": moment_or_none(described.get("stopDate")) or (last and last.time),
        "input": text_of("input", first),
        "output": text_of("output", last),
        "error": text_of("error", last),
        "cause": text_of("cause", last),
        "visits": tuple(builder.visit(outcome) for builder in builders),
        "events": tuple(ordered),
        "is_whole": is_whole,
    }


class _EventPlacer:
    """The visit of each event: ``contexts`` has for its id the visit that it is part of or comes after."""

    def __init__(self, events: list[Event]) -> None:
        self.visits: list[VisitBuilder] = []
        self.contexts: dict[int, VisitBuilder | None] = {}
        self._events: dict[int, Event] = {}
        self._visits_by_name: dict[str, VisitBuilder] = {}
        self._entered: list[VisitBuilder] = []
        for event in events:
            self._place(event)

    def before(self, event: Event) -> Event | None:
        """Return the event that an event names as its previous one, or None if it is missing."""
        return self._events.get(event.previous) if event.previous else None

    def number_visits(self) -> list[VisitBuilder]:
        """Return the visits that have a name, and number them and their events."""
        visits = [visit for visit in self.visits if visit.name]
        for number, visit in enumerate(visits):
            visit.number = number
            for event in visit.events:
                event.__dict__["visit"] = number
        return visits

    def _place(self, event: Event) -> None:
        before = self.before(event)
        context = self.contexts[before.id] if before else None
        state_event = _STATE.fullmatch(event.type)
        kind, step = (state_event[1], state_event[2]) if state_event else ("", "")
        if event.type.startswith("MapIteration"):
            kind = "Map"
        name = text_or_none(event.details.get("name")) or text_or_none(event.details.get("state")) or ""
        if event.type in _STATUS_OF_EXECUTION_EVENT:
            visit = None
        elif step == "Entered":
            visit = self._enter(event, kind, name, before, context)
        else:
            visit = self._climb(context, kind, name, step) or self._find(event, kind, name, before)
            visit.kind, visit.name = visit.kind or kind, visit.name or name
        if visit:
            visit.add(event, step)
            if context and context is not visit and FAILURE.search(event.type):
                context.fails_parent = True
        self.contexts[event.id] = visit or context
        self._events[event.id] = event

    def _enter(
        self, event: Event, kind: str, name: str, before: Event | None, context: VisitBuilder | None
    ) -> VisitBuilder:
        visit = self._begin(event, kind, name)
        if before and context:
            if before.type in ("ParallelStateStarted", "MapStateStarted", "MapIterationStarted"):
                visit.parent = context
                visit.iteration = number_or_none(before.details.get("index"))
            else:
                visit.parent, visit.iteration = context.parent, context.iteration
        self._entered.append(visit)
        return visit

    def _begin(self, event: Event, kind: str, name: str) -> VisitBuilder:
        visit = VisitBuilder(event, kind, name)
        self.visits.append(visit)
        if name:
            self._visits_by_name[name] = visit
        return visit

    def _climb(self, visit: VisitBuilder | None, kind: str, name: str, step: str) -> VisitBuilder | None:
        """Return the innermost visit that an event can belong to, starting at that of the event before."""
        while visit is not None:
            fits = (not kind or visit.kind in ("", kind)) and (not name or visit.name in ("", name))
            if fits and visit.exited is None:
                ends = step in ("Succeeded", "Failed", "Aborted") and kind in ("Parallel", "Map")
                if not (ends and visit.attempts and visit.has_ended):
                    return visit
            if not kind and not name:
                return None
            visit = visit.parent
        return None

    def _find(self, event: Event, kind: str, name: str, before: Event | None) -> VisitBuilder:
        """Return the visit of an event whose previous events do not lead to one."""
        open_visit = self._visits_by_name.get(name)
        if open_visit and open_visit.exited is None:
            return open_visit
        if not name and (before or not event.previous):
            while self._entered and self._entered[-1].exited is not None:
                self._entered.pop()
            if self._entered:
                return self._entered[-1]
        return self._begin(event, kind, name)
