"""From one grant and one call to a permission, and to warnings where it had to be wide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, Final, NamedTuple

from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.functions import in_sub, plain
from cfngen.core.declared import Declared, frozen
from cfngen.core.problems import Problem
from cfngen.iam.arns import Resolved, Resource, beginning, every, hinted, resolve, sub, values_at
from cfngen.iam.merge import Permission, Test
from cfngen.tasks.grants import ANYTHING, THIS, Condition, Grant, Named


class Scope(Enum):
    """How tight a policy is: as tight as IAM allows, or as AWS's page of the integration prints it."""

    LEAST_PRIVILEGE = "least-privilege"
    DOCUMENTED = "documented"


LEAST_PRIVILEGE: Final = Scope.LEAST_PRIVILEGE
DOCUMENTED: Final = Scope.DOCUMENTED

NAMELESS: Final = "the state machine has no name yet"

_WANTED: Final = r"(?s)(!?[^=~!]+)(?:(=|~|!~)(.*))?"


@frozen
class Caller(Declared):
    """Who needs a grant, and what it passes.

    ``place`` is the pointer to what is passed. ``machine`` is the state machine's name in an ARN, or None
    where it has none yet. ``hints`` are the ARNs its author names for what is only known at run time, and
    ``because`` is the reason its author gives. ``narrow`` says what to do about a wide permission.
    """

    state: str
    place: str
    arguments: Mapping[str, Any]
    machine: str | None = None
    hints: Sequence[Any] | None = None
    because: str | None = None
    narrow: str = "name the ARNs it may touch with resources=[...]"


def applies(grant: Grant, caller: Caller, scope: Scope) -> bool:
    """Tell whether the caller needs the grant in this scope."""
    if grant.only is not None and grant.only != scope.value:
        return False
    if grant.hinted and not _hinted(grant, caller):
        return False
    if grant.when is None:
        return True
    wanted = (grant.when,) if isinstance(grant.when, str) else grant.when
    return any(_holds(one, caller.arguments) for one in wanted)


def permission(grant: Grant, caller: Caller, scope: Scope, warnings: list[Problem]) -> Permission:
    """Return what the grant allows the caller; add to ``warnings`` where that is more than it needs."""
    written = grant.resources
    if is_printed := scope is DOCUMENTED and grant.documented is not None:
        documented = grant.documented
        written = (documented,) if isinstance(documented, str) else documented or ()
    found = _found(grant, written, caller)
    resources, wide = found.resources, found.wide
    if scope is DOCUMENTED and grant.dynamic is not None and wide:
        is_printed = True
        dynamic = (grant.dynamic,) if isinstance(grant.dynamic, str) else grant.dynamic
        resources = [sub(arn) for arn in dynamic]
        wide = [(argument, Resolved(tuple(resources), it.widened)) for argument, it in wide[:1]]
    warnings += [_widened(grant, caller, argument, resolved) for argument, resolved in wide]
    tests: list[Test] = []
    for one in grant.conditions:
        if one.only in (None, scope.value) and (test := _test(one, caller)) is not None:
            tests.append(test)
    chosen = "as AWS's page prints it" if is_printed else _chosen(grant, found)
    return Permission(
        actions=grant.actions,
        resources=tuple(resources),
        because=((caller.state, caller.because or grant.because, grant.page, chosen),),
        managed_rule=grant.managed_rule,
        conditions=tuple(tests),
        perhaps=grant.perhaps if grant.perhaps and _is_doubtful(grant, caller) else "",
    )


def _is_doubtful(grant: Grant, caller: Caller) -> bool:
    """Tell whether the call leaves open if a grant that is needed ``perhaps`` is."""
    tellers = [it for it in grant.resources if isinstance(it, Named) and it.argument and it.absent]
    given = (next(values_at(caller.arguments, it.argument), None) for it in tellers)
    return not tellers or None in given


class _Found(NamedTuple):
    """What a grant is on: the resources, those that are more than is meant, and the arguments with them."""

    resources: list[Resource]
    wide: list[tuple[str, Resolved]]
    arguments: list[str]


def _chosen(grant: Grant, found: _Found) -> str:
    """Return why the grant is on these resources."""
    if found.arguments:
        return f"from {' and '.join(dict.fromkeys(found.arguments))}"
    if grant.hinted:
        return "from resources"
    named = [one for one in grant.resources if isinstance(one, Named) and (one.argument or one.absent)]
    if named:
        return next((it.absent for it in named if it.absent), f"from {' and '.join(_arguments(named))}")
    if any(THIS in it for it in grant.resources if isinstance(it, str)):
        return "the state machine itself"
    return "the actions know no narrower resource" if ANYTHING in grant.resources else "always the same"


def _holds(wanted: str, arguments: Mapping[str, Any]) -> bool:
    argument, operator, value = re.fullmatch(_WANTED, wanted).groups()  # type: ignore[union-attr]  # it matches all
    given = list(values_at(arguments, argument.removeprefix("!")))
    if argument.startswith("!"):
        return all(isinstance(one, (Path, Jsonata)) for one in given)
    if operator is None:
        return bool(given)
    return any(_is(operator, one, value) for one in given)


def _is(operator: str, given: Any, wanted: str) -> bool:
    """Tell whether a value is what a grant asks for, or may be when it is known."""
    if isinstance(given, (Path, Jsonata)):
        known = beginning(given.expression)
        return operator == "=" or not known or (re.match(wanted, known) is None) == (operator == "!~")
    if operator == "=":
        return given is (wanted == "true") if isinstance(given, bool) else bool(given == wanted)
    return (re.match(wanted, in_sub(given) or "") is not None) == (operator == "~")


def _found(grant: Grant, written: Sequence[Named | str], caller: Caller) -> _Found:
    found = _Found([], [], [])
    if grant.hinted:
        found.resources.extend(_hinted(grant, caller))
        return found
    for named in written:
        if isinstance(named, str) and THIS not in named:
            found.resources.append(sub(named))
            continue
        argument = named.argument if isinstance(named, Named) else ""
        for resolved in _resolved(named, caller):
            is_absent = isinstance(named, Named) and resolved.widened == named.absent
            if argument and not is_absent:
                found.arguments.append(argument)
            found.resources.extend(resolved.resources)
            wide = ("" if is_absent else argument, resolved)  # there is nothing to point at
            if resolved.widened and wide not in found.wide:
                found.wide.append(wide)
    if not found.resources:
        if caller.hints:
            found.resources.extend(map(plain, caller.hints))
            return found
        types = {it.arn: it for it in written if isinstance(it, Named) and it.every}
        found.resources.extend([every(it, caller.arguments) for it in types.values()] or [ANYTHING])
        names = " or ".join(_arguments(written))
        why = f"it passes no {names}" if names else "which argument names it is not known"
        found.wide.append(("", Resolved(tuple(found.resources), why)))
    return found


def _hinted(grant: Grant, caller: Caller) -> tuple[Resource, ...]:
    named = (it for it in grant.resources if isinstance(it, Named))
    return tuple(resource for it in named for resource in hinted(it, caller.hints))


def _arguments(written: Sequence[Named | str]) -> Iterable[str]:
    return dict.fromkeys(named.argument for named in written if isinstance(named, Named))


def _resolved(named: Named | str, caller: Caller) -> list[Resolved]:
    if isinstance(named, str):
        found, arn = [Resolved((sub(named),))], named
    else:
        found, arn = resolve(named, caller.arguments, caller.hints), named.arn
    return [_of_this(it, caller.machine) for it in found] if THIS in arn else found


def _of_this(resolved: Resolved, machine: str | None) -> Resolved:
    """Return the resources with the state machine's own name in them."""
    return Resolved(
        tuple(_named(resource, machine or ANYTHING) for resource in resolved.resources),
        resolved.widened or ("" if machine else NAMELESS),
    )


def _named(resource: Resource, machine: str) -> Resource:
    if isinstance(resource, str):
        return sub(resource.replace(THIS, machine))
    text = resource.get("Fn::Sub")
    if isinstance(text, str):
        return {"Fn::Sub": text.replace(THIS, machine)}
    return resource if text is None else {"Fn::Sub": [text[0].replace(THIS, machine), text[1]]}


def _test(condition: Condition, caller: Caller) -> Test | None:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    unhinted = replace(caller, hints=None)
    several = [resolved for named in values for resolved in _resolved(named, unhinted)]
    found = [resource for resolved in several for resource in resolved.resources]
    if (
        not found
        or ANYTHING in found
        or any(resolved.widened not in ("", NAMELESS) for resolved in several)
    ):
        return None
    operator = condition.operator
    if operator == "StringEquals" and any("*" in str(resource) for resource in found):
        operator = "StringLike"
    return operator, condition.key, tuple(found)


def _widened(grant: Grant, caller: Caller, argument: str, resolved: Resolved) -> Problem:
    actions = " and ".join(action.JSONrepr() for action in grant.actions)
    spelled = ", ".join(
        item if isinstance(item, str) else str(next(iter(item.values()))) for item in resolved.resources
    )
    return Problem(
        "WIDENED_RESOURCE",
        f"{caller.place}/{argument.partition('[]')[0].replace('.', '/')}" if argument else caller.place,
        f"{actions} {'is' if len(grant.actions) == 1 else 'are'} allowed on {spelled}: {resolved.widened}",
        "give the state machine a name" if resolved.widened == NAMELESS else caller.narrow,
        "warning",
    )
