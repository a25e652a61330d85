"""Whether a role's policies are there when its state machine is created.

A policy that is attached to the role by itself may be made after the machine, unless the machine waits.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cfngen.audit.missing import find_missing
from cfngen.audit.needs import Need
from cfngen.audit.roles import Role
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import UNKNOWN
from cfngen.core.problems import Problem
from cfngen.iam.evaluate import decide

LATE: Final = "POLICY_COMES_LATE"
_VARIABLE: Final = re.compile(r"\$\{([^!}.]+)")


def problems(machine: str, needs: Sequence[Need], role: Role, values: Values) -> Iterator[Problem]:
    """Yield the policies without which the machine cannot be created, and for which it does not wait."""
    awaited = _awaited(machine, values.resources)
    late = [policy for policy in role.policies if policy.attached and policy.attached not in awaited]
    early = [statement for policy in role.policies if policy not in late for statement in policy.statements]
    due = [need for need in needs if need.at_creation]
    if not late or find_missing(due, role, (), values):
        return
    for policy in late:
        for need in due:
            requests = need.requests(values)
            if all(decide(early, request, values.texts).verdict > UNKNOWN for request in requests):
                continue
            if any(
                decide(policy.statements, request, values.texts).verdict > UNKNOWN for request in requests
            ):
                yield Problem(
                    LATE,
                    f"/Resources/{policy.attached}",
                    f"{machine} may be created before {policy.attached}, and fail: it takes {need.action}",
                    f"let {machine} wait: DependsOn: {policy.attached}",
                    "warning",
                )
                break


def _awaited(machine: str, resources: Mapping[str, Any]) -> set[str]:
    """Return the resources that are made before a machine is."""
    found: set[str] = set()
    waiting = [machine]
    while waiting:
        for name in _named(resources.get(waiting.pop())):
            if name in resources and name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _named(resource: Any) -> Iterator[str]:
    """Yield what a resource refers to."""
    waiting = [resource]
    if isinstance(resource, Mapping):
        given = resource.get("DependsOn")
        yield from (str(name) for name in (given if isinstance(given, list) else [given]))
    for value in waiting:  # which grows as it is walked
        if isinstance(value, str):
            yield from _VARIABLE.findall(value)
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, Mapping):
            if isinstance(value.get("Ref"), str):
                yield value["Ref"]
            attribute = value.get("Fn::GetAtt")
            if isinstance(attribute, (str, list)) and attribute:
                yield str(attribute[0] if isinstance(attribute, list) else attribute.partition(".")[0])
            waiting += value.values()
