"""The table of the language: what is read, rendered and refused follows from it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import pytest

from cfngen import Workflow
from cfngen.asl import branches, conditions, handlers, states
from cfngen.asl.schema import (
    BATCHER,
    BRANCH,
    CATCHER,
    CHOICE,
    FIELDS,
    PROCESSOR,
    PROCESSOR_CONFIG,
    READER,
    READER_CONFIG,
    RETRIER,
    RULE,
    STATES,
    TEST,
    WORKFLOW,
    WRITER,
    WRITER_CONFIG,
    fields_of,
    order,
    owners_of,
    page_of,
)
from cfngen.core.problems import Problem
from tests.asl.test_read import LIST

STATE: Final[dict[str, dict[str, Any]]] = {
    "Task": {"Resource": "arn:aws:states:::sns:publish", "Parameters": {}, "End": True},
    "Pass": {"End": True},
    "Wait": {"Seconds": 1, "End": True},
    "Choice": {"Choices": [{"Variable": "$.a", "IsNull": True, "Next": "S"}], "Default": "S"},
    "Succeed": {},
    "Fail": {"Error": "e"},
    "Parallel": {
        "Branches": [{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}],
        "End": True,
    },
    "Map": {"ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}, "End": True},
}
CLASSES: Final[dict[str, type]] = {
    **{name: getattr(states, name) for name in ("Task", "Pass", "Wait", "Succeed", "Fail")},
    **{name: getattr(branches, name) for name in ("Choice", "Parallel", "Map")},
    RETRIER: handlers.Retrier,
    CATCHER: handlers.Catcher,
    RULE: conditions.ChoiceRule,
    TEST: conditions.DataTest,
    READER: branches.ItemReader,
    READER_CONFIG: branches.ReaderConfig,
    BATCHER: branches.ItemBatcher,
    WRITER: branches.ResultWriter,
    WRITER_CONFIG: branches.WriterConfig,
    PROCESSOR_CONFIG: branches.ProcessorConfig,
}
NAMES: Final = sorted(
    {name for row in FIELDS if set(row.of) & set(STATES) for name in row.names()} - {"Type"}
)
FOREIGN: Final = [(type_, name) for type_ in STATES for name in NAMES if type_ not in owners_of(name)]


def problems_of(fields: dict[str, Any], type_: str) -> list[Problem]:
    succeed = {} if type_ == "Succeed" and "S" in fields else {"S": {"Type": "Succeed"}}
    state = {"Type": type_, **STATE[type_], **fields}
    start = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "X"}],
        "Default": "S",
    }
    return Workflow.read({"StartAt": "C", "States": {"C": start, "X": state, **succeed}}).check()


@pytest.mark.parametrize(("type_", "name"), FOREIGN, ids=[f"{name}-{type_}" for type_, name in FOREIGN])
def test_a_field_of_another_state_type_is_an_error(type_: str, name: str) -> None:
    refused = [
        problem for problem in problems_of({name: "S"}, type_) if problem.location == f"/States/X/{name}"
    ]
    assert [(problem.code, problem.severity) for problem in refused] == [
        ("SCHEMA_VALIDATION_FAILED", "error")
    ]


@pytest.mark.parametrize(
    ("fields", "type_", "place"),
    [
        ({"Retries": []}, "Task", "Retries"),
        ({"Retry": [{"ErrorEquals": ["States.ALL"], "Next": "S"}]}, "Task", "Retry/0/Next"),
        ({"Catch": [{"ErrorEquals": ["E"], "Next": "S", "MaxAttempts": 1}]}, "Task", "Catch/0/MaxAttempts"),
        (
            {"Choices": [{"Not": {"Variable": "$.a", "IsNull": True, "Next": "S"}, "Next": "S"}]},
            "Choice",
            "Choices/0/Not/Next",
        ),
        (
            {"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "MaxItems": 1}},
            "Map",
            "ItemReader/MaxItems",
        ),
        ({"ResultWriter": {"WriterConfig": {"Mode": "x"}}}, "Map", "ResultWriter/WriterConfig/Mode"),
        (
            {"ItemProcessor": {**STATE["Map"]["ItemProcessor"], "QueryLanguage": "JSONPath"}},
            "Map",
            "ItemProcessor/QueryLanguage",
        ),
        (
            {"ItemProcessor": {**STATE["Map"]["ItemProcessor"], "ProcessorConfig": {"Label": "x"}}},
            "Map",
            "ItemProcessor/ProcessorConfig/Label",
        ),
        (
            {"Branches": [{**STATE["Parallel"]["Branches"][0], "QueryLanguage": "JSONata"}]},
            "Parallel",
            "Branches/0/QueryLanguage",
        ),
    ],
)
def test_a_field_that_its_mapping_does_not_take_is_an_error(
    fields: dict[str, Any], type_: str, place: str
) -> None:
    severities = {problem.location: problem.severity for problem in problems_of(fields, type_)}
    assert severities[f"/States/X/{place}"] == "error"


@pytest.mark.parametrize("type_", STATES)
def test_a_field_that_is_of_no_language_is_a_warning(type_: str) -> None:
    severities = {problem.location: problem.severity for problem in problems_of({"x-note": 1}, type_)}
    assert severities == {"/States/X/x-note": "warning"}


def test_a_field_of_states_is_an_error_at_the_top_level() -> None:
    document = {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}, "Retry": [], "x-note": 1}
    severities = {problem.location: problem.severity for problem in Workflow.read(document).check()}
    assert severities == {"/Retry": "error", "/x-note": "warning"}


@pytest.mark.parametrize("owner", CLASSES)
def test_a_class_has_the_fields_of_the_table(owner: str) -> None:
    of_class = {field.name for field in fields(CLASSES[owner]) if field.init}
    elsewhere = {"Type", "Next", "End"} if owner in STATES else set()  # which the flow says
    of_table = {row.sets or row.name for row in fields_of(owner)} - elsewhere
    beside = {"Name", "ProcessorConfig"} if owner in STATES else set()
    assert of_class - beside == of_table


@pytest.mark.parametrize("document", LIST.values(), ids=LIST)
def test_states_are_rendered_in_the_order_of_the_table(document: dict[str, Any]) -> None:
    read = Workflow.read(document)
    workflow = Workflow(read.flow, QueryLanguage=read.QueryLanguage)
    rendered, places = workflow.to_asl()["States"], order()
    for name, node in workflow.linked.nodes.items():
        if not isinstance(node.state, states.RawState):
            of_table = [places[field] for field in rendered[name]]
            assert of_table == sorted(of_table)


def test_every_field_has_an_owner_and_a_page() -> None:
    owners = {*CLASSES, WORKFLOW, BRANCH, PROCESSOR, CHOICE}
    for row in FIELDS:
        assert row.of
        assert owners.issuperset(row.of)
        assert page_of(row).startswith("https://docs.aws.amazon.com/step-functions/")
