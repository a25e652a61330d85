"""Examples on AWS's pages about Map states that state an outcome.

The pages are those of https://docs.aws.amazon.com/step-functions/latest/dg/, named at each example.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from cfngen.execution import Return, Throw
from tests.execution.machines import LAMBDA, executed
from tests.execution.test_distributed import distributed, reader
from tests.execution.test_variables import chained
from tests.rows import each_row

VERDICTS = [
    {"verdict": "true", "statement_date": "6/11/2008", "statement_source": "speech"},
    {"verdict": "false", "statement_date": "6/7/2022", "statement_source": "television"},
    {"verdict": "true", "statement_date": "5/18/2016", "statement_source": "news"},
]
INVOKE: dict[str, Any] = {"Type": "Task", "Resource": LAMBDA, "End": True}


def inline(state: Any = None, **fields: Any) -> dict[str, Any]:
    """An inline Map, which passes on what its iterations are given."""
    inner = {"StartAt": "I", "States": {"I": state or {"Type": "Pass", "End": True}}}
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": inner, "End": True, **fields}}}


def output(machine: Any, value: Any = None, **options: Any) -> Any:
    execution = executed(machine, {} if value is None else value, **options)
    assert execution.status == "SUCCEEDED", execution.cause
    return execution.output


def test_an_item_selector() -> None:
    # input-output-itemselector.html
    images = [{"resize": "true", "format": "jpg"}, {"resize": "false", "format": "png"}]
    fields: Any = {"ItemsPath": "$.imageData", "ItemSelector": {"size": 10, "value.$": "$$.Map.Item.Value"}}
    for machine in (distributed(**fields), inline(**fields)):
        assert output(machine, {"imageData": images}) == [{"size": 10, "value": image} for image in images]


@pytest.mark.parametrize(
    "fields",
    [
        {"ItemSelector": {"ContextIndex.$": "$$.Map.Item.Index", "ContextValue.$": "$$.Map.Item.Value", "ContextSource.$": "$$.Map.Item.Source"}},
        {"QueryLanguage": "JSONata", "ItemSelector": {"ContextIndex": "{% $states.context.Map.Item.Index %}", "ContextValue": "{% $states.context.Map.Item.Value %}", "ContextSource": "{% $states.context.Map.Item.Source %}"}},
    ],
)  # fmt: skip
def test_the_context_of_an_item(fields: Any) -> None:
    # input-output-contextobject.html#contextobject-map
    items = [{"who": "bob"}, {"who": "meg"}, {"who": "joe"}]
    assert output(inline(**fields), items) == [
        {"ContextIndex": index, "ContextValue": item, "ContextSource": "STATE_DATA"}
        for index, item in enumerate(items)
    ]


def test_items_of_a_path() -> None:
    # input-output-itemspath.html; its objects stand in distributed Maps here, see docs/engine.md
    said = {
        "ThingsPiratesSay": [{"say": "Avast!"}, {"say": "Yar!"}, {"say": "Walk the Plank!"}],
        "ThingsGiantsSay": [{"say": "Fee!"}],
    }
    machine = inline(ItemsPath="$.ThingsPiratesSay")
    assert output(machine, said) == said["ThingsPiratesSay"]
    web = {"server1": {"port": 80}, "server2": {"port": 8080}}
    machine = distributed(InputPath="$.servers", ItemsPath="$.web")
    assert output(machine, {"servers": {"web": web}}) == [
        {"Key": "server1", "Value": {"port": 80}},
        {"Key": "server2", "Value": {"port": 8080}},
    ]


SHIPPED = [
    {"prod": "R31", "dest-code": 9511, "quantity": 1344},
    {"prod": "S39", "dest-code": 9511, "quantity": 40},
]
DETAIL = {"ship-date": "2016-03-14T01:59:00Z", "detail": {"delivery-partner": "UQS", "shipped": SHIPPED}}


@pytest.mark.parametrize(
    "selector", [None, {"parcel.$": "$$.Map.Item.Value", "courier.$": "$.delivery-partner"}]
)
def test_an_inline_map(selector: Any) -> None:
    # state-map-inline.html#inline-map-state-examples
    fields = {"InputPath": "$.detail", "ItemsPath": "$.shipped", "ResultPath": "$.detail.shipped"}
    machine = inline(INVOKE, **fields, **({"ItemSelector": selector} if selector else {}))
    sent: list[Any] = []

    def validate(arguments: Any) -> Return:
        sent.append(arguments)
        return Return("valid")

    changed = {**DETAIL, "detail": {"delivery-partner": "UQS", "shipped": ["valid", "valid"]}}
    assert output(machine, DETAIL, mocks={"I": validate}) == changed
    assert sent == ([{"parcel": item, "courier": "UQS"} for item in SHIPPED] if selector else SHIPPED)


def test_one_iteration_after_another() -> None:
    # state-map-inline.html on MaxConcurrency
    mocks = {"I": [Return(1, seconds=5)]}
    for concurrency, seconds in ((1, 15), (2, 10), (0, 5)):
        execution = executed(inline(INVOKE, MaxConcurrency=concurrency), [1, 2, 3], mocks=mocks)
        assert execution.duration.total_seconds() == seconds


@pytest.mark.parametrize("form", [inline, lambda state, **fields: distributed({"I": state}, **fields)])
def test_a_retrier_is_for_all_iterations(form: Any) -> None:
    # state-map-inline.html and state-map-distributed.html on Retry: the iterations that succeeded run anew
    tried: list[int] = []

    def answer(item: int) -> Throw | Return:
        tried.append(item)
        return Throw("E") if len(tried) == 3 else Return(item)

    retriers = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1}]
    execution = executed(form(INVOKE, Retry=retriers), [1, 2, 3], mocks={"I": answer})
    assert (execution.output, tried) == ([1, 2, 3], [1, 2, 3, 1, 2, 3])
    assert len(execution.map_runs) in (0, 2)  # each retry of a distributed Map is a Map run


def test_ids_for_colors() -> None:
    # tutorial-map-inline.html
    colors = {"foo": "bar", "colors": ["red", "green", "blue", "yellow", "white"]}
    step = {"Type": "Pass", "Parameters": {"uuid.$": "States.UUID()"}, "OutputPath": "$.uuid", "End": True}
    ids = output(inline(step, ItemsPath="$.colors"), colors)
    assert [uuid.UUID(text).version for text in ids] == [4] * 5
    assert len(set(ids)) == 5


FACTOR = {"MyMultiplicationFactor": 7, "MyItems": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}
BATCHES: Any = {
    "ItemsPath": "$.MyItems",
    "ItemBatcher": {
        "MaxItemsPerBatch": 3,
        "BatchInput": {"MyMultiplicationFactor.$": "$.MyMultiplicationFactor"},
    },
}
PRODUCTS = [7, 14, 21, 28, 35, 42, 49, 56, 63, 70]


def test_a_batch_for_each_call() -> None:
    # tutorial-itembatcher-param-task.html
    state = {**INVOKE, "OutputPath": "$.Payload"}

    def multiply(batch: Any) -> Return:
        products = [item * batch["BatchInput"]["MyMultiplicationFactor"] for item in batch["Items"]]
        return Return({"Payload": {"statusCode": 200, "multiplied": products}})

    machine = distributed({"I": state}, **BATCHES)
    parts = [PRODUCTS[:3], PRODUCTS[3:6], PRODUCTS[6:9], PRODUCTS[9:]]
    expected = [{"statusCode": 200, "multiplied": part} for part in parts]
    execution = executed(machine, FACTOR, mocks={"I": multiply})
    assert execution.output == expected
    batch = {"BatchInput": {"MyMultiplicationFactor": 7}, "Items": [1, 2, 3]}
    assert execution.map_runs[0].executions[0].input == batch
    machine["States"]["M"]["ResultSelector"] = {"multiplied.$": "$..multiplied[*]"}
    assert output(machine, FACTOR, mocks={"I": multiply}) == {"multiplied": PRODUCTS}


def test_an_item_of_a_batch_for_each_call() -> None:
    # tutorial-itembatcher-single-item-process.html
    selector = {
        "MyMultiplicationFactor.$": "$.BatchInput.MyMultiplicationFactor",
        "MyItem.$": "$$.Map.Item.Value",
    }
    inner = inline({**INVOKE, "OutputPath": "$.Payload"}, ItemsPath="$.Items", ItemSelector=selector)[
        "States"
    ]["M"]

    def multiply(arguments: Any) -> Return:
        return Return(
            {"Payload": {"multiplied": arguments["MyItem"] * arguments["MyMultiplicationFactor"]}}
        )

    machine = distributed({"I": inner}, **BATCHES)
    inner["ItemProcessor"]["States"] = {"Call": inner["ItemProcessor"]["States"]["I"]}
    inner["ItemProcessor"]["StartAt"] = "Call"
    results = output(machine, FACTOR, mocks={"Call": multiply})
    assert [[item["multiplied"] for item in batch] for batch in results] == [
        PRODUCTS[:3],
        PRODUCTS[3:6],
        PRODUCTS[6:9],
        PRODUCTS[9:],
    ]
    machine["States"]["M"]["ResultSelector"] = {"multiplied.$": "$..multiplied"}
    assert output(machine, FACTOR, mocks={"Call": multiply}) == {"multiplied": PRODUCTS}


def test_batches() -> None:
    # input-output-itembatcher.html
    assert output(distributed(), VERDICTS) == VERDICTS
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"factCheck": "December 2022"}}
    assert output(distributed(ItemBatcher=batcher), VERDICTS) == [
        {"BatchInput": {"factCheck": "December 2022"}, "Items": VERDICTS[:2]},
        {"BatchInput": {"factCheck": "December 2022"}, "Items": VERDICTS[2:]},
    ]
    results = output(distributed(ItemBatcher={"MaxItemsPerBatch": 100}), list(range(1130)))
    assert [len(batch["Items"]) for batch in results] == [100] * 11 + [30]
    machine = distributed(ItemBatcher={"MaxItemsPerBatchPath": "$.maxBatchItems"}, ItemsPath="$.items")
    results = output(machine, {"maxBatchItems": 500, "items": list(range(600))})
    assert [len(batch["Items"]) for batch in results] == [500, 100]


@each_row(
    ("fields", "failed", "is_exceeded"),
    [
        ({}, 1, True),
        ({"ToleratedFailurePercentagePath": "$.percentage"}, 3, False),
        ({"ToleratedFailurePercentagePath": "$.percentage"}, 4, True),
        ({"ToleratedFailureCountPath": "$.count"}, 10, False),
        ({"ToleratedFailureCountPath": "$.count"}, 11, True),
        ({"ToleratedFailurePercentage": 100}, 20, False),
        ({"ToleratedFailureCount": 1, "ToleratedFailurePercentage": 50}, 2, True),
        ({"ToleratedFailureCount": 9, "ToleratedFailurePercentage": 5}, 2, True),
    ],
)
def test_a_threshold(fields: Any, failed: int, is_exceeded: bool) -> None:
    # state-map-distributed.html#maprun-fail-threshold: it fails where it exceeds either
    machine = distributed({"I": INVOKE}, ItemsPath="$.items", **fields)
    value = {"percentage": 15, "count": 10, "items": list(range(20))}
    answer = {"I": lambda item: Throw("E") if item < failed else Return(item)}
    error = executed(machine, value, mocks=answer).error
    assert (error == "States.ExceedToleratedFailureThreshold") is is_exceeded


def test_a_map_of_jsonata() -> None:
    # https://states-language.net/spec.html#map-state; a name with a hyphen needs backquotes, which the
    # specification leaves out: without them JSONata subtracts
    machine = inline(
        INVOKE,
        Items="{% $states.input.detail.shipped %}",
        ItemSelector={
            "parcel": "{% $states.context.Map.Item.Value %}",
            "courier": "{% $states.input.detail.`delivery-partner` %}",
        },
        Output={"numItemsProcessed": "{% $count($states.input.detail.shipped) %}"},
    )
    machine["QueryLanguage"] = "JSONata"
    execution = executed(machine, DETAIL, mocks={"I": Return("valid")})
    assert execution.output == {"numItemsProcessed": 2}
    assert execution.of("I")[0].attempts[0].input == {"parcel": SHIPPED[0], "courier": "UQS"}


def test_items_of_expressions_in_a_list() -> None:
    # transforming-data.html: "Items": [1, "{% $two %}", 3]
    machine = inline(Items=[1, "{% $two %}", 3])["States"]["M"]
    machine = chained({"Type": "Pass", "Assign": {"two": 2}}, machine, QueryLanguage="JSONata")
    assert output(machine) == [1, 2, 3]


def test_a_csv_file_that_is_copied() -> None:
    # tutorial-map-distributed.html
    machine = distributed(
        {"I": {**INVOKE, "OutputPath": "$.Payload", "Parameters": {"Payload.$": "$"}}},
        MaxConcurrency=100,
        ItemReader=reader("csvDataset/ratings.csv", InputType="CSV", CSVHeaderLocation="FIRST_ROW"),
        ItemSelector={"index.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value"},
        ResultWriter={
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "mapOutputs", "Prefix": "resultData"},
        },
        Label="Processdata",
    )

    def copy(event: Any) -> Return:
        return Return({"Payload": {"statusCode": 200, "inputReceived": event["Payload"]}})

    rows = b"userId,movieId,rating\n1,307,3.5\n1,481,3.5\n"
    execution = executed(machine, mocks={"I": copy}, s3={("b", "csvDataset/ratings.csv"): rows})
    details = execution.output["ResultWriterDetails"]
    manifest = json.loads(execution.s3["mapOutputs", details["Key"]])
    assert details["Key"].startswith("resultData/")
    [file] = manifest["ResultFiles"]["SUCCEEDED"]
    children = json.loads(execution.s3["mapOutputs", file["Key"]])
    assert [json.loads(child["Output"]) for child in children] == [
        {"statusCode": 200, "inputReceived": {"index": index, "value": row}}
        for index, row in enumerate(
            [
                {"userId": "1", "movieId": "307", "rating": "3.5"},
                {"userId": "1", "movieId": "481", "rating": "3.5"},
            ]
        )
    ]
