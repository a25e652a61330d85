"""What an update of a stack does to its resources, parameters and outputs.

A resource is changed in place, or replaced where a property that only its creation can set is changed. A
replacement goes on: what refers to the old one by such a property is replaced as well.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.cfn.template import uses
from cfngen.cfn.text import OPEN, hole, names
from cfngen.core.values import mapping
from cfngen.core.walk import values_of
from cfngen.diff.resource_change import Consequence, Effect, ResourceChange
from cfngen.diff.schemas import Schema, resource_schema
from cfngen.diff.values import FieldChange, field_changes, in_one_form, section_of

MACHINE_TYPES: Final = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_DEFINITION: Final = (
    "Definition",
    "DefinitionString",
    "DefinitionUri",
    "DefinitionS3Location",
    "DefinitionSubstitutions",
)
"""What the comparison of the flows speaks of."""

_KEEPS_DATA: Final = frozenset(
    f"AWS::{name}"
    for name in (
        "Backup::BackupVault",
        "Cognito::UserPool",
        "DocDB::DBCluster",
        "DynamoDB::GlobalTable",
        "DynamoDB::Table",
        "EC2::Volume",
        "ECR::Repository",
        "EFS::FileSystem",
        "ElastiCache::CacheCluster",
        "ElastiCache::ReplicationGroup",
        "FSx::FileSystem",
        "KMS::Key",
        "Kinesis::Stream",
        "Logs::LogGroup",
        "Neptune::DBCluster",
        "OpenSearchService::Domain",
        "RDS::DBCluster",
        "RDS::DBInstance",
        "Redshift::Cluster",
        "S3::Bucket",
        "SQS::Queue",
        "SSM::Parameter",
        "SecretsManager::Secret",
    )
)
"""Types whose deletion loses more than can be made again from the template."""


def resource_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[ResourceChange]:
    """Return what changes among the resources of two templates, in the order of the new one."""
    before, after = _resources_of_template(old), _resources_of_template(new)
    renamed = _former_ids(before, after)
    changes: dict[str, ResourceChange] = {}
    for name, resource in after.items():
        former = renamed.get(name, name)
        if former not in before:
            changes[name] = ResourceChange(None, name, _resource_type(resource), Effect.ADDED)
        elif change := _resource_change(former, before[former], name, resource):
            changes[name] = change
    for name, resource in before.items():
        if name not in after and name not in renamed.values():
            changes[name] = ResourceChange(
                name,
                None,
                _resource_type(resource),
                Effect.REMOVED,
                consequences=_removal(resource, "DeletionPolicy"),
            )
    _follow(changes, before, after)
    return [changes[name] for name in dict.fromkeys((*after, *before)) if name in changes]


def renamed_resources(changes: Sequence[ResourceChange]) -> dict[str, str]:
    """Return the old logical id of each resource that has a new one."""
    return {
        change.new: change.old
        for change in changes
        if change.new is not None and change.old is not None and change.new != change.old
    }


def logical_ids_in(value: Any) -> set[str]:
    """Return the logical ids that a value refers to."""
    referred_names = {use.name for use in uses(value) if not use.is_condition and not use.is_mapping}
    texts = (item for item in values_of(value) if isinstance(item, str))
    return referred_names.union(name.partition(".")[0] for text in texts for name in names(text))


def _resources_of_template(template: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        str(name): resource
        for name, resource in section_of(template, "Resources").items()
        if isinstance(resource, Mapping)
    }


def _resource_type(resource: Mapping[str, Any]) -> str:
    return str(resource.get("Type", ""))


def _former_ids(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Return the old logical id of each resource that is the same under a new one."""
    gone = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    if not gone or not added:
        return {}
    bodies: dict[str, list[str]] = {}
    for name in gone:
        bodies.setdefault(_likeness(before[name], gone), []).append(name)
    renamed = {}
    for name in added:
        former = bodies.get(_likeness(after[name], added), [])
        if len(former) == 1:
            renamed[name] = former[0]
    former_names = list(renamed.values())
    return {name: former for name, former in renamed.items() if former_names.count(former) == 1}


def _likeness(resource: Mapping[str, Any], ids: Sequence[str]) -> str:
    """Return what makes a resource, references to others that are renamed with it left open."""
    body = in_one_form({key: resource.get(key) for key in ("Type", "Properties")})
    text = json.dumps(body, ensure_ascii=False, default=str)
    for name in sorted(ids, key=len, reverse=True):
        text = text.replace(f'"{name}"', '"?"').replace(hole(name), hole("?"))
        text = text.replace(f"{OPEN}{name}.", f"{OPEN}?.")
    return text


def _resource_change(
    former: str, old: Mapping[str, Any], name: str, new: Mapping[str, Any]
) -> ResourceChange | None:
    type_ = _resource_type(new)
    if type_ != _resource_type(old):
        return ResourceChange(former, name, type_, Effect.REFUSED)
    fields = [
        change
        for change in field_changes(
            in_one_form(without_definition(old)), in_one_form(without_definition(new))
        )
        if change.path.split("/")[1:2] != ["Metadata"]
    ]
    if former != name:
        fixed = _fixed_names(new, resource_schema(type_))
        consequences = (Consequence.NAME_IS_TAKEN,) if fixed else _removal(old, "DeletionPolicy")
        return ResourceChange(former, name, type_, Effect.RENAMED, (), (), consequences)
    if not fields:
        return None
    declared = resource_schema(type_)
    surely = [change for change in fields if declared and _is_among(change, declared.create_only)]
    possible = [
        change for change in fields if declared and _is_among(change, declared.conditionally_create_only)
    ]
    effect = Effect.REPLACED if surely else Effect.PERHAPS_REPLACED if possible else Effect.UPDATED
    pointers = tuple(change.path.removeprefix("/Properties") for change in surely or possible)
    return ResourceChange(
        name, name, type_, effect, tuple(fields), pointers, _goes_with(effect, old, new, fields, declared)
    )


def without_definition(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource without the definition of a machine, of which the flow speaks."""
    hidden = _DEFINITION if _resource_type(resource) in MACHINE_TYPES else ()
    properties = {
        key: value for key, value in mapping(resource.get("Properties")).items() if key not in hidden
    }
    return {**resource, "Properties": properties}


def differ_in_definitions_alone(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether two templates surely are the same around their machines, roles and policies included."""
    return repr(_without_definitions(old)) == repr(_without_definitions(new))  # 1 is not true


def _without_definitions(template: Mapping[str, Any]) -> Mapping[str, Any]:
    resources = {
        name: without_definition(resource) for name, resource in _resources_of_template(template).items()
    }
    return {**template, "Resources": resources}


def _is_among(change: FieldChange, pointers: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether a change is of a property that is listed, of a part of it, or of all around it."""
    steps = change.path.split("/")[1:]
    if steps[:1] != ["Properties"]:
        return False
    path = steps[1:]
    return any(
        all(one in ("*", other) for one, other in zip(pointer, path, strict=False)) for pointer in pointers
    )


def _goes_with(
    effect: Effect,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    fields: Sequence[FieldChange],
    declared: Schema | None,
) -> tuple[Consequence, ...]:
    if effect not in (Effect.REPLACED, Effect.PERHAPS_REPLACED):
        return ()
    changed = {change.path.removeprefix("/Properties/") for change in fields}
    if any(name not in changed for name in _fixed_names(new, declared)):
        return (Consequence.NAME_IS_TAKEN,)
    return _removal(old, "UpdateReplacePolicy")


def _fixed_names(resource: Mapping[str, Any], declared: Schema | None) -> list[str]:
    """Return the properties by which the author names the resource, rather than CloudFormation."""
    if declared is None:
        return []
    own = f"{_resource_type(resource).rpartition('::')[2]}Name"
    names = [
        steps[0]
        for steps in declared.create_only
        if len(steps) == 1 and (steps[0] in (own, "Name") or steps in declared.primary_identifier)
    ]
    return [name for name in names if name.endswith("Name") and name in mapping(resource.get("Properties"))]


def _removal(resource: Mapping[str, Any], policy: str) -> tuple[Consequence, ...]:
    chosen = resource.get(policy)
    if chosen in ("Retain", "RetainExceptOnCreate"):
        return (Consequence.OLD_IS_KEPT,)
    if chosen == "Snapshot":
        return (Consequence.SNAPSHOT_IS_TAKEN,)
    return (Consequence.OLD_IS_DELETED,) if _resource_type(resource) in _KEEPS_DATA else ()


def _follow(
    changes: dict[str, ResourceChange], before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Replace what refers to a replaced resource by a property that only a creation sets."""
    replaced = [name for name, change in changes.items() if change.effect is Effect.REPLACED]
    if not replaced:
        return
    consumers: dict[str, list[tuple[str, str]]] = {}
    for name, resource in after.items():
        for key, value in mapping(resource.get("Properties")).items():
            for target in logical_ids_in(value) if key not in _DEFINITION else ():
                consumers.setdefault(target, []).append((name, key))
    for target in replaced:  # which grows as it is walked
        for name, key in consumers.get(target, ()):
            declared = resource_schema(_resource_type(after[name]))
            if declared is None or (key,) not in declared.create_only or name not in before:
                continue
            known = changes.get(name)
            if known is not None and known.effect is not Effect.UPDATED:
                continue
            changes[name] = ResourceChange(
                name,
                name,
                _resource_type(after[name]),
                Effect.REPLACED,
                known.fields if known is not None else (),
                (f"/{key}",),
                _goes_with(
                    Effect.REPLACED, before[name], after[name], known.fields if known else (), declared
                ),
            )
            replaced.append(name)
