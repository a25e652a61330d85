"""What SAM makes of a state machine's policies and connectors, by AWS's own translator, offline.

Only what bears on the roles is translated: definitions, events and code are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from cfngen.audit.catalogs import managed_policy_arns
from cfngen.cfn import functions
from cfngen.cfn.pseudo_parameters import NO_VALUE_NAME, is_pseudo
from cfngen.core.declared import Declared, frozen
from cfngen.core.installation import install_command
from cfngen.core.problems import Problem
from cfngen.core.values import mapping
from cfngen.core.walk import values_of

_MACHINE: Final = "AWS::Serverless::StateMachine"
_CONNECTOR: Final = "AWS::Serverless::Connector"
_FUNCTION: Final = "AWS::Serverless::Function"
_DUMMY: Final = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
_KEPT: Final = ("Policies", "PermissionsBoundary", "RolePath", "Role", "Tracing", "Type", "Name")
_MASK: Final = "cfngen::"
_NAMING: Final = (functions.REF, functions.SUB, functions.GET_ATT, functions.IMPORT_VALUE, functions.JOIN)
_INDEX: Final = re.compile(r"Policy(\d+)$")


class SourceKind(Enum):
    """What SAM makes a policy from."""

    POLICY_TEMPLATE = "the policy template {name}"
    CONNECTOR = "the connector"
    TRACING = "tracing"


@frozen
class PolicySource(Declared):
    """What SAM makes a policy from, whose statements the author cannot change.

    ``name`` is that of a policy template.
    """

    kind: SourceKind
    name: str = ""

    def __str__(self) -> str:
        """Return the source as a sentence names it."""
        return self.kind.value.format(name=self.name)


@frozen
class Expanded(Declared):
    """A template with the roles and policies that SAM adds.

    ``failed`` says of which machines that could not be done, and why. ``origins`` leads from a resource
    that SAM made to the pointer of what it was made from.
    """

    template: Mapping[str, Any] = field(repr=False)
    failed: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    def policy_source(self, pointer: str) -> PolicySource | None:
        """Return what SAM makes the policy at a pointer from; None for a policy that is written out."""
        _, _, name, *rest = [*pointer.split("/", 3), "", ""][:4]
        inner = f"{rest[0]}/" if rest else ""
        place = self.origins.get(name, "")
        for generated, origin in self.origins.items():
            if generated.startswith(f"{name}/") and inner.startswith(f"{generated.partition('/')[2]}/"):
                place = origin
                break
        if not place:
            return None
        if "/Connectors/" in place or place.endswith("/Tracing"):
            return PolicySource(SourceKind.CONNECTOR if "/Connectors/" in place else SourceKind.TRACING)
        value: Any = self.template
        for step in place.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else mapping(value).get(step)
        if mapping(value).get("Type") == _CONNECTOR:
            return PolicySource(SourceKind.CONNECTOR)
        is_template = isinstance(value, Mapping) and len(value) == 1 and "Statement" not in value
        if not is_template or place == self.origins.get(name):
            return None
        return PolicySource(SourceKind.POLICY_TEMPLATE, next(iter(value)))

    def placed(self, problem: Problem) -> Problem:
        """Return a problem whose location stands in the template as its author wrote it."""
        _, _, name, *rest = [*problem.location.split("/", 3), "", ""][:4]
        origin = self.origins.get(name)
        if origin is None:
            return problem
        inner = rest[0] if rest else ""
        for generated, place in self.origins.items():
            if generated.startswith(f"{name}/") and f"{inner}/".startswith(
                f"{generated.partition('/')[2]}/"
            ):
                below = inner.removeprefix(generated.partition("/")[2]).removeprefix("/PolicyDocument")
                return replace(problem, location=f"{place}{below}")
        return replace(problem, location=origin)


@cache
def _silence_metrics() -> None:
    import logging

    logging.getLogger("samtranslator").addHandler(logging.NullHandler())


def expanded(template: Mapping[str, Any], machines: Sequence[str]) -> Expanded:
    """Return the template with what SAM makes of the roles of its machines."""
    resources = template["Resources"]
    wanted = [name for name in machines if _is_due(resources[name]) or _connected(template, name)]
    if not wanted:
        return Expanded(template)
    try:
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
    except ImportError:
        missing = f"SAM makes its role, which takes the extra 'sam' to follow: {install_command('sam')}"
        return Expanded(template, dict.fromkeys(wanted, missing))
    _silence_metrics()
    added: dict[str, Any] = {}
    failed: dict[str, str] = {}
    origins: dict[str, str] = {}
    for name in wanted:
        translator = Translator(
            managed_policy_arns(), Parser(), None, SimpleNamespace(region_name="us-east-1")
        )
        reduced = _reduced(template, name)
        try:
            translated = _walked(translator.translate(_walked(reduced, mask=True), {}), mask=False)[
                "Resources"
            ]
        except Exception as error:  # of any kind: the translator trusts its input
            failed[name] = f"SAM cannot make its role: {_said(error)}"
            continue
        machine_resource = resources[name]
        properties = (
            machine_resource.get("Properties")
            if isinstance(machine_resource.get("Properties"), Mapping)
            else {}
        )
        arn = translated[name]["Properties"].get("RoleArn")
        added[name] = {**machine_resource, "Properties": {**properties, "RoleArn": arn}}
        for new, resource in translated.items():
            if new not in resources and str(resource.get("Type")).startswith("AWS::IAM::"):
                added[new] = resource
                origins.update(_origins(new, resource, name, properties))
    return Expanded({**template, "Resources": {**resources, **added}}, failed, origins)


def _is_due(resource: Mapping[str, Any]) -> bool:
    properties = resource.get("Properties")
    fields = properties if isinstance(properties, Mapping) else {}
    return resource.get("Type") == _MACHINE and "Role" not in fields


def _connected(template: Mapping[str, Any], machine: str) -> list[str]:
    """Return the connectors that lead from a machine."""
    connectors = []
    for name, resource in template["Resources"].items():
        if isinstance(resource, Mapping) and resource.get("Type") == _CONNECTOR:
            properties = resource.get("Properties")
            source = properties.get("Source") if isinstance(properties, Mapping) else None
            if isinstance(source, Mapping) and source.get("Id") == machine:
                connectors.append(str(name))
    own = template["Resources"][machine].get("Connectors")
    return [*connectors, *([machine] if own else [])]


def _reduced(template: Mapping[str, Any], machine: str) -> dict[str, Any]:
    """Return what of a template bears on a machine's role."""
    resources = template["Resources"]
    kept: dict[str, Any] = {machine: _bare_machine(resources[machine])}
    connectors = [name for name in _connected(template, machine) if name != machine]
    for name in connectors:
        kept[name] = resources[name]
    for named in _destinations(
        [resources[machine].get("Connectors"), *(kept[name] for name in connectors)]
    ):
        other = resources.get(named)
        if named not in kept and isinstance(other, Mapping):
            kept[named] = _kept_properties(other)
    conditions = template.get("Conditions")
    reduced_template: dict[str, Any] = {"Transform": "AWS::Serverless-2016-10-31", "Resources": kept}
    if isinstance(conditions, Mapping):
        reduced_template["Conditions"] = conditions
    return reduced_template


def _bare_machine(resource: Mapping[str, Any]) -> dict[str, Any]:
    properties = resource.get("Properties")
    fields = properties if isinstance(properties, Mapping) else {}
    if resource.get("Type") != _MACHINE:
        return {**resource, "Properties": {**fields, "Definition": _DUMMY}}
    kept = {name: fields[name] for name in _KEPT if name in fields}
    bare = {"Type": _MACHINE, "Properties": {"Definition": _DUMMY, **kept}}
    return bare | {name: resource[name] for name in ("Connectors",) if name in resource}


def _kept_properties(resource: Mapping[str, Any]) -> dict[str, Any]:
    properties = resource.get("Properties")
    kept = dict(properties) if isinstance(properties, Mapping) else {}
    if resource.get("Type") == _MACHINE:
        return _bare_machine({"Type": _MACHINE, "Properties": kept})
    if resource.get("Type") == _FUNCTION:
        kept = {name: kept[name] for name in ("FunctionName", "Role") if name in kept}
        kept |= {"InlineCode": "-", "Handler": "a.b", "Runtime": "python3.13"}
    return {"Type": resource.get("Type"), "Properties": kept}


def _destinations(connectors: Sequence[Any]) -> Iterator[str]:
    for value in values_of(list(connectors)):
        if isinstance(value, Mapping):
            named = value.get("Destination")
            for one in named if isinstance(named, list) else [named]:
                if isinstance(one, Mapping) and isinstance(one.get("Id"), str):
                    yield one["Id"]


def _walked(value: Any, *, mask: bool) -> Any:
    """Return a copy in which the translator sees no pseudo parameters, which it would give values."""
    if isinstance(value, Mapping):
        if (named := functions.ref_name(value)) is not None:
            if mask and is_pseudo(named) and named != NO_VALUE_NAME:
                return functions.ref(f"{_MASK}{named}")
            return functions.ref(named if mask else named.removeprefix(_MASK))
        return {key: _walked(inner, mask=mask) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walked(item, mask=mask) for item in value]
    return value


def _origins(
    generated: str, resource: Mapping[str, Any], machine: str, properties: Mapping[str, Any]
) -> dict[str, str]:
    """Return from where a resource and the policies in it come."""
    pointer = f"/Resources/{machine}"
    metadata = resource.get("Metadata")
    connectors = metadata.get("aws:sam:connectors") if isinstance(metadata, Mapping) else None
    if isinstance(connectors, Mapping) and connectors:
        name = str(next(iter(connectors)))
        own = name.removeprefix(machine)
        return {
            generated: f"{pointer}/Connectors/{own}" if name.startswith(machine) else f"/Resources/{name}"
        }
    policies = properties.get("Policies")
    place = f"{pointer}/Properties/Policies"
    origins = {generated: pointer}
    inner = resource.get("Properties", {})
    for index, policy in enumerate(inner.get("Policies", ())):
        number = _INDEX.search(_policy_name(policy))
        if number is not None:
            origins[f"{generated}/Properties/Policies/{index}"] = (
                f"{place}/{number[1]}" if isinstance(policies, list) else place
            )
    policy_list = policies if isinstance(policies, list) else [policies]
    managed = [index for index, one in enumerate(policy_list) if isinstance(one, str) or _is_reference(one)]
    for index, _ in enumerate(inner.get("ManagedPolicyArns", ())):
        where = f"{pointer}/Properties/Tracing"
        if index < len(managed):
            where = f"{place}/{managed[index]}" if isinstance(policies, list) else place
        origins[f"{generated}/Properties/ManagedPolicyArns/{index}"] = where
    origins[f"{generated}/Properties/Policies"] = place if policies else pointer
    return origins


def _policy_name(policy: Any) -> str:
    """Return the name of an inline policy, also of one in a branch of a condition."""
    while (branches := functions.if_branches(policy)) is not None:
        _, first, second = branches
        policy = first if isinstance(first, Mapping) and functions.ref_name(first) is None else second
    return str(policy.get("PolicyName")) if isinstance(policy, Mapping) else ""


def _is_reference(value: Any) -> bool:
    call = functions.function_call(value)
    return call is not None and call[0] in _NAMING


def _said(error: Exception) -> str:
    causes = getattr(error, "causes", None)
    said = "; ".join(str(getattr(cause, "message", cause)) for cause in causes or [error])
    return re.sub(r"\s+", " ", said or type(error).__name__)
