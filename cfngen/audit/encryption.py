"""What a role needs of the keys that encrypt the resources of its template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cfngen.audit.needs import Need
from cfngen.audit.roles import existing_resources
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import ASSUMED, SymbolicText, literal, symbolic_text
from cfngen.iam.derive import LEAST_PRIVILEGE
from cfngen.iam.encryption import ENCRYPTED, Encrypted, key_derivation
from cfngen.iam.matching import covers


def needs_of_keys(needs: Sequence[Need], values: Values) -> list[Need]:
    """Return what the needs of a machine need of the keys that encrypt what they are about."""
    encrypted = [
        (kind, (*values.reference(logical_id, kind.arn), kind.below), key)
        for name, kind in ENCRYPTED.items()
        for logical_id, properties in existing_resources(values, name)
        if (key := _key_of_properties(values, properties, kind.key)) is not None
    ]
    key_needs: dict[tuple[str, str], Need] = {}
    for need in needs:
        for kind, arn, key in encrypted:
            if need.action in kind.uses and _is_about(need, arn, values):
                for one in _of_key(need, kind, key, values):
                    key_needs.setdefault((one.action, str(one.resource)), one)
    return list(key_needs.values())


def _key_of_properties(values: Values, properties: Mapping[str, Any], path: Sequence[str | int]) -> Any:
    """Return the customer's key that properties name, as CloudFormation spells it."""
    value: Any = properties
    for step in path:
        value = values.chosen(value)
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    value = values.chosen(value)
    return None if value is None else literal(values.text(value) or ()) or value


def _is_about(need: Need, arn: SymbolicText, values: Values) -> bool:
    return any(covers(symbolic_text(*arn), one) >= ASSUMED for one in values.texts(need.resource) or [])


def _of_key(need: Need, kind: Encrypted, key: Any, values: Values) -> Iterator[Need]:
    for state in dict.fromkeys(reason.state for reason in need.permission.reasons):
        derived = key_derivation(kind, need.action, key, values.resources, state, LEAST_PRIVILEGE)
        if derived is None or derived.permission is None:
            continue
        permission = derived.permission
        [resource] = permission.resources
        for action in permission.actions:
            yield replace(
                need,
                action=action.JSONrepr(),
                resource=resource,
                permission=permission,
                advised=replace(permission, actions=(action,)),
            )
