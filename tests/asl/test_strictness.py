"""What Step Functions refuses in expressions and timestamps, and what it takes that looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from cfngen import RawState, Workflow
from cfngen.asl.jsonata import JsonataReads, parse_literal_jsonata
from cfngen.asl.timestamps import is_timestamp
from tests.rows import each_row


def codes(state: dict[str, Any], language: str = "JSONata") -> dict[str, tuple[str, str]]:
    document = {"QueryLanguage": language, "StartAt": "A", "States": {"A": state}}
    return {
        problem.location.removeprefix("/States/A/"): (problem.code, problem.severity)
        for problem in Workflow.read(document).check()
    }


@each_row(
    "text",
    [
        *("basket.total * 2", "total > 10", "delay", "$", "$.x", "$sum(items.price)", "`a b`.c"),
        *("$map($x, function($i){ price })", "{price: 1}", "[a, 1]", "1 + (b)", "$x ? name : 'd'"),
        *("-price", "$not(done)", "'a' & name"),
    ],
)
def test_a_name_at_the_top_level_is_refused(text: str) -> None:
    found = codes({"Type": "Pass", "Output": f"{{% {text} %}}", "End": True})
    assert found == {"Output": ("UNSUPPORTED_JSONATA_EXPRESSION", "error")}


@each_row(
    "text",
    [
        *("$states.input.items[price > 3].name", "$sum($states.input.items.price)", "'a' & 'b'"),
        *("$map($states.input.items, function($i){ $i.name })", "{'price': 1}", "$states.input^(price)"),
        *("$states.input.{'n': name}", "$states.input.(a + b)", "$states.input{kind: $sum(price)}"),
        *("$x := 1", "($y := $states.input; $y.a)", "true and false", "null", "1e3 + 1.5", "[1..3]"),
        *("$states.input.a in ['b']", "$states.input.items.$", "$states.input ~> |a|{'b': c}|", "/ab/"),
        *("function($x){ $x.a }", "$filter($states.input.x, function($v, $i){ $v.and > 1 })"),
        *("$states.input.items[0].tags[key = 'a'].value", "$states.input.`a b`"),
    ],
)
def test_a_name_in_a_step_a_predicate_an_order_or_a_grouping_is_accepted(text: str) -> None:
    read = parse_literal_jsonata(text)
    assert isinstance(read, JsonataReads)
    assert (read.loose, read.reads_root) == ((), False)


def test_the_root_is_read_in_the_output_of_a_catcher_alone() -> None:
    caught = {"ErrorEquals": ["States.ALL"], "Next": "A", "Output": {"all": "{% $$ %}"}}
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Arguments": {"Message": "{% $$ %}"},
        "Catch": [caught],
        "End": True,
    }
    assert codes(state) == {"Arguments/Message": ("UNSUPPORTED_JSONATA_EXPRESSION", "error")}


@each_row(
    "fields",
    [
        {"Type": "Wait", "Seconds": "{% delay %}", "End": True},
        {"Type": "Wait", "Timestamp": "{% delay %}", "End": True},
        {"Type": "Fail", "Error": "{% delay %}"},
        {"Type": "Choice", "Choices": [{"Condition": "{% delay %}", "Next": "A"}], "Default": "A"},
        {"Type": "Pass", "Assign": {"x": "{% delay %}"}, "End": True},
    ],
)
def test_every_field_with_an_expression_refuses_a_name_at_the_top_level(fields: dict[str, Any]) -> None:
    assert ("UNSUPPORTED_JSONATA_EXPRESSION", "error") in codes(fields).values()


def test_text_that_is_no_expression_has_any_words() -> None:
    assert codes({"Type": "Pass", "Comment": "{% delay %}", "End": True}) == {}


@pytest.mark.parametrize("text", [" {% $states.input.a %} ", "Hello {% $states.input.a %}!"])
def test_an_expression_inside_text_is_found(text: str) -> None:
    found = codes({"Type": "Pass", "Output": {"x": text}, "End": True})
    assert found == {"Output/x": ("SCHEMA_VALIDATION_FAILED", "warning")}


def test_a_key_that_ends_as_in_jsonpath_is_found_in_jsonata() -> None:
    found = codes(
        {"Type": "Pass", "Output": {"deep": {"a.$": "$.a"}}, "Assign": {"b.$": "$.b"}, "End": True}
    )
    assert found == {
        "Output/deep/a.$": ("SCHEMA_VALIDATION_FAILED", "warning"),
        "Assign/b.$": ("SCHEMA_VALIDATION_FAILED", "error"),
    }


@each_row(
    "text",
    [
        *("2031-05-01T08:00:00", "2031-05-01t08:00:00Z", "2031-05-01T08:00:00z", "tomorrow"),
        *("2031-13-01T08:00:00Z", "2031-02-30T08:00:00Z", "2031-05-01T25:00:00Z", "01-05-2031T08:00:00Z"),
        *("2031-05-01T08:00:00+24:00", "2031-05-01", "{% $now() %}"),
    ],
)
def test_a_wait_until_no_timestamp_is_refused(text: str) -> None:
    assert not is_timestamp(text)
    found = codes({"Type": "Wait", "Timestamp": text, "End": True}, "JSONPath")
    assert found == {"Timestamp": ("SCHEMA_VALIDATION_FAILED", "error")}


@pytest.mark.parametrize(
    "text",
    ["2031-05-01T08:00:00+02:00", "2031-05-01T08:00:00.243167252Z", "2028-02-29T23:59:59Z"],
)
def test_a_wait_until_a_timestamp_is_accepted(text: str) -> None:
    assert codes({"Type": "Wait", "Timestamp": text, "End": True}, "JSONPath") == {}


PASS: dict[str, Any] = {"Type": "Pass", "End": True}
TASK: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "f"},
    "End": True,
}
ERROR = ("SCHEMA_VALIDATION_FAILED", "error")
WARNING = ("SCHEMA_VALIDATION_FAILED", "warning")
RESOURCE = ("INVALID_RESOURCE", "error")


def distributed(**fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = {"ProcessorConfig": config, "StartAt": "I", "States": {"I": PASS}}
    return {"Type": "Map", "ItemProcessor": processor, **fields, "End": True}


def s3(action: str, arguments: Any = None, **fields: Any) -> dict[str, Any]:
    call = {"Resource": f"arn:aws:states:::s3:{action}", **fields}
    return call if arguments is None else {**call, "Parameters": arguments}


@each_row(
    ("credentials", "place"),
    [
        ({}, "Credentials"),
        ("arn:aws:iam::123456789012:role/r", "Credentials"),
        ({"Role": "r"}, "Credentials"),
        ([], "Credentials"),
        ({"RoleArn": 1}, "Credentials/RoleArn"),
    ],
)
def test_credentials_that_name_no_role_are_refused(credentials: Any, place: str) -> None:
    assert codes({**TASK, "Credentials": credentials}, "JSONPath") == {place: ERROR}


@pytest.mark.parametrize(
    "credentials", [{"RoleArn": "arn:aws:iam::123456789012:role/r"}, {"RoleArn.$": "$.role"}]
)
def test_credentials_with_a_role_are_accepted(credentials: Any) -> None:
    assert codes({**TASK, "Credentials": credentials}, "JSONPath") == {}


@each_row(
    ("reader", "place", "problem"),
    [
        (s3("putObject", {"Bucket": "b", "Key": "k"}), "Resource", RESOURCE),
        (s3("getObject.sync", {"Bucket": "b", "Key": "k"}), "Resource", RESOURCE),
        ({"Resource": "arn:aws:states:::aws-sdk:s3:getObject"}, "Resource", RESOURCE),
        ({"Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"}, "Resource", RESOURCE),
        (s3("getObject"), "", ERROR),
        (s3("getObject", {"Bucket": "b"}), "Parameters", ERROR),
        (s3("listObjectsV2", {"Prefix": "p"}), "Parameters", ERROR),
        (s3("getObject", {"Bucket": 1, "Key": "k"}), "Parameters/Bucket", ERROR),
        (
            s3(
                "getObject",
                {"Bucket": "b", "Key": "k"},
                ReaderConfig={"CSVHeaderLocation": "GIVEN", "CSVHeaders": True},
            ),
            "ReaderConfig/CSVHeaders",
            ERROR,
        ),
    ],
)
def test_a_reader_that_cannot_read_is_refused(
    reader: dict[str, Any], place: str, problem: tuple[str, str]
) -> None:
    assert codes(distributed(ItemReader=reader), "JSONPath") == {f"ItemReader/{place}".rstrip("/"): problem}


@each_row(
    "reader",
    [
        s3("getObject", {"Bucket": "b", "Key.$": "$.key"}),
        s3("listObjectsV2", {"Bucket": {"Ref": "Bucket"}, "Prefix": "p"}),
        {
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::s3:getObject"},
            "Parameters": {"Bucket": "b", "Key": "k"},
        },
        {"Resource": {"Ref": "Reader"}},
    ],
)
def test_a_reader_of_s3_is_accepted(reader: dict[str, Any]) -> None:
    assert codes(distributed(ItemReader=reader), "JSONPath") == {}


BOTH = {"Transformation": "NONE", "OutputType": "JSON"}


@each_row(
    ("writer", "place", "problem"),
    [
        ({}, "", ERROR),
        (s3("getObject", {"Bucket": "b"}), "Resource", RESOURCE),
        (s3("putObject"), "", ERROR),
        (s3("putObject", {"Prefix": "p"}), "Parameters", ERROR),
        (s3("putObject", {"Bucket": "b", "Prefix": 1}), "Parameters/Prefix", ERROR),
        ({"Parameters": {"Bucket": "b"}}, "", ERROR),
        ({"WriterConfig": {"OutputType": "JSON"}}, "WriterConfig", ERROR),
        ({"WriterConfig": {"Transformation": "NONE"}}, "WriterConfig", ERROR),
    ],
)
def test_a_writer_that_cannot_write_is_refused(
    writer: dict[str, Any], place: str, problem: tuple[str, str]
) -> None:
    assert codes(distributed(ResultWriter=writer), "JSONPath") == {
        f"ResultWriter/{place}".rstrip("/"): problem
    }


@pytest.mark.parametrize(
    "writer",
    [
        {"WriterConfig": BOTH},
        s3("putObject", {"Bucket": "b", "Prefix": "p"}),
        s3("putObject", {"Bucket": "b"}, WriterConfig=BOTH),
    ],
)
def test_a_writer_has_one_of_three_sets_of_fields(writer: dict[str, Any]) -> None:
    assert codes(distributed(ResultWriter=writer), "JSONPath") == {}


@each_row("escape", [r"\"", r"\n", r"\u0041", r"\$"])
def test_an_escape_that_intrinsics_do_not_have_is_refused(escape: str) -> None:
    found = codes({**PASS, "Parameters": {"x.$": f"States.Format('a{escape}b')"}}, "JSONPath")
    assert found == {"Parameters/x.$": ERROR}


def test_intrinsics_have_four_escapes() -> None:
    assert codes({**PASS, "Parameters": {"x.$": r"States.Format('\'\{\}\\')"}}, "JSONPath") == {}


@each_row("field", ["ErrorPath", "CausePath"])
@each_row(
    ("call", "found"),
    [
        ("States.MathAdd(1, 2)", ERROR),
        ("States.ArrayLength($.a)", ERROR),
        ("States.Array('a')", ERROR),
        ("States.Format('{}', States.MathAdd(1, 2))", None),
        ("States.UUID()", None),
        ("$.error", None),
    ],
)
def test_the_path_to_an_error_takes_functions_of_text(field: str, call: str, found: Any) -> None:
    assert codes({"Type": "Fail", field: call}, "JSONPath") == ({field: found} if found else {})
    raw = Workflow(RawState("A", {"Type": "Fail", field: call}))
    assert [problem.location for problem in raw.check()] == ([f"/States/A/{field}"] if found else [])


def test_the_path_to_items_cannot_be_null() -> None:
    state = {
        "Type": "Map",
        "ItemsPath": None,
        "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}},
        "End": True,
    }
    assert codes(state, "JSONPath") == {"ItemsPath": ERROR}


def test_a_substitution_that_never_closes_fills_in_nothing() -> None:
    fields = {"Parameters": {"x": "a ${b", "closed": "${b}", "path.$": "$.a[${b", "y.$": "$.a${b}"}}
    assert codes({**PASS, **fields}, "JSONPath") == {"Parameters/x": WARNING, "Parameters/path.$": ERROR}


def test_an_expression_of_jsonata_in_jsonpath_is_text() -> None:
    assert codes({**PASS, "Parameters": {"x": "{% $y %}"}}, "JSONPath") == {"Parameters/x": WARNING}
    assert codes({**PASS, "Result": "{% $y %}"}, "JSONPath") == {"Result": WARNING}


def test_an_express_workflow_has_no_activities() -> None:
    activity = {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": True}
    workflow = Workflow.read({"StartAt": "A", "States": {"A": activity}})
    assert workflow.check() == []
    assert [problem.code for problem in workflow.check("EXPRESS")] == ["INVALID_RESOURCE"]


@pytest.mark.parametrize(
    "states",
    [
        {"A": {"Branches": "x", "Next": "B"}, "B": {**PASS, "Assign": {"x": 1}}},
        {"A": {"Branches": "x", "Assign": {"x": 1}, "End": True}},
        {
            "A": {
                "Branches": "x",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"x": 1}, "Next": "B"}],
                "Next": "B",
            },
            "B": PASS,
        },
    ],
)
def test_an_inner_scope_cannot_assign_what_an_outer_one_assigns_at_any_time(states: dict[str, Any]) -> None:
    inner = {"StartAt": "I", "States": {"I": {**PASS, "Assign": {"x": 2}}}}
    branching = {"Type": "Parallel", **states["A"], "Branches": [inner]}
    document = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {**states, "A": branching}}
    errors = [problem.location for problem in Workflow.read(document).check()]
    assert errors == ["/States/A/Branches/0/States/I/Assign/x"]


def test_scopes_beside_each_other_assign_the_same_variable() -> None:
    inner = [{"StartAt": name, "States": {name: {**PASS, "Assign": {"x": 2}}}} for name in ("I", "J")]
    assert codes({"Type": "Parallel", "Branches": inner, "End": True}) == {}


@pytest.mark.parametrize(
    ("state", "language"),
    [
        ({**TASK, "Retry": [{"ErrorEquals": ["States.Mine"]}]}, "JSONPath"),
        ({**PASS, "Output": "{% $randomSeeded(1) %}"}, "JSONata"),
    ],
)
def test_what_fails_at_run_time_alone_is_a_warning(state: dict[str, Any], language: str) -> None:
    assert list(codes(state, language).values()) == [WARNING]


CALLBACK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": True}


@each_row(
    ("path", "passes"),
    [
        ("$$['Task']['Token']", True),
        ('$$["Task"].Token', True),
        ("States.Format('{}', $$.Task.Token)", True),
        ("$$", True),
        ("$$.TaskName", False),
        ("$.Task.Token", False),
    ],
)
def test_the_token_is_passed_by_any_path_to_it(path: str, passes: bool) -> None:
    found = codes(
        {**CALLBACK, "Parameters": {"FunctionName": "f", "Payload": {"token.$": path}}}, "JSONPath"
    )
    assert ("Parameters" not in found) is passes


@each_row(
    ("expression", "passes"),
    [
        ("$states.context.Task.Token", True),
        ("$states.`context`.Task.Token", True),
        ("$states", True),
        ("$states.input.token", False),
    ],
)
def test_the_token_is_passed_by_any_expression_that_reads_it(expression: str, passes: bool) -> None:
    arguments = {"FunctionName": "f", "Payload": {"token": f"{{% {expression} %}}"}}
    assert codes({**CALLBACK, "Arguments": arguments}) == ({} if passes else {"Arguments": WARNING})


@each_row("language", ["Jsonata", "jsonata", "XPath", 1.5])
@each_row("other", [{}, {"ResultPath": None, "Parameters": {"a": 1}}])
def test_a_wrong_query_language_is_one_error(language: Any, other: dict[str, Any]) -> None:
    state = {**PASS, "Output": "{% $states.input %}", **other}
    assert codes(state, language) == {"/QueryLanguage": ERROR}
    assert codes({**state, "QueryLanguage": language}, "JSONPath") == {"QueryLanguage": ERROR}


def rules(*tests: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{**test, "Next": "B"} for test in tests]}


@each_row(
    ("state", "language", "covers"),
    [
        (
            rules({"Variable": "$.a", "IsPresent": True}, {"Variable": "$.a", "IsPresent": False}),
            "JSONPath",
            True,
        ),
        (
            rules({"Variable": "$.a", "IsPresent": True}, {"Variable": "$.b", "IsPresent": False}),
            "JSONPath",
            False,
        ),
        (
            rules({"Variable": "$.a", "IsNull": True}, {"Variable": "$.a", "IsNull": True}),
            "JSONPath",
            False,
        ),
        (
            rules(
                {"Variable": "$.a", "NumericEquals": 1}, {"Not": {"Variable": "$.a", "NumericEquals": 1}}
            ),
            "JSONPath",
            True,
        ),
        (
            rules({"Variable": "$.a", "IsNull": False}, {"Not": {"Variable": "$.a", "IsNull": False}}),
            "JSONPath",
            True,
        ),
        (
            rules({"Variable": "$.a", "BooleanEquals": True}, {"Variable": "$.a", "BooleanEquals": False}),
            "JSONPath",
            False,  # a text is neither
        ),
        (rules({"Condition": True}), "JSONata", True),
        (rules({"Condition": "{% true %}"}), "JSONata", True),
        (rules({"Condition": "{% $a %}"}, {"Condition": "{% $not($a) %}"}), "JSONata", True),
        (rules({"Condition": "{% $a %}"}, {"Condition": "{% $not($b) %}"}), "JSONata", False),
    ],
)
def test_rules_of_which_one_always_holds_need_no_default(
    state: dict[str, Any], language: str, covers: bool
) -> None:
    document = {"QueryLanguage": language, "StartAt": "A", "States": {"A": state, "B": {"Type": "Succeed"}}}
    assert ("NO_DEFAULT" not in [problem.code for problem in Workflow.read(document).check()]) is covers


def test_the_hint_for_an_expression_of_several_lines_does_not_nest_the_marks() -> None:
    state = rules({"Condition": "{%\n  $a\n%}\n"})
    document = {
        "QueryLanguage": "JSONata",
        "StartAt": "A",
        "States": {"A": state, "B": {"Type": "Succeed"}},
    }
    assert "write '{% $a %}'" in [problem.hint for problem in Workflow.read(document).check()]


def test_keys_inside_a_field_that_is_not_known_are_no_fields() -> None:
    state = {"Type": "Pass", "Newer": {"S3OutputPath": "s3://data", "b": {"ResultPath": "r"}}, "End": True}
    by_hand = Workflow(RawState("A", state)).check()
    read = Workflow.read({"StartAt": "A", "States": {"A": state}}).check()
    assert (by_hand, [it.severity for it in read]) == ([], ["warning"])


@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_a_comparison_with_a_number_beyond_all_is_checked(number: int) -> None:
    rule = {"Variable": "$.n", "NumericEquals": number, "Next": "B"}
    states = {"A": {"Type": "Choice", "Choices": [rule], "Default": "B"}, "B": {"Type": "Succeed"}}
    assert Workflow.read({"StartAt": "A", "States": states}).check() == []
