"""What a change does to the permissions of a state machine's role, by meaning and not by text.

Each action on each resource that the policies of one side allow is looked up in those of the other. What
is not allowed there is broader, or narrower seen from the other side; what depends on something that is
only known after deployment cannot be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any, Final, NamedTuple

from cfngen.audit.condition_assignments import ConditionAssignment
from cfngen.audit.excess import written
from cfngen.audit.missing import MISSING, NARROW, find_missing
from cfngen.audit.needs import Need
from cfngen.audit.resource_policies import granted
from cfngen.audit.roles import Role
from cfngen.audit.template import Audit
from cfngen.audit.values import Values, shown
from cfngen.cfn.symbolic import NO, YES, Symbol, Text, Verdict, spelled
from cfngen.cfn.text import has_hole
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import errors
from cfngen.diff.sides import Side
from cfngen.iam.matching import covers, matches
from cfngen.iam.statements import Statement
from cfngen.inputs.machines import Machine
from cfngen.tasks.grants import Evidence


class Direction(Enum):
    """How what the new side allows stands to what the old one does."""

    BROADER = "broader"
    NARROWER = "narrower"
    UNDECIDED = "undecided"

    def mirrored(self) -> Direction:
        """Return how the old side stands to the new one."""
        return _MIRRORED.get(self, self)


_MIRRORED: Final = {Direction.BROADER: Direction.NARROWER, Direction.NARROWER: Direction.BROADER}


@frozen
class PermissionChange(Declared):
    """Actions on a resource that one side allows and the other does not, or that cannot be told.

    ``states`` are those that need it on the side that allows it; where there are none, look twice.
    ``condition`` is that of the statement, as JSON. ``denied`` says that it is about a Deny.
    """

    direction: Direction
    role: str
    actions: tuple[str, ...]
    resource: str
    condition: str = ""
    states: tuple[str, ...] = ()
    denied: bool = False

    def mirrored(self) -> PermissionChange:
        """Return the change from the new side to the old one."""
        return PermissionChange(
            self.direction.mirrored(),
            self.role,
            self.actions,
            self.resource,
            self.condition,
            self.states,
            self.denied,
        )


@frozen
class TrustChange(Declared):
    """Who may take the role on one side only: ``added`` says that it is the new one."""

    principal: str
    condition: str
    added: bool

    def mirrored(self) -> TrustChange:
        """Return the change from the new side to the old one."""
        return TrustChange(self.principal, self.condition, not self.added)


@frozen
class RoleChanges(Declared):
    """What changed about the role of a machine.

    ``lost`` are permissions that the old definition needs and only the old role has. ``compared`` are the
    pointers of the policies that were compared by meaning. ``notes`` tell of what could not be compared.
    """

    permissions: tuple[PermissionChange, ...] = ()
    trust: tuple[TrustChange, ...] = ()
    lost: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class RoleComparison:
    """The roles of two templates, read once for all their machines."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new

    @cached_property
    def _audits(self) -> tuple[Audit | None, Audit | None]:
        return _audit(self.old), _audit(self.new)

    def changes(self, former: Machine, latter: Machine) -> RoleChanges:
        """Return what changed about the role of a machine that both templates have."""
        before, after = self._audits
        if before is None or after is None:
            return RoleChanges()
        sound = former.name in before.needs and latter.name in after.needs
        if not sound:
            return RoleChanges(
                notes=(f"{latter.name}: its definition has errors, which cfngen check tells",)
            )
        permissions: dict[PermissionChange, None] = {}
        trust: dict[TrustChange, None] = {}
        lost: dict[str, None] = {}
        notes: dict[str, None] = {}
        compared: dict[str, None] = {}
        for one, other in _assignments(before, after):
            old, new = _View.of(before, former, one), _View.of(after, latter, other)
            if old is None or new is None:
                if (old is None) != (new is None):
                    side = "old" if old is None else "new"
                    notes[f"{latter.name}: the role is not in the {side} template"] = None
                continue
            compared.update(dict.fromkeys((*_pointers(old.role), *_pointers(new.role))))
            permissions.update(dict.fromkeys(_permission_changes(old, new)))
            trust.update(dict.fromkeys(_trust_changes(old, new)))
            lost.update(dict.fromkeys(_lost(old, new)))
        return RoleChanges(
            tuple(sorted(permissions, key=_weight)),
            tuple(trust),
            tuple(lost),
            tuple(compared),
            tuple(notes),
        )


def _pointers(role: Role) -> Iterator[str]:
    """Yield where the policies of a role stand, its trust policy and its boundary included."""
    properties = f"{role.pointer}/Properties"
    for name in ("Policies", "ManagedPolicyArns", "AssumeRolePolicyDocument", "PermissionsBoundary"):
        yield f"{properties}/{name}"
    for policy in role.policies:
        if policy.origin == "template":
            yield policy.pointer


def _audit(side: Side) -> Audit | None:
    if side.source is None or side.template is None:
        return None
    sound = [machine for machine in side.machines if not errors(machine.workflow.check(machine.type))]
    return Audit(side.source, sound)


def _assignments(before: Audit, after: Audit) -> Iterator[tuple[ConditionAssignment, ConditionAssignment]]:
    """Yield the assignments of both templates' conditions in which those of one name are alike."""
    old, new = before.assignments()[0], after.assignments()[0]
    for one in old:
        for other in new:
            if all(other.truths.get(name, truth) == truth for name, truth in one.truths.items()):
                yield one, other


class _View(NamedTuple):
    """The role of a machine under one assignment of its template's conditions."""

    role: Role
    values: Values
    needs: Sequence[Need]

    @classmethod
    def of(cls, audit: Audit, machine: Machine, assignment: ConditionAssignment) -> _View | None:
        values, role = audit.role(machine, assignment)
        return cls(role, values, audit.needs[machine.name].needs) if isinstance(role, Role) else None

    def statements(self, *, allows: bool) -> list[Statement]:
        return [one for one in self.role.statements if one.allows is allows]


class _Atom(NamedTuple):
    """An action on a resource that a statement is about; ``action`` and ``resource`` may hold wildcards.

    ``written`` is the resource as its author wrote it.
    """

    action: str
    resource: Text
    written: str
    statement: Statement
    tests: Mapping[str, str]

    @property
    def condition(self) -> str:
        return " and ".join(f"{key} {value}" for key, value in self.tests.items())


def _atoms(statements: Iterable[Statement], values: Values) -> Iterator[_Atom]:
    for statement in statements:
        tests = _tests(statement, values)
        for action in statement.actions:
            for resource in statement.resources:
                yield _Atom(
                    spelled(action.text),
                    resource.text,
                    shown(written(statement, resource)),
                    statement,
                    tests,
                )


def _tests(statement: Statement, values: Values) -> dict[str, str]:
    """Return the tests of a condition, each as text, the case of its key not counting."""
    tests = {}
    for operator, keys in statement.condition.items():
        if not isinstance(keys, Mapping):
            tests[str(operator)] = json.dumps(keys, sort_keys=True, default=str)
            continue
        for key, value in keys.items():
            items = value if isinstance(value, list) else [value]
            texts = [
                " | ".join(map(spelled, found)) if (found := values.texts(item)) is not None else str(item)
                for item in items
            ]
            tests[f"{operator} {str(key).lower()}"] = ", ".join(sorted(texts))
    return tests


def _permission_changes(old: _View, new: _View) -> Iterator[PermissionChange]:
    yield from _grouped(Direction.BROADER, new, old)
    yield from _grouped(Direction.NARROWER, old, new)
    yield from _denials(old, new)
    yield from _unreadable(old, new)


def _grouped(direction: Direction, here: _View, there: _View) -> Iterator[PermissionChange]:
    """Yield what one side allows and the other does not, actions on one resource together."""
    allowed = list(_atoms(there.statements(allows=True), there.values))
    groups: dict[tuple[Direction, str, str, tuple[str, ...]], dict[str, None]] = {}
    for atom in _atoms(here.statements(allows=True), here.values):
        verdict = _is_allowed(atom, allowed)
        if verdict == YES:
            continue
        if verdict != NO and direction is Direction.NARROWER:
            continue  # which the other direction tells of, or both would tell of the same
        towards = direction if verdict == NO else Direction.UNDECIDED
        key = (towards, atom.written, atom.condition, _needed_by(atom, here, allowed))
        groups.setdefault(key, {})[atom.action] = None
    for statement in here.statements(allows=True):
        if (statement.not_actions or statement.not_resources) and not _stands_there(statement, there):
            yield PermissionChange(
                Direction.UNDECIDED,
                here.role.logical_id,
                ("all but some actions",),
                "all but some resources",
            )
    for (towards, resource, condition, states), actions in groups.items():
        yield PermissionChange(towards, here.role.logical_id, tuple(actions), resource, condition, states)


def _is_allowed(atom: _Atom, allowed: Iterable[_Atom]) -> Verdict:
    """Tell whether what an atom allows is allowed by others: surely, surely not, or perhaps."""
    best = NO
    for other in allowed:
        acts = _covers_action(other.action, atom.action)
        if acts == NO:
            continue
        touches = _covers_resource(other.resource, atom.resource)
        verdict = min(acts, touches)
        if verdict == NO:
            continue
        if not all(atom.tests.get(key) == value for key, value in other.tests.items()):
            continue  # it is allowed there under tests that do not hold here
        best = max(best, verdict)
        if best == YES:
            break
    return best


def _covers_action(pattern: str, action: str) -> Verdict:
    """Tell whether a pattern has all that another stands for; one that has but a part of it has not."""
    verdict = matches((pattern.lower(),), (action.lower(),))
    return verdict if verdict in (YES, NO) or has_hole(pattern + action) else NO


def _covers_resource(pattern: Text, resource: Text) -> Verdict:
    """Tell the same of resources: what both name by the same symbol is the same."""
    verdict = covers(pattern, resource)
    if verdict == YES:
        return YES
    if _symbols(resource) <= _symbols(pattern) or not _symbols(pattern):
        return YES if covers(_opaque(pattern), _opaque(resource)) == YES else NO
    return verdict


def _symbols(text: Text) -> set[Symbol]:
    return {piece for piece in text if isinstance(piece, Symbol)}


def _opaque(text: Text) -> Text:
    """Return a text with each symbol as a word that nothing else has."""
    return ("".join(piece if isinstance(piece, str) else f"\ue000{piece.name}\ue001" for piece in text),)


def _denials(old: _View, new: _View) -> Iterator[PermissionChange]:
    """Yield what only one side denies: a Deny that goes allows more, one that comes allows less."""
    for direction, here, there in ((Direction.BROADER, old, new), (Direction.NARROWER, new, old)):
        denied = list(_atoms(there.statements(allows=False), there.values))
        for atom in _atoms(here.statements(allows=False), here.values):
            if _is_allowed(atom, denied) != YES:
                yield PermissionChange(
                    direction,
                    here.role.logical_id,
                    (atom.action,),
                    atom.written,
                    atom.condition,
                    denied=True,
                )
        for statement in here.statements(allows=False):
            if (statement.not_actions or statement.not_resources) and not _stands_there(statement, there):
                yield PermissionChange(
                    direction,
                    here.role.logical_id,
                    ("all but some actions",),
                    "all but some resources",
                    denied=True,
                )


def _unreadable(old: _View, new: _View) -> Iterator[PermissionChange]:
    """Yield what cannot be told: policies that are not to be had, and another boundary."""
    before, after = dict(old.role.unknown), dict(new.role.unknown)
    for name in dict.fromkeys((*before, *after)):
        if (name in before) != (name in after):
            yield PermissionChange(
                Direction.UNDECIDED, new.role.logical_id, ("what it allows",), f"the policy {name}"
            )
    if _boundary(old) != _boundary(new):
        yield PermissionChange(
            Direction.UNDECIDED, new.role.logical_id, ("what it allows",), "the permissions boundary"
        )


def _boundary(view: _View) -> Any:
    boundary = view.role.boundary
    return None if boundary is None else [str(one.given) for one in boundary.statements]


def _stands_there(statement: Statement, there: _View) -> bool:
    """Tell whether the other side has the same statement."""
    return any(str(other.given) == str(statement.given) for other in there.role.statements)


def _needed_by(atom: _Atom, view: _View, allowed: Sequence[_Atom]) -> tuple[str, ...]:
    """Return the states that need what an atom allows and the ``allowed`` of the other side do not."""
    states: dict[str, None] = {}
    for need in view.needs:
        if matches((atom.action.lower(),), (need.action.lower(),)) == NO:
            continue
        for request in need.requests(view.values):
            is_meant = need.open or covers(atom.resource, request.resource) > NO
            asked = _Atom(need.action, request.resource, "", atom.statement, atom.tests)
            if is_meant and _is_allowed(asked, allowed) != YES:
                states.update(dict.fromkeys(need.states))
    return tuple(states)


def _lost(old: _View, new: _View) -> Iterator[str]:
    """Yield what the old definition needs and only the old role allows."""

    def missing(view: _View) -> set[tuple[str, str]]:
        found = find_missing(old.needs, view.role, granted(view.role, view.values), view.values)
        return {
            (one.need.action, shown(one.need.resource))
            for one in found
            if one.code in (MISSING, NARROW) and one.need.evidence > Evidence.POSSIBLE
        }

    before = missing(old)
    for action, resource in sorted(missing(new)):
        if (action, resource) not in before:
            yield action if resource == "*" else f"{action} on {resource}"


def _trust_changes(old: _View, new: _View) -> Iterator[TrustChange]:
    before, after = set(_trusted(old)), set(_trusted(new))
    for principal, condition in sorted(before ^ after):
        yield TrustChange(principal, condition, (principal, condition) in after)


def _trusted(view: _View) -> Iterator[tuple[str, str]]:
    """Yield who may take the role, and under which condition; a Deny says so."""
    for statement in view.role.trust.statements if view.role.trust is not None else ():
        tests = _tests(statement, view.values)
        condition = " and ".join(f"{key} {value}" for key, value in tests.items())
        prefix = "" if statement.allows else "all but "
        for kind, entry in statement.principals:
            yield f"{prefix}{'' if kind == '*' else f'{kind} '}{spelled(entry.text)}", condition


def _weight(change: PermissionChange) -> tuple[int, bool]:
    """Order: what is broader and needed by no state comes first."""
    order = (Direction.BROADER, Direction.NARROWER, Direction.UNDECIDED)
    return order.index(change.direction), bool(change.states)


__all__ = ["Direction", "PermissionChange", "RoleChanges", "RoleComparison", "TrustChange"]
