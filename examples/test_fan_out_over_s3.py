"""The workflow of ``fan_out_over_s3``, run in this process on rows that are given here."""

import json
from typing import Any

from fan_out_over_s3 import workflow

from cfngen.execution import Return, Throw, run
from cfngen.execution.mocks import Answer

# a reference to the bucket stands for its name, as in a stack
DEFINITION = json.loads(json.dumps(workflow.to_asl()), object_hook=lambda each: each.get("Ref", each))
UPLOADED = b"id,total\n1,10\n2,25\n3,7\n"


def test_each_row_becomes_an_item() -> None:
    items: list[Any] = []

    def write(call: Any) -> Answer:
        items.append(call["Item"])
        return Return({})

    execution = run(
        DEFINITION,
        {"key": "orders.csv"},
        mocks={"Write Row": write},
        s3={("Uploads", "orders.csv"): UPLOADED},
    )
    assert execution.status == "SUCCEEDED"
    assert items == [
        {"id": {"S": "1"}, "total": {"N": "10"}},
        {"id": {"S": "2"}, "total": {"N": "25"}},
        {"id": {"S": "3"}, "total": {"N": "7"}},
    ]


def test_more_than_a_few_rows_that_fail_are_too_many() -> None:
    execution = run(
        DEFINITION,
        {"key": "orders.csv"},
        mocks={"Write Row": Throw("DynamoDB.ValidationException", "no number")},
        s3={("Uploads", "orders.csv"): UPLOADED},
    )
    assert (execution.status, execution.error) == ("FAILED", "States.ExceedToleratedFailureThreshold")
