"""The sample's definition is the one that AWS publishes.

``batch_job_notification.asl.json`` is AWS's text, from the developer guide of AWS Step Functions:
https://docs.aws.amazon.com/step-functions/latest/dg/batch-job-notification.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from statelint.config import Config
from statelint.linter import Linter
from statelint.problem import ProblemType

from cfngen.stacks import BatchJobNotification

PUBLISHED = Path(__file__).with_name("batch_job_notification.asl.json").read_text(encoding="utf-8")

# what AWS's text has where the template refers to its own resources
ARNS = {
    "BatchJobQueue": "arn:aws:batch:us-west-2:123456789012:job-queue/BatchJobQueue-123456789abcdef",
    "BatchJobDefinition": "arn:aws:batch:us-west-2:123456789012:job-definition/BatchJobDefinition-123456789abcdef:1",
    "SNSTopic": (
        "arn:aws:sns:us-west-2:123456789012:StepFunctionsSample-BatchJobManagement"
        "12345678-9abc-def0-1234-567890abcdef-SNSTopic-A2B3C4D5E6F7G"
    ),
}


def deployed() -> Any:
    """The definition as it stands after CloudFormation has put the ARNs in."""
    text = json.dumps(BatchJobNotification().machine().workflow.to_asl())
    for name, arn in ARNS.items():
        text = text.replace(json.dumps({"Ref": name}), json.dumps(arn))
    return json.loads(text)


def test_the_definition_is_the_published_one() -> None:
    assert deployed() == json.loads(PUBLISHED)


def test_its_states_and_their_fields_stand_in_the_published_order() -> None:
    published = json.loads(PUBLISHED)
    ours = deployed()
    assert list(ours) == list(published)
    assert [(name, list(state)) for name, state in ours["States"].items()] == [
        (name, list(state)) for name, state in published["States"].items()
    ]


def test_statelint_accepts_it() -> None:
    assert Linter.validate(deployed(), Config({ProblemType.URI, ProblemType.FLOAT})) == []
