"""The sample's policy as AWS publishes it.

https://docs.aws.amazon.com/step-functions/latest/dg/batch-job-notification.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cfngen import DOCUMENTED
from cfngen.stacks import BatchJobNotification
from tests.iam.intrinsics import resolved

PUBLISHED = json.loads(
    Path(__file__).with_name("batch_job_notification_access_policy.json").read_text(encoding="utf-8")
)["policy"]
TOPIC = (
    "arn:aws:sns:us-west-2:123456789012:StepFunctionsSample-BatchJobManagement12345678-9abc-def0-1234-"
    "567890abcdef-SNSTopic-A2B3C4D5E6F7G"
)
REFERENCES = {
    "SNSTopic": TOPIC,
    "BatchJobQueue": "arn:aws:batch:us-west-2:123456789012:job-queue/BatchJobQueue-123456789abcdef",
    "BatchJobDefinition": (
        "arn:aws:batch:us-west-2:123456789012:job-definition/BatchJobDefinition-123456789abcdef:1"
    ),
}


def listed(policy: dict[str, Any]) -> dict[str, Any]:
    """Write a lone action or resource as the list of one that it is."""
    statements = [
        {
            key: [item] if key in ("Action", "Resource") and isinstance(item, str) else item
            for key, item in it
        }
        for it in map(dict.items, policy["Statement"])
    ]
    return {**policy, "Statement": statements}


def test_the_documented_policy_of_the_sample_is_the_one_that_aws_publishes() -> None:
    policy = json.loads(BatchJobNotification().machine().policy(DOCUMENTED).to_json())
    assert listed(resolved(policy, REFERENCES)) == listed(PUBLISHED)


def test_the_template_of_the_sample_holds_the_published_policy_inline() -> None:
    role = BatchJobNotification().template().to_dict()["Resources"]["BatchJobNotificationExecutionRole"]
    [policy] = json.loads(json.dumps(role["Properties"]["Policies"], default=lambda it: it.JSONrepr()))
    assert policy["PolicyName"] == "BatchJobNotificationAccessPolicy"
    assert listed(resolved(policy["PolicyDocument"], REFERENCES)) == listed(PUBLISHED)
