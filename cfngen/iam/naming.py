"""From what a task passes to the resources it may touch.

The first that applies: a literal ARN; an intrinsic; the ARN of a name; the literal beginning of a value
known only at run time; the ARNs that the author names for such values; every resource of the type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, Final, NamedTuple

from cfngen.asl.holes import jsonata_of
from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.arns import arn_text, is_arn, parse_arn
from cfngen.cfn.functions import attribute, is_function, plain, ref_name, select_of_split, substitution
from cfngen.cfn.text import OPEN, as_sub, as_sub_text, has_substitution, hole, split_sub, to_value
from cfngen.core.declared import Declared, frozen
from cfngen.iam.arguments import values_at
from cfngen.iam.arns import (
    ArnFormat,
    Resource,
    literal_name,
    pointed,
    with_variables,
    without_revisions,
    without_wildcards,
)
from cfngen.iam.results import PartialText, known_results
from cfngen.tasks.grants import STATE_MACHINE_NAME, ArgumentResource

_OWN_ARN: Final = ("$$.StateMachine.Id", "$states.context.StateMachine.Id")
_MISSING: Final = object()


class Cause(Enum):
    """What makes resources more than a call means."""

    MISSING_ARGUMENT = "the argument is missing, and every resource is meant"
    NO_NAME = "the call names no resource"
    RUN_TIME = "the resource is only known at run time"
    UNREADABLE = "the argument holds something that names no resource"
    NAMELESS_MACHINE = "the state machine has no name yet"


@frozen
class Widening(Declared):
    """Why resources are more than a call means: the cause, and a sentence about this call."""

    cause: Cause
    sentence: str


@frozen
class Resolved(Declared):
    """The resources that one argument names; ``widening`` says why they are more than it means."""

    resources: tuple[Resource, ...]
    widening: Widening | None = None


def resolve(
    named: ArgumentResource, arguments: Mapping[str, Any], hints: Sequence[Any] | None
) -> list[Resolved]:
    """Return what stands at ``named`` in the arguments: nothing, one value, or those of a list."""
    naming = _Naming(ArnFormat(named, arguments), hints)
    if named.default is not None:
        values = list(values_at(arguments, named.argument, _MISSING)) or [_MISSING]
    else:
        values = list(values_at(arguments, named.argument))
    if not values and named.when_missing is not None:
        return [naming.any_of(Widening(Cause.MISSING_ARGUMENT, named.when_missing))]
    resolved = [naming.resolved(value) for value in values]
    return [
        it if isinstance(value, (Path, Jsonata)) else _with_bare_names(it, named)
        for value, it in zip(values, resolved, strict=True)
    ]


def fitting_hints(named: ArgumentResource, hints: Sequence[Any] | None) -> tuple[Resource, ...]:
    """Return those of the ARNs that an author names which are certainly of the type."""
    arn_format = ArnFormat(named, {})
    return tuple(plain(hint) for hint in hints or () if arn_text(plain(hint)) and arn_format.fits(hint))


def _with_bare_names(resolved: Resolved, named: ArgumentResource) -> Resolved:
    """Return the resources, where a name without a revision is asked for as it is too."""
    if "" not in named.revisions:
        return resolved
    several = [(without_revisions(it), it) for it in resolved.resources]
    return replace(resolved, resources=tuple(it for both in several for it in both if it is not None))


class _Naming(NamedTuple):
    """How the values of one argument of one call name resources."""

    arn: ArnFormat
    hints: Sequence[Any] | None

    def resolved(self, value: Any) -> Resolved:
        named = self.arn.named
        if value is _MISSING:
            return Resolved((self.arn.of_name(named.default or ""),))
        if isinstance(value, (Path, Jsonata)):
            return self._dynamic(value)
        if (expression := jsonata_of(value)) is not None:
            return self._dynamic(expression)
        value = plain(value)
        if is_function(value):
            return self._intrinsic(value)
        if not isinstance(value, str):
            return self._unread(value)
        if has_substitution(value):  # of a definition by itself, which is filled in later
            return self._begins_with(PartialText(value.partition(OPEN)[0], {}), value)
        if read := self.arn.read(value):
            match, group = read
            return Resolved((self.arn.of_read(match, literal_name(self.arn.cased(match[group]))),))
        if not is_arn(value):
            return (
                self._unread(value)
                if named.name_regex
                else Resolved((self.arn.of_name(literal_name(self.arn.cased(value))),))
            )
        if named.arn_segment is not None:
            return self._of_part(value)
        return Resolved((self.arn.qualified(self.arn.all_revisions(value)),))

    def any_of(self, widening: Widening | None) -> Resolved:
        """Return what the author names for what is only known at run time, or else all of the type."""
        if hints_that_fit := [plain(hint) for hint in self.hints or () if self.arn.fits(hint)]:
            return Resolved(tuple(hints_that_fit))
        return Resolved((self.arn.of_name("*"),), widening)

    def _unread(self, value: Any) -> Resolved:
        sentence = f"{self.arn.named.argument} holds {value!r}, which names no resource"
        return self.any_of(Widening(Cause.UNREADABLE, sentence))

    def _intrinsic(self, value: Mapping[str, Any]) -> Resolved:
        """Return an intrinsic that is an ARN as it is, and the ARN of one that is a name.

        ``Fn::Sub`` that begins with a reference is an ARN if it ends there or goes on as ARNs do, and else
        a name: ``${Queue}``, but ``${AWS::StackName}-queue``. ``Fn::GetAtt`` is what its attribute's name
        ends in. The others are what ``reference`` says.
        """
        named, value = self.arn.named, as_sub(value)
        substituted = substitution(value)
        if substituted is not None and not substituted[1]:
            text = substituted[0]
            if read := self.arn.read(text):
                match, group = read
                return Resolved((self.arn.of_read(match, match[group]),))
            if is_arn(text):
                if named.arn_segment is not None:
                    return self._of_part(text)
                return Resolved((self.arn.qualified(to_value(self.arn.all_revisions(text))),))
            target = pointed(text)
            if target is None or not self._is_arn(target.partition(".")[2]):
                if named.ref_returns == "text":
                    return self._unread(text)
                return Resolved((self.arn.of_name(text),))
        elif not self._is_arn((attribute(value) or ("", ""))[1]):
            if named.ref_returns == "text":
                return self._unread(dict(value))
            if named.ref_returns == "url":
                return Resolved((self.arn.of_value(select_of_split("/", 4, value)),))
            name = ref_name(value)
            return Resolved((self.arn.of_value(value) if name is None else self.arn.of_name(hole(name)),))
        if named.arn_segment is not None:
            return Resolved((self.arn.of_value(select_of_split(*named.arn_segment, value)),))
        return Resolved((self.arn.qualified(dict(value)),))

    def _of_part(self, arn: str) -> Resolved:
        part = self.arn.of_part(arn)
        return self._unread(arn) if part is None else Resolved((part,))

    def _of_result(self, resource: Resource, result: PartialText) -> Resolved:
        return Resolved((with_variables(resource, result),))

    def _is_arn(self, attribute: str) -> bool:
        if attribute.endswith("Arn"):
            return True
        return self.arn.named.ref_returns == "arn" and not attribute.endswith(("Id", "Name"))

    def _dynamic(self, path: Path | Jsonata) -> Resolved:
        """Return what an expression may return: of all its results the resources, each once."""
        named = self.arn.named
        text = str(as_sub_text(plain(path.expression))).strip()
        if text in _OWN_ARN and "stateMachine:{}" in _machine_format(named):
            return Resolved((self.arn.of_name(STATE_MACHINE_NAME),))
        several = [
            self._begins_with(result, text)
            if result.value is None
            else _with_bare_names(self.resolved(result.value), named)
            for result in known_results(path)
        ]
        if wide := next((it for it in several if it.widening is not None), None):
            return wide
        resources = [resource for it in several for resource in it.resources]
        return Resolved(tuple(it for index, it in enumerate(resources) if it not in resources[:index]))

    def _begins_with(self, result: PartialText, expression: str) -> Resolved:
        named, known = self.arn.named, result.text
        sentence = f"{named.argument} is only known at run time ({expression})"
        widening = Widening(Cause.RUN_TIME, sentence)
        if read := self.arn.read(known):
            match, group = read
            ends = match.end(group) < len(known)
            name = without_wildcards(self.arn.cased(match[group]))
            begun = self._of_result(self.arn.of_read(match, name if ends else f"{name}*"), result)
            if name or (by_hints := self.any_of(widening)).widening is None:
                return begun if name else by_hints
            return replace(begun, widening=widening)
        if parse_arn(known) is not None:
            if named.arn_segment is None:
                return self._of_result(to_value(f"{without_wildcards(known)}*"), result)
            if len(split_sub(known, named.arn_segment[0])) > named.arn_segment[1]:
                return self._of_result(self.arn.of_part(known, "*"), result)
        elif (target := pointed(known)) is not None and self._is_arn(target.partition(".")[2]):
            if named.arn_segment is None:
                return self._of_result(to_value(f"{without_wildcards(known)}*"), result)
        elif known and not is_arn(known) and named.name_regex is None:
            name = without_wildcards(self.arn.cased(known))
            return self._of_result(self.arn.of_name(f"{name}*", revisions=False), result)
        return self.any_of(widening)


def _machine_format(named: ArgumentResource) -> str:
    """Return the format of a resource, that of an execution as that of its machine."""
    return named.arn.replace(":execution:{}:*", ":stateMachine:{}")
