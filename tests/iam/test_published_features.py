"""What a machine needs beside the calls of its tasks, against the statements that AWS publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from troposphere import encode_to_dict

from cfngen import DOCUMENTED, LEAST_PRIVILEGE, Map, Pass, Task, Workflow
from cfngen.asl.branches import (
    S3_GET_OBJECT,
    S3_LIST_OBJECTS_V2,
    S3_PUT_OBJECT,
    ItemReader,
    ProcessorConfig,
    ReaderConfig,
    ResultWriter,
)
from cfngen.asl.flow import Flow
from cfngen.iam.derive import Scope
from cfngen.stacks import StateMachine
from tests.iam.integrations import Triple, triples
from tests.iam.intrinsics import resolved
from tests.rows import each_row

PUBLISHED = json.loads(Path(__file__).with_name("published_features.json").read_text(encoding="utf-8"))
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SCOPES = pytest.mark.parametrize("scope", Scope, ids=lambda scope: scope.value)


def allowed(flow: Flow, scope: Scope, **options: Any) -> set[Triple]:
    machine = StateMachine(Workflow(flow), name="StateMachine", scope=scope, **options)
    return triples(resolved(encode_to_dict(machine.policy()), {})["Statement"])


def each(**fields: Any) -> Map:
    return Map(
        "Each",
        Label="Shops",
        ItemProcessor=Pass("One"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
        **fields,
    )


READER = ItemReader(
    Resource=S3_GET_OBJECT,
    ReaderConfig=ReaderConfig(InputType="CSV", CSVHeaderLocation="FIRST_ROW"),
    Parameters={"Bucket": "orders", "Key": "new/items.csv"},
)
LISTING = ItemReader(Resource=S3_LIST_OBJECTS_V2, Parameters={"Bucket": "orders", "Prefix": "new/"})
WRITER = ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": "results", "Prefix": "2026"})


@SCOPES
@each_row(
    ("fields", "more"),
    [
        ({}, ()),
        ({"ItemReader": READER}, ("reader",)),
        ({"ItemReader": LISTING, "ResultWriter": WRITER}, ("listing", "writer")),
    ],
    ids=["alone", "with a reader", "with a listing and a writer"],
)
def test_a_distributed_map(fields: Any, more: tuple[str, ...], scope: Scope) -> None:
    facts = PUBLISHED["map"]
    expected = [*facts["published"], *facts["redrive"], *facts["adds"]["statements"]]
    expected += [statement for name in more for statement in facts[name]]
    assert allowed(each(**fields), scope) == triples(expected)


@SCOPES
def test_logging(scope: Scope) -> None:
    assert allowed(Pass("a"), scope, log_level="ALL") == triples(PUBLISHED["logging"]["published"])


@SCOPES
def test_tracing(scope: Scope) -> None:
    assert allowed(Pass("a"), scope, tracing=True) == triples(PUBLISHED["tracing"]["published"])


@SCOPES
def test_a_customer_s_key(scope: Scope) -> None:
    assert allowed(Pass("a"), scope, kms_key=KEY) == triples(PUBLISHED["encryption"]["published"])


def test_a_customer_s_key_of_what_is_logged() -> None:
    found = allowed(Pass("a"), LEAST_PRIVILEGE, kms_key=KEY, log_level="ERROR")
    facts = PUBLISHED["encryption"]
    logs = json.loads(json.dumps(facts["logs"]).replace("StringEquals", "StringLike"))
    assert found == triples([*facts["published"], *logs, *PUBLISHED["logging"]["published"]])


def test_an_activity() -> None:
    activity = Task("Wait", Resource="arn:aws:states:us-west-2:123456789012:activity:wait")
    assert allowed(activity, DOCUMENTED) == triples(PUBLISHED["activity"]["published"])


def test_a_map_without_a_label_is_redriven_whatever_its_label_is() -> None:
    flow = Map(
        "Each",
        ItemProcessor=Pass("One"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
    )
    resources = {resource for action, resource, _ in allowed(flow, DOCUMENTED) if "Redrive" in action}
    assert resources == {"arn:aws:states:us-west-2:123456789012:execution:StateMachine/*:*"}
