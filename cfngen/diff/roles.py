"""The roles of two templates compared: what they allow, who may take them, what executions lose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cfngen.audit.condition_assignments import ConditionAssignment
from cfngen.audit.missing import MISSING, NARROW, find_missing
from cfngen.audit.resource_policies import granted
from cfngen.audit.roles import Role
from cfngen.audit.template import Audit
from cfngen.audit.values import resource_in_words
from cfngen.cfn.symbolic import to_sub
from cfngen.diff.allowed import permission_changes
from cfngen.diff.permissions import Direction, PermissionChange, RoleChanges, TrustChange
from cfngen.diff.role_views import RoleView, tests_of
from cfngen.diff.sides import Side
from cfngen.machines import SourceMachine
from cfngen.tasks.grants import Evidence


class RoleComparison:
    """The roles of two templates, read once for all their machines."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new

    @cached_property
    def _audits(self) -> tuple[Audit | None, Audit | None]:
        return _audit_of(self.old), _audit_of(self.new)

    def changes(self, former: SourceMachine, latter: SourceMachine) -> RoleChanges:
        """Return what changed about the role of a machine that both templates have."""
        before, after = self._audits
        if before is None or after is None:
            return RoleChanges()
        permissions: dict[PermissionChange, None] = {}
        trust: dict[TrustChange, None] = {}
        lost: dict[str, None] = {}
        notes: dict[str, None] = {}
        compared: dict[str, None] = {}
        for one, other in _shared_assignments(before, after):
            old, new = RoleView.of(before, former, one), RoleView.of(after, latter, other)
            if old is None or new is None:
                if (old is None) != (new is None):
                    side = "old" if old is None else "new"
                    notes[f"{latter.name}: the role is not in the {side} template"] = None
                continue
            compared.update(dict.fromkeys((*_policy_pointers(old.role), *_policy_pointers(new.role))))
            permissions.update(dict.fromkeys(permission_changes(old, new)))
            trust.update(dict.fromkeys(_trust_changes(old, new)))
            lost.update(dict.fromkeys(_lost(old, new)))
        return RoleChanges(
            tuple(sorted(permissions, key=_weight)),
            tuple(trust),
            tuple(lost),
            tuple(compared),
            tuple(notes),
        )


def _policy_pointers(role: Role) -> Iterator[str]:
    """Yield where the policies of a role stand, its trust policy and its boundary included."""
    properties = f"{role.pointer}/Properties"
    for name in ("Policies", "ManagedPolicyArns", "AssumeRolePolicyDocument", "PermissionsBoundary"):
        yield f"{properties}/{name}"
    for policy in role.policies:
        if policy.origin == "template":
            yield policy.pointer


def _audit_of(side: Side) -> Audit | None:
    if side.source is None or side.template is None:
        return None
    return Audit(side.source, side.machines)


def _shared_assignments(
    before: Audit, after: Audit
) -> Iterator[tuple[ConditionAssignment, ConditionAssignment]]:
    """Yield the assignments of both templates' conditions in which those of one name are alike."""
    old, new = before.assignments()[0], after.assignments()[0]
    for one in old:
        for other in new:
            if all(other.truths.get(name, truth) == truth for name, truth in one.truths.items()):
                yield one, other


def _lost(old: RoleView, new: RoleView) -> Iterator[str]:
    """Yield what the old definition needs and only the old role allows."""

    def missing(view: RoleView) -> set[tuple[str, str]]:
        missing_permissions = find_missing(
            old.needs, view.role, granted(view.role, view.values), view.values
        )
        return {
            (one.need.action, resource_in_words(one.need.resource))
            for one in missing_permissions
            if one.code in (MISSING, NARROW) and one.need.evidence > Evidence.POSSIBLE
        }

    before = missing(old)
    for action, resource in sorted(missing(new)):
        if (action, resource) not in before:
            yield action if resource == "*" else f"{action} on {resource}"


def _trust_changes(old: RoleView, new: RoleView) -> Iterator[TrustChange]:
    before, after = set(_trusted(old)), set(_trusted(new))
    for principal, condition in sorted(before ^ after):
        yield TrustChange(principal, condition, (principal, condition) in after)


def _trusted(view: RoleView) -> Iterator[tuple[str, str]]:
    """Yield who may take the role, and under which condition; a Deny says so."""
    for statement in view.role.trust.statements if view.role.trust is not None else ():
        tests = tests_of(statement, view.values)
        condition = " and ".join(f"{key} {value}" for key, value in tests.items())
        prefix = "" if statement.allows else "all but "
        for kind, entry in statement.principals:
            yield f"{prefix}{'' if kind == '*' else f'{kind} '}{to_sub(entry.text)}", condition


def _weight(change: PermissionChange) -> tuple[int, bool]:
    """Order: what is broader and needed by no state comes first."""
    order = (Direction.BROADER, Direction.NARROWER, Direction.UNDECIDED)
    return order.index(change.direction), bool(change.states)
