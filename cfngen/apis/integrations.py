"""What Step Functions can call, and in which patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cfngen.apis.optimized import OPTIMIZED

__all__ = ["MODELS", "OPTIMIZED", "SDK_SUFFIXES"]

SDK_SUFFIXES: Final = ("", ".waitForTaskToken")
"""The patterns of every ``aws-sdk:`` integration.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

MODELS: Final[Mapping[str, str]] = {
    "bedrockagentcore": "bedrock-agentcore",
    "elasticmapreduce": "emr",
    "states": "stepfunctions",
}
"""The optimized services whose API model has another name than the integration."""
