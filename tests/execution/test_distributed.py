"""Distributed Maps: what they read, batch, tolerate and write.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import gzip
import json
import sys
from typing import Any

import pytest

from cfngen.asl.values import Language
from cfngen.execution import ExecutionError, Return, Throw
from tests.execution.machines import LAMBDA, chain, executed
from tests.rows import each_row

S3 = "arn:aws:states:::s3:getObject"
ROWS = b"Col1,Col2\nValue1,Value2\nValue3,Value4\n"


def distributed(states: Any = None, language: Language | None = None, **fields: Any) -> Any:
    """A machine of a distributed Map."""
    inner = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I",
        "States": states or {"I": {"Type": "Pass", "End": True}},
    }
    machine = {
        "StartAt": "M",
        "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True, **fields}},
    }
    return {**machine, "QueryLanguage": language} if language else machine  # fmt: skip


def reader(key: str = "file", **config: Any) -> dict[str, Any]:
    """An ItemReader of an object."""
    return {"Resource": S3, "ReaderConfig": config, "Parameters": {"Bucket": "b", "Key": key}}


def read(body: Any, key: str = "file", **config: Any) -> Any:
    """What a Map reads from an object."""
    execution = executed(distributed(ItemReader=reader(key, **config)), s3={("b", key): body})
    return execution.output if execution.status == "SUCCEEDED" else f"{execution.error}: {execution.cause}"


FIRST_ROW = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}


@each_row(
    ("body", "config", "items"),
    [
        (ROWS, FIRST_ROW, [{"Col1": "Value1", "Col2": "Value2"}, {"Col1": "Value3", "Col2": "Value4"}]),
        # recorded: what is missing is empty, what is too much is dropped
        (b"a,b\n,\n1\n   \n", {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"]}, [{"x": "a", "y": "b"}, {"x": "", "y": ""}, {"x": "1", "y": ""}, {"x": "   ", "y": ""}]),
        (b"a,b\n", {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x"]}, [{"x": "a"}]),
        (b'x|y\n"a|b"|"c\nd"\n', {**FIRST_ROW, "CSVDelimiter": "PIPE"}, [{"x": "a|b", "y": "c\nd"}]),
        (ROWS, {**FIRST_ROW, "MaxItems": 1}, [{"Col1": "Value1", "Col2": "Value2"}]),
        (ROWS, {**FIRST_ROW, "MaxItems": 0}, [{"Col1": "Value1", "Col2": "Value2"}, {"Col1": "Value3", "Col2": "Value4"}]),
        (b"\xef\xbb\xbfx\n\xc3\xbc\n", FIRST_ROW, [{"x": "ü"}]),
        (b'[1, {"a": null}]', {"InputType": "JSON"}, [1, {"a": None}]),
        (b'{"a": {"b": [1, 2]}}', {"InputType": "JSON", "ItemsPointer": "/a/b"}, [1, 2]),
        (b'{"a": {"b": 1, "c": 2}}', {"InputType": "JSON", "ItemsPointer": "/a"}, [{"Key": "b", "Value": 1}, {"Key": "c", "Value": 2}]),
        (b'{"a": 1}\n\n{"a": 2}\n', {"InputType": "JSONL"}, [{"a": 1}, {"a": 2}]),
    ],
)  # fmt: skip
def test_what_is_read(body: bytes, config: dict[str, Any], items: list[Any]) -> None:
    assert read(body, **config) == items


@each_row(
    ("body", "config", "message"),
    [
        (b'"Hello"', {"InputType": "JSON"}, "Attempting to map over non-iterable node."),
        (b"[NaN]", {"InputType": "JSON"}, "The file is no JSON: JSON has no NaN"),
        (b"[1", {"InputType": "JSON"}, "The file is no JSON: Expecting ',' delimiter: line 1 column 3 (char 2)"),
        (b"{\n", {"InputType": "JSONL"}, "Line 1 is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"x,x\n", FIRST_ROW, "CSV headers cannot contain duplicates."),
        (b"\xff", FIRST_ROW, "file is not UTF-8"),
        (ROWS, {**FIRST_ROW, "MaxItems": -1}, "field MaxItems must be positive"),
        (b"[]", {"InputType": "JSON", "ItemsPointer": "/a"}, "ItemsPointer /a leads to nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(body: bytes, config: dict[str, Any], message: str) -> None:
    assert read(body, **config) == f"States.ItemReaderFailed: {message}"


def test_a_source_that_is_not_there_can_be_caught() -> None:
    machine = distributed(
        ItemReader=reader(**FIRST_ROW), Catch=[{"ErrorEquals": ["States.ItemReaderFailed"], "Next": "H"}]
    )
    machine["States"]["H"] = {"Type": "Succeed"}
    execution = executed(machine)
    assert execution.output["Cause"] == "The specified key does not exist: s3://b/file"
    assert chain(execution)[2:7] == [
        "3<-2 MapStateStarted",
        "4<-3 MapRunStarted",
        "5<-4 MapRunFailed",
        "6<-5 MapStateFailed",
        "7<-6 MapStateExited",
    ]


def test_what_is_compressed_is_read() -> None:
    assert read(gzip.compress(b"[7]"), "file.json.gz", InputType="JSON") == [7]


def test_objects_are_listed() -> None:
    machine = distributed(
        ItemReader={
            "Resource": "arn:aws:states:::s3:listObjectsV2",
            "Parameters": {"Bucket": "b", "Prefix": "in/"},
        }
    )
    execution = executed(
        machine, s3={("b", "in/2"): b"xy", ("b", "in/1"): b"", ("b", "out"): b"", ("c", "in/3"): b""}
    )
    assert [(item["Key"], item["Size"]) for item in execution.output] == [("in/1", 0), ("in/2", 2)]


def test_objects_are_listed_and_read() -> None:
    config = {"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"}
    machine = distributed(
        ItemReader={
            "Resource": "arn:aws:states:::s3:listObjectsV2",
            "ReaderConfig": config,
            "Parameters": {"Bucket": "b"},
        }
    )
    assert executed(machine, s3={("b", "1"): b"[1,2]", ("b", "2"): b"[3]"}).output == [1, 2, 3]


def test_an_inventory_is_followed() -> None:
    manifest = {"fileSchema": "Bucket, Key", "files": [{"key": "rows.csv.gz"}]}
    machine = distributed(ItemReader=reader("manifest.json", InputType="MANIFEST"))
    held = {
        ("b", "manifest.json"): json.dumps(manifest).encode(),
        ("b", "rows.csv.gz"): gzip.compress(b'"b","k 1"\n'),
    }
    assert executed(machine, s3=held).output == [{"Bucket": "b", "Key": "k 1"}]


def test_parquet_needs_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        ExecutionError, match="Parquet is read by pyarrow, which is not installed: pip install pyarrow"
    ):
        read(b"", InputType="PARQUET")


def test_batches_are_filled_up() -> None:
    machine = distributed(
        ItemBatcher={"MaxItemsPerBatch": 2, "BatchInput": {"n.$": "$.n"}}, ItemsPath="$.items"
    )
    assert executed(machine, {"n": 1, "items": [1, 2, 3]}).output == [
        {"BatchInput": {"n": 1}, "Items": [1, 2]},
        {"BatchInput": {"n": 1}, "Items": [3]},
    ]


def test_batches_have_a_size() -> None:
    machine = distributed(
        language="JSONata", ItemBatcher={"MaxInputBytesPerBatch": "{% 25 %}"}, Items="{% $states.input %}"
    )
    assert executed(machine, ["abcd", "efgh", "ijkl"]).output == [
        {"Items": ["abcd"]},
        {"Items": ["efgh"]},
        {"Items": ["ijkl"]},
    ]


def test_items_of_an_object() -> None:
    assert executed(distributed(), {"a": 1}).output == [{"Key": "a", "Value": 1}]
    machine = distributed(ItemSelector={"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value"})
    assert executed(machine, {"a": 1}).output == [{"k": "a", "v": 1}]


TASK = {"I": {"Type": "Task", "Resource": LAMBDA, "End": True}}


def answer(item: Any) -> Any:
    return Throw("Bad", f"item {item}") if item < 0 else Return(item)


@each_row(
    ("fields", "items", "error"),
    [
        ({}, [1, -1], "States.ExceedToleratedFailureThreshold"),
        ({"ToleratedFailureCount": 1}, [1, -1], None),
        ({"ToleratedFailureCount": 1}, [-1, -1], "States.ExceedToleratedFailureThreshold"),
        ({"ToleratedFailurePercentage": 50}, [1, -1], None),
        ({"ToleratedFailurePercentage": 49.9}, [1, -1], "States.ExceedToleratedFailureThreshold"),
        ({"ToleratedFailurePercentagePath": "$$.Execution.Input[0]"}, [100, -1, -2], None),
    ],
)
def test_failures_are_tolerated_as_far_as_is_said(
    fields: dict[str, Any], items: list[int], error: str | None
) -> None:
    execution = executed(distributed(TASK, **fields), items, mocks={"I": answer})
    assert execution.error == error
    if error is None:
        assert execution.output == [item for item in items if item >= 0]
    else:
        assert execution.cause == "The specified tolerated failure threshold was exceeded"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"ToleratedFailureCountPath": "$[0]"}, "ToleratedFailureCount cannot be negative."),
        ({"ToleratedFailurePercentagePath": "$[0]"}, "ToleratedFailurePercentage must be between 0 and 100."),
        ({"ToleratedFailurePercentagePath": "$[1]"}, 'The ToleratedFailurePercentagePath field refers to value "{}" which is not a valid float: $[1]'),
    ],
)  # fmt: skip
def test_what_is_tolerated_is_checked_when_it_comes(fields: dict[str, Any], reason: str) -> None:
    # recorded
    execution = executed(distributed(**fields), [-1, {}])
    assert chain(execution)[2:] == ["3<-2 MapStateStarted", "4<-3 ExecutionFailed"]
    assert (
        execution.cause
        == f"An error occurred while executing the state 'M' (entered at the event id #2). {reason}"
    )


def test_a_state_goes_on_from_the_start_of_its_map_run() -> None:
    assert chain(executed(distributed(), [1])) == [
        "1<-0 ExecutionStarted",
        "2<-0 MapStateEntered",
        "3<-2 MapStateStarted",
        "4<-3 MapRunStarted",
        "5<-4 MapRunSucceeded",
        "6<-5 MapStateSucceeded",
        "7<-4 MapStateExited",  # recorded since November 2024
        "8<-7 ExecutionSucceeded",
    ]


def test_children_have_histories_of_their_own() -> None:
    execution = executed(
        distributed(TASK, Label="Each", ToleratedFailureCount=1), [1, -1], mocks={"I": answer}
    )
    [map_run] = execution.map_runs
    assert (map_run.status, map_run.total, map_run.succeeded, map_run.failed) == ("SUCCEEDED", 2, 1, 1)
    assert map_run.arn.startswith("arn:aws:states:us-east-1:123456789012:mapRun:StateMachine/Each:")
    first, second = map_run.executions
    assert (first.status, first.output, first.states) == ("SUCCEEDED", 1, ["I"])
    assert (second.status, second.error, second.cause) == ("FAILED", "Bad", "item -1")
    assert [event["type"] for event in second.events][-2:] == ["TaskFailed", "ExecutionFailed"]
    assert first.arn.startswith("arn:aws:states:us-east-1:123456789012:execution:StateMachine/Each:")


def test_an_error_of_the_runtime_fails_one_child() -> None:
    states = {"I": {"Type": "Pass", "InputPath": "$.x", "End": True}}
    execution = executed(distributed(states, ToleratedFailureCount=1), [{"x": 1}, {}])
    assert execution.output == [1]


@each_row(
    "fields",
    [
        {"ItemReader": -1},
        {"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": "CSV"}},
        {"ItemBatcher": [5]},
        {"ResultWriter": None},
        {"ResultWriter": {"WriterConfig": [{}]}},
    ],
)
def test_a_part_of_a_map_that_is_no_mapping_is_passed_over(fields: dict[str, Any]) -> None:
    execution = executed(distributed(**fields), [1, 2])
    assert execution.error in (None, "States.ItemReaderFailed")


def test_children_wait_beside_each_other() -> None:
    states = {"I": {"Type": "Wait", "SecondsPath": "$", "End": True}}
    assert executed(distributed(states), [3] * 50).duration.total_seconds() == 3
    assert executed(distributed(states, MaxConcurrency=10), [3] * 50).duration.total_seconds() == 15
