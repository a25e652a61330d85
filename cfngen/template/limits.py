"""Sizes and names that CloudFormation, IAM or Step Functions refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cfngen.cfn.functions import is_function, is_name, referred, substitution
from cfngen.cfn.template import nulls
from cfngen.cfn.text import filled
from cfngen.core.problems import Problem
from cfngen.template.definition import NO_NULLS, NULL
from cfngen.template.json_text import compact
from cfngen.template.sections import document
from cfngen.template.yaml_text import block

if TYPE_CHECKING:
    from cfngen.core.problems import Severity
    from cfngen.template.sections import ToDict

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_BODY_IN_REQUEST = 51_200
_BODY_IN_S3 = 1_048_576
_DESCRIPTION = 1_024
_PARAMETER_VALUE = 4_096
_LOGICAL_ID = 255
_MAPPING_ATTRIBUTES = 200
_ENTRIES = {"Parameters": 200, "Mappings": 200, "Resources": 500, "Outputs": 200}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
_PARAMETER_TEXTS = {"Description": 4_000, "ConstraintDescription": 4_000}
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
_DEFINITION = 1_048_576
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_INLINE_POLICIES = {
    "AWS::IAM::Role": 10_240,
    "AWS::IAM::Group": 5_120,
    "AWS::IAM::User": 2_048,
}
_MANAGED_POLICY = 6_144
_TRUST_POLICY = 2_048

# Where a policy resource of its own names the roles, groups and users that it goes into.
_HOLDERS = {
    "AWS::IAM::Policy": ("Roles", "Groups", "Users"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
    "AWS::IAM::UserPolicy": ("UserName",),
}

# Conditions may also hold & and _, says cfn-lint; AWS is silent on them.
_ID = {"Conditions": re.compile(r"[A-Za-z0-9&_]+")}
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")

_Entries = dict[str, dict[str, object]]


def problems(template: ToDict | Mapping[str, object], body: str | None = None) -> list[Problem]:
    """Return a problem for all that exceeds a documented quota, in the order of the document.

    ``body`` is the text to deploy, if it is at hand; otherwise the template is rendered as YAML.
    Intrinsics count for nothing in a policy's size, so an error is one whatever they resolve to.
    Locations are JSON pointers into the template.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    plain = document(template)
    sections = {
        name: {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
        for name, entries in plain.items()
        if isinstance(entries, dict)
    }
    resources = sections.get("Resources", {})
    return [
        *_body(block(plain) if body is None else body),
        *null_problems(plain),
        *_too_long("/Description", plain.get("Description"), _DESCRIPTION, "DESCRIPTION_TOO_LONG"),
        *_counts(plain),
        *_logical_ids(plain),
        *_parameters(sections.get("Parameters", {})),
        *_mappings(sections.get("Mappings", {})),
        *_policies(resources),
        *_definitions(resources),
        *_outputs(sections.get("Outputs", {})),
    ]


def _body(body: str) -> Iterator[Problem]:
    size = len(body.encode("utf-8"))
    if size > _BODY_IN_S3:
        yield Problem(
            "TEMPLATE_TOO_LARGE",
            "",
            f"the template has {size:,} bytes; CloudFormation takes {_BODY_IN_S3:,}",
            "split it into nested stacks, or keep the definition in S3 (DefinitionS3Location)",
        )
    elif size > _BODY_IN_REQUEST:
        yield Problem(
            "TEMPLATE_TOO_LARGE",
            "",
            f"the template has {size:,} bytes; a request to CloudFormation takes"
            f" {_BODY_IN_REQUEST:,}, so the template must be uploaded to S3 first",
            "deploy it with: aws cloudformation deploy --s3-bucket BUCKET ..., which uploads it",
            "warning",
        )


def null_problems(plain: Mapping[str, object]) -> list[Problem]:
    """Return the nulls of a template, each of which CloudFormation refuses.

    It says "'null' values are not allowed in templates", also of those in an object of a definition:
    https://github.com/aws/serverless-application-model/issues/1618
    """
    return [Problem(NULL, pointer, NO_NULLS, _without_null(pointer)) for pointer in nulls(plain)]


def _without_null(pointer: str) -> str:
    if "/Properties/Definition/" in pointer:
        return "use DefinitionString, in which JSON's null is text"
    return "leave the key out"


def _counts(plain: dict[str, object]) -> Iterator[Problem]:
    for section, limit in _ENTRIES.items():
        entries = plain.get(section)
        if isinstance(entries, dict) and len(entries) > limit:
            yield Problem(
                f"TOO_MANY_{section.upper()}",
                f"/{section}",
                f"{len(entries)} {section.lower()}; a template may declare {limit}",
                "split the template into nested stacks",
            )


def _logical_ids(plain: dict[str, object]) -> Iterator[Problem]:
    parameters = plain.get("Parameters")
    for section in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        entries = plain.get(section)
        for name in entries if isinstance(entries, dict) else ():
            location = f"/{section}/{name}"
            if is_name(name):  # a loop or a macro, not an entry
                continue
            if not _ID.get(section, _ALPHANUMERIC).fullmatch(name):
                yield Problem(
                    "INVALID_LOGICAL_ID",
                    location,
                    f"{name!r} is not a logical id: it must have only letters A-Z, a-z and digits",
                    f"name it {suggested!r}" if (suggested := re.sub(r"[^A-Za-z0-9]", "", name)) else "",
                )
            elif len(name) > _LOGICAL_ID:
                yield Problem(
                    "INVALID_LOGICAL_ID",
                    location,
                    f"the logical id has {len(name)} characters; {_LOGICAL_ID} are allowed",
                )
            if section == "Resources" and isinstance(parameters, dict) and name in parameters:
                yield Problem(
                    "DUPLICATE_LOGICAL_ID",
                    location,
                    f"a parameter is named {name!r} too: Ref cannot distinguish them",
                    "rename one of the two",
                )


def _parameters(parameters: _Entries) -> Iterator[Problem]:
    for name, parameter in parameters.items():
        for field, limit in _PARAMETER_TEXTS.items():
            text = parameter.get(field)
            if isinstance(text, str) and len(text) > limit:
                yield Problem(
                    "DESCRIPTION_TOO_LONG",
                    f"/Parameters/{name}/{field}",
                    f"{len(text):,} characters; {limit:,} are allowed",
                )
        yield from _too_long(
            f"/Parameters/{name}/Default",
            parameter.get("Default"),
            _PARAMETER_VALUE,
            "PARAMETER_VALUE_TOO_LONG",
        )


def _mappings(mappings: _Entries) -> Iterator[Problem]:
    for name, mapping in mappings.items():
        if len(mapping) > _MAPPING_ATTRIBUTES:
            yield Problem(
                "TOO_MANY_MAPPING_ATTRIBUTES",
                f"/Mappings/{name}",
                f"{len(mapping)} attributes; a mapping may hold {_MAPPING_ATTRIBUTES}",
                "split the mapping",
            )


def _outputs(outputs: _Entries) -> Iterator[Problem]:
    for name, output in outputs.items():
        yield from _too_long(
            f"/Outputs/{name}/Description",
            output.get("Description"),
            _DESCRIPTION,
            "DESCRIPTION_TOO_LONG",
        )


def _too_long(location: str, text: object, limit: int, code: str) -> Iterator[Problem]:
    if isinstance(text, str) and (size := len(text.encode("utf-8"))) > limit:
        yield Problem(code, location, f"{size:,} bytes; {limit:,} are allowed")


def _policies(resources: _Entries) -> Iterator[Problem]:
    attached = _attached(resources)
    for name, resource in resources.items():
        location = f"/Resources/{name}/Properties"
        properties = _properties(resource)
        kind = resource.get("Type")
        if kind == "AWS::IAM::ManagedPolicy":
            yield from _policy(
                f"{location}/PolicyDocument",
                _size(properties.get("PolicyDocument")),
                _MANAGED_POLICY,
                "split it into several managed policies",
            )
        if kind == "AWS::IAM::Role":
            yield from _policy(
                f"{location}/AssumeRolePolicyDocument",
                _size(properties.get("AssumeRolePolicyDocument")),
                _TRUST_POLICY,
                "ask for a higher quota in Service Quotas (role trust policy length)",
                "warning",
            )
        if isinstance(kind, str) and kind in _INLINE_POLICIES:
            own = properties.get("Policies")
            sizes = [
                _size(policy.get("PolicyDocument"))
                for policy in (own if isinstance(own, list) else ())
                if isinstance(policy, dict)
            ]
            yield from _policy(
                f"{location}/Policies",
                sum(sizes) + attached.get(name, 0),
                _INLINE_POLICIES[kind],
                "move statements to an AWS::IAM::ManagedPolicy",
            )


def _policy(
    location: str, size: int, limit: int, hint: str, severity: Severity = "error"
) -> Iterator[Problem]:
    if size > limit:
        message = f"{size:,} characters of policy without white space; IAM takes {limit:,}"
        yield Problem("POLICY_TOO_LARGE", location, message, hint, severity)


def _attached(resources: _Entries) -> dict[str, int]:
    """Add up, by the logical id of role, group or user, policies that are resources of their own."""
    sizes: dict[str, int] = {}
    for resource in resources.values():
        properties = _properties(resource)
        for field in _HOLDERS.get(str(resource.get("Type")), ()):
            holders = properties.get(field)
            for holder in holders if isinstance(holders, list) else [holders]:
                if (name := referred(holder)) is not None:
                    size = _size(properties.get("PolicyDocument"))
                    sizes[name] = sizes.get(name, 0) + size
    return sizes


def _size(policy: object) -> int:
    """Count as IAM does, white space apart, leaving out what only CloudFormation knows."""
    if not isinstance(policy, dict):
        return 0
    return len("".join(compact(policy, _unresolved).split()))


def _unresolved(value: dict[str, object]) -> str | None:
    if (substituted := substitution(value)) is not None:
        literal = filled(substituted[0], lambda name: None if name.startswith("!") else "")
        return f'"{literal}"'
    return '""' if is_function(value) else None


def _definitions(resources: _Entries) -> Iterator[Problem]:
    for name, resource in resources.items():
        if resource.get("Type") != "AWS::StepFunctions::StateMachine":
            continue
        for field in ("Definition", "DefinitionString"):
            definition = _properties(resource).get(field)
            if isinstance(definition, dict):
                definition = compact(definition)
            if isinstance(definition, str) and len(definition.encode("utf-8")) > _DEFINITION:
                yield Problem(
                    "DEFINITION_TOO_LARGE",
                    f"/Resources/{name}/Properties/{field}",
                    f"{len(definition.encode('utf-8')):,} bytes; Step Functions takes {_DEFINITION:,}",
                    "move a part to a state machine of its own and start that as a task",
                )


def _properties(resource: dict[str, object]) -> dict[str, object]:
    properties = resource.get("Properties")
    return properties if isinstance(properties, dict) else {}
