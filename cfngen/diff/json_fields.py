"""A comparison as plain JSON, for programs."""

from __future__ import annotations

from typing import Any

from cfngen.diff.comparison import Comparison, MachineChanges
from cfngen.diff.resource_change import ResourceChange
from cfngen.diff.values import ABSENT, FieldChange


def comparison_fields(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as an object of JSON."""
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
