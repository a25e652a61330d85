"""Which properties a resource can change in place, from the resource schemas that cfn-lint ships.

The files are read as they lie there: importing cfn-lint takes longer than comparing two templates.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from cfngen.core.declared import Declared, frozen

_REGION = "us-east-1.json"
"""The region that has every type; what is create-only does not differ between regions."""


@frozen
class Schema(Declared):
    """What an update of a resource does: pointers to properties, ``*`` for the items of a list.

    A change of a property in ``create_only`` replaces the resource, one in ``conditionally_create_only``
    may. ``primary_identifier`` are the properties that tell it from others of its type.
    """

    create_only: tuple[tuple[str, ...], ...]
    conditionally_create_only: tuple[tuple[str, ...], ...]
    primary_identifier: tuple[tuple[str, ...], ...]


def resource_schema(type_: str) -> Schema | None:
    """Return the schema of a type, or None where cfn-lint is not installed or does not know the type."""
    folder = _schema_folder()
    name = _schema_files().get(type_) if folder else None
    if name is None or folder is None:
        return None
    return _read_schema(os.path.join(folder, "resources", f"{name}.json"))


@cache
def _schema_folder() -> str | None:
    from importlib.util import find_spec

    spec = find_spec("cfnlint")  # which imports nothing
    if spec is None or spec.origin is None:
        return None
    return os.path.join(os.path.dirname(spec.origin), "data", "schemas")


@cache
def _schema_files() -> Mapping[str, str]:
    folder = _schema_folder()
    if folder is None:
        return {}
    try:
        with open(os.path.join(folder, "providers", _REGION), encoding="utf-8") as file:
            names = json.load(file)
    except (OSError, ValueError):
        return {}
    return names if isinstance(names, dict) else {}


@cache
def _read_schema(path: str) -> Schema | None:
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except (OSError, ValueError):
        return None
    return Schema(
        _property_paths(document, "createOnlyProperties"),
        _property_paths(document, "conditionalCreateOnlyProperties"),
        _property_paths(document, "primaryIdentifier"),
    )


def _property_paths(document: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(pointer.removeprefix("/properties/").replace("/properties/", "/").split("/"))
        for pointer in document.get(name, ())
        if isinstance(pointer, str)
    )
