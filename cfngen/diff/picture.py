"""Both sides of a change on one drawing: what is added, removed and changed is marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.read.documents import copied
from cfngen.diff.flow import FlowChanges
from cfngen.diff.placed_states import Path

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
"""The marks of states in the drawing: classes of its style sheet, each with a badge of its own."""


def united(
    old: Mapping[str, Any], new: Mapping[str, Any], changes: FlowChanges
) -> tuple[dict[str, Any], dict[Path, str]]:
    """Return the new definition with the states that are gone in it, and marks of states by their paths.

    A state that is gone stands where it stood if that scope is still there, else beside the states of the
    machine. It leads where it led, to the names of the new side.
    """
    definition: dict[str, Any] = copied(new)
    marks: dict[Path, str] = {}
    names = {change.old: change.new for change in changes.states if change.old and change.new}
    for change in changes.states:
        if change.new is not None:
            marks[change.paths[1]] = ADDED if change.old is None else CHANGED
    for change in changes.states:
        if change.new is not None or _is_inside_another(change.paths[0], changes):
            continue
        path = change.paths[0]
        state = _led_by(copied(_at(old, path)), names)
        scope = path[:-1]
        states = _at(definition, scope)
        if not isinstance(states, dict):
            scope, states = ("States",), definition.setdefault("States", {})
        name = str(path[-1])
        while name in states:
            name += " "
        states[name] = state
        marks[(*scope, name)] = REMOVED
        for other in changes.states:
            below = other.paths[0]
            if other.new is None and len(below) > len(path) and below[: len(path)] == path:
                marks[(*scope, name, *below[len(path) :])] = REMOVED
    return definition, marks


def _is_inside_another(path: Path, changes: FlowChanges) -> bool:
    """Tell whether a state that is gone comes with another that is gone and holds it."""
    gone = {change.paths[0] for change in changes.states if change.new is None}
    return any(path[:length] in gone for length in range(2, len(path)))


def _at(definition: Any, path: Path) -> Any:
    """Return what stands at a path, or None."""
    value = definition
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _led_by(state: Any, names: Mapping[str, str]) -> Any:
    """Return a state that leads to states by their new names."""
    for field in ("Next", "Default"):
        if isinstance(state.get(field), str):
            state[field] = names.get(state[field], state[field])
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("Next"), str):
                entry["Next"] = names.get(entry["Next"], entry["Next"])
    return state
