"""A comparison as lines, of which every form for people is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from cfngen.core.declared import Declared, frozen
from cfngen.diff.comparison import Comparison, MachineChanges
from cfngen.diff.entries import EntryChange, sections
from cfngen.diff.flow import StateChange, TransitionChange
from cfngen.diff.permissions import Direction, PermissionChange, TrustChange
from cfngen.diff.resource_change import Effect, ResourceChange
from cfngen.diff.values import ABSENT, FieldChange, field_changes, one_line_json
from cfngen.views.labels import title


class Line(NamedTuple):
    """A line of the report: how deep, its sign (``+``, ``-``, ``~``, ``!``, ``?`` or nothing), its text."""

    depth: int
    sign: str
    text: str


@frozen
class Report(Declared):
    """Comparisons that are shown together."""

    comparisons: tuple[Comparison, ...]


def report_lines(comparison: Comparison) -> Iterator[Line]:
    """Yield the report, a line at a time."""
    for machine in comparison.machines:
        yield from _machine_lines(machine)
    if comparison.resources:
        yield Line(0, "", "resources")
        for resource in comparison.resources:
            yield from resource_lines(resource)
    for section, entries in sections(comparison.entries):
        yield Line(0, "", section.lower())
        for entry in entries:
            yield from _entry(entry)
    if comparison.notes:
        yield Line(0, "", "not compared")
        for note in comparison.notes:
            yield Line(1, "?", title(note))


def _machine_lines(machine: MachineChanges) -> Iterator[Line]:
    yield Line(0, "", f"state machine {title(machine.name)}" if machine.name else "state machine")
    if machine.old is None or machine.new is None:
        yield Line(1, "+" if machine.old is None else "-", "the whole state machine")
    elif machine.old != machine.new:
        yield Line(1, "~", f"its logical id was {title(machine.old)}")
    if machine.flow:
        yield Line(1, "", "flow")
        for change in machine.flow.fields:
            yield Line(2, "~", _field_line(change))
        for state in machine.flow.states:
            yield from _state_lines(state)
    if machine.running:
        yield Line(1, "", "executions under way")
        for running in machine.running:
            yield Line(2, "!" if running.is_harmful else "", title(str(running)))
    if machine.permissions:
        yield Line(1, "", "permissions")
        for permission in machine.permissions:
            yield permission_line(permission)
    if machine.trust:
        yield Line(1, "", "who may take the role")
        for trust in machine.trust:
            yield Line(2, "!" if trust.added else "-", title(trust_text(trust)))


def _state_lines(state: StateChange) -> Iterator[Line]:
    name, kind = title(state.name), f" ({state.type})" if state.type else ""
    if state.old is None:
        yield Line(2, "+", f"{name}{kind}")
        return
    if state.new is None:
        yield Line(2, "-", f"{name}{kind}")
        return
    former = f", named {title(state.old)} before" if state.is_renamed else ""
    yield Line(2, "~", f"{name}{kind}{former}")
    if state.scopes is not None:
        old, new = map(_scope, state.scopes)
        yield Line(3, "~", f"stands in {new}, stood in {old}")
    for change in state.fields:
        yield Line(3, "~", _field_line(change))
    for transition in state.transitions:
        yield Line(3, "~", _transition_line(transition))


def _scope(scope: str) -> str:
    return title(scope) if scope else "the machine itself"


def _field_line(change: FieldChange) -> str:
    path = title(change.path.removeprefix("/")) or "all of it"
    if change.old is ABSENT:
        return f"{path}: {one_line_json(change.new)} is new"
    if change.new is ABSENT:
        return f"{path}: {one_line_json(change.old)} is gone"
    return f"{path}: {one_line_json(change.old)} -> {one_line_json(change.new)}"


def _transition_line(change: TransitionChange) -> str:
    when = title(change.when) if change.when else "next"
    prefix = (
        "on " if change.field.startswith("Catch") else "if " if change.field.startswith("Choices") else ""
    )
    if change.old is not None and change.new is not None:
        sentence = f"leads to {title(change.new.target)}, led to {title(change.old.target)}"
    elif change.new is not None:
        sentence = f"leads to {title(change.new.target)}, {'was the end' if when == 'next' else 'is new'}"
    else:
        target = "" if change.old is None else title(change.old.target)
        sentence = f"{'is the end' if when == 'next' else 'is gone'}, led to {target}"
    return f"{prefix}{when}: {sentence}"


def permission_line(change: PermissionChange) -> Line:
    """Return the line of a permission."""
    actions = ", ".join(change.actions)
    on = f"{actions} on {change.resource}" + (f" if {change.condition}" if change.condition else "")
    needed = f"; needed by {', '.join(change.states)}" if change.states else ""
    if change.denied:
        sentence = "no longer denied" if change.direction is Direction.BROADER else "denied now"
        return Line(2, "!" if change.direction is Direction.BROADER else "-", title(f"{sentence}: {on}"))
    if change.direction is Direction.BROADER:
        alone = "" if change.states else "; no state needs it"
        return Line(2, "+" if change.states else "!", title(f"allowed now: {on}{needed}{alone}"))
    if change.direction is Direction.NARROWER:
        return Line(2, "-", title(f"no longer allowed: {on}{needed}"))
    return Line(2, "?", title(f"cannot be told: {on}{needed}"))


def trust_text(change: TrustChange) -> str:
    """Return who may take the role now, or no longer."""
    condition = f" if {change.condition}" if change.condition else ""
    return f"{change.principal} {'may take it now' if change.added else 'may no longer take it'}{condition}"


_SIGNS: Final = {
    Effect.ADDED: "+",
    Effect.REMOVED: "-",
    Effect.UPDATED: "~",
    Effect.PERHAPS_REPLACED: "!",
    Effect.REPLACED: "!",
    Effect.RENAMED: "!",
    Effect.REFUSED: "!",
}


def resource_lines(change: ResourceChange) -> Iterator[Line]:
    """Yield the line of a resource, and those of what goes with its change."""
    sentence = change.effect.value
    if change.because:
        sentence += f", because of {', '.join(pointer.removeprefix('/') for pointer in change.because)}"
    if change.effect is Effect.RENAMED:
        sentence = f"named {change.old} before: the old one is deleted, the new one created"
    yield Line(1, _SIGNS[change.effect], title(f"{change.name} ({change.type}): {sentence}"))
    for consequence in change.consequences:
        yield Line(2, "!" if change.effect is not Effect.REMOVED else "", consequence.value)
    for field in change.fields:
        shorter = FieldChange(field.path.removeprefix("/Properties"), field.old, field.new)
        yield Line(2, "~", _field_line(shorter))


def _entry(entry: EntryChange) -> Iterator[Line]:
    sign = "+" if entry.old is ABSENT else "-" if entry.new is ABSENT else "~"
    imported = f": others may import it as {entry.export}" if entry.export and sign != "+" else ""
    yield Line(1, sign, title(f"{entry.name}{imported}"))
    if sign == "~":
        for change in field_changes(entry.old, entry.new):
            yield Line(2, "~", _field_line(change))
