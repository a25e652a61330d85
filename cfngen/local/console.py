"""What an execution does, in lines as it happens, and what became of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

_FELL: Final = re.compile(r"(Failed|TimedOut)$")
_BEGINS: Final = re.compile(r"(Task|LambdaFunction|Activity)Scheduled$|(Parallel|Map)StateStarted$")


def show(events: Iterable[Mapping[str, Any] | None], say: Callable[[str], None]) -> None:
    """Say each state as it is entered and left, and each of its tries that fails; None is passed over."""
    Showing(say).show(events)


class Showing:
    """The same for one execution whose events come in several parts."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Take what says a line."""
        self._say = say
        self._first: Any = None
        self._state_of: dict[int, str] = {}
        self._failed: set[str] = set()

    def show(self, events: Iterable[Mapping[str, Any] | None]) -> None:
        """Say what these events tell; None is passed over."""
        for event in events:
            if event is not None:
                self._show(event)

    def _show(self, event: Mapping[str, Any]) -> None:
        self._first = self._first or event.get("timestamp")
        since = f"{(event['timestamp'] - self._first).total_seconds():6.2f} s" if self._first else ""
        details: Mapping[str, Any] = next(
            (value for key, value in event.items() if key.endswith("EventDetails")), {}
        )
        kind = event["type"]
        name = str(details.get("name") or self._state_of.get(event.get("previousEventId", 0), ""))
        self._state_of[event["id"]] = name
        if kind.endswith("StateEntered"):
            self._failed.discard(name)
            self._say(f"  {since}  entered  {brief(name)}")
        elif kind.endswith("StateExited"):
            self._say(f"  {since}  left     {brief(name)}")
        elif _FELL.search(kind) and not kind.startswith("Execution"):
            self._failed.add(name)
            self._say(f"  {since}  failed   {brief(name)}: {error(details)}")
        elif _BEGINS.search(kind) and name in self._failed:
            self._say(f"  {since}  retried  {brief(name)}")


def show_outcome(said: Mapping[str, Any], say: Callable[[str], None]) -> None:
    """Say how an execution stands, of which DescribeExecution has told."""
    took = ""
    if said.get("stopDate") and said.get("startDate"):
        took = f" after {(said['stopDate'] - said['startDate']).total_seconds():.2f} s"
    say(f"\n{said['status']}{took}")
    if said.get("error") or said.get("cause"):
        say(f"  {error(said)}")


def error(said: Mapping[str, Any]) -> str:
    """Return an error and its cause in a line; of a job that is told whole, the reason is what counts."""
    cause = str(said.get("cause") or "")
    try:
        described = json.loads(cause)
    except ValueError:
        described = None
    if isinstance(described, dict):
        cause = str(described.get("StatusReason") or described.get("errorMessage") or cause)
    return brief(": ".join(filter(None, (str(said.get("error") or ""), cause))))


def brief(text: str, most: int = 160) -> str:
    """Return a text on a line, without what would steer a terminal."""
    line = "".join(
        character if character.isprintable() else "\ufffd" for character in " ".join(text.split())
    )
    return line if len(line) <= most else line[: most - 3] + "..."
