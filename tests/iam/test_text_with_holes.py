"""Policies of calls whose arguments are expressions in which CloudFormation fills something in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from troposphere import GetAtt, ImportValue, Join, Ref, Sub

from cfngen import JSONATA, REQUEST_RESPONSE, SYNC, ItemReader, Jsonata, Map, Pass, Path, Workflow
from cfngen.asl.branches import ProcessorConfig
from cfngen.stacks import StateMachine
from cfngen.tasks import batch, dynamodb, http, lambda_, sns, sqs
from cfngen.workflow import PolicyWarning
from tests.rows import each_row

TABLE = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"


def statements(state: Any, language: Any = JSONATA) -> list[Any]:
    machine = StateMachine(Workflow(state, QueryLanguage=language), name="Own")
    found: list[Any] = json.loads(machine.policy().to_json())["Statement"]
    return found


def resources(state: Any, language: Any = JSONATA) -> list[Any]:
    found: list[Any] = statements(state, language)[0]["Resource"]
    return found


def table(name: Any) -> Any:
    return dynamodb.GetItem("Get", TableName=name, Key={"id": {"S": "1"}})


@each_row(
    ("name", "expected"),
    [
        (Jsonata(Sub("'${A}-' & $states.input.id")), [{"Fn::Sub": f"{TABLE}${{A}}-*"}]),
        (Sub("{% '${A}-' & $states.input.id %}"), [{"Fn::Sub": f"{TABLE}${{A}}-*"}]),
        (Jsonata(Sub("'${A}'")), [{"Fn::Sub": f"{TABLE}${{A}}"}]),
        (Jsonata("'orders'"), [{"Fn::Sub": f"{TABLE}orders"}]),
        (Jsonata("'or' & 'ders'"), [{"Fn::Sub": f"{TABLE}orders"}]),
        (Jsonata(Join("", ["'", Ref("A"), "'"])), [{"Fn::Sub": f"{TABLE}${{A}}"}]),
        (Jsonata(Join("", ["'", GetAtt("T", "Arn"), "'"])), [{"Fn::GetAtt": ["T", "Arn"]}]),
        (
            Jsonata(Sub("$states.input.first ? '${A}' : '${B}'")),
            [{"Fn::Sub": f"{TABLE}${{A}}"}, {"Fn::Sub": f"{TABLE}${{B}}"}],
        ),
        (
            Jsonata("$states.input.n = 1 ? 'a' : $states.input.n = 2 ? 'b-' & $states.input.x : 'a'"),
            [{"Fn::Sub": f"{TABLE}a"}, {"Fn::Sub": f"{TABLE}b-*"}],
        ),
        (
            Jsonata("( $n := $states.input.n; ($n > 1 ? 'a' : 'b') )"),
            [{"Fn::Sub": f"{TABLE}a"}, {"Fn::Sub": f"{TABLE}b"}],
        ),
        (
            Jsonata(Sub("'${A}-' & $states.input.id", A=ImportValue("a"))),
            [{"Fn::Sub": [f"{TABLE}${{Var1}}-*", {"Var1": {"Fn::ImportValue": "a"}}]}],
        ),
        (
            Jsonata(Sub("'arn:${AWS::Partition}:dynamodb:eu-west-1:1:table/${A}' & $states.input.id")),
            [{"Fn::Sub": "arn:${AWS::Partition}:dynamodb:eu-west-1:1:table/${A}*"}],
        ),
    ],
)
def test_the_table_that_an_expression_names(name: Any, expected: list[Any]) -> None:
    assert resources(table(name)) == expected


@each_row(
    "name",
    [
        Jsonata(Ref("Expression")),
        Jsonata(Sub("$lookup($states.input, '${A}')")),
        Jsonata(Sub("$states.input.first ? '${A}' : $states.input.name")),
        Jsonata(Sub("$x := '${A}'")),
    ],
)
def test_an_expression_that_may_name_any_table_is_wide_and_said_to_be(name: Any) -> None:
    with pytest.warns(PolicyWarning, match="TableName is only known at run time"):
        assert resources(table(name)) == [{"Fn::Sub": f"{TABLE}*"}]


@each_row(
    ("call", "expected"),
    [
        ("States.Format('${Stage}-{}', $.id)", [{"Fn::Sub": f"{TABLE}${{Stage}}-*"}]),
        ("States.Format('${Stage}-{}', 'a')", [{"Fn::Sub": f"{TABLE}${{Stage}}-a"}]),
        ("States.Format('{}-{}', '${Stage}', $.id)", [{"Fn::Sub": f"{TABLE}${{Stage}}-*"}]),
        ("States.Format('${Stage}')", [{"Fn::Sub": f"{TABLE}${{Stage}}"}]),
    ],
)
def test_the_table_that_a_call_of_format_names(call: str, expected: list[Any]) -> None:
    assert resources(table(Path(Sub(call))), None) == expected


@each_row(
    ("state", "expected"),
    [
        (
            sns.Publish(
                "S",
                pattern=REQUEST_RESPONSE,
                TopicArn=Jsonata(Sub("$states.input.x ? '${A}' : '${B}'")),
                Message="m",
            ),
            [{"Ref": "A"}, {"Ref": "B"}],
        ),
        (
            lambda_.Invoke(
                "S",
                pattern=REQUEST_RESPONSE,
                FunctionName=Jsonata(Sub("$states.input.x ? '${A.Arn}' : 'b'")),
            ),
            [
                {"Fn::GetAtt": ["A", "Arn"]},
                {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:b"},
            ],
        ),
        (
            sqs.SendMessage(
                "S", pattern=REQUEST_RESPONSE, QueueUrl=Jsonata(Sub("'${Queue}'")), MessageBody="m"
            ),
            [
                {
                    "Fn::Sub": [
                        "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Name}",
                        {"Name": {"Fn::Select": [4, {"Fn::Split": ["/", {"Ref": "Queue"}]}]}},
                    ]
                }
            ],
        ),
        (
            batch.SubmitJob(
                "S", pattern=SYNC, JobName="j", JobDefinition="d:1", JobQueue=Jsonata(Sub("'${Queue}'"))
            ),
            [{"Ref": "Queue"}],
        ),
    ],
)
def test_other_services_name_theirs_likewise(state: Any, expected: list[Any]) -> None:
    found = [resource for each in statements(state) for resource in each["Resource"]]
    assert [resource for resource in expected if resource not in found] == []
    assert "{%" not in json.dumps(statements(state))


def test_an_endpoint_is_narrowed_to_what_is_known_of_it() -> None:
    state = http.Invoke(
        "Fetch",
        ApiEndpoint=Jsonata(
            Sub("'https://${Api}.execute-api.eu-west-1.amazonaws.com/items/' & $states.input.id")
        ),
        Method="GET",
        Authentication={"ConnectionArn": Ref("Connection")},
    )
    assert statements(state)[0]["Condition"]["StringLike"] == {
        "states:HTTPEndpoint": {"Fn::Sub": "https://${Api}.execute-api.eu-west-1.amazonaws.com/items/*"}
    }


def test_the_object_that_a_map_reads_is_narrowed_to_what_is_known_of_its_key() -> None:
    state = Map(
        "Each",
        ItemReader=ItemReader(
            Resource="arn:aws:states:::s3:getObject",
            Arguments={"Bucket": Ref("Bucket"), "Key": Jsonata(Sub("'${Stage}/' & $states.input.key"))},
        ),
        ItemProcessor=Pass("P"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
    )
    found = [each["Resource"] for each in statements(state) if "s3:GetObject" in each["Action"]]
    assert found == [[{"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/${Stage}/*"}]]
