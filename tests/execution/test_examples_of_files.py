"""Examples on AWS's pages about what distributed Maps read and write, where they state an outcome.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import executed
from tests.execution.test_distributed import FIRST_ROW, distributed, reader
from tests.execution.test_examples_of_maps import INVOKE, VERDICTS, output
from tests.rows import each_row

LIST = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b", "Prefix": "d/"}}


@each_row(
    ("item_reader", "sources"),
    [
        (reader("d/1", InputType="JSONL"), ["S3://b/d/1", "S3://b/d/1"]),
        (LIST, ["S3://b", "S3://b"]),
        ({**LIST, "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"}}, ["S3://b/d/1", "S3://b/d/1", "S3://b/d/2"]),
        (reader("manifest.csv", InputType="JSONL", ManifestType="ATHENA_DATA"), ["S3://b/d/2", "S3://b/d/1"]),
    ],
)  # fmt: skip
def test_where_an_item_comes_from(item_reader: Any, sources: list[str]) -> None:
    # input-output-contextobject.html#contextobject-map, and input-output-itemreader.html on LOAD_AND_FLATTEN
    # (a prefix that ends with a slash takes one folder) and on the manifests of Athena
    held = {
        ("b", "d/1"): b"1\n2",
        ("b", "d/2"): b"3",
        ("b", "d0/3"): b"4",
        ("b", "manifest.csv"): b"s3://b/d/2\ns3://b/d/1\n",
    }
    item_reader = {**item_reader, "ReaderConfig": {"MaxItems": 3, **item_reader.get("ReaderConfig", {})}}
    machine = distributed(ItemReader=item_reader, ItemSelector={"source.$": "$$.Map.Item.Source"})
    found = [item["source"] for item in output(machine, s3=held)]
    assert found[: len(sources)] == sources


RATINGS = b"1,307,3.5,1256677221\n1,481,3.5,1256677456\n"
RATING = {"userId": "1", "movieId": "307", "rating": "3.5", "timestamp": "1256677221"}


@each_row(
    ("body", "config", "first"),
    [
        # input-output-itemreader.html
        (RATINGS, {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": [*RATING]}, RATING),
        (b"userId|movieId|rating|timestamp\n" + RATINGS.replace(b",", b"|"), {**FIRST_ROW, "CSVDelimiter": "PIPE"}, RATING),
        (json.dumps(VERDICTS).encode(), {"InputType": "JSON"}, VERDICTS[0]),
        ("\n".join(map(json.dumps, VERDICTS)).encode(), {"InputType": "JSONL"}, VERDICTS[0]),
        (b'{"inventory": {"products": {"featured": [7]}}}', {"InputType": "JSON", "ItemsPointer": "/inventory/products/featured"}, 7),
        (b'{"a": {"x": 1}}', {"InputType": "JSON"}, {"Key": "a", "Value": {"x": 1}}),
        # example-csv-parse-dist-map.html: quotes, doubled quotes, backslashes, fields missing and too many
        (b"path,size\nC:\\\\Program Files\\\\MyApp.exe,6534512\n", FIRST_ROW, {"path": "C:\\Program Files\\MyApp.exe", "size": "6534512"}),
        (b'a,b\n"x, ""y""\nz",1\n', FIRST_ROW, {"a": 'x, "y"\nz', "b": "1"}),
        (b'a|b\nx\\|y|{""z""\n', {**FIRST_ROW, "CSVDelimiter": "PIPE"}, {"a": "x|y", "b": '{"z"'}),
        (b'a,b\n\\n,\\"z\\"\n', FIRST_ROW, {"a": "n", "b": '"z"'}),
        (b'a,b\n"\\"","\\\\"\n', FIRST_ROW, {"a": '"', "b": "\\"}),
        (b"a,b\nx\\\ny,z", FIRST_ROW, {"a": "x", "b": ""}),
        (b"a,b\n1\n", FIRST_ROW, {"a": "1", "b": ""}),
        (b"a,b\n1,2,3\n", FIRST_ROW, {"a": "1", "b": "2"}),
        (b"a\n" + b"x" * 200_000 + b"\n", FIRST_ROW, {"a": "x" * 200_000}),
    ],
)  # fmt: skip
def test_what_a_child_is_given(body: bytes, config: Any, first: Any) -> None:
    execution = executed(distributed(ItemReader=reader(**config)), s3={("b", "file"): body})
    assert execution.map_runs[0].executions[0].input == first


def test_fields_are_text_until_they_are_parsed() -> None:
    # example-csv-parse-dist-map.html
    row = b'abc,123,"This string contains commas, a double quotation marks (""), and a newline (\n)",{""MyKey"":""MyValue""},"[1,2,3]"'  # fmt: skip
    headers = ["MyLetters", "MyNumbers", "MyString", "MyObject", "MyArray"]
    config: Any = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": headers}
    selector = {"MyLetters.$": "$$.Map.Item.Value.MyLetters", "MyString.$": "$$.Map.Item.Value.MyString"}
    for name in ("MyNumbers", "MyObject", "MyArray"):
        selector[f"{name}.$"] = f"States.StringToJson($$.Map.Item.Value.{name})"
    machine = distributed(ItemReader=reader(**config), ItemSelector=selector)
    assert output(machine, s3={("b", "file"): row}) == [
        {
            "MyLetters": "abc",
            "MyNumbers": 123,
            "MyString": 'This string contains commas, a double quotation marks ("), and a newline (\n)',
            "MyObject": {"MyKey": "MyValue"},
            "MyArray": [1, 2, 3],
        }
    ]


@pytest.mark.parametrize("config", [{"InputType": "MANIFEST"}, {"ManifestType": "S3_INVENTORY"}])
def test_an_inventory(config: Any) -> None:
    # input-output-itemreader.html
    manifest = {
        "fileSchema": "Bucket, Key, Size, LastModifiedDate",
        "files": [{"key": "data/20e55de8.csv.gz", "size": 7300}],
    }
    row = b'"source","csvDataset/titles.csv","3399671","2022-11-16T00:29:32.000Z"\n'
    held = {
        ("b", "file"): json.dumps(manifest).encode(),
        ("b", "data/20e55de8.csv.gz"): gzip.compress(row),
    }
    assert output(distributed(ItemReader=reader(**config)), s3=held) == [
        {
            "Bucket": "source",
            "Key": "csvDataset/titles.csv",
            "Size": "3399671",
            "LastModifiedDate": "2022-11-16T00:29:32.000Z",
        }
    ]


ORDERS = [
    [{"customer_id": "145538", "order_id": "100000"}, {"customer_id": "898037", "order_id": "100001"}],
    [{"customer_id": "169881", "order_id": "100005"}, {"customer_id": "797471", "order_id": "100006"}],
]


@pytest.mark.parametrize(
    ("transformation", "expected"),
    [(None, ORDERS), ("COMPACT", ORDERS), ("FLATTEN", [order for orders in ORDERS for order in orders])],
)
def test_results_are_transformed(transformation: str | None, expected: Any) -> None:
    # input-output-resultwriter.html#input-output-resultwriter-example-transformations
    config: Any = {"WriterConfig": {"Transformation": transformation, "OutputType": "JSON"}}
    fields: Any = {"ResultWriter": config} if transformation else {}
    assert output(distributed(**fields), ORDERS) == expected


def test_results_with_what_is_known_of_the_workflow() -> None:
    # input-output-resultwriter.html#input-output-resultwriter-example-transformations
    writer = {"WriterConfig": {"Transformation": "NONE", "OutputType": "JSON"}}
    first = output(distributed(ResultWriter=writer), ORDERS)[0]
    assert json.loads(first.pop("Output")) == ORDERS[0]
    assert [first.pop(name) for name in ("RedriveCount", "RedriveStatus", "RedriveStatusReason")] == [
        0,
        "NOT_REDRIVABLE",
        "Execution is SUCCEEDED and cannot be redriven",
    ]
    assert [*first] == ["ExecutionArn", "Input", "InputDetails", "Name", "OutputDetails", "StartDate", "StateMachineArn", "Status", "StopDate"]  # fmt: skip


def test_results_are_exported_by_status() -> None:
    # input-output-resultwriter.html#input-output-resultwriter-exporting-to-S3
    writer = {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "b", "Prefix": "csvProcessJobs"},
    }
    machine = distributed({"I": INVOKE}, ResultWriter=writer, ToleratedFailurePercentage=100)
    execution = executed(machine, [1, -1, 2], mocks={"I": lambda n: Return(n) if n > 0 else Throw("E")})
    run = execution.map_runs[0].arn.rpartition(":")[2]
    folder = f"csvProcessJobs/{run}"
    assert execution.output == {
        "MapRunArn": execution.map_runs[0].arn,
        "ResultWriterDetails": {"Bucket": "b", "Key": f"{folder}/manifest.json"},
    }
    files = {key: json.loads(body) for (_, key), body in execution.s3.items()}
    assert [item["Output"] for item in files[f"{folder}/SUCCEEDED_0.json"]] == ["1", "2"]
    assert [item["Status"] for item in files[f"{folder}/FAILED_0.json"]] == ["FAILED"]
