"""The ARN of what an argument names, by the format of its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.arns import arn_text, is_arn, parse_arn
from cfngen.cfn.functions import plain, sub, substitution
from cfngen.cfn.pseudo_parameters import ACCOUNT_ID, PARTITION, REGION, is_pseudo
from cfngen.cfn.text import escaped, has_hole, hole, in_sub, spans, split_sub, to_value
from cfngen.iam.arguments import values_at
from cfngen.iam.results import PartialText, beginning
from cfngen.tasks.grants import ArgumentResource

Resource = Any
"""An ARN as text, or a CloudFormation intrinsic as the mapping that spells it."""

_OTHER: Final = r"(?<!\$)\{(?P<slash>/?)(?P<name>[A-Z][\w.\[\]]*)(\|(?P<default>[^{}]*))?\}"


class ArnFormat(NamedTuple):
    """The format of the ARNs of a type of resource, and the arguments of a call that it is filled with."""

    named: ArgumentResource
    arguments: Mapping[str, Any]

    def of_name(self, name: str, *, revisions: bool = True, written: str | None = None) -> Resource:
        """Return the ARN of a name, "*" for all of the type; ``written`` is another format."""
        arn = re.sub(_OTHER, self._other, self.named.arn if written is None else written).replace(
            "{}", name
        )
        arn = arn.replace("**", "*")
        arn = self.all_revisions(arn) if revisions and name != "*" else arn
        return to_value(arn) if name == "*" else self.qualified(to_value(arn))

    def of_value(self, value: Mapping[str, Any]) -> Resource:
        """Return the ARN of the name that an intrinsic returns."""
        arn = substitution(self.of_name(hole("Name")))
        assert arn is not None  # which has that hole
        return sub(arn[0], {"Name": dict(value)})

    def of_part(self, text: str, more: str = "") -> Resource | None:
        """Return the ARN of what a part of another ARN names, in that one's region and account."""
        assert self.named.arn_segment is not None
        separator, index = self.named.arn_segment
        parts, arn = split_sub(text, separator), parse_arn(text)
        if len(parts) <= index or arn is None:
            return None
        places = {PARTITION: arn.partition, REGION: arn.region, ACCOUNT_ID: arn.account}
        name = parts[index] if has_hole(parts[index]) else literal_name(parts[index])
        return self.of_name(name + more, written=_placed(self.named.arn, places))

    def read(self, text: str) -> tuple[re.Match[str], str | int] | None:
        """Return how a text that is no ARN holds a name, and the group that is the name."""
        regex = self.named.name_regex
        match = None if regex is None else re.match(regex, text, re.DOTALL)
        return None if match is None else (match, "name" if "name" in match.groupdict() else 1)

    def of_read(self, read: re.Match[str], name: str) -> Resource:
        """Return the ARN of a name, in the region and account that stand in the text beside it."""
        groups = read.groupdict()
        places = {REGION: groups.get("region"), ACCOUNT_ID: groups.get("account")}
        return self.of_name(name, written=_placed(self.named.arn, places))

    def qualified(self, resource: Resource) -> Resource:
        """Return the resource with the argument that qualifies it, if it is given."""
        qualifier = None
        if self.named.qualifier is not None:
            qualifier = next(values_at(self.arguments, self.named.qualifier), None)
        if qualifier is None:
            return resource
        ending = f":{_argument_text(qualifier)}"
        if isinstance(resource, str):
            return to_value(resource + ending)
        if (substituted := substitution(resource)) is not None:
            text, variables = substituted
            return sub(text + ending, variables)
        inside = in_sub(resource)
        return sub(hole("Arn") + ending, {"Arn": resource}) if inside is None else sub(inside + ending)

    def all_revisions(self, arn: str) -> str:
        """Return an ARN with all revisions of what it names, where it names none and the type has them."""
        revision = split_sub(arn, ":")[-1]
        is_one = revision == "*" or revision.isdecimal() or _is_hole(revision)
        return arn if is_one or not self.named.revisions else f"{arn}:*"

    def cased(self, name: str) -> str:
        """Return a name as it is spelled in ARNs."""
        return name.lower() if self.named.lowercase else name

    def fits(self, hint: Any) -> bool:
        """Tell whether an ARN may be of the type that is asked for; of an intrinsic nobody knows."""
        if (text := arn_text(plain(hint))) is None:
            return True
        segments, hint_segments = split_sub(self.named.arn, ":"), split_sub(text, ":")
        if not fnmatchcase(segments[2], hint_segments[2]):
            return False
        kind, rest = re.split(r"[{*]", ":".join(segments[5:]))[0], ":".join(hint_segments[5:])
        if not kind and rest != "*":  # a bucket or its objects, say
            return ("/" in rest) == ("/" in segments[-1])
        return rest.startswith(kind) or any(mark in rest[: len(kind) + 1] for mark in "*$")

    def _other(self, other: re.Match[str]) -> str:
        """Return another argument's text in the ARN."""
        value = next(values_at(self.arguments, other["name"]), None)
        if value is None:
            return "*" if other["default"] is None else other["default"]
        text = _argument_text(value)
        if is_arn(text):
            text = re.split(r"[:/]", text)[-1]
        elif _is_hole(text) and (pointed(text) or "").partition(".")[2].endswith("Arn"):
            text = "*"
        return text.removeprefix("/") if other["slash"] else text


def without_revisions(resource: Resource) -> Resource | None:
    """Return what ends in all revisions without that ending; None for what does not."""
    text, variables = substitution(resource) or (resource, {})
    if not isinstance(text, str) or not text.endswith(":*"):
        return None
    bare = text.removesuffix(":*")
    return bare if isinstance(resource, str) else sub(bare, variables)


def literal_name(name: str) -> str:
    """Return a name so that neither ``Fn::Sub`` nor IAM's wildcards read anything into it."""
    return without_wildcards(escaped(name))


def without_wildcards(text: str) -> str:
    """Return the text of ``Fn::Sub`` so that IAM reads no wildcard into it."""
    return re.sub(r"[*?]", lambda wildcard: hole(f"!{wildcard[0]}"), text)


def with_variables(resource: Resource, result: PartialText) -> Resource:
    """Return a resource that is made of a result, with the variables that it needs."""
    text, own = substitution(resource) or (resource, {})
    used = {name: value for name, value in result.variables.items() if hole(name) in text}
    return sub(text, {**own, **used}) if used else resource


def pointed(text: str) -> str | None:
    """Return what a text points at that is a reference, whole or up to a colon or slash."""
    span = next(spans(text), None)
    if span is None:
        return None
    start, end, name = span
    if start or not name or is_pseudo(name) or text[end : end + 1] not in ("", ":", "/"):
        return None
    return name


def _is_hole(text: str) -> bool:
    span = next(spans(text), None)
    return span is not None and span[:2] == (0, len(text)) and span[2] != ""


def _placed(arn: str, places: Mapping[str, str | None]) -> str:
    """Return the format of an ARN with other values than the stack's own for its pseudo parameters."""
    for name, value in places.items():
        arn = arn.replace(hole(name), value or hole(name))
    return arn


def _argument_text(value: Any) -> str:
    """Return an argument as it stands in an ARN, as far as it is known."""
    if isinstance(value, (Path, Jsonata)):
        return f"{without_wildcards(beginning(value))}*"
    return literal_name(value) if isinstance(value, str) else in_sub(value) or "*"
