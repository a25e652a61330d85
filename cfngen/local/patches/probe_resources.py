"""What probes work with: an account that users of the emulator do not see."""

from __future__ import annotations

from typing import Final

from cfngen.cfn.arns import AWS, in_partition

ACCOUNT: Final = "000000000000"
REGION: Final = "us-east-1"
ROLE: Final = in_partition(AWS, f"iam::{ACCOUNT}:role/probe")
PASS_MACHINE: Final = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
