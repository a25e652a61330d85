"""What a role allows beyond need: actions and resources nothing uses, actions that there are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cfngen.audit.catalogs import actions_of, knows_actions
from cfngen.audit.missing import listed
from cfngen.audit.needs import Need
from cfngen.audit.roles import Role, RolePolicy
from cfngen.audit.sam import PolicySource, SourceKind
from cfngen.audit.values import Values, resource_in_words
from cfngen.cfn.symbolic import NO, UNKNOWN, YES, SymbolicText, has_wildcard, literal, lowered, to_sub
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.core.problems import Problem
from cfngen.iam.evaluate import Request, acts_on
from cfngen.iam.matching import covers, matches
from cfngen.iam.statements import Entry, Statement

ACTION = "EXCESS_ACTION"
RESOURCE = "EXCESS_RESOURCE"
POLICY = "EXCESS_POLICY"
NO_ACTION = "NO_SUCH_ACTION"

Requests = Mapping[str, "Sequence[tuple[Need, Request]]"]
"""What is requested, by action."""


@frozen
class StatementLimits(Declared):
    """What a statement may allow: ``needed`` is what the machines need, ``accepted`` that and more."""

    needed: Requests
    accepted: Requests


def limits(needs: Sequence[Need], also: Sequence[Need], values: Values) -> StatementLimits:
    """Return limits; ``also`` is what is accepted beyond need, such as what AWS's pages print."""
    return StatementLimits(_by_action(needs, values), _by_action([*needs, *also], values))


def excess(
    role: Role,
    limit: StatementLimits,
    policy_source: Callable[[str], PolicySource | None],
    *,
    certain: bool,
) -> Iterator[Problem]:
    """Yield what the role allows beyond the limits.

    ``policy_source`` returns what the policy at a pointer is made from; None for one that is written out.
    ``certain`` tells whether everything that the role is needed for is known. If not, only actions that do
    not exist are reported, because what seems unused may be used.
    """
    for policy in role.policies:
        source = policy_source(policy.pointer)
        if policy.origin == "aws" or source:
            if certain:
                yield from _of_fixed_policy(policy, limit, source)
            continue
        for statement in policy.statements:
            if not statement.allows:
                continue
            absent = dict(_absent(statement))
            yield from absent.values()
            if certain:
                yield from _actions(statement, limit, absent)
                yield from _excess_resources(statement, limit)


def used(statement: Statement, requests: Requests) -> list[str]:
    """Return the actions of requests that a statement is about."""
    return [action for action in requests if acts_on(statement, action) > NO]


def is_unused(entry: Entry, actions: Sequence[str], requests: Requests, variables: bool) -> bool:
    """Tell whether none of the actions is ever done on what a resource of a statement matches."""
    return not any(
        need.open or covers(entry.text, request.resource, variables=variables) > NO
        for action in actions
        for need, request in requests[action]
    )


def is_overbroad(entry: Entry, action: str, requests: Requests, variables: bool) -> bool:
    """Tell whether a resource of a statement is sure to hold more than an action is done on."""
    if not has_wildcard(entry.text):
        return False
    requests_of_action = requests[action]
    if any(
        need.open or covers(request.resource, entry.text) > UNKNOWN for need, request in requests_of_action
    ):
        return False
    return any(
        covers(entry.text, request.resource, variables=variables) > UNKNOWN
        for _, request in requests_of_action
    )


def as_written(statement: Statement, entry: Entry) -> Any:
    """Return a resource of a statement as its author wrote it."""
    document: object = statement.document
    resource = document.get("Resource") if isinstance(document, Mapping) else None
    if not isinstance(resource, list):
        return entry.text if resource is None else resource
    return resource[int(entry.pointer.rpartition("/")[2])]


def _by_action(needs: Sequence[Need], values: Values) -> Requests:
    requests: dict[str, list[tuple[Need, Request]]] = {}
    for need in needs:
        requests.setdefault(need.action, []).extend((need, request) for request in need.requests(values))
    return requests


def _absent(statement: Statement) -> Iterator[tuple[str, Problem]]:
    """Yield the actions that there are not, each with where it stands."""
    for entry in statement.actions if knows_actions() else ():
        name = literal(entry.text)
        service, _, action = (name or "*").partition(":")
        if "*" in service:
            continue
        known = actions_of(service.lower())
        if known is None:
            yield entry.pointer, _no_action_problem(entry.pointer, f"IAM knows no service {service!r}", "")
        elif not _is_there(action.lower(), known):
            hint = did_you_mean(
                f"{service}:{action}", [f"{service}:{one}" for one in known.values()], f"{service}:"
            )
            what = "actions are" if has_wildcard(entry.text) else "action is"
            yield entry.pointer, _no_action_problem(entry.pointer, f"no {what} named {name!r}", hint)


def _is_there(action: str, known: Mapping[str, str]) -> bool:
    if not has_wildcard((action,)):
        return action in known
    return any(matches((action,), (one,)) == YES for one in known)


def _no_action_problem(pointer: str, message: str, hint: str) -> Problem:
    return Problem(NO_ACTION, pointer, f"{message}: this allows nothing", hint, "warning")


def _actions(
    statement: Statement, limit: StatementLimits, absent: Mapping[str, Problem]
) -> Iterator[Problem]:
    for entry in statement.actions:
        name = to_sub(entry.text)
        if entry.pointer in absent or literal(entry.text) is None:
            continue
        accepted = [action for action in limit.accepted if _pattern_means(entry.text, action)]
        if not accepted:
            yield Problem(ACTION, entry.pointer, f"nothing needs {name}", "leave it out", "warning")
        elif has_wildcard(entry.text):
            needed = [action for action in limit.needed if action in accepted] or accepted
            yield Problem(
                ACTION,
                entry.pointer,
                f"{name} allows more than {listed(needed)}, which is all that is needed",
                "write the actions themselves",
                "warning",
            )
    if statement.not_actions:
        pointer = statement.not_actions[0].pointer
        needed = used(statement, limit.needed)
        only = f": only {listed(needed)} of it is needed" if needed else ", and nothing needs any of it"
        yield Problem(
            ACTION,
            pointer,
            f"this allows every action but some{only}",
            "write the actions themselves",
            "warning",
        )


def _pattern_means(pattern: SymbolicText, action: str) -> bool:
    return matches(lowered(pattern), (action.lower(),)) > NO


def _excess_resources(statement: Statement, limit: StatementLimits) -> Iterator[Problem]:
    accepted = used(statement, limit.accepted)
    if not accepted:
        return  # the actions are excess, and the resources with them
    for entry in statement.resources:
        if is_unused(entry, accepted, limit.accepted, statement.variables):
            yield Problem(
                RESOURCE,
                entry.pointer,
                f"nothing needs {listed(accepted)} on {resource_in_words(as_written(statement, entry))}",
                "leave it out",
                "warning",
            )
            continue
        wide = [
            action
            for action in accepted
            if is_overbroad(entry, action, limit.accepted, statement.variables)
        ]
        if wide:
            needed = [
                resource_in_words(need.advised.resources[0])
                for action in wide
                for need, _ in limit.needed.get(action, limit.accepted[action])
            ]
            yield Problem(
                RESOURCE,
                entry.pointer,
                f"{listed(wide)} on {resource_in_words(as_written(statement, entry))} "
                "is more than is needed",
                f"it is needed on {listed(dict.fromkeys(needed))}",
                "warning",
            )
    if statement.not_resources:
        yield Problem(
            RESOURCE,
            statement.not_resources[0].pointer,
            f"this allows {listed(accepted)} on every resource but some",
            "write the resources themselves",
            "warning",
        )


def _of_fixed_policy(
    policy: RolePolicy, limit: StatementLimits, source: PolicySource | None
) -> Iterator[Problem]:
    """Yield one problem for a policy whose statements its user cannot change."""
    allowing = [statement for statement in policy.statements if statement.allows]
    needed = [action for statement in allowing for action in used(statement, limit.accepted)]
    name = str(source) if source else f"AWS's policy {policy.name}"
    if not needed:
        yield Problem(
            POLICY, policy.pointer, f"nothing needs what {name} allows", "leave it out", "warning"
        )
        return
    if source and source.kind is not SourceKind.POLICY_TEMPLATE:
        return  # there is no narrower connector or tracing
    beyond = [
        to_sub(entry.text)
        for statement in allowing
        for entry in (*statement.actions, *statement.not_actions)
        if has_wildcard(entry.text)
        or not any(_pattern_means(entry.text, action) for action in limit.accepted)
    ]
    if beyond:
        more = f" and {len(beyond) - 3} more" if len(beyond) > 3 else ""
        yield Problem(
            POLICY,
            policy.pointer,
            f"{name} allows more than {listed(dict.fromkeys(needed))}, which is all that is needed of it: "
            f"{', '.join(beyond[:3])}{more}",
            "write a policy of what is needed",
            "warning",
        )
