"""The events of an execution: kept as they come, and shown as GetExecutionHistory answers.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Final

from cfngen.asl.errors import TIMEOUT
from cfngen.execution.failures import RuntimeStateError, TerminalError
from cfngen.execution.json_values import Json, to_text

MAX_EVENTS: Final = 25_000
"""Events of a standard execution, the one that ends it included (seen in us-east-1, August 2026)."""

MAX_EXPRESS_EVENTS: Final = 1_000_000
"""Events after which an express execution counts as one that does not end in its five minutes."""

MAX_EXPRESS_STATES: Final = 100_000
"""States in no time after which it does: three milliseconds for each, and AWS takes longer."""

FEW_STATES: Final = 100
"""States of a line that do not count, unless its machine has more: many items may have some each."""

LASTING_STATES: Final = 10
"""States that one counts for which is more than data: a task, a wait, branches."""

MANY_CHILDREN: Final = 10
"""How many times as many all children of a Map run may have that did not succeed: then each has few."""

_FEW_EXPRESS_STATES: Final = 1000
_STATE_SECONDS: Final = 300 / MAX_EXPRESS_STATES

_WHOLE: Final = {"truncated": False}
_ENTERED, _EXITED = "StateEntered", "StateExited"


class HistoryFullError(RuntimeStateError):
    """The execution has had as many events as it may."""

    in_state = False

    def __init__(self) -> None:
        super().__init__(f"The execution reached the maximum number of history events ({MAX_EVENTS}).")


class NeverEndingError(TerminalError):
    """An express execution goes round and round, in no time."""

    def __init__(self) -> None:
        super().__init__(TIMEOUT, None)


class StatesTogether:
    """States in no time of the executions beside each other that have not succeeded."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count: int = 0

    @property
    def are_many(self) -> bool:
        """Whether they are too many for each to go on as one alone may."""
        return self.count > MANY_CHILDREN * MAX_EXPRESS_STATES


class History:
    """Events in order; the id of an event is its place, from 1."""

    __slots__ = ("_is_limited", "_limit", "_states", "_together", "records")

    def __init__(self, is_limited: bool, together: StatesTogether | None = None) -> None:
        self.records: list[tuple[str, float, int, Any, Any, Any]] = []
        self._is_limited = is_limited
        self._limit = MAX_EVENTS - 1 if is_limited else MAX_EXPRESS_EVENTS
        self._states = 0
        self._together = together or StatesTogether()

    def add(
        self,
        kind: str,
        moment: float,
        previous: int,
        first: Any = None,
        second: Any = None,
        third: Any = None,
    ) -> int:
        """Keep an event and return its id. Raises ``HistoryFullError`` and ``NeverEndingError``.

        What a state was entered with or left is ``first``, its name, and ``second``, the data, and
        ``third``, what it assigned; all other events have their details as ``first``, if any.
        """
        records = self.records
        if len(records) >= self._limit:
            raise HistoryFullError if self._is_limited else NeverEndingError
        records.append((kind, moment, previous, first, second, third))
        return len(records)

    def went_on(self, states: int, seconds: float) -> None:
        """Count states a line with many went through in some seconds. Raises ``NeverEndingError``."""
        if not self._is_limited and seconds < states * _STATE_SECONDS:
            self._states += states
            self._together.count += states
            most = _FEW_EXPRESS_STATES if self._together.are_many else MAX_EXPRESS_STATES
            if self._states > most:
                raise NeverEndingError

    def end(self, kind: str, moment: float, previous: int, details: Mapping[str, Any] | None) -> int:
        """Keep the event that ends an execution, for which there is always room."""
        self.records.append((kind, moment, previous, details, None, None))
        if kind == "ExecutionSucceeded":
            self._together.count -= self._states
        return len(self.records)

    def copy(self) -> History:
        """Return one that has had the same events, and has others from here on."""
        copy = History(self._is_limited)
        copy.records = list(self.records)
        return copy

    def events(self) -> list[dict[str, Any]]:
        """Return the events as AWS answers them, with times in UTC."""
        return [self.event(number) for number in range(1, len(self.records) + 1)]

    def event(self, number: int) -> dict[str, Any]:
        """Return the event with an id."""
        return _event(number, *self.records[number - 1])


def _event(
    number: int, kind: str, moment: float, previous: int, first: Any, second: Any, third: Any
) -> dict[str, Any]:
    event: dict[str, Any] = {
        "timestamp": datetime.fromtimestamp(moment, timezone.utc),
        "type": kind,
        "id": number,
        "previousEventId": previous,
    }
    if kind.endswith(_ENTERED):
        event["stateEnteredEventDetails"] = {
            "name": first,
            "input": to_text(second),
            "inputDetails": _WHOLE,
        }
    elif kind.endswith(_EXITED):
        details: dict[str, Any] = {"name": first, "output": to_text(second), "outputDetails": _WHOLE}
        if third:
            details["assignedVariables"] = {name: to_text(value) for name, value in third.items()}
            details["assignedVariablesDetails"] = _WHOLE
        event["stateExitedEventDetails"] = details
    elif first is not None:
        event[f"{kind[0].lower()}{kind[1:]}EventDetails"] = _details(first)
    return event


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return details with JSON texts for the data in them, which is kept as ``Data``."""
    shown: dict[str, Any] = {}
    for name, value in details.items():
        if isinstance(value, Data):
            shown[name] = to_text(value.value)
            if name in ("input", "output"):
                shown[f"{name}Details"] = _WHOLE
        elif value is not None:
            shown[name] = value
    return shown


class Data:
    """A value whose JSON text an event shows."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value: Json = value
