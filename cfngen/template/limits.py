"""Sizes and names that CloudFormation refuses, whatever a template makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cfngen.cfn.functions import is_name
from cfngen.cfn.template import null_pointers
from cfngen.core.problems import Problem
from cfngen.template.definition import NO_NULLS, NULL
from cfngen.template.json_text import compact
from cfngen.template.resource_limits import Entries, resource_problems
from cfngen.template.sections import document
from cfngen.template.yaml_text import block

if TYPE_CHECKING:
    from cfngen.template.sections import ToDict

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_BODY_IN_REQUEST = 51_200
_BODY_IN_S3 = 1_048_576
_DESCRIPTION = 1_024
_PARAMETER_VALUE = 4_096
_LOGICAL_ID = 255
_MAPPING_ATTRIBUTES = 200
_MAPPING_NAME = 255
_DYNAMIC_REFERENCES = 60
_ENTRIES = {"Parameters": 200, "Mappings": 200, "Resources": 500, "Outputs": 200}
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
_PARAMETER_TEXTS = {"Description": 4_000, "ConstraintDescription": 4_000}
# Conditions may also hold & and _, says cfn-lint; AWS is silent on them.
_ID = {"Conditions": re.compile(r"[A-Za-z0-9&_]+")}
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")

_RESOLVE = "{{resolve:"
_DYNAMIC = re.compile(r"\{\{resolve:[^{}]*\}\}")


def problems(template: ToDict | Mapping[str, object], body: str | None = None) -> list[Problem]:
    """Return a problem for all that exceeds a documented quota, in the order of the document.

    ``body`` is the text to deploy, if it is at hand; otherwise the template is rendered as YAML. An empty
    body is not measured.
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
    if body is None:
        body = block(plain)
    return [
        *_body_problems(body),
        *null_problems(plain),
        *_too_long("/Description", plain.get("Description"), _DESCRIPTION, "DESCRIPTION_TOO_LONG"),
        *_counts(plain),
        *_logical_ids(plain),
        *_parameters(sections.get("Parameters", {})),
        *_mapping_problems(sections.get("Mappings", {})),
        *resource_problems(sections.get("Resources", {})),
        *_output_problems(sections.get("Outputs", {})),
        *(_dynamic_references(plain) if not body or _RESOLVE in body else ()),
    ]


def _body_problems(body: str) -> Iterator[Problem]:
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
    return [Problem(NULL, pointer, NO_NULLS, _without_null(pointer)) for pointer in null_pointers(plain)]


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


def _parameters(parameters: Entries) -> Iterator[Problem]:
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


def _mapping_problems(mappings: Entries) -> Iterator[Problem]:
    for name, mapping in mappings.items():
        if len(mapping) > _MAPPING_ATTRIBUTES:
            yield Problem(
                "TOO_MANY_MAPPING_ATTRIBUTES",
                f"/Mappings/{name}",
                f"{len(mapping)} attributes; a mapping may hold {_MAPPING_ATTRIBUTES}",
                "split the mapping",
            )
        for key in mapping:
            if len(key) > _MAPPING_NAME:
                yield Problem(
                    "NAME_TOO_LONG",
                    f"/Mappings/{name}/{key}",
                    f"the name has {len(key)} characters; {_MAPPING_NAME} are allowed",
                )


def _output_problems(outputs: Entries) -> Iterator[Problem]:
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


def _dynamic_references(plain: dict[str, object]) -> Iterator[Problem]:
    """Count ``{{resolve:...}}``: equal ones once, since AWS does not say that each counts."""
    references = set(_DYNAMIC.findall(compact(plain)))
    if len(references) > _DYNAMIC_REFERENCES:
        yield Problem(
            "TOO_MANY_DYNAMIC_REFERENCES",
            "",
            f"{len(references)} dynamic references; a template may have {_DYNAMIC_REFERENCES}",
            "split the template into nested stacks",
        )
