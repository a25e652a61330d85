"""Events as Step Functions lists them, read one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from cfngen.history.values import Event

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FRACTION: Final = re.compile(r"\.(\d+)")
_MAX_SECONDS: Final = 1e11
"""Greater numbers are milliseconds: as seconds they would be past the year 5000."""


class HistoryError(ValueError):
    """The value is not a history of an execution."""


def in_order(events: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Return each event once, by its id: pages may overlap or be in reverse order."""
    by_id: dict[int, Event] = {}
    for index, fields in enumerate(events):
        if not isinstance(fields, Mapping):
            raise HistoryError(f"event {index} of the history is not a mapping: {fields!r:.80}")
        number, kind = fields.get("id"), fields.get("type")
        if not isinstance(number, int) or not isinstance(kind, str):
            raise HistoryError(f"event {index} of the history has no 'id' and 'type': {fields!r:.80}")
        details: Any = next((value for key, value in fields.items() if key.endswith("EventDetails")), {})
        by_id[number] = Event(
            id=number,
            type=kind,
            time=moment_or_none(fields.get("timestamp")),
            previous=number_or_none(fields.get("previousEventId")),
            details=details if isinstance(details, Mapping) else {},
        )
    return [by_id[number] for number in sorted(by_id)]


def text_or_none(value: Any) -> str | None:
    """Return a string, or None for anything else."""
    return value if isinstance(value, str) else None


def number_or_none(value: Any) -> int | None:
    """Return an integer, or None for anything else."""
    return value if isinstance(value, int) else None


def moment_or_none(value: Any) -> datetime | None:
    """Return a time in UTC, from the SDKs, the JSON or the command of AWS, or None for anything else."""
    try:
        if isinstance(value, str):
            # Python 3.10 reads fractions of three or six digits only, and no Z for UTC
            text = _FRACTION.sub(lambda fraction: f".{fraction[1]:0<6.6}", value.strip())
            value = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
        if isinstance(value, datetime):
            return value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
        if isinstance(value, (int, float)):
            seconds = value / 1000 if abs(value) > _MAX_SECONDS else value
            return _EPOCH + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None
    return None
