"""Which argument of an operation names which resource: by the variables of the ARN's format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sdk_sources import Operation, ResourceType

Places = Sequence[str]
"""Resources as they stand in the table: ``KEY@Argument``, ``KEY@`` or ``KEY``."""


@dataclass(frozen=True)
class Group:
    """Resources of which a call needs those it names; ``when`` has the arguments that make it need any."""

    places: tuple[str, ...]
    when: tuple[str, ...] = ()


@dataclass
class Formats:
    """The ARN formats of one service, each under a short key."""

    service: str
    by_arn: dict[str, str] = field(default_factory=dict)

    def key(self, arn: str, kind: str) -> str:
        """Return the key of a format, which is the name of its resource type where that is still free."""
        if arn not in self.by_arn:
            name = re.sub(r"[^A-Za-z0-9]+", "-", kind).strip("-") or "any"
            taken = set(self.by_arn.values())
            number = 1
            while (key := name if number == 1 else f"{name}.{number}") in taken:
                number += 1
            self.by_arn[arn] = key
        return self.by_arn[arn]


@dataclass(frozen=True)
class Curated:
    """What is known of a service beyond the rule.

    ``arguments`` are the paths to the arguments that name a type, ``arns`` the formats that differ from
    those of the reference, ``parents`` the arguments that stand for another variable of a format, and
    ``general`` those that take the ARN of any type.
    """

    arguments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    arns: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    general: Sequence[str] = ()


def groups(
    operation: Operation, types: Sequence[ResourceType], formats: Formats, curated: Curated
) -> list[Group]:
    """Return on what an action must be allowed for an operation, one group for each thing it touches.

    A type that is required has a group of its own. Of those that are not, the call needs the ones that
    its arguments name, and any of them where none is required and none can be named.
    """
    if not types:
        return [Group(("*",))]
    matcher = _Matcher(operation, formats, curated)
    named = {kind.key: matcher.places(kind) for kind in types}
    if not any(named.values()) and (sole := matcher.sole(types)):
        return [Group((sole,))]
    rest = [kind for kind in types if not named[kind.key] and not matcher.makes(kind)]
    if rest and (general := matcher.general(rest)):
        named[rest[0].key] = [general]
        types = [kind for kind in types if named[kind.key] or kind not in rest]
    found = [Group(tuple(named[kind.key] or [matcher.unnamed(kind)])) for kind in types if kind.required]
    optional = [kind for kind in types if not kind.required]
    if found:
        for places in filter(None, (named[kind.key] for kind in optional)):
            found.append(Group(tuple(places), tuple(dict.fromkeys(map(argument_of, places)))))
    elif any(named.values()):
        found.append(Group(tuple(place for kind in optional for place in named[kind.key])))
    elif len(optional) <= _FEW:
        found.append(Group(tuple(matcher.unnamed(kind) for kind in optional)))
    else:
        found.append(Group((matcher.unnamed(_common(optional)),)))
    return list(dict.fromkeys(Group(tuple(dict.fromkeys(it.places)), it.when) for it in found))


def place(
    operation: Operation, kind: ResourceType, revisions: str, at: str, formats: Formats, curated: Curated
) -> str:
    """Return the place of a type whose argument is known: ``@Argument``, or "" for every resource of it."""
    matcher = _Matcher(operation, formats, curated)
    arn = curated.arns.get(kind.key, kind.arn)
    return f"{formats.key(matcher.filled(arn, at), kind.key)}{revisions}{at}"


@dataclass(frozen=True)
class _Matcher:
    operation: Operation
    formats: Formats
    curated: Curated

    def places(self, kind: ResourceType) -> list[str]:
        """Return the arguments that name a resource of the type, each with its format."""
        arn = self.curated.arns.get(kind.key, kind.arn)
        if kind.key in self.curated.arguments:
            given = [it for it in self.curated.arguments[kind.key] if self._has(it)]
        else:
            given = [it for it in self.operation.members if self._names(it, kind)]
            if self.operation.required & {it.removesuffix("[]") for it in given}:
                given = [it for it in given if it.removesuffix("[]") in self.operation.required]
            given = given or [it for it in self.operation.nested if self._is_variable(it, kind)]
        return [f"{self.formats.key(self.filled(arn, it), kind.key)}@{it}" for it in given]

    def makes(self, kind: ResourceType) -> bool:
        """Tell whether the operation makes a resource of the type, whose name then is its own."""
        noun = _norm(re.sub(r"^[A-Z][a-z]+", "", self.operation.name))
        return self.operation.name.startswith(_NEW) and _norm(kind.key) in noun

    def general(self, types: Sequence[ResourceType]) -> str | None:
        """Return the place of an argument that takes the ARN of any type, where there is one."""
        for member in self.operation.members:
            if member.removesuffix("[]") in (*_GENERAL, *self.curated.general):
                kind = types[0] if len(types) == 1 else _common(types)
                arn = self.curated.arns.get(kind.key, kind.arn)
                return f"{self.formats.key(self.filled(arn, member), kind.key)}@{member}"
        return None

    def sole(self, types: Sequence[ResourceType]) -> str | None:
        """Return the place of the one argument that must be given and takes an ARN of the types."""
        taken = [it for it in self.operation.members if it.removesuffix("[]") in self.operation.required]
        arns = [it for it in taken if re.search(r"(?<!Role)(Arn|ARN)s?(\[\])?$", it)]
        if len(arns) != 1 or self.operation.name.startswith(_MAKING):
            return None
        stem = _norm(re.sub(r"(Arn|ARN)s?(\[\])?$", "", arns[0]))
        if len(stem) < _LONG or not any(stem in _norm(kind.key + kind.arn) for kind in types):
            return None
        kind = types[0] if len(types) == 1 else _common(types)
        arn = self.curated.arns.get(kind.key, kind.arn)
        return f"{self.formats.key(self.filled(arn, arns[0]), kind.key)}@{arns[0]}"

    def unnamed(self, kind: ResourceType) -> str:
        """Return the place of a type that no argument names.

        Where the call makes the resource, or nothing it must be given could name one, that is so by
        nature. Else there may be an argument that the rule does not know.
        """
        arn = self.curated.arns.get(kind.key, kind.arn)
        key = self.formats.key(self.filled(arn, ""), kind.key)
        if "{}" not in self.filled(arn, ""):
            return key
        open_ = [it for it in self.operation.members if it.removesuffix("[]") in self.operation.required]
        used = {other for other in self._parents(arn).values() if other}
        left = [it for it in open_ if it not in used and not _IDLE.search(it.removesuffix("[]"))]
        makes = self.operation.name.startswith(_MAKING)
        return key if makes or not left else f"{key}@"

    def _has(self, path: str) -> bool:
        return re.split(r"[.\[{=^~]", path.removeprefix("!"))[0] in self.operation.all_members

    def _names(self, member: str, kind: ResourceType) -> bool:
        """Tell whether an argument names a resource of the type, by both names and that of its variable."""
        name = member.removesuffix("[]")
        singular = name[:-1] if member.endswith("[]") and name.endswith("s") else name
        stem, ending = _split(singular)
        variable = (_variables(kind.arn) or [""])[-1]
        wanted, its_ending = _split(variable)
        if variable and _norm(variable) not in _VAGUE and self._bare(singular) == self._bare(variable):
            return True
        key = re.sub(r"(?i)resource$", "", kind.key)
        stems = {self._bare(it) for it in (wanted, key, _split(key)[0])} - {""}
        fits = (
            ending == "Arn"
            or _norm(variable) in _OPEN
            or (variable and ending in ("Identifier", ""))
            or (variable and ending == its_ending)
            or (variable and not its_ending and ending == "Name")
        )
        if not fits:
            return False
        if _norm(stem) == "resource":
            return False
        if (
            not stem
            and ending == "Name"
            and _norm(variable) in _OPEN
            and self.operation.name.startswith(_NEW)
        ):
            return False
        if not stem:
            noun = self._bare(re.sub(r"^(Batch)?[A-Z][a-z]+", "", self.operation.name))
            return noun in stems and self._bare(wanted) in {"", "resource", *stems}
        bare = self._bare(stem)
        if bare in stems:
            return True
        return ending == "Arn" and len(bare) >= _LONG and any(it.endswith(bare) for it in stems)

    def _is_variable(self, path: str, kind: ResourceType) -> bool:
        """Tell whether an argument inside others is named exactly as the variable of the type."""
        variable = (_variables(kind.arn) or [""])[-1]
        name = path.rpartition(".")[2]
        singular = name[:-3] if name.endswith("s[]") else name
        return _norm(singular) == _norm(variable) and _norm(variable) not in _VAGUE

    def _bare(self, name: str) -> str:
        """Return a name without what is put before it out of habit, as in ``DBSubnetGroup``."""
        name = _norm(name)
        for habit in (
            "db",
            "cache",
            "source",
            "target",
            "destination",
            "existing",
            _norm(self.formats.service),
        ):
            if name.startswith(habit) and len(name) > len(habit):
                return name.removeprefix(habit)
        return name

    def _parents(self, arn: str) -> dict[str, str]:
        """Return the arguments of all variables of a format but the last, "" for those without one."""
        found = {}
        for variable in _variables(arn)[:-1]:
            if variable in self.curated.parents:
                path = self.curated.parents[variable]
                found[variable] = path if self._has(path.partition("|")[0]) else ""
                continue
            exact = [it for it in self.operation.members if _norm(it) == _norm(variable)]
            stem = _norm(_split(variable)[0])
            loose = [
                it
                for it in self.operation.members
                if _split(it)[1] in ("", "Identifier") and _norm(_split(it)[0]) == stem
            ]
            found[variable] = next((it for it in [*exact, *loose] if not it.endswith("[]")), "")
        return found

    def filled(self, arn: str, member: str) -> str:
        """Return a format of the reference as ``ArgumentResource`` has it."""
        parents = self._parents(arn)
        name = (_variables(arn) or [""])[-1]
        path = member.rpartition(".")[0]

        def replaced(variable: re.Match[str]) -> str:
            if variable[1] in _PSEUDO:
                return _PSEUDO[variable[1]]
            if variable[1] == name:
                return "{}"
            other = parents[variable[1]]
            return f"{{{other}}}" if other and other != member and not path else "*"

        return re.sub(r"\$\{(\w+)\}", replaced, arn)


def _variables(arn: str) -> list[str]:
    return [name for name in re.findall(r"\$\{(\w+)\}", arn) if name not in _PSEUDO]


def _split(name: str) -> tuple[str, str]:
    """Split a name into what it names and how: ``FunctionArn`` into ``Function`` and ``Arn``."""
    found = _ENDING.search(name)
    return (name[: found.start()], _ENDINGS[found[0].lower()]) if found else (name, "")


def _norm(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def argument_of(place: str) -> str:
    """Return the argument of a place, without what says how to read it."""
    return re.split(r"[={^~]", place.partition("@")[2].removeprefix("!"))[0].removesuffix("[]")


def _common(types: Iterable[ResourceType]) -> ResourceType:
    """Return what the ARNs of several types have in common, as one type."""
    parts = [kind.arn.split(":", 5) for kind in types]
    heads = ["*" if len(set(column)) > 1 else column[0] for column in list(zip(*parts, strict=False))[:5]]
    return ResourceType("any", ":".join([*heads, "${Any}"]), required=True)


_FEW: Final = 6
_PSEUDO: Final = {
    "Partition": "${AWS::Partition}",
    "Region": "${AWS::Region}",
    "Account": "${AWS::AccountId}",
}
_ENDING: Final = re.compile(r"(Arn|ARN|Name|Id|ID|Identifier|Url|URL)$")
_ENDINGS: Final = {
    "arn": "Arn",
    "name": "Name",
    "id": "Id",
    "identifier": "Identifier",
    "url": "Url",
}
_ANY_ENDING: Final = ("Arn", "Identifier", "")
_VAGUE: Final = ("id", "name", "resourceid", "resourcename", "identifier", "resource", "arn", "uuid")
_OPEN: Final = ("resourceid", "resourcename", "identifier", "resource", "resourcenameandid")
_LONG: Final = 4
_GENERAL: Final = ("ResourceArn", "ResourceARN", "Arn", "ResourceIdentifier", "ARN")
_MAKING: Final = (
    "Create", "Run", "Start", "Launch", "Restore", "Copy", "Import", "Allocate", "Request", "Register",
    "Provision", "Purchase", "Submit", "List", "Search", "Clone", "Put", "Issue", "Generate", "Invite",
)  # fmt: skip
_NEW: Final = ("Create", "Register", "Put", "Import")
_IDLE: Final = re.compile(r"(Token|Region|AccountId|Description|Type|Status|Date|Time|Version|Key)$")
