"""Distributed Maps: what is kept of their child executions, and what is written.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from typing import Any

import pytest

from tests.execution.machines import executed
from tests.execution.test_distributed import FIRST_ROW, TASK, answer, distributed, reader

WRITER = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "results"}}


def test_results_are_written() -> None:
    execution = executed(
        distributed(TASK, ToleratedFailureCount=1, ResultWriter=WRITER), [5, -1], mocks={"I": answer}
    )
    details = execution.output["ResultWriterDetails"]
    assert details["Bucket"] == "out"
    manifest = json.loads(execution.s3["out", details["Key"]])
    assert manifest["MapRunArn"] == execution.output["MapRunArn"] == execution.map_runs[0].arn
    files = manifest["ResultFiles"]
    [succeeded] = json.loads(execution.s3["out", files["SUCCEEDED"][0]["Key"]])
    assert (succeeded["Input"], succeeded["Output"], succeeded["Status"]) == ("5", "5", "SUCCEEDED")
    [failed] = json.loads(execution.s3["out", files["FAILED"][0]["Key"]])
    assert (failed["Error"], failed["Cause"], failed["Status"]) == ("Bad", "item -1", "FAILED")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"Transformation": "COMPACT", "OutputType": "JSON"}, [[1, 2], [3]]),
        ({"Transformation": "FLATTEN", "OutputType": "JSON"}, [1, 2, 3]),
    ],
)
def test_results_are_transformed(config: dict[str, str], expected: list[Any]) -> None:
    execution = executed(distributed(ResultWriter={"WriterConfig": config}), [[1, 2], [3]])
    assert execution.output == expected


def test_results_are_written_in_lines() -> None:
    writer = {**WRITER, "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"}}
    execution = executed(distributed(ResultWriter=writer), [1, {"a": 2}])
    [key] = [key for bucket, key in execution.s3 if key.endswith("SUCCEEDED_0.jsonl")]
    assert execution.s3["out", key] == b'1\n{"a":2}'


def test_results_stand_in_the_order_of_the_items() -> None:
    states = {"I": {"Type": "Wait", "SecondsPath": "$", "End": True}}
    writer = {**WRITER, "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"}}
    execution = executed(distributed(states, ResultWriter=writer), [3, 1, 2, 1])
    [key] = [key for bucket, key in execution.s3 if key.endswith("SUCCEEDED_0.json")]
    assert execution.s3["out", key] == b"[3,1,2,1]"


def test_the_first_children_are_kept_of_both_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.prepared.KEPT_CHILDREN", 2)
    execution = executed(
        distributed(TASK, ToleratedFailureCount=4), [1, -1, 2, -2, 3, -3, -4], mocks={"I": answer}
    )
    [map_run] = execution.map_runs
    assert [child.input for child in map_run.executions] == [1, -1, 2, -2]
    assert (map_run.succeeded, map_run.failed) == (3, 4)


@pytest.mark.parametrize(
    ("processor", "fields"),
    [
        (None, {"ItemSelector": {"row.$": "$$.Map.Item.Value"}}),
        ({"I": {"Type": "Fail", "Error": "E"}}, {}),
    ],
)
def test_memory_grows_by_the_rows_and_what_is_written(
    fields: Any, processor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cfngen.execution.prepared.KEPT_CHILDREN", 5)
    definition = distributed(
        processor,
        ItemReader=reader(**FIRST_ROW),
        ResultWriter=WRITER,
        MaxConcurrency=5,
        ToleratedFailurePercentage=100,
        **fields,
    )

    def grown(count: int) -> tuple[int, int]:
        rows = [{"id": str(number), "name": f"name {number}"} for number in range(count)]
        own = sys.getsizeof(rows)
        own += sum(sys.getsizeof(row) + sum(map(sys.getsizeof, row.values())) for row in rows)
        body = "".join(["id,name\n", *(f"{row['id']},{row['name']}\n" for row in rows)]).encode()
        del rows
        tracemalloc.start()
        execution = executed(definition, s3={("b", "file"): body})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert execution.status == "SUCCEEDED"
        return peak, own + sum(map(len, execution.s3.values()))

    grown(1)
    (peak, own), (more, larger) = grown(50), grown(300)
    assert more - peak < larger - own
