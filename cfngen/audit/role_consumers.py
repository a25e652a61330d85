"""Who in a template uses a role."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cfngen.audit.roles import Role
from cfngen.audit.values import Values

_TAKES = re.compile(r"Role(Arn|Name|s)?$")


def role_consumers(values: Values, role: Role, machines: Sequence[str]) -> list[str]:
    """Return the resources beside the machines that take the role: a function, a rule, a profile."""
    names = {values.reference(role.logical_id, attribute) for attribute in ("", "Arn")}
    return [
        str(logical_id)
        for logical_id, resource in values.resources.items()
        if logical_id not in machines
        and logical_id != role.logical_id
        and isinstance(resource, Mapping)
        and not str(resource.get("Type")).startswith(
            ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
        )
        and _takes(values, resource.get("Properties"), names)
    ]


def _takes(values: Values, properties: Any, names: set[Any]) -> bool:
    pending = [("", properties)]
    for name, value in pending:  # which grows as it is walked
        if _TAKES.search(name):
            resolved = values.texts(value)
            if resolved and names.intersection(resolved):
                return True
        if isinstance(value, Mapping):
            pending += [(str(key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            pending += [(name, inner) for inner in value]
    return False
