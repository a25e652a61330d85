"""Which argument of an operation names which resource: by the variables of the ARN's format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sdk_sources import Operation, ResourceType

ALL: Final = "*"
"""The place of an action that is allowed on nothing narrower."""


@dataclass(frozen=True)
class Group:
    """Resources of which a call needs those it names.

    ``when`` has the arguments that make it need any, ``unnamed`` what a call needs that names none.
    """

    places: tuple[str, ...]
    when: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass
class Formats:
    """The ARN formats of one service, each under a short key."""

    service: str
    by_arn: dict[str, str] = field(default_factory=dict)

    def key(self, arn: str, kind: str) -> str:
        """Return the key of a format, which is the name of its resource type where that is still free."""
        if re.search(r"\s", arn):
            raise SystemExit(f"{self.service}: sdk_overrides.yaml must choose one of {arn}")
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
    ``general`` those that take the ARN of any type. ``types_when_unnamed`` is whether the service asks for
    every resource of the type where a call names none, and not for ``*``.
    """

    arguments: Mapping[str, Sequence[str]] = field(default_factory=dict)
    arns: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    general: Sequence[str] = ()
    types_when_unnamed: bool = False


def groups(
    operation: Operation, types: Sequence[ResourceType], formats: Formats, curated: Curated
) -> list[Group]:
    """Return on what an action must be allowed for an operation, one group for each thing it touches.

    A type that is required has a group of its own. Of those that are not, the call needs the ones that its
    arguments name. Where none is required and the call names none, the service asks for ``*``: the
    reference has a required type for every action that must be on one.
    """
    if not types:
        return [Group((ALL,))]
    matcher = _Matcher(operation, formats, curated)
    named = {kind.key: matcher.places(kind) for kind in types}
    exactly = {argument_of(place) for places in named.values() for place in places}
    named |= {kind.key: matcher.near(kind, exactly) for kind in types if not named[kind.key]}
    if not any(named.values()) and (sole := matcher.sole(types)):
        return [Group((sole,))]
    rest = [
        kind
        for kind in types
        if not named[kind.key] and curated.arguments.get(kind.key) != [] and not matcher.makes(kind)
    ]
    if rest and (general := matcher.general(rest, {argument_of(it) for at in named.values() for it in at})):
        named[next((kind for kind in rest if kind.required), rest[0]).key] = general
        types = [kind for kind in types if named[kind.key] or kind not in rest]
    found = [matcher.on_one(kind, named[kind.key]) for kind in types if kind.required]
    optional = [kind for kind in types if not kind.required]
    if found:
        for places in filter(None, (named[kind.key] for kind in optional)):
            found.append(Group(tuple(places), tuple(dict.fromkeys(map(argument_of, places)))))
    elif any(named.values()):
        of_optional = tuple(place for kind in optional for place in named[kind.key])
        must = any(argument_of(place) in operation.required for place in of_optional)
        found.append(Group(of_optional, (), () if must else matcher.of_none(optional, are_named=True)))
    elif ALL in (of_none := matcher.of_none(optional, are_named=False)):
        found.append(Group((), (), (ALL,)))
    else:
        found.append(Group(of_none))
    return list(dict.fromkeys(Group(tuple(dict.fromkeys(it.places)), it.when, it.unnamed) for it in found))


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
        if kind.key in self.curated.arguments:
            names = [it for it in self.curated.arguments[kind.key] if self._has(it)]
        else:
            names = [it for it in self.operation.members if self._names(it, kind)]
            if self.operation.required & {it.removesuffix("[]") for it in names}:
                names = [it for it in names if it.removesuffix("[]") in self.operation.required]
            names = names or [it for it in self.operation.nested if self._is_variable(it, kind)]
        return [self._named_by(it, kind) for it in names]

    def near(self, kind: ResourceType, taken: set[str]) -> list[str]:
        """Return the places of arguments that name the type by a longer or a shorter name.

        A shorter one, or ``Name`` alone, only where the operation is about the type too: ``JobIdentifier``
        of GetModelCopyJob, ``Name`` of StartWorkflowRun.
        ``taken`` are those that name other types.
        """
        if self.makes(kind) or kind.key in self.curated.arguments:
            return []
        noun, key = _norm(self.operation.name), _norm(kind.key).removesuffix("s")
        is_new = self.operation.name.startswith(_NEW)
        found: list[tuple[str, str]] = []
        for member in self.operation.members:
            leaf = member.removesuffix("[]")
            stem, ending = _split(leaf.removesuffix("s") if member.endswith("[]") else leaf)
            bare = _norm(stem)
            is_longer = len(key) >= _SHORT and bare.endswith(key)
            is_shorter = len(bare) >= _SHORT and key.endswith(bare) and key in noun
            is_bare = not bare and leaf in self.operation.required and key in noun and not is_new
            if leaf in taken or leaf.startswith("Tag"):
                continue
            if (is_longer or is_shorter or is_bare) and self._fits(ending, kind):
                found.append((ending, self._named_by(member, kind)))
        is_both = (
            len({ending for ending, _ in found}) > 1
        )  # an update names it by its id, and gives it a name
        return [place for ending, place in found if not (is_both and ending == "Name")]

    def makes(self, kind: ResourceType) -> bool:
        """Tell whether the operation makes a resource of the type, whose name then is its own."""
        noun = _norm(re.sub(r"^[A-Z][a-z]+", "", self.operation.name))
        return self.operation.name.startswith(_NEW) and _norm(kind.key) in noun

    def general(self, types: Sequence[ResourceType], taken: set[str]) -> list[str] | None:
        """Return the places of an argument that names a resource of any type, where there is one.

        The ARN of one may be of any type; an identifier is put into the format of each. ``taken`` are those
        that name other types.
        """
        for member in self.operation.members:
            argument = member.removesuffix("[]")
            if argument in (*_GENERAL, *self.curated.general):
                return [self._named_by(member, types[0] if len(types) == 1 else _common(types))]
            is_id = argument in _GENERAL_IDS and argument in self.operation.required - taken
            is_one_of_two = argument == "TargetArn" and "SourceArn" in self.operation.all_members
            if not is_id or is_one_of_two or len(types) > _FEW:
                continue
            arns = [self._arn(it) for it in types]
            if all(_LAST_WHOLE.search(it) and member not in self._parents(it).values() for it in arns):
                return [self._named_by(member, kind) for kind in types]
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
        return self._named_by(arns[0], types[0] if len(types) == 1 else _common(types))

    def _named_by(self, argument: str, kind: ResourceType) -> str:
        return f"{self.formats.key(self.filled(self._arn(kind), argument), kind.key)}@{argument}"

    def on_one(self, kind: ResourceType, named: Sequence[str]) -> Group:
        """Return the group of a type that is required; a call that describes one or all may name none."""
        if not named:
            return Group((self.unnamed(kind),))
        arguments = set(map(argument_of, named))
        others = {it.removesuffix("[]") for it in self.operation.members if self._is_about(it, kind)}
        may_be_all = self.operation.name.startswith(("Describe", "List")) and not others - arguments
        is_open = may_be_all and not arguments & self.operation.required
        return Group(tuple(named), (), (self.unnamed(kind).removesuffix("@"),) if is_open else ())

    def of_none(self, types: Sequence[ResourceType], *, are_named: bool) -> tuple[str, ...]:
        """Return the places for a call that names no resource of types of which none is required.

        ``are_named`` tells whether it could.
        """
        kinds = types if len(types) <= _FEW else [_common(types)]
        places = tuple(map(self.unnamed, kinds))
        makes = any(self.makes(kind) for kind in types)
        if self.curated.types_when_unnamed or makes:
            return tuple(it.removesuffix("@") if are_named or makes else it for it in places)
        is_fixed = all("{}" not in self.filled(self._arn(kind), "") for kind in kinds)
        is_open = not are_named and any(it.endswith("@") for it in places)
        return places if is_fixed or is_open else (ALL,)

    def unnamed(self, kind: ResourceType) -> str:
        """Return the place of a type that no argument names.

        Where the call makes the resource, or nothing that it takes could name one, that is so by nature.
        Else there is an argument that the rule does not know.
        """
        filled = self.filled(self._arn(kind), "")
        key = self.formats.key(filled, kind.key)
        if "{}" not in filled:
            return key
        parents = {other for other in self._parents(self._arn(kind)).values() if other}
        texts = [it for it in (*self.operation.members, *self.operation.nested) if it not in parents]
        if any(self._is_about(it, kind) for it in texts) and not self._may_make(kind):
            return f"{key}@"
        if parents:
            return key
        open_ = [it for it in self.operation.members if it.removesuffix("[]") in self.operation.required]
        left = [it for it in open_ if not _IDLE.search(it.removesuffix("[]"))]
        makes = self.operation.name.startswith(_MAKING)
        return key if makes or not left else f"{key}@"

    def _may_make(self, kind: ResourceType) -> bool:
        noun, key = _norm(re.sub(r"^[A-Z][a-z]+", "", self.operation.name)), _norm(kind.key)
        is_new = self.operation.name.startswith((*_NEW, "Start", "Submit", "Run"))
        return is_new and (key in noun or (len(noun) >= _SHORT and key.endswith(noun)))

    def _is_about(self, path: str, kind: ResourceType) -> bool:
        """Tell whether an argument and a type have names that end alike: ``DataSourceId``, ``source``."""
        leaf = path.rpartition(".")[2].removesuffix("[]")
        stem = _norm(re.sub(r"(Arn|ARN|Name|Id|ID|Identifier|Url)s?$", "", leaf)).removesuffix("s")
        key = _norm(kind.key).removesuffix("s")
        return len(stem) >= _SHORT and (stem.endswith(key) or key.endswith(stem))

    def _variable(self, kind: ResourceType) -> str:
        arn = self._arn(kind)
        return (_variables(kind.arn if "{}" in arn else arn) or [""])[-1]

    def _arn(self, kind: ResourceType) -> str:
        return self.curated.arns.get(kind.key, kind.arn)

    def _has(self, path: str) -> bool:
        return re.split(r"[.\[{=^~]", path.removeprefix("!"))[0] in self.operation.all_members

    def _names(self, member: str, kind: ResourceType) -> bool:
        """Tell whether an argument names a resource of the type, by both names and that of its variable."""
        name = member.removesuffix("[]")
        singular = name[:-1] if member.endswith("[]") and name.endswith("s") else name
        stem, ending = _split(singular)
        variable = self._variable(kind)
        wanted, _ = _split(variable)
        if variable and _norm(variable) not in _VAGUE and self._bare(singular) == self._bare(variable):
            return True
        key = re.sub(r"(?i)resource$", "", kind.key)
        stems = {self._bare(it) for it in (wanted, key, _split(key)[0])} - {""}
        if not self._fits(ending, kind):
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

    def _fits(self, ending: str, kind: ResourceType) -> bool:
        """Tell whether an argument with such an ending holds what the last variable of the format is."""
        variable = self._variable(kind)
        its_ending = _split(variable)[1]
        if variable.endswith(("Alias", "Version")) and ending == "Name" and not kind.key.endswith("alias"):
            return False
        return bool(
            ending == "Arn"
            or _norm(variable) in _OPEN
            or (variable and ending in ("Identifier", ""))
            or (variable and ending == its_ending)
            or (ending == "Id" and its_ending == "Identifier")
            or (variable and not its_ending and ending == "Name")
        )

    def _is_variable(self, path: str, kind: ResourceType) -> bool:
        """Tell whether an argument inside others is named exactly as the variable of the type."""
        variable = self._variable(kind)
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
_SHORT: Final = 3
_GENERAL_IDS: Final = (
    "Resource", "ResourceId", "Identifier", "Target", "TargetArn", "Principal", "PolicySourceArn",
)  # fmt: skip
_LAST_WHOLE: Final = re.compile(r"[/:](\$\{\w+\}|\{\})$")
_GENERAL: Final = ("ResourceArn", "ResourceARN", "Arn", "ResourceIdentifier", "ARN")
_MAKING: Final = (
    "Create", "Run", "Start", "Launch", "Restore", "Copy", "Import", "Allocate", "Request", "Register",
    "Provision", "Purchase", "Submit", "List", "Search", "Clone", "Put", "Issue", "Generate", "Invite",
)  # fmt: skip
_NEW: Final = ("Create", "Register", "Put", "Import")
_IDLE: Final = re.compile(r"(Token|Region|AccountId|Description|Type|Status|Date|Time|Version|Key)$")
