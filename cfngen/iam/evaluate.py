"""What policies allow, as IAM decides it, where much is only known after deployment.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any, Final

from cfngen.cfn.symbolic import (
    ASSUMED,
    NO,
    UNKNOWN,
    YES,
    SymbolicText,
    Verdict,
    has_wildcard,
    literal,
    lowered,
)
from cfngen.core.declared import Declared, frozen
from cfngen.iam.matching import covers, matches, same, service_of
from cfngen.iam.statements import Entry, Statement, TextResolver, plain_texts


@frozen
class Request(Declared):
    """An action on a resource; what is known of its context, each key with all that it may be.

    The keys of ``context`` are lower case.
    """

    action: str
    resource: SymbolicText
    context: Mapping[str, Sequence[SymbolicText]] = field(default_factory=dict)


@frozen
class Decision(Declared):
    """Whether a request is allowed, and the statements that have to do with it.

    ``allowing`` is the first statement that allows it as surely as any, ``denying`` the first that
    denies it or may. ``near`` are the statements that allow the action, on something else or under
    conditions that do not hold.
    """

    verdict: Verdict
    allowing: Statement | None = None
    denying: Statement | None = None
    denied: Verdict = NO
    near: tuple[Statement, ...] = ()


def decide(policy: Sequence[Statement], request: Request, texts: TextResolver = plain_texts) -> Decision:
    """Return whether the statements allow the request: an explicit Deny wins over every Allow."""
    allowed, denied = NO, NO
    allowing: Statement | None = None
    denying: Statement | None = None
    near: list[Statement] = []
    for statement in policy:
        acts = acts_on(statement, request.action)
        if acts == NO:
            continue
        if statement.allows and allowed == YES:
            continue
        verdict = min(acts, touches(statement, request.resource, request.action))
        if verdict > NO and statement.condition:
            verdict = min(verdict, holds(statement.condition, request, texts))
        if statement.allows:
            if verdict > allowed:
                allowed, allowing = verdict, statement
            if verdict < ASSUMED:
                near.append(statement)
        elif (sure := verdict if verdict in (NO, YES) else UNKNOWN) > denied:
            denied, denying = sure, statement
    verdict = min(allowed, denied.denied())
    return Decision(verdict, allowing, denying, denied, tuple(near))


def acts_on(statement: Statement, action: str) -> Verdict:
    """Tell whether a statement is about an action; the case of its name does not count."""
    if statement.not_actions:
        return max(_action(entry.text, action) for entry in statement.not_actions).denied()
    return max((_action(entry.text, action) for entry in statement.actions), default=NO)


def touches(statement: Statement, resource: SymbolicText, action: str = "") -> Verdict:
    """Tell whether a statement applies to a resource.

    A statement without ``Resource`` belongs to the policy of one resource, and applies to it. An ``action``
    that supports no resource types is called on ``*``: then a statement on an ARN of another service does
    not apply.
    """
    if statement.not_resources:
        return max(_touch(statement, entry, resource, action) for entry in statement.not_resources).denied()
    if not statement.resources:
        return YES
    best = NO
    for entry in statement.resources:
        if (verdict := _touch(statement, entry, resource, action)) > best:
            best = verdict
            if best == YES:
                break
    return best


def _touch(statement: Statement, entry: Entry, resource: SymbolicText, action: str) -> Verdict:
    verdict = covers(entry.text, resource, variables=statement.variables)
    if verdict == UNKNOWN and resource == ("*",) and action:
        service = service_of(entry.text)
        return NO if service is not None and service != action.partition(":")[0].lower() else UNKNOWN
    return verdict


@lru_cache(maxsize=50_000)
def _action(pattern: SymbolicText, action: str) -> Verdict:
    if (known := literal(pattern)) is not None and not has_wildcard(pattern):
        return YES if known.lower() == action.lower() else NO
    return matches(lowered(pattern), (action.lower(),))


# --- conditions ----------------------------------------------------------------------------------


def holds(condition: Mapping[str, Any], request: Request, texts: TextResolver = plain_texts) -> Verdict:
    """Tell whether every test of a condition holds; a key that is not known may be anything.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    result = YES
    for operator, keys in condition.items():
        if not isinstance(keys, Mapping):
            return UNKNOWN
        for key, values in keys.items():
            result = min(result, _test_verdict(str(operator), str(key), values, request, texts))
    return result


_OPERATOR: Final = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?", re.IGNORECASE)


def _test_verdict(operator: str, key: str, values: Any, request: Request, texts: TextResolver) -> Verdict:
    parts = _OPERATOR.fullmatch(operator)
    wanted = _texts(values, texts)
    known = request.context.get(key.lower())
    if parts is None or wanted is None:
        return UNKNOWN
    name = parts[2].lower()
    if known is None:
        return UNKNOWN
    if name == "null":  # a key that is known is there
        absent = [literal(value) for value in wanted]
        return UNKNOWN if None in absent else YES if "false" in absent else NO
    compare, negated = _COMPARE.get(name), False
    if compare is None and (match := _NEGATION.fullmatch(name)):
        compare, negated = _COMPARE.get(match[1] + match[2]), True
    if compare is None:
        return UNKNOWN
    # each of what the key may be, since which it is may only be known at run time
    verdicts = [max((compare(value, one) for value in wanted), default=NO) for one in known]
    if negated:
        verdicts = [verdict.denied() for verdict in verdicts]
    if not verdicts:
        return UNKNOWN
    return verdicts[0] if len(set(verdicts)) == 1 else max(min(verdicts), UNKNOWN)


_NEGATION: Final = re.compile(r"(string|arn|numeric)not(equalsignorecase|equals|like)")


def _equals(value: SymbolicText, known: SymbolicText) -> Verdict:
    if has_wildcard(known):  # of what is known in part
        return UNKNOWN if matches(known, value) > NO else NO
    return same(value, known)


def _equals_ignoring_case(value: SymbolicText, known: SymbolicText) -> Verdict:
    return _equals(lowered(value), lowered(known))


def _like(value: SymbolicText, known: SymbolicText) -> Verdict:
    return matches(value, known)


def _arn_like(value: SymbolicText, known: SymbolicText) -> Verdict:
    return covers(value, known)


def _equal_numbers(value: SymbolicText, known: SymbolicText) -> Verdict:
    one, other = literal(value), literal(known)
    try:
        return UNKNOWN if one is None or other is None else YES if float(one) == float(other) else NO
    except ValueError:
        return UNKNOWN


_COMPARE: Final[Mapping[str, Callable[[SymbolicText, SymbolicText], Verdict]]] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_ignoring_case,
    "stringlike": _like,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": _equals_ignoring_case,
    "numericequals": _equal_numbers,
}


def _texts(values: Any, texts: TextResolver) -> list[SymbolicText] | None:
    literals: list[SymbolicText] = []
    for value in values if isinstance(values, list) else [values]:
        some = texts(value)
        if some is None:
            return None
        literals += some
    return literals
