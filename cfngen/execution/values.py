"""Fields that hold one value, checked when they are evaluated: texts, seconds, limits.

What AWS answers for values that do not fit was recorded for ``SecondsPath``, ``TimestampPath``,
``MaxConcurrencyPath``, the tolerated failures and JSONata's ``Items`` and ``Timestamp``; the other fields
follow them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cfngen.execution.failures import QueryError, RuntimeStateError
from cfngen.execution.json_values import Json, Missing, as_double, is_number, to_text
from cfngen.execution.jsonata import wrong_type
from cfngen.execution.jsonpath import compile_path
from cfngen.execution.timestamps import nanoseconds

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings
    from cfngen.execution.compiled_states import CompiledState

_FORM = "ISO-8601 extended offset date-time format string"


def fail_text(state: CompiledState, field: str, bindings: Bindings) -> str | None:
    """Return the error or cause of a Fail, or None where it has none."""
    path = f"{field}Path"
    if path in state.values:
        value = state.values[path](bindings)
        if not isinstance(value, str):
            shown = f"The {path} field refers to value {to_text(value)}"
            raise RuntimeStateError(f"{shown} which is not a string: {state.document[path]}")
        return value
    if field not in state.values:
        return None
    value = state.values[field](bindings)
    if value is None or isinstance(value, str):
        return value
    if state.is_jsonata:
        raise wrong_type(state.source(field), field, "string", value)
    return to_text(value)


def wait_seconds(state: CompiledState, bindings: Bindings, now: float) -> float:
    """Return how long a Wait waits, from now on."""
    values = state.values
    if "Timestamp" in values or "TimestampPath" in values:
        return _until(state, bindings) - now
    if state.is_jsonata:
        return _jsonata_seconds(state, "Seconds", bindings)
    if "SecondsPath" in values:
        return _path_seconds(state, bindings)
    seconds = values["Seconds"](bindings) if "Seconds" in values else 0
    if not is_number(seconds):
        raise RuntimeStateError(f"Seconds is not a number: {to_text(seconds)}")
    return as_double(seconds)


def _until(state: CompiledState, bindings: Bindings) -> float:
    """Return when a Wait ends: AWS's page says that fractions of a second are cut off."""
    if "TimestampPath" in state.values:
        path = state.document["TimestampPath"]
        moment = _at_path(path, bindings)
        if isinstance(moment, Missing):
            raise RuntimeStateError(
                f"The TimestampPath parameter does not reference an input value: {path}"
            )
        shown = moment if isinstance(moment, str) else to_text(moment)
        wrong = RuntimeStateError(
            f"The TimestampPath parameter does not reference a valid {_FORM}: {path} == {shown}"
        )
    else:
        moment = state.values["Timestamp"](bindings)
        shown = moment if isinstance(moment, str) else to_text(moment)
        if state.is_jsonata:
            if not isinstance(moment, str):
                raise wrong_type(state.source("Timestamp"), "Timestamp", "string", moment)
            if (nanos := nanoseconds(moment)) is None:
                cause = f"The Timestamp field cannot be parsed as an {_FORM}: {shown}"
                raise QueryError(cause, "Timestamp", after_entry=True)
            return nanos // 1_000_000_000
        wrong = RuntimeStateError(f"The Timestamp parameter does not reference a valid {_FORM}: {shown}")
    nanos = nanoseconds(moment)
    if nanos is None:
        raise wrong
    return nanos // 1_000_000_000


def _path_seconds(state: CompiledState, bindings: Bindings) -> float:
    path = state.document["SecondsPath"]
    seconds = _at_path(path, bindings)
    if isinstance(seconds, Missing):
        raise RuntimeStateError(f"The SecondsPath parameter does not reference an input value: {path}")
    number = _whole_number(seconds)
    if number is None:
        shown = seconds if isinstance(seconds, str) else to_text(seconds)
        raise RuntimeStateError(
            f"The SecondsPath parameter cannot be parsed as a long value: {path} == {shown}"
        )
    if number < 0:
        raise RuntimeStateError(
            f"The SecondsPath parameter references a negative value: {path} == {number}"
        )
    return number


def _jsonata_seconds(state: CompiledState, field: str, bindings: Bindings) -> float:
    seconds = state.values[field](bindings) if field in state.values else 0
    if not is_number(seconds):
        raise wrong_type(state.source(field), field, "number", seconds)
    number = _whole_number(seconds)
    if number is None:
        raise wrong_type(state.source(field), field, "integer", seconds)
    if number < 0:
        raise QueryError(f"The {field} field must not be negative: {number}", field, after_entry=True)
    return as_double(number)


def duration(state: CompiledState, field: str, bindings: Bindings) -> int | None:
    """Return the seconds of TimeoutSeconds or HeartbeatSeconds, or None where it is not given."""
    seconds = limit(state, field, bindings)
    if seconds is None:
        return None
    if seconds <= 0:
        if state.is_jsonata:
            raise QueryError(f"The {field} field must be positive: {seconds}", field, after_entry=True)
        raise RuntimeStateError(f"{field} must be positive: {seconds}")
    return int(seconds)


def limit(state: CompiledState, field: str, bindings: Bindings, kind: str = "integer") -> float | None:
    """Return a number, or None where the field is not given; ``kind`` is ``integer`` or ``float``."""
    path = f"{field}Path"
    if path in state.values:
        value = state.values[path](bindings)
        number = _whole_number(value) if kind == "integer" else _number_of(value)
        if number is None:
            shown = value if isinstance(value, str) else to_text(value)
            cause = f'The {path} field refers to value "{shown}" which is not a valid {kind}'
            raise RuntimeStateError(f"{cause}: {state.document[path]}")
        return number
    if field not in state.values:
        return None
    value = state.values[field](bindings)
    number = _whole_number(value) if kind == "integer" else _number_of(value)
    if isinstance(value, str) or number is None:
        if state.is_jsonata:
            expected = kind if isinstance(value, float) else "number"
            raise wrong_type(state.source(field), field, expected, value)
        raise RuntimeStateError(f"{field} is not a valid {kind}: {to_text(value)}")
    return number


def _at_path(path: str, bindings: Bindings) -> Json | Missing:
    return bindings.find(compile_path(path))


def _whole_number(value: Json) -> int | None:
    """Return a whole number, also one that text spells (recorded), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value.is_integer() else None
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return None


def _number_of(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
