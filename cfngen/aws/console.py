"""Console output of an execution: a line for each event as it happens, and the outcome."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cfngen.history.visits import ATTEMPT_START, FAILURE


class EventPrinter:
    """Shows when states are entered and left, and when attempts fail, for events that come in parts."""

    def __init__(self, write_line: Callable[[str], None]) -> None:
        """Show each line with ``write_line``."""
        self._write_line = write_line
        self._first: Any = None
        self._state_of: dict[int, str] = {}
        self._failed: set[str] = set()

    def show(self, events: Iterable[Mapping[str, Any] | None]) -> None:
        """Show these events; None is ignored."""
        for event in filter(None, events):
            self._show(event)

    def _show(self, event: Mapping[str, Any]) -> None:
        self._first = self._first or event.get("timestamp")
        elapsed = f"{(event['timestamp'] - self._first).total_seconds():6.2f} s" if self._first else ""
        details: Mapping[str, Any] = next(
            (value for key, value in event.items() if key.endswith("EventDetails")), {}
        )
        kind = event["type"]
        name = str(details.get("name") or self._state_of.get(event.get("previousEventId", 0), ""))
        self._state_of[event["id"]] = name
        if kind.endswith("StateEntered"):
            self._failed.discard(name)
            self._write_line(f"  {elapsed}  entered  {brief(name)}")
        elif kind.endswith("StateExited"):
            self._write_line(f"  {elapsed}  left     {brief(name)}")
        elif FAILURE.search(kind) and not kind.startswith("Execution"):
            self._failed.add(name)
            self._write_line(f"  {elapsed}  failed   {brief(name)}: {error(details)}")
        elif ATTEMPT_START.fullmatch(kind) and name in self._failed:
            self._write_line(f"  {elapsed}  retried  {brief(name)}")


def show_outcome(execution: Mapping[str, Any], write_line: Callable[[str], None]) -> None:
    """Show the status of an execution, and its error; ``execution`` is what DescribeExecution returns."""
    duration = ""
    if execution.get("stopDate") and execution.get("startDate"):
        duration = f" after {(execution['stopDate'] - execution['startDate']).total_seconds():.2f} s"
    write_line(f"\n{execution['status']}{duration}")
    if execution.get("error") or execution.get("cause"):
        write_line(f"  {error(execution)}")


def error(fields: Mapping[str, Any]) -> str:
    """Return an error and its cause in a line; of a cause that describes a whole job, only the reason."""
    cause = str(fields.get("cause") or "")
    try:
        job = json.loads(cause)
    except ValueError:
        job = None
    if isinstance(job, dict):
        cause = str(job.get("StatusReason") or job.get("errorMessage") or cause)
    return brief(": ".join(filter(None, (str(fields.get("error") or ""), cause))))


def brief(text: str, max_characters: int = 160) -> str:
    """Return a text in one line, without control characters."""
    line = "".join(
        character if character.isprintable() else "\ufffd" for character in " ".join(text.split())
    )
    return line if len(line) <= max_characters else line[: max_characters - 3] + "..."
