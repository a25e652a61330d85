"""A comparison as text for a terminal, Markdown for a pull request, JSON, and annotations of GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from cfngen.core.declared import Declared, frozen
from cfngen.diff.comparison import Comparison, MachineChanges
from cfngen.diff.flow import StateChange, TransitionChange
from cfngen.diff.permissions import Direction, PermissionChange, TrustChange
from cfngen.diff.resources import Effect, EntryChange, ResourceChange, sections
from cfngen.diff.values import ABSENT, FieldChange, shown

MARKER: Final = "<!-- cfngen diff -->"
"""The first line of the Markdown, by which a comment on a pull request is found again."""

_INDENT: Final = "  "


class Line(NamedTuple):
    """A line of the report: how deep, its sign (``+``, ``-``, ``~``, ``!``, ``?`` or nothing), its text."""

    depth: int
    sign: str
    text: str


@frozen
class Report(Declared):
    """Comparisons that are shown together."""

    comparisons: tuple[Comparison, ...]


def lines(comparison: Comparison) -> Iterator[Line]:
    """Yield the report, a line at a time."""
    for machine in comparison.machines:
        yield from _machine(machine)
    if comparison.resources:
        yield Line(0, "", "resources")
        for resource in comparison.resources:
            yield from _resource(resource)
    for section, entries in sections(comparison.entries):
        yield Line(0, "", section.lower())
        for entry in entries:
            yield from _entry(entry)
    if comparison.notes:
        yield Line(0, "", "not compared")
        for note in comparison.notes:
            yield Line(1, "?", _one_line(note))


def as_text(report: Report, *, colours: bool = False) -> str:
    """Return the report for a terminal; ``colours`` takes one that shows them."""
    told = [comparison for comparison in report.comparisons if comparison or comparison.notes]
    return "\n\n".join(_text(comparison, colours) for comparison in told) or "no differences"


def as_markdown(report: Report, *, colours: bool = False) -> str:
    """Return the report as a comment on a pull request; its first line is ``MARKER``."""
    told = [comparison for comparison in report.comparisons if comparison or comparison.notes]
    head = [MARKER, "### What this change deploys", ""]
    if not told:
        return "\n".join([*head, "Nothing differs."])
    return "\n".join([*head, *(line for comparison in told for line in _markdown(comparison))])


def as_json(report: Report, *, colours: bool = False) -> str:
    """Return a list of objects, one a comparison: old, new, kinds, machines, resources, entries, notes."""
    documents = [_fields(comparison) for comparison in report.comparisons]
    return json.dumps(documents, indent=2, ensure_ascii=False, default=str)


def as_github(report: Report, *, colours: bool = False) -> str:
    """Return annotations for what a reviewer must not miss: permissions, replacements, executions.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(line for comparison in report.comparisons for line in _annotations(comparison))


FORMATS: Final[Mapping[str, Callable[..., str]]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "github": as_github,
}
"""By the names that the command gives them; each takes the comparison and ``colours``."""


# --- lines ---------------------------------------------------------------------------------------


def _machine(machine: MachineChanges) -> Iterator[Line]:
    yield Line(0, "", f"state machine {_one_line(machine.name)}" if machine.name else "state machine")
    if machine.old is None or machine.new is None:
        yield Line(1, "+" if machine.old is None else "-", "the whole state machine")
    elif machine.old != machine.new:
        yield Line(1, "~", f"its logical id was {_one_line(machine.old)}")
    if machine.flow:
        yield Line(1, "", "flow")
        for change in machine.flow.fields:
            yield Line(2, "~", _field(change))
        for state in machine.flow.states:
            yield from _state(state)
    if machine.running:
        yield Line(1, "", "executions under way")
        for running in machine.running:
            yield Line(2, "!" if running.is_harmful else "", _one_line(str(running)))
    if machine.permissions:
        yield Line(1, "", "permissions")
        for permission in machine.permissions:
            yield _permission(permission)
    if machine.trust:
        yield Line(1, "", "who may take the role")
        for trust in machine.trust:
            yield Line(2, "!" if trust.added else "-", _one_line(_trust(trust)))


def _state(state: StateChange) -> Iterator[Line]:
    name, kind = _one_line(state.name), f" ({state.type})" if state.type else ""
    if state.old is None:
        yield Line(2, "+", f"{name}{kind}")
        return
    if state.new is None:
        yield Line(2, "-", f"{name}{kind}")
        return
    former = f", named {_one_line(state.old)} before" if state.is_renamed else ""
    yield Line(2, "~", f"{name}{kind}{former}")
    if state.scopes is not None:
        old, new = map(_scope, state.scopes)
        yield Line(3, "~", f"stands in {new}, stood in {old}")
    for change in state.fields:
        yield Line(3, "~", _field(change))
    for transition in state.transitions:
        yield Line(3, "~", _transition(transition))


def _scope(scope: str) -> str:
    return _one_line(scope) if scope else "the machine itself"


def _field(change: FieldChange) -> str:
    path = _one_line(change.path.removeprefix("/")) or "all of it"
    if change.old is ABSENT:
        return f"{path}: {shown(change.new)} is new"
    if change.new is ABSENT:
        return f"{path}: {shown(change.old)} is gone"
    return f"{path}: {shown(change.old)} -> {shown(change.new)}"


def _transition(change: TransitionChange) -> str:
    when = _one_line(change.when) if change.when else "next"
    prefix = (
        "on " if change.field.startswith("Catch") else "if " if change.field.startswith("Choices") else ""
    )
    old = "nowhere" if change.old is None else _one_line(change.old.target)
    new = "nowhere" if change.new is None else _one_line(change.new.target)
    return f"{prefix}{when}: leads to {new}, led to {old}"


def _permission(change: PermissionChange) -> Line:
    actions = ", ".join(change.actions)
    on = f"{actions} on {change.resource}" + (f" if {change.condition}" if change.condition else "")
    needed = f"; needed by {', '.join(change.states)}" if change.states else ""
    if change.denied:
        told = "no longer denied" if change.direction is Direction.BROADER else "denied now"
        return Line(2, "!" if change.direction is Direction.BROADER else "-", _one_line(f"{told}: {on}"))
    if change.direction is Direction.BROADER:
        alone = "" if change.states else "; no state needs it"
        return Line(2, "+" if change.states else "!", _one_line(f"allowed now: {on}{needed}{alone}"))
    if change.direction is Direction.NARROWER:
        return Line(2, "-", _one_line(f"no longer allowed: {on}{needed}"))
    return Line(2, "?", _one_line(f"cannot be told: {on}{needed}"))


def _trust(change: TrustChange) -> str:
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


def _resource(change: ResourceChange) -> Iterator[Line]:
    told = change.effect.value
    if change.because:
        told += f", because of {', '.join(pointer.removeprefix('/') for pointer in change.because)}"
    if change.effect is Effect.RENAMED:
        told = f"named {change.old} before: the old one is deleted, the new one created"
    yield Line(1, _SIGNS[change.effect], _one_line(f"{change.name} ({change.type}): {told}"))
    for consequence in change.consequences:
        yield Line(2, "!" if change.effect is not Effect.REMOVED else "", consequence.value)
    for field in change.fields:
        shorter = FieldChange(field.path.removeprefix("/Properties"), field.old, field.new)
        yield Line(2, "~", _field(shorter))


def _entry(entry: EntryChange) -> Iterator[Line]:
    sign = "+" if entry.old is ABSENT else "-" if entry.new is ABSENT else "~"
    imported = f": others may import it as {entry.export}" if entry.export and sign != "+" else ""
    yield Line(1, sign, _one_line(f"{entry.name}{imported}"))
    if sign == "~":
        from cfngen.diff.values import field_changes

        for change in field_changes(entry.old, entry.new):
            yield Line(2, "~", _field(change))


# --- forms ---------------------------------------------------------------------------------------


def _text(comparison: Comparison, colours: bool) -> str:
    head = f"{_one_line(comparison.old)} -> {_one_line(comparison.new)}"
    return "\n".join([head, *(_coloured(line) if colours else _plain(line) for line in lines(comparison))])


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"{_code(comparison.old)} → {_code(comparison.new)}"
    is_open = False
    for line in lines(comparison):
        if line.depth == 0:
            if is_open:
                yield "```"
            yield from ("", f"**{_escaped_markdown(line.text)}**", "", "```diff")
            is_open = True
        else:
            sign = {"~": "!", "?": "#"}.get(line.sign, line.sign) or " "
            yield f"{sign} {_INDENT * (line.depth - 1)}{line.text.replace('```', '` ` `')}"
    if is_open:
        yield "```"
    yield ""


def _fields(comparison: Comparison) -> dict[str, Any]:
    return {
        "old": comparison.old,
        "new": comparison.new,
        "kinds": sorted(kind.value for kind in comparison.kinds()),
        "machines": [_machine_fields(machine) for machine in comparison.machines],
        "resources": [_resource_fields(resource) for resource in comparison.resources],
        "entries": [
            {"section": entry.section, "name": entry.name, **_old_and_new(entry.old, entry.new)}
            for entry in comparison.entries
        ],
        "notes": list(comparison.notes),
    }


def _plain(line: Line) -> str:
    sign = f"{line.sign} " if line.sign else ""
    return f"{_INDENT * line.depth}{sign}{line.text}"


_COLOURS: Final = {"+": "32", "-": "31", "~": "33", "!": "1;31", "?": "36"}


def _coloured(line: Line) -> str:
    colour = "1" if line.depth == 0 else _COLOURS.get(line.sign)
    return f"\x1b[{colour}m{_plain(line)}\x1b[0m" if colour else _plain(line)


def _one_line(text: str) -> str:
    """Return a text of somebody else's on one line, with what a terminal would obey made visible."""
    from cfngen.views.labels import title

    return title(text)


def _code(text: str) -> str:
    line = _one_line(text)
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"`{line}`"


def _escaped_markdown(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~@" else sign for sign in text)


def _machine_fields(machine: MachineChanges) -> dict[str, Any]:
    return {
        "old": machine.old,
        "new": machine.new,
        "fields": [_field_fields(change) for change in machine.flow.fields],
        "states": [
            {
                "old": state.old,
                "new": state.new,
                "type": state.type,
                "fields": [_field_fields(change) for change in state.fields],
                "transitions": [
                    {
                        "field": one.field,
                        "when": one.when,
                        "old": one.old.target if one.old is not None else None,
                        "new": one.new.target if one.new is not None else None,
                    }
                    for one in state.transitions
                ],
            }
            for state in machine.flow.states
        ],
        "running": [
            {"effect": one.effect.name.lower(), "subject": one.subject, "harmful": one.is_harmful}
            for one in machine.running
        ],
        "permissions": [
            {
                "direction": one.direction.value,
                "role": one.role,
                "actions": list(one.actions),
                "resource": one.resource,
                "condition": one.condition,
                "states": list(one.states),
                "denied": one.denied,
            }
            for one in machine.permissions
        ],
        "trust": [
            {"principal": one.principal, "condition": one.condition, "added": one.added}
            for one in machine.trust
        ],
    }


def _resource_fields(change: ResourceChange) -> dict[str, Any]:
    return {
        "old": change.old,
        "new": change.new,
        "type": change.type,
        "effect": change.effect.name.lower(),
        "because": list(change.because),
        "consequences": [one.name.lower() for one in change.consequences],
        "fields": [_field_fields(field) for field in change.fields],
    }


def _field_fields(change: FieldChange) -> dict[str, Any]:
    return {"path": change.path, **_old_and_new(change.old, change.new)}


def _old_and_new(old: Any, new: Any) -> dict[str, Any]:
    """Return both sides; one on which there is nothing is left out, as a null may be a value."""
    return {name: value for name, value in (("old", old), ("new", new)) if value is not ABSENT}


def _annotations(comparison: Comparison) -> Iterator[str]:
    from cfngen.reports.formats import annotation

    file = comparison.new
    for machine in comparison.machines:
        for permission in machine.permissions:
            if permission.direction is Direction.BROADER:
                yield annotation(
                    "warning" if permission.states else "error",
                    file,
                    "broader-permissions",
                    _permission(permission).text,
                )
        for running in machine.running:
            if running.is_harmful:
                yield annotation("warning", file, "running-executions", str(running))
        for trust in machine.trust:
            yield annotation("warning", file, "trust", _trust(trust))
    for change in comparison.resources:
        if change.effect in (Effect.REPLACED, Effect.RENAMED, Effect.REFUSED, Effect.PERHAPS_REPLACED):
            told = next(_resource(change)).text
            yield annotation("warning", file, "replacement", told)
