"""What policies allow, as IAM decides it, where much is only known after deployment.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any, Final, TypeAlias

from cfngen.asl.declared import Declared, frozen
from cfngen.iam.texts import (
    ASSUMED,
    NO,
    UNKNOWN,
    YES,
    Text,
    Verdict,
    covers,
    has_wildcard,
    literal,
    lowered,
    matches,
    same,
    service_of,
    spelled,
    text,
)

Texts: TypeAlias = "Callable[[Any], Sequence[Text] | None]"
"""Turns a value of a document into the texts that it may be; None where it can be no text."""

LATEST: Final = "2012-10-17"


@frozen
class Entry(Declared):
    """A text of a statement and where it stands."""

    text: Text
    pointer: str


@frozen(kw_only=True)
class Statement(Declared):
    """A statement of a policy; ``pointer`` leads to it.

    ``principals`` are the kinds and texts of a trust policy or a resource's policy.
    """

    allows: bool
    actions: tuple[Entry, ...] = ()
    not_actions: tuple[Entry, ...] = ()
    resources: tuple[Entry, ...] = ()
    not_resources: tuple[Entry, ...] = ()
    principals: tuple[tuple[str, Entry], ...] = ()
    not_principals: bool = False
    condition: Mapping[str, Any] = field(default_factory=dict)
    variables: bool = True
    pointer: str = ""
    given: Any = field(default=None, repr=False, compare=False)


@frozen
class Fault(Declared):
    """What makes a document, or a statement of it, no policy."""

    message: str
    pointer: str


@frozen
class Request(Declared):
    """An action on a resource; what is known of its context, each key with all that it may be.

    The keys of ``context`` are lower case.
    """

    action: str
    resource: Text
    context: Mapping[str, Sequence[Text]] = field(default_factory=dict, compare=False)


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


def plain(value: Any) -> Sequence[Text] | None:
    """Return the texts of a document without intrinsics."""
    if isinstance(value, bool):
        return [("true" if value else "false",)]
    if isinstance(value, (str, int, float)):
        return [text(str(value))]
    return None


def statements(
    document: Any, pointer: str = "", texts: Texts = plain
) -> tuple[list[Statement], list[Fault]]:
    """Return the statements of a policy, and what is wrong with those that are none."""
    if not isinstance(document, Mapping):
        return [], [Fault(f"a policy document is a mapping, not {_kind(document)}", pointer)]
    version = document.get("Version")
    variables = version == LATEST or (version is not None and literal_of(version, texts) is None)
    given = document.get("Statement")
    many = isinstance(given, list)
    found: list[Statement] = []
    faults: list[Fault] = []
    if given is None:
        faults.append(Fault("the policy has no 'Statement'", pointer))
    for index, item in enumerate(given if isinstance(given, list) else [] if given is None else [given]):
        place = f"{pointer}/Statement/{index}" if many else f"{pointer}/Statement"
        try:
            found.append(_Reading(item, place, texts).statement(variables))
        except _NotOneError as error:
            faults.append(Fault(*error.args))
    return found, faults


def decide(policy: Sequence[Statement], request: Request, texts: Texts = plain) -> Decision:
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
            verdict = min(verdict, holds(statement.condition, request, texts, statement.variables))
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


def touches(statement: Statement, resource: Text, action: str = "") -> Verdict:
    """Tell whether a statement is about a resource; one without resources is about that which has it.

    ``action`` is the one that is done on it: one that knows no resource is done on none of another service.
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


def _touch(statement: Statement, entry: Entry, resource: Text, action: str) -> Verdict:
    verdict = covers(entry.text, resource, variables=statement.variables)
    if verdict == UNKNOWN and resource == ("*",) and action:
        service = service_of(entry.text)
        return NO if service is not None and service != action.partition(":")[0].lower() else UNKNOWN
    return verdict


@lru_cache(maxsize=50_000)
def _action(pattern: Text, action: str) -> Verdict:
    if (known := literal(pattern)) is not None and not has_wildcard(pattern):
        return YES if known.lower() == action.lower() else NO
    return matches(lowered(pattern), (action.lower(),))


# --- conditions ----------------------------------------------------------------------------------


def holds(
    condition: Mapping[str, Any], request: Request, texts: Texts = plain, variables: bool = True
) -> Verdict:
    """Tell whether every test of a condition holds; a key that is not known may be anything.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    result = YES
    for operator, keys in condition.items():
        if not isinstance(keys, Mapping):
            return UNKNOWN
        for key, values in keys.items():
            result = min(result, _test(str(operator), str(key), values, request, texts, variables))
    return result


_OPERATOR: Final = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?", re.IGNORECASE)


def _test(operator: str, key: str, values: Any, request: Request, texts: Texts, variables: bool) -> Verdict:
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
    if compare is None and (found := _NEGATION.fullmatch(name)):
        compare, negated = _COMPARE.get(found[1] + found[2]), True
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


def _equals(value: Text, known: Text) -> Verdict:
    if has_wildcard(known):  # of what is known in part
        return UNKNOWN if matches(known, value) > NO else NO
    return same(value, known)


def _equals_ignoring_case(value: Text, known: Text) -> Verdict:
    return _equals(lowered(value), lowered(known))


def _like(value: Text, known: Text) -> Verdict:
    return matches(value, known)


def _arn(value: Text, known: Text) -> Verdict:
    return covers(value, known)


def _number(value: Text, known: Text) -> Verdict:
    one, other = literal(value), literal(known)
    try:
        return UNKNOWN if one is None or other is None else YES if float(one) == float(other) else NO
    except ValueError:
        return UNKNOWN


_COMPARE: Final[Mapping[str, Callable[[Text, Text], Verdict]]] = {
    "stringequals": _equals,
    "stringequalsignorecase": _equals_ignoring_case,
    "stringlike": _like,
    "arnequals": _arn,
    "arnlike": _arn,
    "bool": _equals_ignoring_case,
    "numericequals": _number,
}


# --- reading -------------------------------------------------------------------------------------


class _NotOneError(ValueError):
    """The value is no statement; its message and its pointer."""


class _Reading:
    """A statement as it stands in a document."""

    def __init__(self, given: Any, pointer: str, texts: Texts) -> None:
        self.given = given
        self.pointer = pointer
        self.texts = texts

    def statement(self, variables: bool) -> Statement:
        """Return the statement. Raises ``_NotOneError``."""
        given = self.given
        if not isinstance(given, Mapping):
            raise _NotOneError(f"a statement is a mapping, not {_kind(given)}", self.pointer)
        effect = literal_of(given.get("Effect"), self.texts)
        if effect not in ("Allow", "Deny"):
            shown = "no 'Effect'" if "Effect" not in given else f"the effect {given['Effect']!r}"
            raise _NotOneError(f"the statement has {shown}: it is 'Allow' or 'Deny'", self.pointer)
        condition = given.get("Condition", {})
        if not isinstance(condition, Mapping):
            raise _NotOneError(
                f"a condition is a mapping, not {_kind(condition)}", f"{self.pointer}/Condition"
            )
        return Statement(
            allows=effect == "Allow",
            actions=self._entries("Action", "NotAction"),
            not_actions=self._entries("NotAction", None),
            resources=self._entries("Resource", None),
            not_resources=self._entries("NotResource", None),
            principals=tuple(self._principals(given.get("Principal"))),
            not_principals="NotPrincipal" in given,
            condition=condition,
            variables=variables,
            pointer=self.pointer,
            given=given,
        )

    def _entries(self, name: str, instead: str | None) -> tuple[Entry, ...]:
        value = self.given.get(name)
        if value is None:
            if instead is not None and self.given.get(instead) is None:
                raise _NotOneError(f"the statement has no {name!r}", self.pointer)
            return ()
        pointer = f"{self.pointer}/{name}"
        if not isinstance(value, list):
            return tuple(self._each(value, pointer, name))
        return tuple(
            entry
            for index, item in enumerate(value)
            for entry in self._each(item, f"{pointer}/{index}", name)
        )

    def _each(self, value: Any, pointer: str, name: str) -> Iterator[Entry]:
        found = None if isinstance(value, (bool, int, float)) else self.texts(value)
        if found is None:
            raise _NotOneError(f"{name!r} takes text or a list of it, not {_kind(value)}", pointer)
        for one in found:
            if name.endswith("Action") and (wrong := _no_action(one)):
                raise _NotOneError(f"IAM refuses the action {spelled(one)!r}: {wrong}", pointer)
            yield Entry(one, pointer)

    def _principals(self, value: Any) -> Iterator[tuple[str, Entry]]:
        pointer = f"{self.pointer}/Principal"
        if value is None:
            return
        if not isinstance(value, Mapping) or (len(value) == 1 and _is_function(next(iter(value)))):
            for one in self.texts(value) or []:
                yield ("*", Entry(one, pointer))
            return
        for kind, items in value.items():
            for item in items if isinstance(items, list) else [items]:
                for one in self.texts(item) or []:
                    yield (str(kind), Entry(one, f"{pointer}/{kind}"))


def _no_action(given: Text) -> str:
    known = literal(given)
    if known is None or known == "*":
        return ""
    service, colon, name = known.partition(":")
    if not colon or not service or not name:
        return "it is the service, a colon and the name of the action"
    return "the service takes no wildcard" if service != "*" and _WILD.search(service) else ""


_WILD: Final = re.compile(r"[*?]")


def literal_of(value: Any, texts: Texts) -> str | None:
    """Return the one literal text that a value is, or None."""
    found = texts(value)
    return literal(found[0]) if found is not None and len(found) == 1 else None


def _texts(values: Any, texts: Texts) -> list[Text] | None:
    found: list[Text] = []
    for value in values if isinstance(values, list) else [values]:
        some = texts(value)
        if some is None:
            return None
        found += some
    return found


def _is_function(name: Any) -> bool:
    return isinstance(name, str) and (name == "Ref" or name.startswith("Fn::"))


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else f"{value!r:.60}"
