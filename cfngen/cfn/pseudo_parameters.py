"""The parameters that CloudFormation itself fills in.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
"""

from __future__ import annotations

from typing import Any, Final

PREFIX: Final = "AWS::"

ACCOUNT_ID: Final = "AWS::AccountId"
NOTIFICATION_ARNS: Final = "AWS::NotificationARNs"
NO_VALUE_NAME: Final = "AWS::NoValue"
PARTITION: Final = "AWS::Partition"
REGION: Final = "AWS::Region"
STACK_ID: Final = "AWS::StackId"
STACK_NAME: Final = "AWS::StackName"
URL_SUFFIX: Final = "AWS::URLSuffix"

PSEUDO_PARAMETERS: Final = (
    ACCOUNT_ID,
    NOTIFICATION_ARNS,
    NO_VALUE_NAME,
    PARTITION,
    REGION,
    STACK_ID,
    STACK_NAME,
    URL_SUFFIX,
)

NO_VALUE: Final[dict[str, Any]] = {"Ref": NO_VALUE_NAME}
"""What leaves out the property whose value it is."""


def is_pseudo(name: str) -> bool:
    """Tell whether a name is kept for CloudFormation's own."""
    return name.startswith(PREFIX)
