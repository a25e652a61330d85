"""The roles that tasks take by their ``Credentials``: what each must allow, and whom it must trust.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from __future__ import annotations

import json
from typing import Any

from awacs import sts
from awacs.aws import Allow, AWSPrincipal, Condition, PolicyDocument, Statement, StringEquals, StringLike

from cfngen.asl.graph import Graph
from cfngen.asl.values import Text
from cfngen.cfn.functions import is_intrinsic
from cfngen.core.declared import Declared, frozen
from cfngen.iam.arns import Resource
from cfngen.iam.calls import call_of
from cfngen.iam.derivation import Derivation
from cfngen.iam.derive import DerivedPolicy, assume_role_context, merge_derivations, own_permissions
from cfngen.iam.features import ASSUME_ROLE
from cfngen.iam.granting import LEAST_PRIVILEGE, derivation
from cfngen.tasks.grants import Scope


@frozen
class TargetRole(Declared):
    """A role, and what its tasks need of it.

    ``role`` is its ARN as the credentials name it, text or an intrinsic as CloudFormation spells it; ``*``
    is in it where that is only known at run time. Pseudo parameters in its policy are those of the stack
    that holds the role, which may be in another account than the state machine.
    """

    role: Resource
    derived: DerivedPolicy

    def policy(self) -> PolicyDocument:
        """Return what the role must allow."""
        return self.derived.document()

    def trust(self, execution_role: Text, machine: Text) -> PolicyDocument:
        """Return who may take the role: the execution role of a state machine, on behalf of that machine.

        Both are ARNs. The machine's may hold ``*``, where CloudFormation makes its name.
        """
        ids = StringLike if "*" in str(_plain_text(machine)) else StringEquals
        statement = Statement(
            Effect=Allow,
            Principal=AWSPrincipal(_plain_text(execution_role)),
            Action=[sts.AssumeRole],
            Condition=Condition(ids("sts:ExternalId", _plain_text(machine))),
        )
        return PolicyDocument(Version="2012-10-17", Statement=[statement])


def target_roles(
    graph: Graph, scope: Scope = LEAST_PRIVILEGE, machine: str | None = None
) -> tuple[TargetRole, ...]:
    """Return the roles that tasks take, each once, in the order in which they are first taken.

    Step Functions asks how a job in another account stands instead of hearing of it: the rules that it
    keeps in EventBridge are no part of these policies.
    """
    roles: dict[str, Resource] = {}
    needs: dict[str, list[Derivation]] = {}
    for node, _ in graph.walk():
        call = call_of(node)
        if call is None or call.credentials is None:
            continue
        taking = derivation(ASSUME_ROLE, assume_role_context(call), scope).permission
        for role in taking.resources if taking else ():
            key = json.dumps(role, sort_keys=True)
            roles.setdefault(key, role)
            needs.setdefault(key, []).extend(own_permissions(call, scope, machine))
    return tuple(
        TargetRole(role, merge_derivations(map(_without_rules, needs[key]))) for key, role in roles.items()
    )


def _without_rules(derived: Derivation) -> Derivation:
    is_rule = derived.permission is not None and derived.permission.managed_rule
    return Derivation(None, derived.warnings) if is_rule else derived


def _plain_text(text: Text) -> Any:
    return text.to_dict() if is_intrinsic(text) else text  # type: ignore[union-attr]  # text has no such method
