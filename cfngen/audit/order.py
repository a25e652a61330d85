"""Whether a role's policies are there when its state machine is created.

A policy that is attached to the role by itself may be made after the machine, unless the machine waits.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cfngen.audit.missing import find_missing
from cfngen.audit.needs import Need
from cfngen.audit.roles import Role
from cfngen.audit.values import Values
from cfngen.cfn.symbolic import UNKNOWN
from cfngen.core.problems import Problem
from cfngen.iam.evaluate import decide

LATE: Final = "POLICY_COMES_LATE"


def problems(machine: str, needs: Sequence[Need], role: Role, values: Values) -> Iterator[Problem]:
    """Yield the policies without which the machine cannot be created, and for which it does not wait."""
    awaited = values.index.made_before(machine)
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
