"""The role of a state machine as its template makes it: its policies, and who may take it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any, Final

from cfngen.audit.catalogs import managed_policy
from cfngen.audit.values import Values, resource_in_words
from cfngen.cfn.arns import in_partition
from cfngen.cfn.functions import TO_JSON_STRING, argument_of, is_function
from cfngen.cfn.holes import read_json
from cfngen.cfn.pseudo_parameters import NO_VALUE
from cfngen.cfn.resource_types import REF
from cfngen.cfn.symbolic import ASSUMED, UNKNOWN, YES, SymbolicText, literal, to_sub
from cfngen.core.declared import Declared, frozen
from cfngen.iam.matching import covers, same
from cfngen.iam.statements import PolicyFault, Statement, statements

_ROLE: Final = "AWS::IAM::Role"
_MANAGED: Final = "AWS::IAM::ManagedPolicy"
_ATTACHING: Final = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", _MANAGED)


@frozen
class RolePolicy(Declared):
    """A policy that a role has: ``origin`` is ``template``, or ``aws`` for one that AWS keeps.

    ``attached`` is the logical id of the resource that gives it to the role, and that is made after the
    role; empty for what the role itself holds or names.
    """

    pointer: str
    statements: tuple[Statement, ...]
    faults: tuple[PolicyFault, ...] = ()
    origin: str = "template"
    name: str = ""
    attached: str = ""


@frozen
class Role(Declared):
    """A role; ``unknown`` are the policies whose content is not to be had, each with where it is named.

    ``boundary`` is None where there is none.
    """

    logical_id: str
    pointer: str
    policies: tuple[RolePolicy, ...]
    trust: RolePolicy | None
    unknown: tuple[tuple[str, str], ...] = ()
    boundary: RolePolicy | None = None
    properties: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return the statements of all policies."""
        return tuple(statement for policy in self.policies for statement in policy.statements)


@frozen
class NoRole(Declared):
    """Why there is no role to look at; ``wrong`` says that the template is at fault."""

    message: str
    wrong: bool = False


def role_of(values: Values, role_arn: Any) -> Role | NoRole:
    """Return the role that a ``RoleArn`` names."""
    role_arn = values.chosen(role_arn)
    if role_arn in (None, NO_VALUE):
        return NoRole("the state machine has no role", wrong=True)
    if isinstance(role_arn, (list, bool, int, float)):
        return NoRole(f"a role is text, not {role_arn!r:.60}", wrong=True)
    arn = values.text(role_arn)
    if arn is None:
        return NoRole("what names the role is no text", wrong=True)
    for logical_id, properties in existing_resources(values, _ROLE):
        if covers(arn, values.reference(logical_id, "Arn")) >= ASSUMED:
            return _role_of_properties(values, logical_id, properties)
        if arn == values.reference(logical_id, REF):
            return NoRole(f"this is the name of the role {logical_id}, and its ARN is due", wrong=True)
    return NoRole(f"the role {resource_in_words(role_arn)} is not made by this template")


def policy_document(document: Any, values: Values) -> Any:
    """Return a policy that is JSON text as what the text holds, any other as it is. Raises ``ValueError``.

    CloudFormation takes a mapping or text: AWS::IAM::Role's schema says ``"type": ["object", "string"]``.
    """
    if (argument := argument_of(TO_JSON_STRING, document)) is not None:
        return values.decided(argument)
    is_text = isinstance(document, str) or is_function(document)
    return read_json(values.decided(document)) if is_text else document


def existing_resources(values: Values, *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the resources of some types that exist under this assignment, and their properties."""
    for logical_id, resource in values.resources.items():
        if not isinstance(resource, Mapping) or resource.get("Type") not in types:
            continue
        if values.truths.get(str(resource.get("Condition")), True):
            properties = values.chosen(resource.get("Properties"))
            yield str(logical_id), properties if isinstance(properties, Mapping) else {}


def _role_of_properties(values: Values, logical_id: str, properties: Mapping[str, Any]) -> Role:
    pointer = f"/Resources/{logical_id}/Properties"
    policies: list[RolePolicy] = []
    unknown: list[tuple[str, str]] = []
    for item, place in values.items(properties.get("Policies")):
        policies.append(_inline_policy(values, item, f"{pointer}/Policies{place}"))
    attached: list[str] = []
    for item, place in values.items(properties.get("ManagedPolicyArns")):
        where = f"{pointer}/ManagedPolicyArns{place}"
        policy_or_name = _by_arn(values, item, where)
        if isinstance(policy_or_name, str):
            unknown.append((policy_or_name, where))
        else:
            policies.append(policy_or_name)
            attached.append(policy_or_name.pointer)
    name = values.reference(logical_id, REF)
    for other, policy_properties in existing_resources(values, *_ATTACHING):
        roles = values.items(policy_properties.get("Roles", policy_properties.get("RoleName")))
        verdicts = [_is_text_of(values.text(role), name) for role, _ in roles]
        policy = _policy_of_properties(values, policy_properties, f"/Resources/{other}/Properties", other)
        if max(verdicts, default=None) in (ASSUMED, YES) and policy.pointer not in attached:
            policies.append(replace(policy, attached=other))
        elif max(verdicts, default=None) == UNKNOWN:
            unknown.append((f"the policy {other}, which may be the role's,", f"/Resources/{other}"))
    boundary, missing = _read_boundary(values, properties.get("PermissionsBoundary"), pointer)
    trust = values.chosen(properties.get("AssumeRolePolicyDocument"))
    place = f"{pointer}/AssumeRolePolicyDocument"
    return Role(
        logical_id,
        f"/Resources/{logical_id}",
        tuple(policies),
        None if trust is None else RolePolicy(place, *_read_statements(values, trust, place)),
        (*unknown, *missing),
        boundary,
        properties,
    )


def _inline_policy(values: Values, item: Any, pointer: str) -> RolePolicy:
    if not isinstance(item, Mapping):
        return RolePolicy(pointer, (), (PolicyFault("an inline policy is a mapping", pointer),))
    return _policy_of_properties(values, item, pointer)


def _policy_of_properties(
    values: Values, properties: Mapping[str, Any], pointer: str, fallback_name: str = ""
) -> RolePolicy:
    place = f"{pointer}/PolicyDocument"
    name = values.text(properties.get("PolicyName", properties.get("ManagedPolicyName")))
    return RolePolicy(
        place,
        *_read_statements(values, values.chosen(properties.get("PolicyDocument")), place),
        name=fallback_name if name is None else to_sub(name),
    )


def _read_statements(
    values: Values, document: Any, pointer: str
) -> tuple[tuple[Statement, ...], tuple[PolicyFault, ...]]:
    """Return the statements of a document under this assignment, and its faults."""
    try:
        document = policy_document(document, values)
    except ValueError as error:
        return (), (PolicyFault(f"the policy is not JSON: {error}", pointer),)
    if isinstance(document, Mapping) and not isinstance(document.get("Statement"), list):
        document = {**document, "Statement": values.chosen(document.get("Statement"))}
    if isinstance(document, Mapping) and isinstance(document.get("Statement"), list):
        all_statements: list[Statement] = []
        faults: list[PolicyFault] = []
        for item, place in values.items(document["Statement"]):
            one = (
                {name: values.chosen(value) for name, value in item.items()}
                if isinstance(item, Mapping)
                else item
            )
            statements_read, faults_read = statements({**document, "Statement": one}, pointer, values.texts)
            all_statements += [
                replace(_statement_of_policy(statement, pointer, place), document=item)
                for statement in statements_read
            ]
            faults += [
                PolicyFault(fault.message, _in_list(fault.pointer, pointer, place)) for fault in faults_read
            ]
        return tuple(all_statements), tuple(faults)
    statements_read, faults_read = statements(document, pointer, values.texts)
    return tuple(statements_read), tuple(faults_read)


def _in_list(pointer: str, document: str, place: str) -> str:
    start = f"{document}/Statement"
    return pointer.replace(start, f"{start}{place}", 1)


def _statement_of_policy(statement: Statement, document: str, place: str) -> Statement:
    def entry(one: Any) -> Any:
        return replace(one, pointer=_in_list(one.pointer, document, place))

    return replace(
        statement,
        pointer=_in_list(statement.pointer, document, place),
        actions=tuple(map(entry, statement.actions)),
        not_actions=tuple(map(entry, statement.not_actions)),
        resources=tuple(map(entry, statement.resources)),
        not_resources=tuple(map(entry, statement.not_resources)),
        principals=tuple((kind, entry(one)) for kind, one in statement.principals),
    )


def _by_arn(values: Values, item: Any, pointer: str) -> RolePolicy | str:
    """Return the policy that an ARN names, or what to call one that is not to be had."""
    arn = values.text(item)
    if arn is None:
        return f"a policy named by {item!r:.60}"
    for logical_id, properties in existing_resources(values, _MANAGED):
        if covers(arn, values.reference(logical_id, REF)) >= ASSUMED:
            return _policy_of_properties(
                values, properties, f"/Resources/{logical_id}/Properties", logical_id
            )
    shown = to_sub(arn)
    if covers((in_partition("*", "iam::aws:policy/*"),), arn) == YES:
        tail = arn[-1] if isinstance(arn[-1], str) else ""
        name = tail.rpartition("/")[2]
        if (document := managed_policy(name)) is not None:
            statements_read, faults = statements(document, pointer, values.texts)
            here = tuple(_with_place(statement, pointer) for statement in statements_read)
            return RolePolicy(pointer, here, tuple(faults), "aws", name)
        return f"AWS's policy {name}"
    return f"the policy {shown}"


def _with_place(statement: Statement, pointer: str) -> Statement:
    """Return a statement of a document that is not in the template, with the place that names it."""

    def entries(entries_of: Any) -> Any:
        return tuple(replace(one, pointer=pointer) for one in entries_of)

    return replace(
        statement,
        pointer=pointer,
        actions=entries(statement.actions),
        not_actions=entries(statement.not_actions),
        resources=entries(statement.resources),
        not_resources=entries(statement.not_resources),
    )


def _read_boundary(
    values: Values, boundary_arn: Any, pointer: str
) -> tuple[RolePolicy | None, tuple[tuple[str, str], ...]]:
    boundary_arn = values.chosen(boundary_arn)
    if boundary_arn in (None, NO_VALUE):
        return None, ()
    where = f"{pointer}/PermissionsBoundary"
    policy_or_name = _by_arn(values, boundary_arn, where)
    if isinstance(policy_or_name, str):
        return None, ((f"{policy_or_name} that is the role's boundary", where),)
    return policy_or_name, ()


def _is_text_of(text: SymbolicText | None, name: SymbolicText) -> Any:
    if text is None:
        return UNKNOWN
    if len(text) == 1 and literal(text) is None and text != name:
        return UNKNOWN if str(getattr(text[0], "kind", "")) == "any" else same(text, name)
    return same(text, name)


def named_partitions(role: Role) -> list[str]:
    """Return the partitions that the resources of a role's policies name, in their order."""
    names: dict[str, None] = {}
    for statement in role.statements:
        for entry in (*statement.resources, *statement.not_resources):
            first = entry.text[0] if entry.text else ""
            parts = first.split(":", 2) if isinstance(first, str) else []
            if len(parts) == 3 and parts[0] == "arn" and parts[1].startswith("aws"):
                names.setdefault(parts[1])
    return list(names)
