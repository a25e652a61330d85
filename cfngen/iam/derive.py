"""Derive: the grants of every task become the statements of one policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Final

from awacs.aws import Allow, PolicyDocument, Statement

from cfngen.asl.graph import Graph, Node, is_distributed
from cfngen.asl.states import RawState
from cfngen.cfn.arns import BEGINNING
from cfngen.cfn.functions import plain
from cfngen.cfn.text import as_sub_text
from cfngen.core import wording
from cfngen.core.declared import Declared, frozen
from cfngen.core.lazy import lazy_names
from cfngen.core.problems import Problem
from cfngen.iam.arguments import values_at
from cfngen.iam.calls import NO_RESOURCES, TaskCall, call_of, key_of
from cfngen.iam.derivation import (
    SERVICE_LINKED_ROLE,
    SERVICE_ROLE,
    DependentActions,
    Derivation,
    GrantContext,
)
from cfngen.iam.granting import DOCUMENTED, LEAST_PRIVILEGE, applies, derivation, unknown_call
from cfngen.iam.merge import Permission, Reason, merge
from cfngen.tasks.grants import Grant, Scope

__all__ = [
    "DOCUMENTED",
    "LEAST_PRIVILEGE",
    "DependentActions",
    "Derivation",
    "DerivedPolicy",
    "Feature",
    "Permission",
    "Scope",
    "derivations",
    "derive",
    "statement",
]

__getattr__: Callable[[str], object] = lazy_names(
    __name__, {"cfngen.iam.derive": ("DerivedPolicy",)}, former={"Derived": "DerivedPolicy"}
)


@frozen
class DerivedPolicy(Declared):
    """What a workflow may do.

    - ``warnings``: where that is more than it needs, or may be less.
    - ``dependent``: what it does not allow, although calls may need it, depending on what they work with.
    """

    permissions: tuple[Permission, ...]
    warnings: tuple[Problem, ...]
    dependent: tuple[DependentActions, ...] = ()

    def document(self) -> PolicyDocument:
        """Return the policy; it has no statements when the workflow calls nothing."""
        return PolicyDocument(
            Version="2012-10-17", Statement=[statement(permission) for permission in self.permissions]
        )

    def narrowed(self, narrow: Callable[[Permission], Permission]) -> DerivedPolicy:
        """Return what is left when each permission has been through ``narrow``.

        Raises ``ValueError`` if that adds an action or drops a condition.
        """
        narrower = tuple(map(narrow, self.permissions))
        for before, after in zip(self.permissions, narrower, strict=True):
            added = {it.JSONrepr() for it in after.actions} - {it.JSONrepr() for it in before.actions}
            if added or any(test not in after.conditions for test in before.conditions):
                raise ValueError(f"what narrows a permission must not widen it: {before} became {after}")
        return DerivedPolicy(narrower, self.warnings, self.dependent)


@frozen
class Feature(Declared):
    """What the state machine itself needs: a grant, and what it is given."""

    grant: Grant
    arguments: Mapping[str, Any] = field(default_factory=dict)


def statement(permission: Permission) -> Statement:
    """Return a permission as a statement of a policy."""
    policy_statement = Statement(
        Effect=Allow, Action=list(permission.actions), Resource=list(permission.resources)
    )
    if permission.conditions:
        from cfngen.iam.conditions import awacs_condition

        policy_statement.Condition = awacs_condition(permission.conditions)
    return policy_statement


def derive(
    graph: Graph,
    scope: Scope = LEAST_PRIVILEGE,
    features: Iterable[Feature] = (),
    machine: str | None = None,
    resources: Mapping[str, Any] = NO_RESOURCES,
) -> DerivedPolicy:
    """Return the permissions of all tasks and of the state machine's own ``features``, merged.

    ``machine`` is the state machine's name as it stands in its ARN, pseudo parameters and ``*`` allowed;
    a distributed map and a call over HTTP need a permission for the machine itself. ``resources`` are those
    of the template, by their logical ids: a key that encrypts what a task uses needs a permission too.
    """
    calls = list(derivations(graph, scope, features, machine, resources))
    return merge_derivations([*calls, *(key for call in calls for key in _of_keys(call, resources, scope))])


def merge_derivations(derivations_of_calls: Iterable[Derivation]) -> DerivedPolicy:
    """Return the permissions merged, and all warnings."""
    derivations_of_calls = list(derivations_of_calls)
    permissions = [it.permission for it in derivations_of_calls if it.permission is not None]
    return DerivedPolicy(
        tuple(merge(permissions)),
        tuple(warning for it in derivations_of_calls for warning in it.warnings),
        tuple(it.dependent for it in derivations_of_calls if it.dependent is not None),
    )


def derivations(
    graph: Graph,
    scope: Scope = LEAST_PRIVILEGE,
    features: Iterable[Feature] = (),
    machine: str | None = None,
    resources: Mapping[str, Any] = NO_RESOURCES,
) -> Iterator[Derivation]:
    """Yield what ``derive`` merges: each permission with the warnings that are about it alone.

    Calls whose grants find the same arguments are derived once, and the permission names all their states.
    """
    groups: dict[Hashable, tuple[list[Derivation], list[str]]] = {}
    for index, (node, _) in enumerate(graph.walk()):
        key = key_of(node.state)
        if key in groups:
            groups[key][1].append(node.state.Name)
            continue
        call = call_of(node, resources)
        call_derivations = list(
            of_call(call, scope, machine) if call else _map_derivations(node, scope, machine)
        )
        is_alone = key is None or any(
            it.warnings for it in call_derivations
        )  # each call has warnings of its own
        groups[index if is_alone else key] = (call_derivations, [node.state.Name])
    for call_derivations, states in groups.values():
        yield from (
            call_derivations if len(states) == 1 else (_of_states(it, states) for it in call_derivations)
        )
    for feature in features:
        yield derivation(feature.grant, GrantContext("", "", feature.arguments, machine), scope)


def of_call(call: TaskCall, scope: Scope, machine: str | None = None) -> Iterator[Derivation]:
    """Yield what a call needs, unmerged; with credentials, that is to take another role."""
    if call.credentials is None:
        yield from own_permissions(call, scope, machine)
        return
    from cfngen.iam.features import ASSUME_ROLE

    yield derivation(ASSUME_ROLE, assume_role_context(call), scope)


def own_permissions(call: TaskCall, scope: Scope, machine: str | None = None) -> Iterator[Derivation]:
    """Yield what a call needs of the role that makes it, unmerged."""
    if call.grants is None:
        yield unknown_call(f"{call.location}/Resource", call.resource)
        return
    context = GrantContext(
        state=call.state,
        pointer=call.place,
        arguments=call.arguments,
        machine=machine,
        hints=call.hints,
        reason=call.because,
    )
    doubts = (_unverified(call),) if call.doubt else ()
    for grant in call.grants:
        if call.pattern in grant.patterns and applies(grant, context, scope):
            derived = derivation(grant, context, scope)
            yield replace(derived, warnings=doubts + derived.warnings)
            doubts = ()
    if doubts:
        yield Derivation(None, doubts)
    unknown_keys = tuple(_unknown_key(call, path) for path in call.keys if _is_of_customer(call, path))
    actions = (*call.dependent, *(name for name in _OF_KEY if unknown_keys and name not in call.dependent))
    if actions:
        possible = tuple(_possible(call))
        dependent = DependentActions((call.state,), call.resource, actions)
        yield Derivation(None, (*unknown_keys, *possible), dependent=dependent)


def _of_keys(derived: Derivation, resources: Mapping[str, Any], scope: Scope) -> Iterator[Derivation]:
    if resources:
        from cfngen.iam.encryption import derivations_of_keys

        yield from derivations_of_keys(derived, resources, scope)


def assume_role_context(call: TaskCall) -> GrantContext:
    """Return the context in which a call takes the role that its credentials name."""
    pointer = f"{call.location}/Credentials"
    credentials = call.credentials if isinstance(call.credentials, Mapping) else {}  # or it is an error
    return GrantContext(call.state, pointer, credentials, narrowing="name the role in the definition")


def _of_states(derived: Derivation, states: Sequence[str]) -> Derivation:
    """Return the permission that several states need for the same reason."""
    if derived.dependent is not None:
        return replace(derived, dependent=replace(derived.dependent, states=tuple(states)))
    if derived.permission is None:
        return derived
    [reason] = derived.permission.reasons
    _, text, page, source, evidence, actions = reason
    reasons = tuple([Reason(state, text, page, source, evidence, actions) for state in states])
    return replace(derived, permission=replace(derived.permission, reasons=reasons))


def _map_derivations(node: Node, scope: Scope, machine: str | None) -> Iterator[Derivation]:
    state = node.state
    if isinstance(state, RawState) and state.Fields.get("Type") == "Map":
        from cfngen.asl.read.states import typed_map

        state = typed_map(state, node.location, node.language)
    if is_distributed(state):
        from cfngen.iam import maps

        yield from maps.of_map(state, node.location, scope, machine)


def _is_of_customer(call: TaskCall, path: str) -> bool:
    """Tell whether a call names a key that may be a customer's; what AWS keeps itself asks for nothing."""
    return any(not _OF_AWS.match(str(as_sub_text(plain(it)))) for it in values_at(call.arguments, path))


def _unknown_key(call: TaskCall, path: str) -> Problem:
    return Problem(
        "UNTOLD_KEY",
        f"{call.place}/{path.replace('[]', '').replace('.', '/')}",
        f"{path} names a key, and no list has what the call needs of it; the policy holds nothing for it",
        f"look it up, and allow what it needs {wording.either('in extra_statements', 'by hand')}: "
        + ", ".join(_OF_KEY),
        "warning",
    )


def _possible(call: TaskCall) -> Iterator[Problem]:
    """Yield the warning of what a call may need as well, unless it only reads, or is given the role."""
    is_given = bool(call.arguments.get(SERVICE_ROLE))
    names = [it for it in call.dependent if not (is_given and it == SERVICE_LINKED_ROLE)]
    if not names or _READS.search(call.resource):
        return
    others = [it for it in names if it != SERVICE_LINKED_ROLE]
    hints = (
        [f"make the service-linked role beforehand, or allow {SERVICE_LINKED_ROLE}"]
        if others != names
        else []
    )
    hints += [f"allow what it needs of {', '.join(others)}"] if others else []
    yield Problem(
        "POSSIBLE_PERMISSION",
        f"{call.location}/Resource",
        f"{call.resource!r} may need {', '.join(names)} as well, which its arguments do not tell; "
        "the policy holds nothing for that",
        f"{'; '.join(hints)}, {wording.either('in extra_statements', 'by hand')}",
        "warning",
    )


def _unverified(call: TaskCall) -> Problem:
    return Problem(
        "UNVERIFIED_ACTION",
        f"{call.location}/Resource",
        f"no list of IAM's actions has one for {call.resource!r}; the policy holds that of the same name",
        call.doubt,
        "warning",
    )


_READS: Final = re.compile(r":(batchGet|describe|get|head|list|search)\w*$")
_OF_KEY: Final = ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
_OF_AWS: Final = re.compile(rf"({BEGINNING}[^/]*:)?alias/aws/")
