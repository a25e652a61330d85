"""From what a task passes to the ARNs it may touch.

The first that applies: a literal ARN; an intrinsic; the ARN of a name; the literal beginning of a value
known only at run time; the ARNs that the author names for such values; every resource of the type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from cfngen.asl.holes import jsonata_of
from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.arns import arn_text, is_arn, parse_arn
from cfngen.cfn.functions import attribute, is_function, plain, referred, selected, sub, substitution
from cfngen.cfn.pseudo_parameters import ACCOUNT_ID, PARTITION, REGION, is_pseudo
from cfngen.cfn.text import (
    OPEN,
    as_sub,
    as_text,
    escaped,
    has_hole,
    has_substitution,
    hole,
    in_sub,
    spans,
    split,
    to_value,
)
from cfngen.core.declared import Declared, frozen
from cfngen.iam.results import Result, beginning, results
from cfngen.tasks.grants import STATE_MACHINE_NAME, ArgumentResource

Resource = Any
"""An ARN as text, or a CloudFormation intrinsic as the mapping that spells it."""

_OTHER: Final = r"(?<!\$)\{(?P<slash>/?)(?P<name>[A-Z][\w.\[\]]*)(\|(?P<default>[^{}]*))?\}"
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
    naming = _Naming(named, arguments, hints)
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
    naming = _Naming(named, {}, hints)
    return tuple(plain(hint) for hint in hints or () if arn_text(plain(hint)) and naming.fits(hint))


def all_of_type(named: ArgumentResource, arguments: Mapping[str, Any]) -> Resource:
    """Return every resource of the type, within the others that the arguments name."""
    return _Naming(named, arguments, None).any_of(None).resources[0]


def values_at(arguments: Any, path: str, missing: Any = None) -> Iterator[Any]:
    """Yield what stands at a path; a value known only at run time stands for all that is in it.

    ``missing``, unless it is None, stands where nothing does.
    """
    yield from _values(arguments, path.split("."), missing)


def without_revisions(resource: Resource) -> Resource | None:
    """Return what ends in all revisions without that ending; None for what does not."""
    text, variables = substitution(resource) or (resource, {})
    if not isinstance(text, str) or not text.endswith(":*"):
        return None
    bare = text.removesuffix(":*")
    return bare if isinstance(resource, str) else sub(bare, variables)


def _with_bare_names(resolved: Resolved, named: ArgumentResource) -> Resolved:
    """Return the resources, where a name without a revision is asked for as it is too."""
    if "" not in named.revisions:
        return resolved
    several = [(without_revisions(it), it) for it in resolved.resources]
    return replace(resolved, resources=tuple(it for both in several for it in both if it is not None))


class _Naming(NamedTuple):
    """How the values of one argument of one call name resources."""

    named: ArgumentResource
    arguments: Mapping[str, Any]
    hints: Sequence[Any] | None

    def resolved(self, value: Any) -> Resolved:
        named = self.named
        if value is _MISSING:
            return Resolved((self._arn(named.default or ""),))
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
            return self._begins_with(Result(value.partition(OPEN)[0], {}), value)
        if read := _read(named, value):
            return Resolved((self._read_arn(read, _literal(self._cased(read[_group(named)]))),))
        if not is_arn(value):
            return (
                self._unread(value)
                if named.name_regex
                else Resolved((self._arn(_literal(self._cased(value))),))
            )
        if named.arn_segment is not None:
            return self._of_part(value)
        return Resolved((self._qualified(self._all_revisions(value)),))

    def any_of(self, widening: Widening | None) -> Resolved:
        """Return what the author names for what is only known at run time, or else all of the type."""
        if hinted := [plain(hint) for hint in self.hints or () if self.fits(hint)]:
            return Resolved(tuple(hinted))
        return Resolved((self._arn("*"),), widening)

    def _unread(self, value: Any) -> Resolved:
        sentence = f"{self.named.argument} holds {value!r}, which names no resource"
        return self.any_of(Widening(Cause.UNREADABLE, sentence))

    def _intrinsic(self, value: Mapping[str, Any]) -> Resolved:
        """Return an intrinsic that is an ARN as it is, and the ARN of one that is a name.

        ``Fn::Sub`` that begins with a reference is an ARN if it ends there or goes on as ARNs do, and else
        a name: ``${Queue}``, but ``${AWS::StackName}-queue``. ``Fn::GetAtt`` is what its attribute's name
        ends in. The others are what ``reference`` says.
        """
        named, value = self.named, as_sub(value)
        substituted = substitution(value)
        if substituted is not None and not substituted[1]:
            text = substituted[0]
            if read := _read(named, text):
                return Resolved((self._read_arn(read, read[_group(named)]),))
            if is_arn(text):
                if named.arn_segment is not None:
                    return self._of_part(text)
                return Resolved((self._qualified(to_value(self._all_revisions(text))),))
            pointed = _pointed(text)
            if pointed is None or not self._is_arn(pointed.partition(".")[2]):
                return self._unread(text) if named.ref_returns == "text" else Resolved((self._arn(text),))
        elif not self._is_arn((attribute(value) or ("", ""))[1]):
            if named.ref_returns == "text":
                return self._unread(dict(value))
            if named.ref_returns == "url":
                return Resolved((self._named_by(selected("/", 4, value)),))
            name = referred(value)
            return Resolved((self._named_by(value) if name is None else self._arn(hole(name)),))
        if named.arn_segment is not None:
            return Resolved((self._named_by(selected(*named.arn_segment, value)),))
        return Resolved((self._qualified(dict(value)),))

    def _is_arn(self, attribute: str) -> bool:
        if attribute.endswith("Arn"):
            return True
        return self.named.ref_returns == "arn" and not attribute.endswith(("Id", "Name"))

    def _dynamic(self, path: Path | Jsonata) -> Resolved:
        """Return what an expression may return: of all its results the resources, each once."""
        text = str(as_text(plain(path.expression))).strip()
        if text in _OWN_ARN and "stateMachine:{}" in _machine_format(self.named):
            return Resolved((self._arn(STATE_MACHINE_NAME),))
        several = [
            self._begins_with(result, text)
            if result.value is None
            else _with_bare_names(self.resolved(result.value), self.named)
            for result in results(path)
        ]
        if wide := next((it for it in several if it.widening is not None), None):
            return wide
        found = [resource for it in several for resource in it.resources]
        return Resolved(tuple(it for index, it in enumerate(found) if it not in found[:index]))

    def _begins_with(self, result: Result, expression: str) -> Resolved:
        named, known = self.named, result.text
        sentence = f"{named.argument} is only known at run time ({expression})"
        widening = Widening(Cause.RUN_TIME, sentence)
        if read := _read(named, known):
            group = _group(named)
            ends = read.end(group) < len(known)
            name = _without_wildcards(self._cased(read[group]))
            begun = _with_variables(self._read_arn(read, name if ends else f"{name}*"), result)
            if name or (hinted := self.any_of(widening)).widening is None:
                return begun if name else hinted
            return replace(begun, widening=widening)
        if parse_arn(known) is not None:
            if named.arn_segment is None:
                return _with_variables(to_value(f"{_without_wildcards(known)}*"), result)
            if len(split(known, named.arn_segment[0])) > named.arn_segment[1]:
                return _with_variables(self._of_part(known, "*").resources[0], result)
        elif (pointed := _pointed(known)) is not None and self._is_arn(pointed.partition(".")[2]):
            if named.arn_segment is None:
                return _with_variables(to_value(f"{_without_wildcards(known)}*"), result)
        elif known and not is_arn(known) and named.name_regex is None:
            name = _without_wildcards(self._cased(known))
            return _with_variables(self._arn(f"{name}*", revisions=False), result)
        return self.any_of(widening)

    def _of_part(self, text: str, more: str = "") -> Resolved:
        """Return the ARN of what a part of another ARN names, in that one's region and account."""
        assert self.named.arn_segment is not None
        separator, index = self.named.arn_segment
        parts, arn = split(text, separator), parse_arn(text)
        if len(parts) <= index or arn is None:
            return self._unread(text)
        places = {PARTITION: arn.partition, REGION: arn.region, ACCOUNT_ID: arn.account}
        name = parts[index] if has_hole(parts[index]) else _literal(parts[index])
        return Resolved((self._arn(name + more, written=_placed(self.named.arn, places)),))

    def _read_arn(self, read: re.Match[str], name: str) -> Resource:
        groups = read.groupdict()
        places = {REGION: groups.get("region"), ACCOUNT_ID: groups.get("account")}
        return self._arn(name, written=_placed(self.named.arn, places))

    def _named_by(self, value: Mapping[str, Any]) -> Resource:
        """Return the ARN of the name that an intrinsic returns."""
        arn = substitution(self._arn(hole("Name")))
        assert arn is not None  # which has that hole
        return sub(arn[0], {"Name": dict(value)})

    def _arn(self, name: str, *, revisions: bool = True, written: str | None = None) -> Resource:
        arn = re.sub(_OTHER, self._other, self.named.arn if written is None else written).replace(
            "{}", name
        )
        arn = arn.replace("**", "*")
        arn = self._all_revisions(arn) if revisions and name != "*" else arn
        return to_value(arn) if name == "*" else self._qualified(to_value(arn))

    def _other(self, other: re.Match[str]) -> str:
        """Return another argument's text in the ARN."""
        value = next(values_at(self.arguments, other["name"]), None)
        if value is None:
            return "*" if other["default"] is None else other["default"]
        text = _text(value)
        if is_arn(text):
            text = re.split(r"[:/]", text)[-1]
        elif _is_hole(text) and (_pointed(text) or "").partition(".")[2].endswith("Arn"):
            text = "*"
        return text.removeprefix("/") if other["slash"] else text

    def _qualified(self, resource: Resource) -> Resource:
        """Return the resource with the argument that qualifies it, if it is given."""
        qualifier = None
        if self.named.qualifier is not None:
            qualifier = next(values_at(self.arguments, self.named.qualifier), None)
        if qualifier is None:
            return resource
        ending = f":{_text(qualifier)}"
        if isinstance(resource, str):
            return to_value(resource + ending)
        if (substituted := substitution(resource)) is not None:
            text, variables = substituted
            return sub(text + ending, variables)
        arn_text = in_sub(resource)
        return sub(hole("Arn") + ending, {"Arn": resource}) if arn_text is None else sub(arn_text + ending)

    def _all_revisions(self, arn: str) -> str:
        revision = split(arn, ":")[-1]
        is_one = revision == "*" or revision.isdecimal() or _is_hole(revision)
        return arn if is_one or not self.named.revisions else f"{arn}:*"

    def _cased(self, name: str) -> str:
        return name.lower() if self.named.lowercase else name

    def fits(self, hint: Any) -> bool:
        """Tell whether an ARN may be of the type that is asked for; of an intrinsic nobody knows."""
        if (text := arn_text(plain(hint))) is None:
            return True
        segments, hint_segments = split(self.named.arn, ":"), split(text, ":")
        if not fnmatchcase(segments[2], hint_segments[2]):
            return False
        kind, rest = re.split(r"[{*]", ":".join(segments[5:]))[0], ":".join(hint_segments[5:])
        if not kind and rest != "*":  # a bucket or its objects, say
            return ("/" in rest) == ("/" in segments[-1])
        return rest.startswith(kind) or any(mark in rest[: len(kind) + 1] for mark in "*$")


def _machine_format(named: ArgumentResource) -> str:
    """Return the format of a resource, that of an execution as that of its machine."""
    return named.arn.replace(":execution:{}:*", ":stateMachine:{}")


def _literal(name: str) -> str:
    """Return a name so that neither ``Fn::Sub`` nor IAM's wildcards read anything into it."""
    return _without_wildcards(escaped(name))


def _without_wildcards(text: str) -> str:
    """Return the text of ``Fn::Sub`` so that IAM reads no wildcard into it."""
    return re.sub(r"[*?]", lambda wildcard: hole(f"!{wildcard[0]}"), text)


def _with_variables(resource: Resource, result: Result) -> Resolved:
    """Return a resource that is made of a result, with the variables that it needs."""
    text, own = substitution(resource) or (resource, {})
    used = {name: value for name, value in result.variables.items() if hole(name) in text}
    return Resolved((sub(text, {**own, **used}) if used else resource,))


def _is_hole(text: str) -> bool:
    span = next(spans(text), None)
    return span is not None and span[:2] == (0, len(text)) and span[2] != ""


def _pointed(text: str) -> str | None:
    """Return what a text points at that is a reference, whole or up to a colon or slash."""
    span = next(spans(text), None)
    if span is None:
        return None
    start, end, name = span
    if start or not name or is_pseudo(name) or text[end : end + 1] not in ("", ":", "/"):
        return None
    return name


def _placed(arn: str, places: Mapping[str, str | None]) -> str:
    """Return the format of an ARN with other values than the stack's own for its pseudo parameters."""
    for name, value in places.items():
        arn = arn.replace(hole(name), value or hole(name))
    return arn


def _text(value: Any) -> str:
    """Return an argument as it stands in an ARN, as far as it is known."""
    if isinstance(value, (Path, Jsonata)):
        return f"{_without_wildcards(beginning(value))}*"
    return _literal(value) if isinstance(value, str) else in_sub(value) or "*"


def _read(named: ArgumentResource, text: str) -> re.Match[str] | None:
    return re.match(named.name_regex, text, re.DOTALL) if named.name_regex is not None else None


def _group(named: ArgumentResource) -> str | int:
    return "name" if "?P<name>" in (named.name_regex or "") else 1


def _values(arguments: Any, steps: Sequence[str], missing: Any) -> Iterator[Any]:
    if arguments is None:
        if missing is not None:
            yield missing
    elif isinstance(arguments, (Path, Jsonata)) or not steps:
        yield arguments
    elif isinstance(arguments, Mapping):
        step = steps[0]
        if step.endswith("{}"):
            keyed = arguments.get(step[:-2])
            yield from keyed if isinstance(keyed, Mapping) else _values(keyed, (), missing)
            return
        inner = arguments.get(step.removesuffix("[]"))
        if not step.endswith("[]") or inner is None or isinstance(inner, (Path, Jsonata)):
            yield from _values(inner, steps[1:], missing)
        elif isinstance(inner, (list, tuple)):
            for item in inner:
                yield from _values(item, steps[1:], missing)
