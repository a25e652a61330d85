"""Examples on AWS's pages about how many iterations and items a Map has at once, and what becomes of them.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed
from tests.execution.test_distributed import FIRST_ROW, distributed, reader
from tests.execution.test_examples_of_maps import INVOKE, inline, output


@pytest.mark.parametrize(("concurrency", "seconds"), [(0, 15), (10, 50), (40, 15), (100, 15)])
def test_at_most_40_iterations_at_once(concurrency: int, seconds: int) -> None:
    # state-map.html and state-map-inline.html
    machine = inline(INVOKE, MaxConcurrency=concurrency)
    execution = executed(machine, list(range(100)), mocks={"I": [Return(1, seconds=5)]})
    assert execution.duration.total_seconds() == seconds


@pytest.mark.parametrize(("concurrency", "seconds"), [(0, 5), (50, 10), (100, 5)])
def test_more_children_at_once(concurrency: int, seconds: int) -> None:
    # state-map-distributed.html
    machine = distributed({"I": INVOKE}, MaxConcurrency=concurrency)
    execution = executed(machine, list(range(100)), mocks={"I": [Return(1, seconds=5)]})
    assert execution.duration.total_seconds() == seconds


def test_items_share_the_status_of_their_child() -> None:
    # concepts-examine-map-run.html: of two batches of fifty one fails
    machine = distributed(
        {"I": INVOKE}, ItemBatcher={"MaxItemsPerBatch": 50}, ToleratedFailurePercentage=100
    )
    answer = {"I": lambda batch: Throw("E") if 0 in batch["Items"] else Return("done")}
    run = executed(machine, list(range(100)), mocks=answer).map_runs[0]
    assert (run.total, run.succeeded, run.failed) == (100, 50, 50)


def test_a_batch_has_a_size() -> None:
    # input-output-itembatcher.html: as many items as fit
    machine = distributed(
        ItemBatcher={"MaxInputBytesPerBatchPath": "$.batchSize"}, ItemsPath="$.items", ResultPath=None
    )
    value = {"batchSize": 131_072, "items": ["x" * 1000] * 255}
    batches = [child.input for child in executed(machine, value).map_runs[0].executions]
    assert [len(batch["Items"]) for batch in batches] == [130, 125]
    assert len(json.dumps(batches[0], separators=(",", ":"))) <= 131_072


def test_batches_of_jsonata() -> None:
    # input-output-itembatcher.html
    batcher = {
        "MaxItemsPerBatch": "{% $states.input.most %}",
        "BatchInput": {"factCheck": "{% $states.input.date %}"},
    }
    machine = distributed(Items="{% $states.input.items %}", ItemBatcher=batcher)
    machine["QueryLanguage"] = "JSONata"
    around = {"factCheck": "December 2022"}
    assert output(machine, {"most": 2, "date": "December 2022", "items": [1, 2, 3]}) == [
        {"BatchInput": around, "Items": [1, 2]},
        {"BatchInput": around, "Items": [3]},
    ]


def test_a_child_takes_a_part_of_a_large_row() -> None:
    # input-output-itemreader.html: a row may have 8 MB where a child is given less than 256 KiB of it
    rows = {("b", "file"): b"text,size\n" + b"x" * 300_000 + b",1\n"}
    machine = distributed(ItemReader=reader(**FIRST_ROW))
    assert executed(machine, s3=rows).error == "States.ExceedToleratedFailureThreshold"
    machine["States"]["M"]["ItemSelector"] = {"size.$": "$$.Map.Item.Value.size"}
    assert output(machine, s3=rows) == [{"size": "1"}]


def test_results_that_are_too_large_together() -> None:
    # input-output-resultwriter.html
    machine = distributed({"I": INVOKE})
    execution = executed(machine, [1, 2, 3], mocks={"I": Return("x" * 100_000)})
    assert execution.error == "States.DataLimitExceeded"


@pytest.mark.parametrize("form", [inline, lambda state, **fields: distributed({"I": state}, **fields)])
def test_all_iterations_stop_where_one_fails(form: Any) -> None:
    # state-map-inline.html, and state-map-distributed.html on the percentage of 0 that is tolerated
    answer = {"I": lambda item: Throw("E", seconds=1) if item == 1 else Return(item, seconds=60)}
    execution = executed(form(INVOKE), [0, 1, 2], mocks=answer)
    assert (execution.status, execution.duration.total_seconds()) == ("FAILED", 1)


def test_a_map_of_functions_waits_for_them_all() -> None:
    # state-map-inline.html#inline-map-state-output: in the order of the items, whichever ends first
    answer = {"I": lambda seconds: Return(seconds, seconds=seconds)}
    machine = inline(INVOKE)
    execution = executed(machine, [3, 1, 2], mocks=answer)
    assert (execution.output, execution.duration.total_seconds()) == ([3, 1, 2], 3)


def test_orders_in_batches_of_ten() -> None:
    # sample-dist-map-csv-process.html: a child looks through its batch, and a Map inside sends what is late
    rows = b"id,late\n" + b"".join(f"{n},{'yes' if n % 7 == 0 else 'no'}\n".encode() for n in range(100))
    sending = inline({**INVOKE, "Resource": "arn:aws:states:::sqs:sendMessage"})["States"]["M"]
    sending["ItemProcessor"] = {
        "StartAt": "Send",
        "States": {"Send": sending["ItemProcessor"]["States"]["I"]},
    }
    machine = distributed(
        {"I": {**INVOKE, "End": False, "Next": "Each"}, "Each": sending},
        ItemReader=reader(**FIRST_ROW),
        ItemBatcher={"MaxItemsPerBatch": 10},
        MaxConcurrency=1000,
    )
    del machine["States"]["M"]["ItemProcessor"]["States"]["I"]["End"]
    mocks = {
        "I": lambda batch: Return([row["id"] for row in batch["Items"] if row["late"] == "yes"]),
        "Send": lambda order: Return(f"sent {order}"),
    }
    sent = output(machine, s3={("b", "file"): rows}, mocks=mocks)
    assert len(sent) == 10
    assert [order for batch in sent for order in batch] == [f"sent {n}" for n in range(0, 100, 7)]
