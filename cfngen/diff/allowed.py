"""What one role allows and another does not, by meaning and not by text.

Each action on each resource that the policies of one side allow is looked up in those of the other. What
is not allowed there is broader, or narrower seen from the other side; what depends on something that is
only known after deployment cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cfngen.cfn.symbolic import NO, YES
from cfngen.diff.permissions import Direction, PermissionChange
from cfngen.diff.role_views import Allowance, RoleView, allowances, is_allowed
from cfngen.iam.matching import covers, matches
from cfngen.iam.statements import Statement


def permission_changes(old: RoleView, new: RoleView) -> Iterator[PermissionChange]:
    """Yield what changed between the roles of both sides."""
    yield from _grouped(Direction.BROADER, new, old)
    yield from _grouped(Direction.NARROWER, old, new)
    yield from _denials(old, new)
    yield from _undecidable(old, new)


def _grouped(direction: Direction, here: RoleView, there: RoleView) -> Iterator[PermissionChange]:
    """Yield what one side allows and the other does not, actions on one resource together."""
    allowed = list(allowances(there.statements(allows=True), there.values))
    groups: dict[tuple[Direction, str, str, tuple[str, ...]], dict[str, None]] = {}
    for atom in allowances(here.statements(allows=True), here.values):
        verdict = is_allowed(atom, allowed)
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


def _denials(old: RoleView, new: RoleView) -> Iterator[PermissionChange]:
    """Yield what only one side denies: a Deny that goes allows more, one that comes allows less."""
    for direction, here, there in ((Direction.BROADER, old, new), (Direction.NARROWER, new, old)):
        denied = list(allowances(there.statements(allows=False), there.values))
        for atom in allowances(here.statements(allows=False), here.values):
            if is_allowed(atom, denied) != YES:
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


def _undecidable(old: RoleView, new: RoleView) -> Iterator[PermissionChange]:
    """Yield what cannot be told: policies that are not to be had, and another boundary."""
    before, after = dict(old.role.unknown), dict(new.role.unknown)
    for name in dict.fromkeys((*before, *after)):
        if (name in before) != (name in after):
            yield PermissionChange(
                Direction.UNDECIDED, new.role.logical_id, (f"what {name.rstrip(',')} allows",), "*"
            )
    if _boundary_text(old) != _boundary_text(new):
        yield PermissionChange(
            Direction.UNDECIDED, new.role.logical_id, ("what the permissions boundary allows",), "*"
        )


def _boundary_text(view: RoleView) -> Any:
    boundary = view.role.boundary
    return None if boundary is None else [str(one.document) for one in boundary.statements]


def _stands_there(statement: Statement, there: RoleView) -> bool:
    """Tell whether the other side has the same statement."""
    return any(str(other.document) == str(statement.document) for other in there.role.statements)


def _needed_by(atom: Allowance, view: RoleView, allowed: Sequence[Allowance]) -> tuple[str, ...]:
    """Return the states that need what an atom allows and the ``allowed`` of the other side do not."""
    states: dict[str, None] = {}
    for need in view.needs:
        if matches((atom.action.lower(),), (need.action.lower(),)) == NO:
            continue
        for request in need.requests(view.values):
            is_meant = need.open or covers(atom.resource, request.resource) > NO
            allowance = Allowance(need.action, request.resource, "", atom.statement, atom.tests)
            if is_meant and is_allowed(allowance, allowed) != YES:
                states.update(dict.fromkeys(need.states))
    return tuple(states)
