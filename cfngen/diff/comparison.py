"""Two sides compared: each machine with its flow, its executions, its permissions, and the stack around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from cfngen.core.declared import Declared, frozen
from cfngen.core.limits import deep_recursion
from cfngen.diff.entries import EntryChange, entry_changes
from cfngen.diff.flow import FlowChanges, flow_changes
from cfngen.diff.permissions import Direction, PermissionChange, RoleChanges, TrustChange
from cfngen.diff.resource_change import Effect, ResourceChange
from cfngen.diff.resources import differ_in_definitions_alone, renamed_resources, resource_changes
from cfngen.diff.running import RunningChange, running_changes
from cfngen.diff.sides import Side
from cfngen.machines import SourceMachine

if TYPE_CHECKING:
    from cfngen.diff.roles import RoleComparison


class Kind(Enum):
    """What a pipeline can fail on."""

    FLOW = "flow"
    RUNNING_EXECUTIONS = "running-executions"
    BROADER_PERMISSIONS = "broader-permissions"
    UNNEEDED_PERMISSIONS = "unneeded-permissions"
    NARROWER_PERMISSIONS = "narrower-permissions"
    UNDECIDED_PERMISSIONS = "undecided-permissions"
    TRUST = "trust"
    REPLACEMENT = "replacement"
    POSSIBLE_REPLACEMENT = "possible-replacement"
    REMOVAL = "removal"
    ANY = "any"


@frozen
class MachineChanges(Declared):
    """What changed about a machine; ``old`` and ``new`` are its names, None on a side without it.

    ``trust`` are the changes of who may take its role.
    """

    old: str | None
    new: str | None
    flow: FlowChanges = FlowChanges()
    running: tuple[RunningChange, ...] = ()
    permissions: tuple[PermissionChange, ...] = ()
    trust: tuple[TrustChange, ...] = ()

    @property
    def name(self) -> str:
        """The name of the machine, the new one where there are two."""
        return (self.new if self.new is not None else self.old) or ""

    def __bool__(self) -> bool:
        return bool(self.old != self.new or self.flow or self.running or self.permissions or self.trust)


@frozen
class Comparison(Declared):
    """What differs between two sides; ``notes`` tell of what could not be compared."""

    old: str
    new: str
    machines: tuple[MachineChanges, ...] = ()
    resources: tuple[ResourceChange, ...] = ()
    entries: tuple[EntryChange, ...] = ()
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.machines or self.resources or self.entries)

    def kinds(self) -> set[Kind]:
        """Return what there is of the kinds that a pipeline can fail on."""
        return set(self._kinds())

    def _kinds(self) -> Iterator[Kind]:
        if self:
            yield Kind.ANY
        for machine in self.machines:
            if machine.flow and not machine.flow.is_wording:
                yield Kind.FLOW
            if any(change.is_harmful for change in machine.running):
                yield Kind.RUNNING_EXECUTIONS
            if machine.trust:
                yield Kind.TRUST
            for permission in machine.permissions:
                yield _PERMISSIONS[permission.direction]
                if permission.direction is Direction.BROADER and not permission.states:
                    yield Kind.UNNEEDED_PERMISSIONS
        for resource in self.resources:
            if resource.effect in (Effect.REPLACED, Effect.RENAMED, Effect.REFUSED):
                yield Kind.REPLACEMENT
            elif resource.effect is Effect.PERHAPS_REPLACED:
                yield Kind.POSSIBLE_REPLACEMENT
            elif resource.effect is Effect.REMOVED:
                yield Kind.REMOVAL


class ComparedSides(NamedTuple):
    """Two sides, and what differs."""

    old: Side
    new: Side
    comparison: Comparison


_PERMISSIONS = {
    Direction.BROADER: Kind.BROADER_PERMISSIONS,
    Direction.NARROWER: Kind.NARROWER_PERMISSIONS,
    Direction.UNDECIDED: Kind.UNDECIDED_PERMISSIONS,
}


@deep_recursion()
def compare(old: Side, new: Side) -> Comparison:
    """Return what differs between two sides."""
    both = old.template is not None and new.template is not None
    resources = tuple(resource_changes(old.template or {}, new.template or {})) if both else ()
    entries = tuple(entry_changes(old.template or {}, new.template or {})) if both else ()
    roles = _roles(old, new)
    notes = [f"{unread.name}: {unread.error.message}" for unread in (*old.unread, *new.unread)]
    machines = []
    for former, latter in _machine_pairs(old, new, renamed_resources(resources)):
        role = RoleChanges()
        if roles is not None and former is not None and latter is not None:
            role = roles.changes(former, latter)
        notes += role.notes
        if change := _machine_changes(former, latter, role, resources, new.template):
            machines.append(change)
        resources = tuple(_without_policies(resources, role.compared))
    return Comparison(
        old.label, new.label, tuple(machines), resources, entries, tuple(dict.fromkeys(notes))
    )


def _roles(old: Side, new: Side) -> RoleComparison | None:
    """Return what compares the roles; a definition gives and takes no permissions, and has no role."""
    if old.template is None or new.template is None:
        return None
    if differ_in_definitions_alone(old.template, new.template):
        return None
    from cfngen.diff.roles import RoleComparison

    return RoleComparison(old, new)


def _without_policies(
    changes: tuple[ResourceChange, ...], compared: tuple[str, ...]
) -> Iterator[ResourceChange]:
    """Yield the changes of resources without the policies that were compared by what they mean."""
    prefixes = tuple(f"{pointer}/" for pointer in compared)
    for change in changes:
        fields = tuple(
            field
            for field in change.fields
            if not f"/Resources/{change.name}{field.path}/".startswith(prefixes)
        )
        if fields or change.effect is not Effect.UPDATED:
            yield replace(change, fields=fields)


def _machine_pairs(
    old: Side, new: Side, renamed: Mapping[str, str]
) -> Iterator[tuple[SourceMachine | None, SourceMachine | None]]:
    """Yield the machines of both sides, each with what it was."""
    before = {machine.name: machine for machine in old.machines}
    after = {machine.name: machine for machine in new.machines}
    if len(before) == len(after) == 1 and (old.template is None or new.template is None):
        yield old.machines[0], new.machines[0]  # a definition has no name
        return
    for name, machine in after.items():
        yield before.pop(renamed.get(name, name), None), machine
    for machine in before.values():
        yield machine, None


def _machine_changes(
    former: SourceMachine | None,
    latter: SourceMachine | None,
    role: RoleChanges,
    resources: tuple[ResourceChange, ...],
    template: Mapping[str, Any] | None,
) -> MachineChanges:
    before, after = _document_of(former), _document_of(latter)
    flow = flow_changes(before, after) if former is not None and latter is not None else FlowChanges()
    running: tuple[RunningChange, ...] = ()
    if former is not None:
        running = tuple(running_changes(former.name, before, flow, resources, template, role.lost))
    old, new = (None if machine is None else machine.name for machine in (former, latter))
    if old is not None and new is not None:
        old, new = old or new, new or old  # a definition alone has no name
    return MachineChanges(old, new, flow, running, role.permissions, role.trust)


def _document_of(machine: SourceMachine | None) -> Mapping[str, Any]:
    return {} if machine is None else machine.document
