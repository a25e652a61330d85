"""The table of the language: what is read, rendered and refused follows from it."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any, Final

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
    names_of,
    order,
)
from cfngen.core.problems import Problem
from tests.asl.test_read import LIST
from tests.rows import each_row

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
INNER: Final[dict[str, Any]] = STATE["Map"]["ItemProcessor"]
DISTRIBUTED: Final[dict[str, Any]] = {
    "ItemProcessor": {**INNER, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
    "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}},
    "ItemBatcher": {"MaxItemsPerBatch": 1},
    "ResultWriter": {"WriterConfig": {"OutputType": "JSON", "Transformation": "NONE"}},
}
RETRYING: Final = {"Retry": [{"ErrorEquals": ["E"]}], "Catch": [{"ErrorEquals": ["E"], "Next": "S"}]}
NESTED: Final = {"Choices": [{"And": [{"Variable": "$.a", "IsNull": True}], "Next": "S"}]}
OWNERS: Final[dict[str, tuple[str, dict[str, Any], str]]] = {
    **{type_: (type_, {}, "") for type_ in STATES},
    BRANCH: ("Parallel", {}, "/Branches/0"),
    RETRIER: ("Task", RETRYING, "/Retry/0"),
    CATCHER: ("Task", RETRYING, "/Catch/0"),
    RULE: ("Choice", {}, "/Choices/0"),
    TEST: ("Choice", NESTED, "/Choices/0/And/0"),
    PROCESSOR: ("Map", DISTRIBUTED, "/ItemProcessor"),
    PROCESSOR_CONFIG: ("Map", DISTRIBUTED, "/ItemProcessor/ProcessorConfig"),
    READER: ("Map", DISTRIBUTED, "/ItemReader"),
    READER_CONFIG: ("Map", DISTRIBUTED, "/ItemReader/ReaderConfig"),
    BATCHER: ("Map", DISTRIBUTED, "/ItemBatcher"),
    WRITER: ("Map", DISTRIBUTED, "/ResultWriter"),
    WRITER_CONFIG: ("Map", DISTRIBUTED, "/ResultWriter/WriterConfig"),
}
"""Where each mapping with fields of its own stands: a type of state, fields of it, and a pointer into it."""
NAMES: Final = sorted({name for owner in (*OWNERS, WORKFLOW) for name in names_of(owner)})


def document_of(fields: dict[str, Any], type_: str) -> dict[str, Any]:
    succeed = {} if type_ == "Succeed" and "S" in fields else {"S": {"Type": "Succeed"}}
    state = {"Type": type_, **STATE[type_], **fields}
    start = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "X"}],
        "Default": "S",
    }
    return {"StartAt": "C", "States": {"C": start, "X": state, **succeed}}


def problems_of(fields: dict[str, Any], type_: str) -> list[Problem]:
    return Workflow.read(document_of(fields, type_)).check()


@each_row("owner", [WORKFLOW, *OWNERS])
def test_a_field_of_another_mapping_is_an_error(owner: str) -> None:
    """All of them at once, 2,339 in 21 mappings; AWS was seen to refuse 17 such pairs, and to take none."""
    type_, fields, inside = OWNERS.get(owner, ("Pass", {}, ""))
    document = copy.deepcopy(document_of(fields, type_))
    location = "" if owner == WORKFLOW else f"/States/X{inside}"
    mapping: Any = document
    for part in location.split("/")[1:]:
        mapping = mapping[int(part) if part.isdecimal() else part]
    foreign = [name for name in NAMES if name not in names_of(owner)]
    mapping.update(dict.fromkeys(foreign, "S"))
    problems = {
        (problem.location, problem.code, problem.severity)
        for problem in Workflow.read(document).check()
        if problem.rule == "asl-field-not-supported"
    }
    assert len(foreign) > 60
    assert problems == {(f"{location}/{name}", "SCHEMA_VALIDATION_FAILED", "error") for name in foreign}


@each_row(
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


@each_row("type_", STATES)
def test_a_field_that_is_of_no_language_is_a_warning(type_: str) -> None:
    severities = {problem.location: problem.severity for problem in problems_of({"x-note": 1}, type_)}
    assert severities == {"/States/X/x-note": "warning"}


def test_a_field_of_states_is_an_error_at_the_top_level() -> None:
    document = {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}, "Retry": [], "x-note": 1}
    severities = {problem.location: problem.severity for problem in Workflow.read(document).check()}
    assert severities == {"/Retry": "error", "/x-note": "warning"}


@each_row("owner", CLASSES)
def test_a_class_has_the_fields_of_the_table(owner: str) -> None:
    of_class = {field.name for field in fields(CLASSES[owner]) if field.init}
    elsewhere = {"Type", "Next", "End"} if owner in STATES else set()  # which the flow says
    of_table = {row.sets or row.name for row in fields_of(owner)} - elsewhere
    beside = {"Name", "ProcessorConfig"} if owner in STATES else set()
    assert of_class - beside == of_table


@each_row("document", LIST.values(), ids=LIST)
def test_states_are_rendered_in_the_order_of_the_table(document: dict[str, Any]) -> None:
    read = Workflow.read(document)
    workflow = Workflow(read.flow, QueryLanguage=read.QueryLanguage)
    rendered, places = workflow.to_asl()["States"], order()
    for name, node in workflow.linked.nodes.items():
        if not isinstance(node.state, states.RawState):
            of_table = [places[field] for field in rendered[name]]
            assert of_table == sorted(of_table)


def test_every_field_has_an_owner() -> None:
    owners = {*CLASSES, WORKFLOW, BRANCH, PROCESSOR, CHOICE}
    for row in FIELDS:
        assert row.of
        assert owners.issuperset(row.of)
