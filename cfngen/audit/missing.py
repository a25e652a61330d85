"""What a role does not allow, though its machine needs it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cfngen.audit.needs import ANY_TEXT, Need
from cfngen.audit.roles import Role
from cfngen.audit.values import Values, resource_in_words
from cfngen.cfn.arns import BEGINNING, Arn, is_arn
from cfngen.cfn.symbolic import (
    NO,
    PARTITION,
    UNKNOWN,
    YES,
    SymbolicText,
    Verdict,
    replaced,
    symbolic_text,
    to_sub,
)
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem, Severity
from cfngen.iam.evaluate import Decision, Request, acts_on, decide, holds, touches
from cfngen.iam.statements import Statement
from cfngen.tasks.grants import Evidence

MISSING = "MISSING_PERMISSION"
NARROW = "RESOURCE_TOO_NARROW"
DENIED = "DENIED_PERMISSION"
UNDECIDED = "UNDECIDED_PERMISSION"

_MAX_NAMES: Final = 5

_SEVERITY: Final[Mapping[Evidence, Severity]] = {
    Evidence.REQUIRED: "error",
    Evidence.DOCUMENTED: "warning",
    Evidence.POSSIBLE: "note",
}


@frozen
class MissingPermission(Declared):
    """A need that is not met, why, and where in the template; ``code`` tells how sure that is."""

    code: str
    need: Need
    pointer: str
    reason: str = ""
    statement: Statement | None = None


def find_missing(
    needs: Sequence[Need], role: Role, granted: Sequence[Statement], values: Values
) -> list[MissingPermission]:
    """Return the needs that the role does not meet.

    ``granted`` are statements of policies of resources that let the role in, which is as good.
    """
    missing = []
    for need in needs:
        for request in () if need.customary else need.requests(values):
            lack = _lack(need, request, role, granted, values)
            if lack is not None:
                missing.append(lack)
                break
    return missing


def problems(missing: Sequence[MissingPermission], role: Role) -> Iterator[Problem]:
    """Yield what is lacking, the actions that one permission is about in one problem."""
    groups: dict[tuple[str, str, str, str, str], list[MissingPermission]] = {}
    for lack in missing:
        need = lack.need
        ends = f"{need.evidence} {need.consequence('', '')}"
        key = (lack.code, lack.pointer, lack.reason, resource_in_words(need.advised.resources[0]), ends)
        groups.setdefault(key, []).append(lack)
    for (code, pointer, reason, resource, _), group in _merged(groups).items():
        actions = listed(dict.fromkeys(lack.need.action for lack in group))
        states = _first_names(dict.fromkeys(state for lack in group for state in lack.need.states))
        consequence = group[0].need.consequence(states, actions)
        on = "" if resource == "*" else f" on {resource}"
        severity = _SEVERITY[group[0].need.evidence]
        if code == MISSING:
            yield Problem(
                MISSING,
                pointer,
                f"the role {role.logical_id} does not allow {actions}{on}{reason}: {consequence}",
                f"{states}: {group[0].need.why}",
                severity,
            )
        elif code == DENIED:
            yield Problem(
                DENIED,
                pointer,
                f"this denies {actions}{on}: {consequence}",
                "an explicit Deny wins over every Allow",
                severity,
            )
        elif code == NARROW:
            yield Problem(
                NARROW,
                pointer,
                f"{actions} is allowed here, but not on {resource}{reason}: {consequence}",
                f"{states}: {group[0].need.why}",
                severity,
            )
        else:
            yield Problem(
                UNDECIDED,
                pointer,
                f"whether {actions}{on} is allowed cannot be told from the template: {reason}",
                f"{states}: {group[0].need.why}",
                "note",
            )


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _first_names(names: Collection[str]) -> str:
    """Return names as a sentence lists them, the first of many."""
    if len(names) <= _MAX_NAMES:
        return listed(names)
    return f"{', '.join(list(names)[:_MAX_NAMES])} and {len(names) - _MAX_NAMES:,} more"


def _merged(
    groups: dict[tuple[str, str, str, str, str], list[MissingPermission]],
) -> dict[tuple[str, str, str, str, str], list[MissingPermission]]:
    """Return the groups, those of the same actions on several resources joined."""
    merged: dict[tuple[str, str, str, tuple[str, ...], str], tuple[list[str], list[MissingPermission]]] = {}
    for (code, pointer, reason, resource, consequence), group in groups.items():
        actions = tuple(dict.fromkeys(lack.need.action for lack in group))
        resources, joined = merged.setdefault((code, pointer, reason, actions, consequence), ([], []))
        resources.append(resource)
        joined += group
    return {
        (code, pointer, reason, listed(dict.fromkeys(resources)), f"{consequence} {actions}"): joined
        for (code, pointer, reason, actions, consequence), (resources, joined) in merged.items()
    }


def _lack(
    need: Need, request: Request, role: Role, granted: Sequence[Statement], values: Values
) -> MissingPermission | None:
    lack = _sure_lack(need, request, role, granted, values)
    if lack is None or not need.doubt or lack.code in (UNDECIDED, DENIED):
        return lack
    return replace(lack, code=UNDECIDED, reason=need.doubt)


def _sure_lack(
    need: Need, request: Request, role: Role, granted: Sequence[Statement], values: Values
) -> MissingPermission | None:
    policy = [*role.statements, *granted]
    decision = _decision(need, request, policy, values)
    if decision.denied == YES and decision.denying is not None:
        return MissingPermission(
            DENIED, need, _place(decision.denying, request), statement=decision.denying
        )
    if role.boundary is not None:
        within = _decision(need, request, role.boundary.statements, values)
        if within.denied == YES or within.verdict == NO:
            reason = ", for its boundary does not"
            return MissingPermission(
                MISSING, need, f"{role.pointer}/Properties/PermissionsBoundary", reason
            )
        if within.verdict == UNKNOWN and decision.verdict > NO:
            return MissingPermission(
                UNDECIDED, need, f"{role.pointer}/Properties/PermissionsBoundary", "its boundary is open"
            )
    if decision.verdict > UNKNOWN:
        return None
    if decision.denied == UNKNOWN and decision.denying is not None and decision.allowing is not None:
        return MissingPermission(
            UNDECIDED,
            need,
            _place(decision.denying, request),
            "this Deny may apply, or not",
            decision.denying,
        )
    if decision.verdict == UNKNOWN and decision.allowing is not None:
        if need.unnamed and _is_choice(decision.allowing, request, values):
            return None
        reason = _open(decision.allowing, need, request, values)
        return MissingPermission(
            UNDECIDED, need, _place(decision.allowing, request), reason, decision.allowing
        )
    others = [name for name, _ in role.unknown]
    if others:
        return MissingPermission(UNDECIDED, need, role.unknown[0][1], f"{listed(others)} may allow it")
    if need.open and any(acts_on(statement, need.action) > NO for statement in decision.near):
        return MissingPermission(
            UNDECIDED, need, _place(decision.near[0], request), "its resource is only known at run time"
        )
    if not decision.near:
        return MissingPermission(MISSING, need, _policies_pointer(role))
    statement = decision.near[0]
    return MissingPermission(
        NARROW, need, _place(statement, request), _narrowed(statement, request), statement
    )


def _decision(need: Need, request: Request, policy: Sequence[Statement], values: Values) -> Decision:
    decision = decide(policy, request, values.texts)
    if not need.open or decision.verdict > NO or decision.denied == YES:
        return decision
    # what is only known at run time may lie in another account, or be named otherwise than assumed
    service = request.action.partition(":")[0]
    anything = Request(
        request.action, symbolic_text(str(Arn("*", service, "*", "*", "*"))), request.context
    )
    wide = decide(policy, anything, values.texts)
    return wide if wide.verdict == UNKNOWN else decision


def _policies_pointer(role: Role) -> str:
    return f"{role.pointer}/Properties/Policies" if "Policies" in role.properties else role.pointer


def _place(statement: Statement, request: Request) -> str:
    """Return where the resources of a statement stand, or what else decides."""
    if touches(statement, request.resource) == YES and statement.condition:
        return f"{statement.pointer}/Condition"
    entries = statement.resources or statement.not_resources
    return entries[0].pointer if len(entries) == 1 else statement.pointer


def _narrowed(statement: Statement, request: Request) -> str:
    """Say why a statement that is about the action does not allow it."""
    if touches(statement, request.resource) > NO:
        return ", for the condition does not hold"
    wrong = _partition_of(request.resource)
    for entry in statement.resources:
        other = _partition_of(entry.text)
        if wrong is None or other in (None, wrong):
            continue
        if touches(statement, replaced_partition(request.resource, other)) > NO:
            return f", for that is in the partition {wrong} and this in {other}"
    if request.resource == ANY_TEXT:
        return ", for the action knows no resources and takes '*' alone"
    return ""


def replaced_partition(arn: SymbolicText, partition: str) -> SymbolicText:
    """Return an ARN in another partition."""
    first = arn[0] if arn else ""
    if not is_arn(first) or first == BEGINNING:
        return replaced(arn, {PARTITION: partition})
    parts = first.split(":", 2)
    parts[1] = partition
    return symbolic_text(":".join(parts), *arn[1:])


def _partition_of(arn: SymbolicText) -> str | None:
    first = arn[0] if arn else None
    parts = first.split(":", 2) if isinstance(first, str) else []
    return parts[1] if len(parts) == 3 and parts[0] == "arn" and parts[1] and "*" not in parts[1] else None


def _open(statement: Statement, need: Need, request: Request, values: Values) -> str:
    """Say what a statement leaves open."""
    if acts_on(statement, request.action) == UNKNOWN:
        return "its actions are not in the template"
    if touches(statement, request.resource) > UNKNOWN:
        return f"its condition on {listed(_keys(statement, request, values))} may hold, or not"
    if need.open:
        return "the resource is only known at run time"
    resources = listed([to_sub(entry.text) for entry in statement.resources or statement.not_resources][:3])
    return f"it is allowed on {resources}"


def _is_choice(statement: Statement, request: Request, values: Values) -> bool:
    """Tell whether nothing is open but the resource: its author chose, where the call does not name it."""
    return (
        holds(statement.condition, request, values.texts) == YES
        and acts_on(statement, request.action) == YES
        and touches(statement, request.resource) == UNKNOWN
    )


def _keys(statement: Statement, request: Request, values: Values) -> list[str]:
    condition_keys = []
    for operator, keys in statement.condition.items():
        for key, value in keys.items() if hasattr(keys, "items") else ():
            verdict: Verdict = holds({operator: {key: value}}, request, values.texts)
            if verdict <= UNKNOWN:
                condition_keys.append(str(key))
    return condition_keys or ["a key"]
