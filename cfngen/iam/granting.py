"""From one grant and one call to a permission, and to warnings where it had to be wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from cfngen.asl.values import Path
from cfngen.cfn.functions import plain, sub, substitution
from cfngen.cfn.symbolic import NO
from cfngen.cfn.text import has_hole, to_value
from cfngen.core import wording
from cfngen.core.problems import Problem
from cfngen.iam.arguments import values_at
from cfngen.iam.arns import ArnFormat, Resource
from cfngen.iam.cases import case_verdict
from cfngen.iam.derivation import Derivation, GrantContext
from cfngen.iam.merge import ConditionTest, Permission, Reason
from cfngen.iam.naming import Cause, Resolved, Widening, fitting_hints, resolve
from cfngen.tasks.grants import (
    ALL_RESOURCES,
    STATE_MACHINE_NAME,
    ArgumentResource,
    Condition,
    Evidence,
    Grant,
    Scope,
)

LEAST_PRIVILEGE: Final = Scope.LEAST_PRIVILEGE
DOCUMENTED: Final = Scope.DOCUMENTED

_UNNAMED: Final = frozenset({Cause.MISSING_ARGUMENT, Cause.NO_NAME})
_NAMELESS: Final = Widening(Cause.NAMELESS_MACHINE, "the state machine has no name yet")


def applies(grant: Grant, context: GrantContext, scope: Scope) -> bool:
    """Tell whether the grant is needed in this scope."""
    if grant.only_in_scope not in (None, scope):
        return False
    if grant.from_resource_hints and not _hint_resources(grant, context):
        return False
    return not grant.when or any(case_verdict(case, context.arguments) > NO for case in grant.when)


def derivation(grant: Grant, context: GrantContext, scope: Scope) -> Derivation:
    """Return what the grant allows in this context."""
    declared = grant.resources
    if is_printed := scope is DOCUMENTED and grant.documented is not None:
        documented = grant.documented
        declared = (documented,) if isinstance(documented, str) else documented or ()
    sources = _sources(grant, declared, context)
    resources, wide = sources.resources, sources.wide
    if scope is DOCUMENTED and grant.documented_when_dynamic is not None and wide:
        is_printed = True
        dynamic = grant.documented_when_dynamic
        resources = [to_value(arn) for arn in ((dynamic,) if isinstance(dynamic, str) else dynamic)]
        wide = [(argument, Resolved(tuple(resources), it.widening)) for argument, it in wide[:1]]
    chosen = "as AWS's page prints it" if is_printed else _resource_choice(grant, sources)
    conditions = (
        _condition_test(it, context) for it in grant.conditions if it.only_in_scope in (None, scope)
    )
    conditional_on = grant.conditional_on if _is_open(grant, context) else ""
    # that the service then asks for "*" follows from the reference, which requires no type for the action
    is_read = ALL_RESOURCES in grant.unnamed and ALL_RESOURCES in resources and not sources.arguments
    proof = min(grant.proof, Evidence.DOCUMENTED) if is_read else grant.proof
    reason = Reason(
        context.state,
        context.reason or grant.reason,
        grant.page,
        chosen,
        Evidence.POSSIBLE if conditional_on else proof,
        tuple(action.JSONrepr() for action in grant.actions),
    )
    permission = Permission(
        actions=grant.actions,
        resources=tuple(resources),
        reasons=(reason,),
        managed_rule=grant.managed_rule,
        conditions=tuple(test for test in conditions if test is not None),
        conditional_on=conditional_on,
    )
    warnings = [
        _widened(grant, context, argument, resolved.resources, resolved.widening)
        for argument, resolved in wide
        if resolved.widening is not None
    ]
    causes = {resolved.widening.cause for _, resolved in wide if resolved.widening is not None}
    return Derivation(permission, tuple(warnings), unnamed=bool(causes) and not causes - _UNNAMED)


def _narrowing() -> str:
    python = "name the ARNs that it may use with resources=[...]"
    return wording.either(python, "write what it may use into the definition")


def _adding(resource: str) -> str:
    if not has_hole(resource):
        return wording.either(
            "give the role its permissions as extra statements", "allow what it needs by hand"
        )
    return wording.either(
        "call a function by lambda_.Invoke, add what is named to the template first, or give the role its "
        "permissions as extra statements",
        "the template that has what is named says more; or allow what it needs by hand",
    )


def unknown_call(pointer: str, resource: str) -> Derivation:
    """Return the warning that nothing is known of a call."""
    warning = Problem(
        "UNKNOWN_INTEGRATION",
        pointer,
        f"what {resource!r} needs is not known, and the policy holds nothing for it",
        _adding(resource),
        "warning",
    )
    return Derivation(None, (warning,), resource)


def _is_open(grant: Grant, context: GrantContext) -> bool:
    """Tell whether the call does not decide if a conditional grant is needed."""
    telling = [it for it in _argument_resources(grant.resources) if it.argument and it.when_missing]
    values = (next(values_at(context.arguments, it.argument), None) for it in telling)
    return not telling or None in values


class _Sources(NamedTuple):
    """What a grant is on: the resources, those that are more than is meant, and the arguments with them."""

    resources: list[Resource]
    wide: list[tuple[str, Resolved]]
    arguments: list[str]


def _resource_choice(grant: Grant, sources: _Sources) -> str:
    """Return why the grant is on these resources."""
    if sources.arguments:
        return f"from {' and '.join(dict.fromkeys(sources.arguments))}"
    if grant.from_resource_hints:
        return "from resources"
    if grant.unnamed:
        return "the call names none of those that the actions can be limited to"
    named = [it for it in _argument_resources(grant.resources) if it.argument or it.when_missing]
    if named:
        return next(
            (it.when_missing for it in named if it.when_missing), f"from {_argument_names(named, ' and ')}"
        )
    if any(STATE_MACHINE_NAME in it for it in grant.resources if isinstance(it, str)):
        return "the state machine itself"
    return (
        "the actions support no resource types" if ALL_RESOURCES in grant.resources else "always the same"
    )


def _sources(grant: Grant, declared: Sequence[ArgumentResource | str], context: GrantContext) -> _Sources:
    sources = _Sources([], [], [])
    if grant.from_resource_hints:
        sources.resources.extend(_hint_resources(grant, context))
        return sources
    for named in declared:
        if isinstance(named, str) and STATE_MACHINE_NAME not in named:
            sources.resources.append(to_value(named))
            continue
        argument = named.argument if isinstance(named, ArgumentResource) else ""
        for resolved in _resolved(named, context):
            widening = resolved.widening
            is_missing = widening is not None and widening.cause is Cause.MISSING_ARGUMENT
            if argument and not is_missing:
                sources.arguments.append(argument)
            sources.resources.extend(resolved.resources)
            wide = ("" if is_missing else argument, resolved)  # there is nothing to point at
            if widening is not None and wide not in sources.wide:
                sources.wide.append(wide)
    if not sources.resources:
        if context.hints:
            sources.resources.extend(map(plain, context.hints))
            return sources
        if grant.unnamed:
            several = (it for named in grant.unnamed for it in _resolved(named, context))
            sources.resources.extend(resource for it in several for resource in it.resources)
            return sources
        named_resources = _argument_resources(declared)
        types = {it.arn: it for it in named_resources if it.all_of_type}
        sources.resources.extend(
            [ArnFormat(it, context.arguments).of_name("*") for it in types.values()] or [ALL_RESOURCES]
        )
        names = _argument_names(named_resources, " or ")
        sentence = f"the call passes no {names}" if names else "no argument is known to name the resource"
        sources.wide.append(("", Resolved(tuple(sources.resources), Widening(Cause.NO_NAME, sentence))))
    return sources


def _hint_resources(grant: Grant, context: GrantContext) -> tuple[Resource, ...]:
    named = _argument_resources(grant.resources)
    return tuple(resource for it in named for resource in fitting_hints(it, context.hints))


def _argument_resources(declared: Iterable[ArgumentResource | str]) -> list[ArgumentResource]:
    return [it for it in declared if isinstance(it, ArgumentResource)]


def _argument_names(named: Iterable[ArgumentResource], joint: str) -> str:
    return joint.join(dict.fromkeys(it.argument for it in named))


def _resolved(named: ArgumentResource | str, context: GrantContext) -> list[Resolved]:
    if isinstance(named, str):
        resolved = [Resolved((to_value(named),))]
    else:
        resolved = resolve(named, context.arguments, context.hints)
    return [
        _with_machine_name(it, context.machine) if STATE_MACHINE_NAME in str(it.resources) else it
        for it in resolved
    ]


def _with_machine_name(resolved: Resolved, machine: str | None) -> Resolved:
    """Return the resources with the state machine's own name in them."""
    return Resolved(
        tuple(_with_name(resource, machine or ALL_RESOURCES) for resource in resolved.resources),
        resolved.widening or (None if machine else _NAMELESS),
    )


def _with_name(resource: Resource, machine: str) -> Resource:
    if isinstance(resource, str):
        return to_value(resource.replace(STATE_MACHINE_NAME, machine))
    if (substituted := substitution(resource)) is None:
        return resource
    text, variables = substituted
    return sub(text.replace(STATE_MACHINE_NAME, machine), variables)


def _condition_test(condition: Condition, context: GrantContext) -> ConditionTest | None:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    without_hints = replace(context, hints=None)
    several = [resolved for named in values for resolved in _resolved(named, without_hints)]
    resources = [resource for resolved in several for resource in resolved.resources]
    is_widened = any(it.widening is not None and it.widening != _NAMELESS for it in several)
    if not resources or ALL_RESOURCES in resources or is_widened:
        return None
    operator = condition.operator
    if operator == "StringEquals" and any("*" in str(resource) for resource in resources):
        operator = "StringLike"
    return operator, condition.key, tuple(resources)


def _widened(
    grant: Grant, context: GrantContext, argument: str, resources: Sequence[Resource], widening: Widening
) -> Problem:
    actions = " and ".join(action.JSONrepr() for action in grant.actions)
    listed = ", ".join(it if isinstance(it, str) else str(next(iter(it.values()))) for it in resources)
    named = argument.partition("[]")[0]
    is_path = isinstance(context.arguments.get(named), Path)  # which moves its key
    argument = named.replace(".", "/") + ".$" * is_path
    is_nameless = widening.cause is Cause.NAMELESS_MACHINE
    return Problem(
        "WIDENED_RESOURCE",
        f"{context.pointer}/{argument}" if argument else context.pointer,
        f"{actions} {'is' if len(grant.actions) == 1 else 'are'} allowed on {listed}: {widening.sentence}",
        "give the state machine a name" if is_nameless else context.narrowing or _narrowing(),
        "warning",
    )
