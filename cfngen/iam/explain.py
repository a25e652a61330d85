"""Explain: why each statement of a policy is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from cfngen.cfn.functions import substitution
from cfngen.iam.arns import Resource
from cfngen.iam.derive import DependentActions, DerivedPolicy
from cfngen.iam.merge import Permission, Reason
from cfngen.tasks.grants import Evidence

ITSELF = "the state machine itself"


def explain(derived: DerivedPolicy) -> str:
    """Return the statements as text, with who needs each, why, and the page that says so."""
    paragraphs = ["\n".join(_explanation(permission)) for permission in derived.permissions]
    paragraphs += ["\n".join(_dependent_lines(dependent)) for dependent in derived.dependent]
    return "\n\n".join(paragraphs)


def _explanation(permission: Permission) -> Iterator[str]:
    yield ", ".join(action.JSONrepr() for action in permission.actions)
    for resource in permission.resources:
        yield f"  on {_explained_resource(resource)}"
    for operator, key, values in permission.conditions:
        yield f"  if {key} {operator} {', '.join(map(_explained_resource, values))}"
    states: dict[Reason, list[str]] = {}
    for reason in permission.reasons:
        states.setdefault(reason._replace(state=""), []).append(
            repr(reason.state) if reason.state else ITSELF
        )
    for reason, names in states.items():
        yield f"  {', '.join(names)}: {reason.text}"
        if len(reason.actions) != len(permission.actions):
            yield f"    actions: {', '.join(reason.actions)}"
        yield f"    resource: {reason.resources_from}"
        yield f"    evidence: {_EVIDENCE[reason.evidence]}"
        yield f"    {reason.page}"


def _dependent_lines(dependent: DependentActions) -> Iterator[str]:
    yield f"not in the policy: {', '.join(dependent.actions)}"
    yield f"  {', '.join(map(repr, dependent.states))}: {dependent.resource} may need them as well"
    yield f"    evidence: {_EVIDENCE[Evidence.POSSIBLE]}"
    yield "    where it does, allow them in extra_statements"
    yield f"    {_REFERENCE}"


_REFERENCE: Final = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)
_EVIDENCE: Final[Mapping[Evidence, str]] = {
    Evidence.REQUIRED: "required, AWS refuses the call without it",
    Evidence.DOCUMENTED: "documented, AWS's page asks for it",
    Evidence.POSSIBLE: "possible, the call does not tell whether it is needed",
}


def _explained_resource(resource: Resource) -> str:
    if isinstance(resource, str):
        return resource
    if (substituted := substitution(resource)) is not None and not substituted[1]:
        return substituted[0]
    return json.dumps(resource, ensure_ascii=False)
