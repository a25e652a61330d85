"""Where probes try things out: an account that no user of the emulator sees."""

from __future__ import annotations

from typing import Final

from cfngen.cfn.arns import AWS, in_partition

ACCOUNT: Final = "000000000000"
REGION: Final = "us-east-1"
ROLE: Final = in_partition(AWS, f"iam::{ACCOUNT}:role/probe")
PASSES: Final = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
