"""Calls of any action of any service, as Python spells them."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from typing import Any

import pytest
from troposphere import Ref, encode_to_dict

from cfngen import (
    CALLBACK,
    JSONATA,
    SYNC,
    Jsonata,
    Pass,
    Path,
    PolicyWarning,
    Retrier,
    Workflow,
    chain,
    renamed,
)
from cfngen.iam.derive import derive
from cfngen.inputs.policies import explained, policies
from cfngen.stacks import StateMachine
from cfngen.tasks import aws_sdk
from cfngen.template import to_yaml
from tests.rows import each_row


def query(**arguments: Any) -> aws_sdk.Call:
    return aws_sdk.Call("Find", service="dynamodb", action="query", **{"TableName": "jobs", **arguments})


def state(call: aws_sdk.Call, **fields: Any) -> Any:
    return json.loads(json.dumps(Workflow(call, **fields).to_asl()))["States"]["Find"]


def warned(call: aws_sdk.Call) -> list[str]:
    return [str(problem) for problem in derive(Workflow(call).linked).warnings]


def actions(call: aws_sdk.Call) -> list[str]:
    document = encode_to_dict(derive(Workflow(call).linked).document())
    return [action for statement in document["Statement"] for action in statement["Action"]]


def test_the_arguments_of_the_api_stand_beside_the_fields_of_the_state() -> None:
    call = query(Limit=Path("$.limit"), Retry=[Retrier(ErrorEquals=["States.ALL"])], ResultPath=None)
    assert state(call) == {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:query",
        "Parameters": {"TableName": "jobs", "Limit.$": "$.limit"},
        "ResultPath": None,
        "Retry": [{"ErrorEquals": ["States.ALL"]}],
        "End": True,
    }


def test_in_jsonata_they_are_arguments() -> None:
    assert state(query(Limit=Jsonata("$states.input.n")), QueryLanguage=JSONATA)["Arguments"] == {
        "TableName": "jobs",
        "Limit": "{% $states.input.n %}",
    }


def test_jsonata_may_make_all_of_them() -> None:
    call = aws_sdk.Call("Find", service="dynamodb", action="query", arguments=Jsonata("$states.input"))
    assert state(call, QueryLanguage=JSONATA)["Arguments"] == "{% $states.input %}"


def test_what_jsonata_makes_may_be_any_table() -> None:
    call = aws_sdk.Call("Find", service="dynamodb", action="query", arguments=Jsonata("$states.input"))
    found = derive(Workflow(call, QueryLanguage=JSONATA).linked)
    assert [str(warning).partition(":")[0] for warning in found.warnings] == [
        "/States/Find/Arguments/TableName",
        "/States/Find/Arguments/IndexName",
    ]


def test_a_call_without_arguments_passes_none() -> None:
    call = aws_sdk.Call("Find", service="ec2", action="describeVpcs")
    assert "Parameters" not in state(call)


def test_it_can_wait_for_its_token() -> None:
    call = query(pattern=CALLBACK, ExpressionAttributeValues={"t": Path("$$.Task.Token")})
    assert state(call)["Resource"] == "arn:aws:states:::aws-sdk:dynamodb:query.waitForTaskToken"


def test_it_cannot_wait_for_a_job() -> None:
    [problem] = Workflow(query(pattern=SYNC)).check()
    assert str(problem) == (
        "/States/Find/Resource: aws-sdk:dynamodb:query does not support SYNC [INVALID_RESOURCE]\n"
        "    hint: it supports REQUEST_RESPONSE and CALLBACK"
    )


def test_an_argument_may_have_the_name_of_a_field() -> None:
    call = aws_sdk.Call("Find", service="glue", action="getTable", Name="t", DatabaseName="d", Comment_="c")
    assert state(call)["Parameters"] == {"DatabaseName": "d", "Comment": "c", "Name": "t"}


def test_arguments_may_be_a_mapping() -> None:
    arguments = {"TableName": "jobs", "Name": "n"}
    call = aws_sdk.Call("Find", service="dynamodb", action="query", arguments=arguments)
    assert state(call)["Parameters"] == arguments


def test_a_template_refers_to_the_table() -> None:
    template = to_yaml(StateMachine(Workflow(query(TableName=Ref("Jobs")))).template())
    assert "table/${Jobs}" in template


def test_it_can_be_replaced_and_renamed() -> None:
    again = replace(query(), action="scan")
    assert again == aws_sdk.Call("Find", service="dynamodb", action="scan", TableName="jobs")
    flow = renamed(query() >> Pass("Go On"), "first ")
    assert list(Workflow(flow).to_asl()["States"]) == ["first Find", "first Go On"]


def test_it_shows_what_it_was_made_of() -> None:
    assert repr(query()) == (
        "Call('Find', service='dynamodb', action='query', arguments={'TableName': 'jobs'})"
    )


def test_the_author_narrows_what_is_only_known_at_run_time() -> None:
    table = "arn:aws:dynamodb:us-west-2:123456789012:table/jobs"
    call = query(TableName=Path("$.table"), resources=[table])
    assert warned(call) == []
    assert table in str(derive(Workflow(call).linked).permissions)


def test_the_author_gives_the_reason() -> None:
    [permission] = derive(Workflow(query(because="finds what is due")).linked).permissions
    assert permission.reasons[0][:2] == ("Find", "finds what is due")


def test_it_can_be_left_out_of_the_policy() -> None:
    assert actions(query(derive=False)) == []


def test_with_credentials_the_role_only_takes_another() -> None:
    assert actions(query(Credentials={"RoleArn": "arn:aws:iam::210987654321:role/other"})) == [
        "sts:AssumeRole"
    ]


def test_an_action_without_a_list_is_allowed_by_its_name_with_a_warning() -> None:
    call = aws_sdk.Call("Find", service="dynamodb", action="paintTable", TableName="jobs")
    assert actions(call) == ["dynamodb:PaintTable"]
    assert warned(call) == [
        "/States/Find/Resource: no list of IAM's actions has one for 'aws-sdk:dynamodb:paintTable'; "
        "the policy holds that of the same name [UNVERIFIED_ACTION]\n"
        "    hint: did you mean 'updateTable'?"
    ]


def test_a_call_that_takes_no_credentials_of_iam_needs_no_permission() -> None:
    call = aws_sdk.Call("Find", service="sso", action="listAccounts", AccessToken="t")
    assert actions(call) == []
    assert warned(call) == []


def test_a_definition_needs_the_same(tmp_path: Any) -> None:
    definition = Workflow(query(TableName=Path("$.table"))).to_asl()
    file = tmp_path / "machine.asl.json"
    file.write_text(json.dumps(definition), encoding="utf-8")
    with pytest.warns(PolicyWarning, match="TableName is only known at run time"):
        [policy] = policies([str(file)])
    assert policy.document() == encode_to_dict(
        derive(Workflow(query(TableName=Path("$.table"))).linked).document()
    )


def test_the_explanation_names_the_page(tmp_path: Any) -> None:
    file = tmp_path / "machine.asl.json"
    file.write_text(json.dumps(Workflow(query()).to_asl()), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = explained(policies([str(file)]))
    assert text == (
        "dynamodb:Query\n"
        "  on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/jobs\n"
        "  'Find': calls Query\n"
        "    resource: from TableName\n"
        "    evidence: required, AWS refuses the call without it\n"
        "    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html\n"
    )


MISUSED = {
    "a service that is mistyped": (
        {"service": "dynmodb", "action": "query"},
        "there is no service 'aws-sdk:dynmodb'; did you mean 'dynamodb'?",
    ),
    "a service by the name it has in IAM": (
        {"service": "states", "action": "startExecution"},
        "there is no service 'aws-sdk:states'; did you mean 'sfn'?",
    ),
    "a service that is no text": (
        {"service": 7, "action": "query"},
        "there is no service 'aws-sdk:7'",
    ),
    "no action": (
        {"service": "dynamodb"},
        "Call.__init__() missing 1 required keyword-only argument: 'action'",
    ),
    "an action with a suffix": (
        {"service": "dynamodb", "action": "query.sync"},
        "action takes the name of an action of dynamodb, not 'query.sync'",
    ),
    "an argument in the case of an SDK": (
        {"service": "dynamodb", "action": "query", "tableName": "jobs"},
        "Call has no field 'tableName'; did you mean 'TableName'?",
    ),
    "a field that is mistyped": (
        {"service": "dynamodb", "action": "query", "patern": CALLBACK},
        "Call has no field 'patern'; did you mean 'pattern'?",
    ),
    "arguments that are none": (
        {"service": "dynamodb", "action": "query", "arguments": ["jobs"]},
        "arguments takes a mapping of the API's arguments, not ['jobs']",
    ),
    "an argument twice": (
        {"service": "dynamodb", "action": "query", "TableName": "a", "arguments": {"TableName": "b"}},
        "Call is given TableName twice, by name and in arguments",
    ),
    "arguments by name and as an expression": (
        {"service": "dynamodb", "action": "query", "TableName": "a", "arguments": Jsonata("$x")},
        "Call takes arguments=Jsonata('$x') or TableName, not both",
    ),
    "a pattern that is none": (
        {"service": "dynamodb", "action": "query", "pattern": ".sync"},
        "pattern takes one of REQUEST_RESPONSE, CALLBACK, not '.sync'",
    ),
}


@each_row(("fields", "message"), MISUSED.values(), ids=MISUSED)
def test_refuses(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        aws_sdk.Call("Find", **fields)
    assert str(raised.value) == message


def test_an_action_that_the_api_does_not_have_is_a_problem() -> None:
    call = aws_sdk.Call("Find", service="dynamodb", action="qurey", TableName="jobs")
    [problem] = Workflow(call).check(apis=True)
    assert str(problem) == (
        "/States/Find/Resource: dynamodb has no action 'qurey' [INVALID_RESOURCE]\n"
        "    hint: did you mean 'query'?"
    )


def test_an_argument_that_the_api_does_not_have_is_a_problem() -> None:
    [problem] = Workflow(query(Tablename="jobs")).check(apis=True)
    assert problem.message == "aws-sdk:dynamodb:query has no argument 'Tablename'"


def test_calls_that_are_alike_need_the_same_as_each_alone() -> None:
    calls = [
        aws_sdk.Call(f"Find {number}", service="dynamodb", action=action, TableName=table, Limit=number)
        for number, (action, table) in enumerate(
            [("query", "a"), ("query", "a"), ("query", "b"), ("scan", "a"), ("query", Ref("Table"))]
        )
    ]
    permissions = derive(Workflow(chain(*calls)).linked).permissions
    assert [
        (
            [action.JSONrepr() for action in permission.actions],
            [str(resource).rpartition("/")[2].strip("'}") for resource in permission.resources],
            [state for state, *_ in permission.reasons],
        )
        for permission in permissions
    ] == [
        (["dynamodb:Query", "dynamodb:Scan"], ["a"], ["Find 0", "Find 1", "Find 3"]),
        (["dynamodb:Query"], ["b", "${Table"], ["Find 2", "Find 4"]),
    ]
