"""What ``Ref`` and ``Fn::GetAtt`` return for resources that CloudFormation has not made yet.

Names that a template leaves open are made up as CloudFormation does: of the stack, the logical id and
letters, which here come of both, so that the same template has the same names each time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cfngen.cfn.resource_types import REF, TYPES, ResourceType

_UNLISTED: Final = ResourceType("", {})
_LOWER: Final = ("AWS::S3::Bucket",)
_PREFIXES: Final = {
    "AWS::EC2::SecurityGroup": "sg",
    "AWS::EC2::Subnet": "subnet",
    "AWS::EC2::VPC": "vpc",
}
_LETTERS: Final = 12
_FILLED_IN: Final = re.compile(r"\$?\{([\w:]*)\}")
MAX_NAME: Final = 64
"""Characters of a name that is made up: enough for no service to refuse it."""


class PhysicalIds(NamedTuple):
    """What a resource is called: ``Ref`` and its attributes."""

    ref: str
    attributes: Mapping[str, str]


def naming_properties(type_name: str) -> tuple[str, ...]:
    """Return the properties of a type that its name and ARN are made of."""
    return (TYPES.get(type_name, _UNLISTED).named, "Path")


def physical_ids(
    type_name: str, logical_id: str, properties: Mapping[str, Any], *, stack: str, pseudo: Mapping[str, Any]
) -> PhysicalIds:
    """Return what a resource is called; of a type that is not listed, no attribute is known.

    ``pseudo`` are the values of the pseudo parameters.
    """
    import base64
    import hashlib

    type_ = TYPES.get(type_name, _UNLISTED)
    digest = hashlib.sha256(f"{stack}/{logical_id}".encode()).digest()
    letters = base64.b32encode(digest).decode("ascii")[:_LETTERS]
    name = properties.get(type_.named)
    if not isinstance(name, str):
        room = MAX_NAME - len(letters) - 1
        name = f"{f'{stack}-{logical_id}'[:room]}-{letters}"
        name = name.lower() if type_name in _LOWER else name
    if prefix := _PREFIXES.get(type_name):
        name = f"{prefix}-0{digest.hex()[:16]}"
    values = {
        **pseudo,
        "": name,
        "path": properties.get("Path", "/"),
        "revision": "1",
        "suffix": letters[:6],
    }
    attributes = {
        attribute: _FILLED_IN.sub(lambda hole: str(values[hole[1]]), text)
        for attribute, text in type_.references.items()
    }
    return PhysicalIds(attributes.pop(REF, name), attributes)
