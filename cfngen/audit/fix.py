"""The policy that a role should have: what it has and needs, what it lacks, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cfngen.audit import excess, missing
from cfngen.audit.excess import StatementLimits
from cfngen.audit.missing import MissingPermission
from cfngen.audit.roles import Role
from cfngen.cfn.symbolic import UNKNOWN
from cfngen.core.values import sorted_json
from cfngen.iam.derive import statement as as_statement
from cfngen.iam.matching import covers
from cfngen.iam.merge import merge
from cfngen.iam.statements import LATEST, Statement


def fixed(
    role: Role, missing_permissions: Sequence[MissingPermission], limit: StatementLimits, *, certain: bool
) -> Mapping[str, Any]:
    """Return the document; without ``certain``, what the role has stays, for somebody may need it."""
    kept: list[Mapping[str, Any]] = []
    for policy in role.policies:
        for statement in policy.statements:
            if not statement.allows or (not certain and policy.origin != "aws"):
                kept.append(statement.document)
            elif certain:
                kept += _needed(statement, limit)
    return {"Version": LATEST, "Statement": [*_joined_statements(kept), *_added(missing_permissions)]}


def _needed(statement: Statement, limit: StatementLimits) -> Iterator[Mapping[str, Any]]:
    """Yield what is needed of a statement."""
    groups: dict[str, tuple[list[Any], list[str]]] = {}
    for action in excess.used(statement, limit.accepted):
        resources = _resources_needed(statement, action, limit)
        if resources:
            groups.setdefault(sorted_json(resources), (resources, []))[1].append(action)
    former = statement.document
    for resources, actions in groups.values():
        statement_document: dict[str, Any] = (
            {"Sid": former["Sid"]} if "Sid" in former and len(groups) == 1 else {}
        )
        statement_document |= {"Effect": "Allow", "Action": actions, "Resource": resources}
        if statement.condition:
            statement_document["Condition"] = former["Condition"]
        yield statement_document


def _resources_needed(statement: Statement, action: str, limit: StatementLimits) -> list[Any]:
    """Return the resources of a statement on which an action is needed, as their author wrote them."""
    requests = limit.accepted
    resources: list[Any] = []
    if statement.not_resources:
        resources = [need.advised.resources[0] for need, _ in requests[action]]
    for entry in statement.resources:
        variables = statement.variables
        if excess.is_unused(entry, [action], requests, variables):
            continue
        if excess.is_overbroad(entry, action, requests, variables):
            resources += [
                need.advised.resources[0]
                for need, request in limit.needed.get(action, requests[action])
                if covers(entry.text, request.resource, variables=variables) > UNKNOWN
            ]
        else:
            resources.append(excess.as_written(statement, entry))
    return list({sorted_json(resource): resource for resource in resources}.values())


def _joined_statements(statements: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the statements, those on the same resources under the same conditions joined."""
    joined: dict[str, dict[str, Any]] = {}
    for index, one in enumerate(statements):
        same = {name: value for name, value in one.items() if name not in ("Action", "Sid")}
        actions = one.get("Action")
        key = (
            sorted_json(same) if one.get("Effect") == "Allow" and isinstance(actions, list) else str(index)
        )
        if key in joined:
            before = joined[key]
            before["Action"] = list(dict.fromkeys([*before["Action"], *(actions or ())]))
        else:
            joined[key] = dict(one)
    return list(joined.values())


def _added(missing_permissions: Sequence[MissingPermission]) -> list[Mapping[str, Any]]:
    from troposphere import encode_to_dict

    permissions = [
        lack.need.advised for lack in missing_permissions if lack.code in (missing.MISSING, missing.NARROW)
    ]
    return [encode_to_dict(as_statement(permission)) for permission in merge(permissions)]
