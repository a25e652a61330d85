"""Whether Step Functions may take a role.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfngen.audit.roles import Role
from cfngen.audit.values import Values
from cfngen.cfn.resource_types import REF
from cfngen.cfn.symbolic import ACCOUNT, NO, UNKNOWN, YES, SymbolicText, Verdict, symbolic_text, to_sub
from cfngen.core.problems import Problem
from cfngen.iam.evaluate import Request, acts_on, holds
from cfngen.iam.matching import matches
from cfngen.iam.statements import Statement

UNTRUSTED = "UNTRUSTED_SERVICE"
_TAKES = "sts:AssumeRole"
_SERVICE: Sequence[SymbolicText] = (("states.amazonaws.com",), ("states.amazonaws.com.cn",))
_REGIONAL: Sequence[SymbolicText] = (("states.*.amazonaws.com",), ("states.*.amazonaws.com.cn",))


def problems(role: Role, machine: str, values: Values) -> Iterator[Problem]:
    """Yield what keeps Step Functions from taking the role for a machine."""
    place = f"{role.pointer}/Properties/AssumeRolePolicyDocument"
    if role.trust is None:
        yield Problem(
            UNTRUSTED,
            role.pointer,
            f"the role {role.logical_id} has no AssumeRolePolicyDocument: nobody may take it",
        )
        return
    if role.trust.faults:
        return  # which are problems themselves
    request = _request(machine, values)
    best, near = NO, None
    for statement in role.trust.statements:
        concerned = min(acts_on(statement, _TAKES), _names_states(statement))
        if concerned == NO:
            continue
        verdict = min(concerned, holds(statement.condition, request, values.texts))
        if not statement.allows and verdict == YES:
            yield Problem(UNTRUSTED, statement.pointer, f"this denies Step Functions the role: {_FAILS}")
            return
        if statement.allows:
            near = near or statement
            best = max(best, verdict)
    if best > NO:
        return
    if near is None:
        yield Problem(
            UNTRUSTED,
            place,
            f"the role {role.logical_id} does not trust states.amazonaws.com: {_FAILS}",
            "allow sts:AssumeRole to the service states.amazonaws.com",
        )
    else:
        tested = ", ".join(
            str(key) for keys in near.condition.values() if hasattr(keys, "keys") for key in keys
        )
        yield Problem(
            UNTRUSTED,
            f"{near.pointer}/Condition",
            "Step Functions may not take the role for this machine, for the condition on "
            f"{tested} never holds: {_FAILS}",
            "ArnLike takes wildcards in aws:SourceArn, which StringEquals does not",
        )


def others(role: Role) -> list[str]:
    """Return who else may take the role."""
    if role.trust is None:
        return []
    return [
        to_sub(entry.text)
        for statement in role.trust.statements
        if statement.allows and acts_on(statement, _TAKES) > NO
        for kind, entry in statement.principals
        if kind != "Service" or _is_states(entry.text) == NO
    ]


_FAILS = "creating the state machine fails, or each of its executions does"


def _request(machine: str, values: Values) -> Request:
    account = values.reference(ACCOUNT.name, REF) or (ACCOUNT,)
    arn = values.reference(machine, REF)
    return Request(_TAKES, ("*",), {"aws:sourceaccount": [account], "aws:sourcearn": [arn]})


def _names_states(statement: Statement) -> Verdict:
    if statement.not_principals:
        return UNKNOWN
    return max((_principal(kind, entry.text) for kind, entry in statement.principals), default=NO)


def _principal(kind: str, principal: SymbolicText) -> Verdict:
    if kind in ("*", "AWS") and principal == ("*",):
        return YES
    return _is_states(principal) if kind in ("Service", "*") else NO


def _is_states(principal: SymbolicText) -> Verdict:
    exact = max(matches(principal, service) for service in _SERVICE)
    return max(exact, *(matches(pattern, symbolic_text(*principal)) for pattern in _REGIONAL))
