"""Amazon Resource Names, whose parts may hold what CloudFormation fills in.

``arn:partition:service:region:account:resource``
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeGuard

from cfngen.cfn.functions import SELECT, SPLIT, ref, sub, substitution
from cfngen.cfn.text import OPEN, split_sub
from cfngen.core.declared import Declared, frozen
from cfngen.core.walk import values_of

BEGINNING: Final = "arn:"
FIELDS: Final = 6
"""The parts of an ARN, between colons; the last one may hold more of them."""

AWS: Final = "aws"
"""The partition of all regions outside China and the US government's."""


@frozen
class Arn(Declared):
    """An ARN in its parts, each as ``Fn::Sub`` spells it; region and account are empty in some."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def resource_type(self) -> str:
        """What the resource begins with, up to a colon or slash: ``stateMachine``; empty without one."""
        kind, separator, _ = self.resource.replace("/", ":").partition(":")
        return kind if separator else ""


def parse_arn(text: str) -> Arn | None:
    """Return an ARN in its parts, or None for a text that is not one, or not all of one."""
    if not is_arn(text):
        return None
    fields = split_sub(text, ":", FIELDS - 1)
    return Arn(*fields[1:]) if len(fields) == FIELDS else None


def is_arn(text: object) -> TypeGuard[str]:
    """Tell whether a value is text that begins as an ARN does."""
    return isinstance(text, str) and text.startswith(BEGINNING)


def may_be_arn(text: object) -> bool:
    """Tell whether a value is text that begins as an ARN does, or with what is filled in later."""
    return isinstance(text, str) and text.startswith((BEGINNING, OPEN))


_PARTITION: Final = re.compile("arn:(aws[a-z-]*):")


def partitions(document: Any) -> set[str]:
    """Return the partitions that the ARNs of a document name."""
    texts = (value for value in values_of(document) if isinstance(value, str))
    return {named[1] for text in texts if (named := _PARTITION.match(text))}


def arn_text(value: Any) -> str | None:
    """Return a whole ARN as ``Fn::Sub`` spells it, or None for what is not one, or is not known to be."""
    substituted = substitution(value)
    text = substituted[0] if substituted else value
    return text if isinstance(text, str) and parse_arn(text) is not None else None


def regional(service: str, resource: str) -> str:
    """Return the format of an ARN in the stack's own partition, region and account."""
    return f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"


def all_revisions(job_definition: str) -> dict[str, Any]:
    """Return the ARN of a job definition of the template in any revision; ``Ref`` has the newest."""
    name = {SELECT: [5, {SPLIT: [":", ref(job_definition)]}]}
    return sub(regional("batch", "${JobDefinition}:*"), {"JobDefinition": name})


def account_wide(service: str, resource: str) -> str:
    """Return the format of an ARN of a service without regions, in the stack's partition and account."""
    return f"arn:${{AWS::Partition}}:{service}::${{AWS::AccountId}}:{resource}"


def partition_wide(service: str, resource: str) -> str:
    """Return the format of an ARN in the stack's own partition whose name is known everywhere in it."""
    return f"arn:${{AWS::Partition}}:{service}:::{resource}"


def in_partition(partition: str, rest: str) -> str:
    """Return an ARN of which all but the partition is known: ``iam::aws:policy/ReadOnlyAccess``."""
    return f"{BEGINNING}{partition}:{rest}"


def integration_arn(name: str, partition: str = AWS) -> str:
    """Return the ARN of an integration, given what stands after the account: ``sns:publish``."""
    return in_partition(partition, f"states:::{name}")
