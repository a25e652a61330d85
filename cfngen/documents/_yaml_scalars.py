"""The scalars of YAML 1.1 as values of JSON, as AWS reads them.

CloudFormation says that it reads YAML 1.1, and ``YES`` was seen to become ``true`` in a tag
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html, ASFHyP3/hyp3#2061). A
definition in S3 is read by the YAML parser of Jackson (DefinitionProcessor of
aws-cloudformation/aws-cloudformation-resource-providers-stepfunctions): ``yes``, ``no``, ``on`` and ``off``
are truths where they are values, a key is always text, and a number in base 60 (``1:30``) stays text
(``_matchYAMLBoolean`` and ``_decodeNumberScalar`` of FasterXML/jackson-dataformats-text). Whether
CloudFormation keeps base 60 as text is not known; it is read so here.
"""

from __future__ import annotations

import math
from typing import Any, Final

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

CORE: Final = "tag:yaml.org,2002:"
_MAX_DIGITS: Final = 4_000
"""Python itself converts no longer numbers, or takes its time."""
_LARGEST: Final = 10**_MAX_DIGITS


class Scalars:
    """Resolves the scalars of one text."""

    def __init__(self) -> None:
        self.resolver: Any = Resolver()
        self.constructor: Any = SafeConstructor()

    def resolve(self, event: Any) -> Any:
        """Return a scalar by YAML 1.1, but for dates, which stay text. Raises ``ValueError``."""
        text, tag = event.value, event.tag
        if tag is None or tag == "!":
            if not event.implicit[0] or tag == "!":
                return text
            tag = self.resolver.resolve(yaml.ScalarNode, text, (True, False))
        kind = tag.removeprefix(CORE)
        if kind in ("int", "float") and ":" in text:
            return text
        if kind in ("str", "timestamp", "merge", "value"):
            return text
        if kind not in ("null", "bool", "int", "float"):
            raise ValueError(foreign_tag(tag))
        try:
            return self._constructed(kind, yaml.ScalarNode(tag, text))
        except (ValueError, KeyError, IndexError, OverflowError):
            what = "truth value" if kind == "bool" else "number"
            raise ValueError(f"{shortened(text)!r} is not a {what} of JSON") from None

    def _constructed(self, kind: str, node: yaml.ScalarNode) -> Any:
        if kind == "null":
            return None
        if kind == "bool":
            return self.constructor.construct_yaml_bool(node)
        if kind == "int":
            if len(node.value) > _MAX_DIGITS:
                raise ValueError
            number = self.constructor.construct_yaml_int(node)
            if not -_LARGEST < number < _LARGEST:  # in base 16, fewer digits make a larger number
                raise ValueError
            return number
        number = self.constructor.construct_yaml_float(node)
        if not math.isfinite(number):
            raise ValueError
        return number


def foreign_tag(tag: str) -> str:
    """Say that a tag is not known."""
    return f"the tag {shortened(tag)} is not a tag of CloudFormation"


def shortened(text: str) -> str:
    """Return a text in at most 40 characters."""
    return text if len(text) <= 40 else f"{text[:37]}..."
