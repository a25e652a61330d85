"""Conditions by which a template tells the partitions apart whose names differ."""

from __future__ import annotations

from typing import Final

from troposphere import Equals, Ref, Template

IN_CHINA: Final = "InChina"
IN_GOV_CLOUD: Final = "InGovCloud"
_PARTITIONS: Final = {IN_CHINA: "aws-cn", IN_GOV_CLOUD: "aws-us-gov"}


def add_condition(template: Template, condition: str) -> None:
    """Add the condition that the template is deployed in this partition."""
    template.add_condition(condition, Equals(Ref("AWS::Partition"), _PARTITIONS[condition]))
