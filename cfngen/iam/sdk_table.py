"""The table of what ``aws-sdk:`` calls need, as ``tools/sdk_table.py`` builds it and as it is read.

The table has a text a service. Its first lines name the service's IAM prefix and page, the pages of
operations, and the formats of ARNs; each of the others is an operation with the actions that it needs and
the places of its resources, or, after ``+``, more of the operation before it:

    putItem = table@TableName
    createFunction = function@FunctionName
    + TagResource function@FunctionName ?Tags
    & kms:Decrypt

``=`` is the action named as the operation is. ``table@TableName`` is the resource that the argument names,
in the format ``table``; ``table`` alone every one of the format, and ``table@`` every one because no
argument is known to name it. What follows ``|`` is for a call that names none. What follows ``?`` are the
cases that need the statement: ``Tags`` where the argument is passed, ``Acl=private`` where it has this
value, ``Id~pattern`` where it begins with a match, and ``!Tags`` and ``Id!~pattern`` otherwise; one of
several is enough. What follows ``&`` is a condition, and ``!`` says that no list has it that the service
asks for the permission.
A line that begins with ``&`` has the dependent actions of the reference that no argument decides, one that
begins with ``^`` the arguments that name a key of which nothing tells what the call needs.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from typing import Final, Literal
from zipfile import ZipFile

from awacs.aws import Action

from cfngen.cfn.pseudo_parameters import is_pseudo
from cfngen.cfn.text import filled
from cfngen.core.declared import Declared, frozen
from cfngen.tasks.grants import (
    ALL_RESOURCES,
    QUEUE_URL,
    ArgumentIs,
    ArgumentMatches,
    ArgumentResource,
    Condition,
    Evidence,
    Grant,
    HasArgument,
    Otherwise,
    When,
)

_REFERENCE: Final = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_PASSING: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"
_SERVICES: Final = "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html"


def services() -> tuple[str, ...]:
    """Return the services of the table."""
    return tuple(_archive().namelist())


@frozen
class Table(Declared):
    """One service.

    ``operations`` have the marks and statements, ``dependent`` the other actions, ``keys`` the arguments
    that name a key.
    """

    prefix: str
    page: str
    pages: Mapping[str, str]
    formats: Mapping[str, str]
    operations: Mapping[str, list[str]]
    dependent: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, tuple[str, ...]]

    def same_named(self, action: str) -> Grant:
        """Return the grant of an operation that the table does not have."""
        return self.grant(action, UNVERIFIED, f"= {ALL_RESOURCES}")

    def grant(self, action: str, mark: str, line: str) -> Grant:
        """Return the grant that a statement of the table spells."""
        names_text, *tokens = line.split(" ")
        name = action[:1].upper() + action[1:]
        action_names = [name if it == "=" else it for it in names_text.split(",")]
        places = [self._place(it) for it in tokens if it[0] not in "?&!|"]
        unnamed = [self._place(it[1:]) for it in tokens if it[0] == "|"]
        cases = next((it[1:].split(",") for it in tokens if it[0] == "?"), ())
        page = self.pages.get(mark) or (f"{_REFERENCE}/{self.page}" if self.page else _SERVICES)
        return Grant(
            tuple(self._action(it) for it in action_names),
            resources=tuple(places),
            unnamed=tuple(unnamed),
            reason=_because(action_names, name, mark, is_narrow=places != [ALL_RESOURCES]),
            page=_PASSING if "iam:PassRole" in action_names else page,
            when=tuple(map(_when, cases)),
            conditions=tuple(self._condition(it[1:]) for it in tokens if it[0] == "&"),
            conditional_on="no list says that the service asks for it" if "!" in tokens else "",
            evidence=Evidence.DOCUMENTED if is_of_key(action_names) else None,
        )

    def _action(self, action: str) -> Action:
        prefix, _, name = action.rpartition(":")
        return Action(prefix or self.prefix, name)

    def _place(self, notation: str) -> ArgumentResource | str:
        if notation == ALL_RESOURCES:
            return ALL_RESOURCES
        match = _PLACE.fullmatch(notation)
        assert match is not None, notation
        arn, path = self.formats[match["key"]], match["path"]
        if path is None:
            return ArgumentResource("", arn, default=ALL_RESOURCES) if "{" in _without_pseudo(arn) else arn
        name = re.sub(r"(\[\]|\{\})$", "", path).rpartition(".")[2]
        is_url = name == "QueueUrl"
        return ArgumentResource(
            path,
            arn,
            revisions=(":*",) if match["revisions"] else (),
            default=match["default"],
            all_of_type=True,
            name_regex=QUEUE_URL if is_url else match["reads"],
            qualifier=match["qualifier"],
            ref_returns="url" if is_url else _ref_returns(name, is_arn=bool(match["ref"])),
        )

    def _condition(self, notation: str) -> Condition:
        operator, key, value = notation.split(",", 2)
        if value.startswith("@"):
            path, _, reads = value[1:].partition("~")
            return Condition(
                operator, key, ArgumentResource(path, "{}", name_regex=reads or None, ref_returns="name")
            )
        return Condition(operator, key, self._place(value) if "@" in value else value)


@cache
def _archive() -> ZipFile:
    archive = pkgutil.get_data("cfngen.iam", "sdk_table.zip")
    assert archive is not None
    return ZipFile(BytesIO(archive))


@cache
def table_of(service: str) -> Table | None:
    """Return the table of a service, None for one there is not."""
    try:
        text = _archive().read(service).decode()
    except KeyError:
        return None
    prefix, page = "", ""
    pages: dict[str, str] = {}
    formats: dict[str, str] = {}
    operations: dict[str, list[str]] = {}
    dependent: dict[str, tuple[str, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    statements: list[str] = []
    for line in text.splitlines():
        first, _, rest = line.partition(" ")
        if first == "+":
            statements.append(rest)
        elif first == "&":
            dependent[next(reversed(operations))] = tuple(rest.split(" "))
        elif first == "^":
            keys[next(reversed(operations))] = tuple(rest.split(" "))
        elif first == "iam":
            prefix, _, page = rest.partition(" ")
        elif first == "page":
            number, _, url = rest.partition(" ")
            pages[f"#{number}"] = url
        elif first == "arn":
            key, _, arn = rest.partition(" ")
            formats[key] = arn
        else:
            mark, _, statement = rest.partition(" ")
            marked = mark[0] in "#?~"
            statements = [mark, statement] if marked else ["", rest]
            operations[first] = statements
    return Table(prefix, page, pages, formats, operations, dependent, keys)


def _ref_returns(name: str, *, is_arn: bool) -> Literal["arn", "name"]:
    return "arn" if is_arn or re.search(r"(Arn|ARN)s?$", name) else "name"


def _without_pseudo(arn: str) -> str:
    """Return an ARN without its pseudo parameters."""
    return filled(arn, lambda name: "" if is_pseudo(name) else None)


def _because(action_names: list[str], name: str, mark: str, *, is_narrow: bool) -> str:
    if "iam:PassRole" in action_names:
        return "passes the role that it names"
    if is_of_key(action_names):
        return "uses the key that it names"
    if (verb := _OBJECTS.get(action_names[0])) and name not in action_names:
        return f"{verb} the object with the permissions of the caller"
    if name not in action_names and all(_TAGGING.match(it) for it in action_names):
        return "tags what the call makes"
    if is_narrow:
        return f"calls {name}"
    resources = "no list has its resources yet" if mark in _UNLISTED else "the action knows no resources"
    return f"calls {name}; {resources}"


def is_of_key(action_names: Iterable[str]) -> bool:
    """Tell whether a statement of another service is for a key."""
    return all(name.startswith("kms:") for name in action_names)


def _when(notation: str) -> When:
    """Return the case that the table spells."""
    match = _CASE.fullmatch(notation)
    assert match is not None, notation
    negated, argument, operator, value = match.groups()
    case: HasArgument | ArgumentIs | ArgumentMatches = HasArgument(argument)
    if operator is not None:
        case = ArgumentIs(argument, value) if operator == "=" else ArgumentMatches(argument, value)
    return Otherwise(case) if negated or operator == "!~" else case


_OBJECTS: Final = {"s3:GetObject": "reads", "s3:GetObjectVersion": "reads", "s3:PutObject": "writes"}
NOTHING: Final = "-"
UNVERIFIED: Final = "?"
_UNLISTED: Final = (UNVERIFIED, "~")
_TAGGING: Final = re.compile(r"Tag|AddTags|CreateTags|Put(Object|Bucket)Tagging")
_PLACE: Final = re.compile(
    r"(?P<key>[^@+]+)(?P<revisions>\+?)"
    r"(@(?P<ref>!?)(?P<path>[^=^~]*)(=(?P<default>[^^~]*))?(\^(?P<qualifier>[^~]*))?(~(?P<reads>.*))?)?"
)
_CASE: Final = re.compile(r"(!?)([^=~!]+)(?:(=|~|!~)(.*))?", re.DOTALL)
