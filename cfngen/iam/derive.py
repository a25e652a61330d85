"""Derive: the grants of every task become the statements of one policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

from awacs import sts
from awacs.aws import Allow, PolicyDocument, Statement

from cfngen.asl.declared import Declared, frozen
from cfngen.asl.graph import Graph
from cfngen.asl.problems import Problem
from cfngen.asl.values import Pattern
from cfngen.iam.arns import Resource, resolve, sub
from cfngen.iam.calls import Call, call_of
from cfngen.iam.merge import Permission, merge
from cfngen.tasks.grants import ANYTHING, Grant, Named


class Scope(Enum):
    """How tight a policy is: as tight as IAM allows, or as AWS's page of the integration prints it."""

    LEAST_PRIVILEGE = "least-privilege"
    DOCUMENTED = "documented"


LEAST_PRIVILEGE: Final = Scope.LEAST_PRIVILEGE
DOCUMENTED: Final = Scope.DOCUMENTED

ASSUME_ROLE: Final = Grant(
    (sts.AssumeRole,),
    resources=(Named("RoleArn", "arn:${AWS::Partition}:iam::*:role/{}"),),
    because="takes the role that makes the call and holds the call's own permissions",
    page="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html",
)


@frozen
class Derived(Declared):
    """What a workflow may do; ``warnings`` tell where that is more than it needs, or may be less."""

    permissions: tuple[Permission, ...]
    warnings: tuple[Problem, ...]

    def document(self) -> PolicyDocument:
        """Return the policy; it has no statements when the workflow calls nothing."""
        return PolicyDocument(
            Version="2012-10-17",
            Statement=[
                Statement(
                    Effect=Allow,
                    Action=list(permission.actions),
                    Resource=list(permission.resources),
                )
                for permission in self.permissions
            ],
        )


def derive(graph: Graph, scope: Scope = LEAST_PRIVILEGE, features: Iterable[Grant] = ()) -> Derived:
    """Return the permissions of all tasks and of the state machine's own ``features``, merged."""
    permissions: list[Permission] = []
    warnings: list[Problem] = []
    for node, _ in graph.walk():
        if call := call_of(node):
            permissions += _of_call(call, scope, warnings)
    machine = Call("", "", "", None, Pattern.REQUEST_RESPONSE, {})
    for grant in features:
        permissions.append(_permission(grant, machine, scope, warnings))
    return Derived(tuple(merge(permissions)), tuple(warnings))


def _of_call(call: Call, scope: Scope, warnings: list[Problem]) -> Iterator[Permission]:
    if call.credentials is not None:
        assumed = Call(call.state, f"{call.place}/Credentials", "", None, call.pattern, call.credentials)
        yield _permission(ASSUME_ROLE, assumed, scope, warnings)
    elif call.task is None:
        warnings.append(
            Problem(
                "UNKNOWN_INTEGRATION",
                f"{call.place}/Resource",
                f"what {call.resource!r} needs is not known, and the policy holds nothing for it",
                "give the role its permissions as extra statements",
                "warning",
            )
        )
    else:
        for grant in call.task.grants:
            if call.pattern in grant.patterns and (grant.when is None or grant.when in call.arguments):
                yield _permission(grant, call, scope, warnings)


def _permission(grant: Grant, call: Call, scope: Scope, warnings: list[Problem]) -> Permission:
    if scope is DOCUMENTED and grant.documented is not None:
        resources: tuple[Resource, ...] = (sub(grant.documented),)
    else:
        resources = _resources(grant, call, warnings)
    return Permission(grant.actions, resources, ((call.state, grant.because),), grant.managed_rule)


def _resources(grant: Grant, call: Call, warnings: list[Problem]) -> tuple[Resource, ...]:
    found: list[Resource] = []
    for named in grant.resources:
        if isinstance(named, str):
            found.append(sub(named))
            continue
        for resolved in resolve(named, call.arguments, call.hints):
            found += resolved.resources
            if resolved.widened:
                warnings.append(_widened(grant, call, named.argument, resolved.widened, resolved.resources))
    if not found:
        found = list(call.hints or [ANYTHING])
        if not call.hints:
            names = " or ".join(named.argument for named in grant.resources if isinstance(named, Named))
            warnings.append(_widened(grant, call, "", f"it passes no {names}", (ANYTHING,)))
    return tuple(found)


def _widened(grant: Grant, call: Call, argument: str, why: str, resources: tuple[Resource, ...]) -> Problem:
    actions = " and ".join(action.JSONrepr() for action in grant.actions)
    spelled = ", ".join(item if isinstance(item, str) else next(iter(item.values())) for item in resources)
    place, hint = f"{call.place}/Parameters", "name the ARNs it may touch with resources=[...]"
    if grant is ASSUME_ROLE:
        place, hint = call.place, "name the role in the definition"
    return Problem(
        "WIDENED_RESOURCE",
        f"{place}/{argument}" if argument else place,
        f"{actions} is allowed on {spelled}: {why}",
        hint,
        "warning",
    )
