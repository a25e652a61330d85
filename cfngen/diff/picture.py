"""Both sides of a change on one drawing: what is added, removed and changed is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from cfngen.asl.read.documents import copied
from cfngen.core.walk import Keys
from cfngen.diff.comparison import ComparedSides
from cfngen.diff.flow import FlowChanges
from cfngen.diff.sides import Side

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
"""The marks of states in the drawing: classes of its style sheet, each with a badge of its own."""

_RULES: Final = """\
.graph .added > .box { stroke: #1a7f37; stroke-width: 3; }
.graph .removed > .box { stroke: #b3261e; stroke-width: 3; stroke-dasharray: 6 4; }
.graph .changed > .box { stroke: #8250df; stroke-width: 3; stroke-dasharray: 12 3; }
.graph .badge > circle { fill: #16202e; stroke: #ffffff; }
.graph .badge > path { fill: none; stroke: #ffffff; stroke-width: 2; stroke-linecap: round; }
"""


class PictureError(Exception):
    """There is not one machine to draw."""


def drawn(compared: Sequence[ComparedSides], machine: str | None = None) -> str:
    """Return an SVG of a machine with what is added, removed and changed.

    Each such state has a badge, its box another line, and its caption says it. ``machine`` is needed where
    several changed. Raises ``PictureError``, ``ImportError`` and ``LayoutError``.
    """
    from cfngen.views.picture import picture
    from cfngen.views.svg import svg

    changes = [(each, change) for each in compared for change in each.comparison.machines]
    names = [change.name for _, change in changes if change.name]
    changes = [one for one in changes if machine in (None, one[1].old, one[1].new)]
    if not changes:
        raise PictureError(
            f"no machine is named {machine!r}; changed are {', '.join(names)}"
            if names and machine is not None
            else "no state machine changed: there is nothing to draw"
        )
    if len(changes) > 1:
        changed_names = [
            f"{change.name or 'the definition'} in {each.new.label}" for each, change in changes
        ]
        mend = "--machine" if len({change.name for _, change in changes}) > 1 else "its file"
        raise PictureError(f"several machines changed: name one of {', '.join(changed_names)} with {mend}")
    [((old, new, _), change)] = changes
    definition, marks = united(
        _definition_of_side(old, change.old), _definition_of_side(new, change.new), change.flow
    )
    drawing = picture(definition)
    marks_by_number = {}
    for box in drawing.states():
        if mark := marks.get(box.path):
            marks_by_number[box.number] = mark
            box.detail = f"{mark}: {box.detail}" if box.detail else mark
    return svg(
        drawing,
        marks=marks_by_number,
        title=f"What changes in {change.name or 'the definition'}",
        rules=_RULES,
    )


def page(drawing: str, report: str) -> str:
    """Return a page with the drawing of a change and the report on it as text."""
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>What a change deploys</title>\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<style>body { font-family: sans-serif; margin: 24px; } .drawing { overflow-x: auto; }\n"
        "pre { white-space: pre-wrap; overflow-wrap: anywhere; }</style>\n"
        f'<h1>What a change deploys</h1>\n<div class="drawing">\n{drawing}</div>\n'
        f"<pre>{escape(report)}</pre>\n</html>\n"
    )


def _definition_of_side(side: Side, name: str | None) -> Mapping[str, Any]:
    """Return the definition of a machine of a side; a definition alone has no name."""
    for machine in side.machines:
        if machine.name == name or (len(side.machines) == 1 and name is not None):
            return machine.document
    return {}


def united(
    old: Mapping[str, Any], new: Mapping[str, Any], changes: FlowChanges
) -> tuple[dict[str, Any], dict[Keys, str]]:
    """Return the new definition with the states that are gone in it, and marks of states by their paths.

    A state that is gone stands where it stood if that scope is still there, else beside the states of the
    machine. It leads where it led, to the names of the new side.
    """
    definition: dict[str, Any] = copied(new)
    marks: dict[Keys, str] = {}
    names = {change.old: change.new for change in changes.states if change.old and change.new}
    for change in changes.states:
        if change.new is not None:
            marks[change.paths[1]] = ADDED if change.old is None else CHANGED
    for change in changes.states:
        if change.new is not None or _is_inside_another(change.paths[0], changes):
            continue
        path = change.paths[0]
        state = _led_by(copied(_value_at(old, path)), names)
        scope = path[:-1]
        states = _value_at(definition, scope)
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


def _is_inside_another(path: Keys, changes: FlowChanges) -> bool:
    """Tell whether a state that is gone comes with another that is gone and holds it."""
    gone = {change.paths[0] for change in changes.states if change.new is None}
    return any(path[:length] in gone for length in range(2, len(path)))


def _value_at(definition: Any, path: Keys) -> Any:
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
