"""Derive: the grants of every task become the statements of one policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from awacs.aws import Allow, PolicyDocument, Statement

from cfngen.asl.graph import Graph, Node
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.iam.alike import Asked, Group, Likeness
from cfngen.iam.calls import Call, call_of, is_distributed
from cfngen.iam.granting import (
    DOCUMENTED,
    LEAST_PRIVILEGE,
    Caller,
    Scope,
    applies,
    permission,
)
from cfngen.iam.merge import Permission, merge
from cfngen.tasks.grants import Grant

__all__ = [
    "DOCUMENTED",
    "LEAST_PRIVILEGE",
    "Derived",
    "Feature",
    "Permission",
    "Scope",
    "derive",
    "needs",
    "statement",
]


@frozen
class Derived(Declared):
    """What a workflow may do; ``warnings`` tell where that is more than it needs, or may be less."""

    permissions: tuple[Permission, ...]
    warnings: tuple[Problem, ...]

    def document(self) -> PolicyDocument:
        """Return the policy; it has no statements when the workflow calls nothing."""
        return PolicyDocument(
            Version="2012-10-17", Statement=[statement(permission) for permission in self.permissions]
        )

    def narrowed(self, narrow: Callable[[Permission], Permission]) -> Derived:
        """Return what is left when each permission has been through ``narrow``.

        Raises ``ValueError`` if that adds an action or drops a condition.
        """
        narrower = tuple(map(narrow, self.permissions))
        for before, after in zip(self.permissions, narrower, strict=True):
            added = {it.JSONrepr() for it in after.actions} - {it.JSONrepr() for it in before.actions}
            if added or any(test not in after.conditions for test in before.conditions):
                raise ValueError(f"what narrows a permission must not widen it: {before} became {after}")
        return Derived(narrower, self.warnings)


@frozen
class Feature(Declared):
    """What the state machine itself needs: a grant, and what it is given."""

    grant: Grant
    arguments: Mapping[str, Any] = field(default_factory=dict)


def statement(permission: Permission) -> Statement:
    """Return a permission as a statement of a policy."""
    made = Statement(Effect=Allow, Action=list(permission.actions), Resource=list(permission.resources))
    if permission.conditions:
        from cfngen.iam.conditions import condition

        made.Condition = condition(permission.conditions)
    return made


def derive(
    graph: Graph,
    scope: Scope = LEAST_PRIVILEGE,
    features: Iterable[Feature] = (),
    machine: str | None = None,
) -> Derived:
    """Return the permissions of all tasks and of the state machine's own ``features``, merged.

    ``machine`` is the state machine's name as it stands in its ARN, pseudo parameters and ``*`` allowed;
    a distributed map and a call over HTTP need a permission for the machine itself.
    """
    groups: list[Group] = []
    warnings: list[Problem] = []
    likeness = Likeness()
    for node, _ in graph.walk():
        if group := likeness.group(node.state):
            group.states.append(node.state.Name)
        elif call := call_of(node):
            asked, before = Asked(call.arguments), len(warnings)
            found = of_call(replace(call, arguments=asked), scope, warnings, machine)
            groups.append(group := Group(list(found), call.state))
            if len(warnings) == before:  # or each call has warnings of its own
                likeness.add(node.state, asked, group)
        else:
            groups.append(Group(list(_of_map(node, scope, warnings, machine)), node.state.Name))
    groups += [Group([_of_feature(feature, scope, warnings, machine)], "") for feature in features]
    merged = merge([permission for group in groups for permission in group.merged()])
    return Derived(tuple(merged), tuple(warnings))


def needs(
    graph: Graph,
    scope: Scope = LEAST_PRIVILEGE,
    features: Iterable[Feature] = (),
    machine: str | None = None,
) -> Iterator[tuple[Permission | None, Sequence[Problem]]]:
    """Yield what ``derive`` merges, each permission with the warnings that are about it alone.

    Warnings without a permission tell of a call whose needs are not known.
    """
    warnings: list[Problem] = []
    for node, _ in graph.walk():
        call = call_of(node)
        of_node = (
            of_call(call, scope, warnings, machine) if call else _of_map(node, scope, warnings, machine)
        )
        for needed in of_node:
            yield needed, tuple(warnings)
            warnings.clear()
        if warnings:
            yield None, tuple(warnings)
            warnings.clear()
    for feature in features:
        needed = _of_feature(feature, scope, warnings, machine)
        yield needed, tuple(warnings)
        warnings.clear()


def of_call(
    call: Call, scope: Scope, warnings: list[Problem], machine: str | None = None
) -> Iterator[Permission]:
    """Yield what a call needs, unmerged; with credentials, that is to take another role."""
    if call.credentials is None:
        yield from of_itself(call, scope, warnings, machine)
        return
    from cfngen.iam.features import ASSUME_ROLE

    yield permission(ASSUME_ROLE, taker(call), scope, warnings)


def of_itself(
    call: Call, scope: Scope, warnings: list[Problem], machine: str | None = None
) -> Iterator[Permission]:
    """Yield what a call needs of the role that makes it, unmerged."""
    if call.grants is None:
        warnings.append(_unknown(call))
        return
    if call.doubt:
        warnings.append(_unverified(call))
    caller = Caller(
        state=call.state,
        place=call.place,
        arguments=call.arguments,
        machine=machine,
        hints=call.hints,
        because=call.because,
    )
    for grant in call.grants:
        if call.pattern in grant.patterns and applies(grant, caller, scope):
            yield permission(grant, caller, scope, warnings)


def taker(call: Call) -> Caller:
    """Return who takes the role that the credentials of a call name."""
    place = f"{call.location}/Credentials"
    return Caller(call.state, place, call.credentials or {}, narrow="name the role in the definition")


def _of_map(node: Node, scope: Scope, warnings: list[Problem], machine: str | None) -> Iterator[Permission]:
    if is_distributed(node.state):
        from cfngen.iam import maps

        yield from maps.of_map(node, scope, warnings, machine)


def _of_feature(feature: Feature, scope: Scope, warnings: list[Problem], machine: str | None) -> Permission:
    return permission(feature.grant, Caller("", "", feature.arguments, machine), scope, warnings)


def _unknown(call: Call) -> Problem:
    return Problem(
        "UNKNOWN_INTEGRATION",
        f"{call.location}/Resource",
        f"what {call.resource!r} needs is not known, and the policy holds nothing for it",
        "give the role its permissions as extra statements",
        "warning",
    )


def _unverified(call: Call) -> Problem:
    return Problem(
        "UNVERIFIED_ACTION",
        f"{call.location}/Resource",
        f"no list of IAM's actions has one for {call.resource!r}; the policy holds that of the same name",
        call.doubt,
        "warning",
    )
