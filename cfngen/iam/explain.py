"""Explain: why each statement of a policy is there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cfngen.cfn.functions import substitution
from cfngen.iam.arns import Resource
from cfngen.iam.derive import Derived
from cfngen.iam.merge import Permission

ITSELF = "the state machine itself"


def explain(derived: Derived) -> str:
    """Return the statements as text, with who needs each, why, and the page that says so."""
    return "\n\n".join("\n".join(_lines(permission)) for permission in derived.permissions)


def _lines(permission: Permission) -> Iterator[str]:
    yield ", ".join(action.JSONrepr() for action in permission.actions)
    for resource in permission.resources:
        yield f"  on {_spelled(resource)}"
    for operator, key, values in permission.conditions:
        yield f"  if {key} {operator} {', '.join(map(_spelled, values))}"
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for state, why, page, chosen in permission.reasons:
        reasons.setdefault((why, page, chosen), []).append(repr(state) if state else ITSELF)
    for (why, page, chosen), states in reasons.items():
        yield f"  {', '.join(states)}: {why}"
        yield f"    resource: {chosen}"
        yield f"    {page}"


def _spelled(resource: Resource) -> str:
    if isinstance(resource, str):
        return resource
    if (substituted := substitution(resource)) is not None and not substituted[1]:
        return substituted[0]
    return json.dumps(resource, ensure_ascii=False)
