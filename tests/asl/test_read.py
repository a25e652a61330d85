"""What is read is what was written: nothing is lost, and what is no document is refused in one line."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path as File
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from troposphere import Ref

from cfngen import (
    ALL,
    Catcher,
    Fail,
    Goto,
    Jsonata,
    Pass,
    Path,
    RawState,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
    WorkflowError,
)
from cfngen.asl.branches import Choice, Map, Parallel, ProcessorConfig
from cfngen.asl.conditions import ChoiceRule, DataTest
from cfngen.core.problems import errors
from cfngen.documents import source
from cfngen.documents.nodes import SourceNode
from cfngen.documents.source import MAX_BYTES, ReadError, parse
from tests.asl.test_properties import flow, plans
from tests.rings import examples
from tests.rows import each_row

CASES = sorted((File(__file__).parent.parent / "cases").glob("*.py"))
ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
PASS = {"Type": "Pass", "End": True}
ONE = {"StartAt": "A", "States": {"A": PASS}}


def from_values(workflow: Workflow) -> Workflow:
    """Return the same workflow without the document it was read from."""
    fields = ("Comment", "TimeoutSeconds", "Version", "QueryLanguage")
    return Workflow(workflow.flow, **{name: getattr(workflow, name) for name in fields})


def machine(*states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a document of states that follow each other, named S0, S1, ..."""
    rendered_states = {}
    for number, state in enumerate(states):
        open_ = state.get("Type") not in ("Choice", "Succeed", "Fail") and "End" not in state
        ends = {"End": True} if number + 1 == len(states) else {"Next": f"S{number + 1}"}
        rendered_states[f"S{number}"] = {**state, **(ends if open_ and "Next" not in state else {})}
    return {**fields, "StartAt": "S0", "States": rendered_states}


def read_state(state: dict[str, Any], **fields: Any) -> Any:
    return Workflow.read(machine(state, **fields)).flow


# --- documents of every kind ---------------------------------------------------------------------

INSIDE = {"StartAt": "In", "States": {"In": {"Type": "Succeed"}}}
LIST: dict[str, Any] = {
    "a task with every field of JSONPath": machine(
        {
            "Comment": "c",
            "Type": "Task",
            "Resource": ARN,
            "InputPath": "$.in",
            "Parameters": {"a.$": "$.a", "b": [1, {"c.$": "States.UUID()"}], "d": None},
            "Credentials": {"RoleArn.$": "$.role"},
            "ResultSelector": {"x.$": "$.x"},
            "ResultPath": None,
            "OutputPath": "$",
            "TimeoutSecondsPath": "$.t",
            "HeartbeatSeconds": 5,
            "Assign": {"v.$": "$.v"},
            "Retry": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "IntervalSeconds": 1,
                    "MaxAttempts": 0,
                    "BackoffRate": 1.5,
                    "MaxDelaySeconds": 9,
                    "JitterStrategy": "FULL",
                }
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S1", "ResultPath": "$.e"}],
        },
        {"Type": "Succeed", "InputPath": "$.x", "OutputPath": None},
        Comment="all of it",
        Version="1.0",
        TimeoutSeconds=60,
    ),
    "a task with every field of JSONata": machine(
        {
            "Type": "Task",
            "Resource": ARN,
            "Arguments": {"a": "{% $states.input.a %}", "b.$": "text"},
            "TimeoutSeconds": "{% 60 %}",
            "Assign": {"v": "{%$x%}"},
            "Output": "{% $states.result %}",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S1", "Output": {"e": "{% 1 %}"}}],
        },
        {"Type": "Fail", "Error": "{% 'E' %}", "Cause": "why"},
        QueryLanguage="JSONata",
    ),
    "a choice of every kind": {
        "StartAt": "Choose",
        "States": {
            "Choose": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.a", "NumericEquals": 1, "Next": "Yes", "Comment": "one"},
                    {
                        "And": [
                            {"Variable": "$.b", "IsPresent": True},
                            {"Not": {"Variable": "$.c", "StringEqualsPath": "$.d"}},
                        ],
                        "Next": "No",
                    },
                    {"Variable": "$.t", "TimestampLessThan": "2030-01-01T00:00:00Z", "Next": "Yes"},
                ],
                "Default": "Choose again",
            },
            "Yes": {"Type": "Succeed"},
            "No": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "$.c"},
            "Choose again": {"Type": "Wait", "Seconds": 1, "Next": "Choose"},
        },
    },
    "a choice in JSONata": {
        "QueryLanguage": "JSONata",
        "StartAt": "Choose",
        "States": {
            "Choose": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $x > 1 %}", "Next": "Yes", "Assign": {"a": 1}, "Output": 2}],
                "Default": "Yes",
                "Output": "{% $states.input %}",
            },
            "Yes": {"Type": "Succeed", "Output": "{% 1 %}"},
        },
    },
    "a parallel": machine(
        {
            "Type": "Parallel",
            "Parameters": {"all.$": "$.all"},
            "Branches": [
                INSIDE,
                {"StartAt": "Other", "States": {"Other": {"Type": "Wait", "SecondsPath": "$.s", "End": True}}},
            ],
            "ResultSelector": {"first.$": "$[0]"},
        }
    ),
    "an inline map": machine(
        {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemSelector": {"i.$": "$$.Map.Item.Value"},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **INSIDE},
            "MaxConcurrency": 2,
        }
    ),
    "a map of the old spelling": machine(
        {"Type": "Map", "Parameters": {"i.$": "$$.Map.Item.Value"}, "Iterator": INSIDE, "MaxConcurrency": 0}
    ),
    "a distributed map": machine(
        {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItemsPath": "$.n"},
                "Parameters": {"Bucket": "b", "Key.$": "$.k"},
            },
            "ItemBatcher": {"BatchInput": {"x.$": "$.x"}, "MaxItemsPerBatch": 10},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                **INSIDE,
            },
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}},
            "ToleratedFailurePercentagePath": "$.p",
            "ToleratedFailureCount": 3,
            "Label": "rows",
        }
    ),
    "fields that are not known": machine(
        {"Type": "Pass", "Unheard-of": {"deep": [None]}, "Result": {"a.$": "kept"}},
        {"Type": "Parallel", "Branches": [{**INSIDE, "Comment": "a branch"}], "New": 1},
        Later="x",
    ),
    "an end that is false, and no catcher": machine(
        {"Type": "Pass", "End": False, "Next": "S1"}, {"Type": "Task", "Resource": ARN, "Catch": []}
    ),
    "intrinsics of CloudFormation": machine(
        {
            "Type": "Task",
            "Resource": {"Fn::GetAtt": ["F", "Arn"]},
            "Comment": {"Fn::Sub": "for ${X}"},
            "Parameters": {"t": {"Ref": "T"}, "f.$": {"Fn::Sub": "States.Format('${X}')"}},
        }
    ),
    "a loop": {
        "StartAt": "B",
        "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
                   "C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "A"}],
                         "Default": "D"}, "D": {"Type": "Succeed"}},
    },
}  # fmt: skip


@each_row("document", LIST.values(), ids=LIST)
def test_what_is_read_is_rendered_as_it_was(document: dict[str, Any]) -> None:
    workflow = Workflow.read(document)
    assert [problem for problem in workflow.check() if problem.severity == "error"] == []
    assert json.dumps(workflow.to_asl()) == json.dumps(document)
    text = json.dumps(document, indent=1)
    assert json.dumps(Workflow.read(text).to_asl()) == json.dumps(document)


@each_row("document", LIST.values(), ids=LIST)
def test_the_values_mean_the_document(document: dict[str, Any]) -> None:
    rendered = from_values(Workflow.read(document)).to_asl()
    assert modern(rendered) == modern(without(document, "Later"))


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: item for key, item in document.items() if key != name}


def modern(document: dict[str, Any]) -> Any:
    """Return a document without what may be spelled in two ways."""
    text = json.dumps(document)
    for old, new in {"Iterator": "ItemProcessor", '"{%$x%}"': '"{% $x %}"'}.items():
        text = text.replace(old, new)
    plain = json.loads(text)
    for state in plain["States"].values():
        if state["Type"] == "Map" and "Parameters" in state:
            state["ItemSelector"] = state.pop("Parameters")
    return plain


@each_row("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_read_and_rendered_from_its_values_as_it_was(path: Path) -> None:
    workflow = runpy.run_path(str(path))["workflow"]
    try:
        document = workflow.to_asl()
    except WorkflowError:
        assert errors(workflow.check())  # so that there is no document
        return
    read = Workflow.read(document)  # in an object a number that CloudFormation fills in is an error
    assert json.dumps(read.rendered(in_aws)) == json.dumps(document)
    assert from_values(read).rendered(in_aws) == document


def in_aws(tail: str) -> str:
    return f"arn:aws:states:::{tail}"


@examples(100)
@given(plans())
def test_whatever_is_rendered_is_read_back(plan: Any) -> None:
    document = Workflow(flow(plan), TimeoutSeconds=60).to_asl()
    read = Workflow.read(json.dumps(document))
    assert json.dumps(read.to_asl()) == json.dumps(document)
    assert from_values(read).to_asl() == document
    assert Workflow.read(yaml.safe_dump(document)).to_asl() == document


# --- the values ----------------------------------------------------------------------------------


def test_a_chain_with_a_handler_is_read_as_it_would_be_written() -> None:
    failed = Fail("Failed")
    task = Task(
        "Call",
        Resource=ARN,
        Parameters={"a": Path("$.a"), "b": [{"c": Path("$.c")}]},
        TimeoutSeconds=Path("$.t"),
        Retry=[Retrier(ErrorEquals=[ALL], MaxAttempts=1)],
        Catch=[Catcher(ErrorEquals=[ALL], Next=Pass("Note") >> failed)],
    )
    written = Workflow(task >> Wait("Rest", Seconds=1) >> Succeed("Done"))
    flow_read: Any = Workflow.read(written.to_asl()).flow
    assert flow_read == written.flow
    assert flow_read.before.before.Catch[0].Next == Pass("Note") >> failed


def test_a_loop_goes_to_a_name() -> None:
    loop: Any = Workflow.read(LIST["a loop"]).flow
    assert loop.after == Choice(
        "C",
        Choices=[ChoiceRule(Variable="$.x", IsNull=True, Next=Pass("A") >> Goto("B"))],
        Default=Succeed("D"),
    )


def test_an_expression_of_jsonata_is_one_in_that_language_alone() -> None:
    state = {"Type": "Wait", "Timestamp": "{% $now() %}"}
    assert read_state(state, QueryLanguage="JSONata") == Wait("S0", Timestamp=Jsonata("$now()"))
    assert read_state(state) == Wait("S0", Timestamp="{% $now() %}")


def test_a_choice_holds_tests() -> None:
    choice: Any = Workflow.read(LIST["a choice of every kind"]).flow
    [_, rule, _] = choice.Choices
    assert rule == ChoiceRule(
        And=[
            DataTest(Variable="$.b", IsPresent=True),
            DataTest(Not=DataTest(Variable="$.c", StringEqualsPath="$.d")),
        ],
        Next=Goto("No"),
    )


def test_a_parallel_holds_flows() -> None:
    state = {"Type": "Parallel", "Branches": [INSIDE, INSIDE]}
    assert read_state(state) == Parallel("S0", Branches=[Succeed("In"), Succeed("In")])


def test_an_iterator_is_an_item_processor() -> None:
    assert read_state({"Type": "Map", "Iterator": INSIDE}) == Map("S0", ItemProcessor=Succeed("In"))
    config = {"Mode": "INLINE"}
    assert read_state({"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **INSIDE}}) == Map(
        "S0", ItemProcessor=Succeed("In"), ProcessorConfig=ProcessorConfig(Mode="INLINE")
    )


def test_a_state_with_a_field_that_is_not_known_stays_raw_and_is_checked_for_the_rest() -> None:
    fields = {"Type": "Wait", "Seconds": "60", "Secnds": 1, "End": True}
    workflow = Workflow.read({"StartAt": "W", "States": {"W": fields}})
    assert workflow.flow == RawState("W", fields)
    assert RawState("W", fields) == workflow.flow
    assert [(p.location, p.severity, p.hint) for p in workflow.check()] == [
        ("/States/W/Seconds", "error", ""),
        ("/States/W/Secnds", "error", "did you mean 'Seconds'?"),
    ]


def test_a_raw_state_keeps_the_flows_that_its_fields_lead_to() -> None:
    state = {"Type": "Task", "Resource": ARN, "New": 1, "Catch": [{"ErrorEquals": [ALL], "Next": "S2"}]}
    document = machine(state, {"Type": "Succeed"}, {"Type": "Pass", "Result": 1})
    rendered = from_values(Workflow.read(document)).to_asl()
    assert rendered == document


def test_an_intrinsic_of_any_library_may_stand_in_a_mapping() -> None:
    document = machine({"Type": "Task", "Resource": Ref("F")})
    assert Workflow.read(document).to_asl()["States"]["S0"]["Resource"] == {"Ref": "F"}


def test_the_document_is_new_each_time_and_the_one_given_may_change() -> None:
    given_ = json.loads(json.dumps(ONE))
    workflow = Workflow.read(given_)
    given_["States"]["A"]["Type"] = "Fail"
    workflow.to_asl()["States"].clear()
    assert workflow.to_asl() == ONE


def test_a_definition_is_read_from_a_file(tmp_path: File) -> None:
    for name, text in {
        "a.json": json.dumps(ONE),
        "b.yaml": yaml.safe_dump(ONE),
        "c.asl": json.dumps(ONE),
    }.items():
        path = tmp_path / name
        path.write_text(text)
        assert Workflow.read(path).to_asl() == ONE
        assert Workflow.read(str(path)).to_asl() == ONE


def test_a_file_that_is_not_there_is_the_systems_error(tmp_path: File) -> None:
    with pytest.raises(FileNotFoundError):
        Workflow.read(tmp_path / "none.json")


def test_a_workflow_that_is_changed_is_rendered_from_its_values() -> None:
    workflow = replace(Workflow.read(ONE), Comment="new")
    assert not workflow.is_read
    assert workflow.to_asl() == {"Comment": "new", **ONE}


@pytest.mark.slow
def test_an_error_far_in_a_large_text_takes_no_second_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(source, "JsonReader")
    with pytest.raises(ReadError, match=r"^line 1, column [0-9]{7}: this is not JSON: "):
        Workflow.read('{"a": [' + "1, " * 2_000_000 + "}")


# --- what is wrong with a document ---------------------------------------------------------------

WRONG = {
    "it is empty": {},
    "states is a list": {"StartAt": "A", "States": []},
    "nothing starts": {"States": {"A": PASS}},
    "a number starts": {"StartAt": 1, "States": {"A": PASS}},
    "it starts nowhere": {"StartAt": "B", "States": {"A": PASS}},
    "there is no state": {"StartAt": "A", "States": {}},
    "a state is text": {"StartAt": "A", "States": {"A": "Pass"}},
    "a state has no type": {"StartAt": "A", "States": {"A": {"End": True}}},
    "a state is of no type": {"StartAt": "A", "States": {"A": {"Type": "Tsk", "Next": "A"}}},
    "a type is a list": {"StartAt": "A", "States": {"A": {"Type": [], "End": True}}},
    "a state neither ends nor goes on": {"StartAt": "A", "States": {"A": {"Type": "Pass"}}},
    "a state ends and goes on": machine({"Type": "Pass", "Next": "S1", "End": True}, {"Type": "Succeed"}),
    "a state goes on to a list": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": ["A"]}}},
    "a state goes on to nowhere": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Ab"}}},
    "a state is never reached": {"StartAt": "A", "States": {"A": PASS, "B": PASS}},
    "a comment is null": machine({"Type": "Pass", "Comment": None}, Comment=None),
    "a task calls nothing": machine({"Type": "Task"}),
    "seconds are text": machine({"Type": "Task", "Resource": ARN, "TimeoutSeconds": "60"}),
    "seconds stand there twice": machine({"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s"}),
    "a path is a number": machine({"Type": "Wait", "SecondsPath": 5}),
    "retriers are a mapping": machine({"Type": "Task", "Resource": ARN, "Retry": {}}),
    "retriers are of all kinds": machine(
        {"Type": "Task", "Resource": ARN, "Retry": [1, {}, {"ErrorEquals": "States.ALL"}, {"ErrorEquals": [ALL], "x": 1}]}
    ),
    "catchers lead to no text": machine(
        {"Type": "Task", "Resource": ARN, "Catch": [{"ErrorEquals": [ALL], "Next": 1}, {"ErrorEquals": [ALL]}]}
    ),
    "a choice has no rules": machine({"Type": "Choice", "Default": "S0"}),
    "rules are no rules": machine(
        {"Type": "Choice", "Choices": [[], {"And": 1, "Next": "S0"}, {"Not": [], "Next": "S0"}], "Default": 1}
    ),
    "branches are none": machine({"Type": "Parallel", "Branches": [1, {}, {"StartAt": "X", "States": {}}]}),
    "a map runs nothing": machine({"Type": "Map"}, {"Type": "Map", "ItemProcessor": []}),
    "parts of a map are lists": machine(
        {"Type": "Map", "ItemProcessor": {**INSIDE, "ProcessorConfig": []}, "ItemReader": [], "ItemBatcher": 1}
    ),
    "one name stands in two branches": machine({"Type": "Parallel", "Branches": [INSIDE, INSIDE]}),
    "fields of the workflow are wrong": {**ONE, "TimeoutSeconds": "1", "QueryLanguage": "SQL", "Vresion": 1},
}  # fmt: skip


@each_row("name, document", WRONG.items())
def test_what_is_wrong_with_a_document_is_its_golden(
    name: str, document: dict[str, Any], golden: Callable[[str, str], None]
) -> None:
    workflow = Workflow.read(document)
    str(workflow)
    problems = workflow.check()
    assert problems
    golden(f"read/{name.replace(' ', '_')}.txt", "".join(f"{problem}\n" for problem in problems))


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


@each_row("turned", [dict, reversed_keys])
@each_row("document", WRONG.values(), ids=WRONG)
def test_problems_come_in_the_order_of_the_document(
    document: dict[str, Any], turned: Callable[[Any], dict[str, Any]]
) -> None:
    document = turned(document)
    source_ = parse(json.dumps(document, indent=1))
    places = [source_.place(problem.location) for problem in Workflow.read(document).check("EXPRESS")]
    assert places == sorted(places, key=lambda place: place or (0, 0))


def test_states_inside_of_a_state_that_stays_raw_are_checked() -> None:
    branch = {"StartAt": "In", "States": {"In": {"Type": "Pass", "Next": "Out"}}}
    workflow = Workflow.read(machine({"Type": "Parallel", "Branches": [branch], "Unknown": 1}))
    assert "/States/S0/Branches/0/States/In/Next" in [problem.location for problem in workflow.check()]


# --- what is no document -------------------------------------------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "nothing": "",
    "blanks alone": " \n\n",
    "text": "just words",
    "a list": "[1, 2]",
    "a list of yaml": "- 1\n- 2\n",
    "a number": "5",
    "null in json": '{"a": nul}',
    "no comma": '{\n  "a": 1\n  "b": 2\n}',
    "a comma too many": '{\n  "a": 1,\n}',
    "a comma too many in a list": '{"a": [1, ]}',
    "a key without quotes": "{a: 1}",
    "no colon": '{"a" 1}',
    "a text that never ends": '{"a": "b',
    "a line break in a text": '{"a": "b\nc"}',
    "an escape that is none": '{"a": "\\x"}',
    "a document that never ends": '{"a": {',
    "more after the end": '{"a": 1}\n}',
    "a key twice": '{\n  "States": {},\n  "States": {}\n}',
    "a key twice far inside": '{"a": [{"b": 1, "c": {"d": 1, "d": 2}}]}',
    "no number": '{"a": NaN}',
    "a number beyond all": '{"a": 1e999}',
    "a number without end": '{"a": ' + "9" * 5_000 + "}",
    "nested without end": '{"a": ' + "[" * 100_000,
    "nested too deep": '{"a": ' + "[" * 2_000 + "]" * 2_000 + "}",
    "half a character": '{"a": "\ud800"}',
    "half a character as an escape": '{\n"a": "\\\\ud83d \\ud83d\\ude00 \\\\\\ud83d"}',
    "the other half as an escape": '{"a": "\\u0041\\uDE00"}',
    "a key twice in yaml": "States:\n  A: 1\n  B: 2\n  A: 3\n",
    "a tab in yaml": "a:\n\tb: 1\n",
    "a tag of python": "a: !!python/object/apply:os.system [echo]\n",
    "a tag of nobody": "a:\n  b: !Subb x\n",
    "a binary": "a: !!binary aGVsbG8=\n",
    "an alias to nothing": "a: *b\n",
    "an alias to itself": "a: &a\n  b: *a\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "a key that is a list": "[a]: 1\n",
    "a bomb": BOMB,
    "nested too deep in yaml": "a: " + "[" * 2_000,
    "infinity in yaml": "a: .inf\n",
    "a merge of text": "a:\n  <<: text\n",
    "a control character": "a: \x07\n",
}


@each_row("name, text", REFUSED.items())
def test_what_is_no_document_is_refused_in_one_line(
    name: str, text: str, golden: Callable[[str, str], None]
) -> None:
    with pytest.raises(ReadError) as refused:
        Workflow.read(text)
    assert "\n" not in str(refused.value)
    golden(f"read/refused/{name.replace(' ', '_')}.txt", f"{refused.value}\n")


@pytest.mark.parametrize("given_", [None, 5, b"{}", [ONE]], ids=repr)
def test_what_is_neither_mapping_nor_text_nor_path_is_refused(
    given_: Any,
) -> None:
    with pytest.raises(
        ReadError, match="a document is a mapping, JSON or YAML text, or the path of a file, not"
    ):
        Workflow.read(given_)


def test_the_error_of_a_file_names_it_and_the_place(tmp_path: File) -> None:
    path = tmp_path / "m.json"
    path.write_text('{\n  "a": 1,,\n}')
    with pytest.raises(ReadError) as refused:
        Workflow.read(path)
    error = refused.value
    assert str(error) == f"{path}:2:10: a key in double quotes is expected here"
    assert (error.name, error.line, error.column) == (str(path), 2, 10)


def test_a_file_that_is_not_utf_8_is_refused_at_the_byte(tmp_path: File) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes("a: é\nb: ü".encode() + b"\xff")
    with pytest.raises(ReadError) as refused:
        Workflow.read(path)
    assert str(refused.value) == f"{path}:2:5: the file is not UTF-8: the byte 0xff is not valid here"


def test_a_file_of_100_mb_is_refused_at_once(tmp_path: File) -> None:
    path = tmp_path / "m.json"
    with open(path, "wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(ReadError, match="the file has more than 16 MiB"):
        Workflow.read(path)
    with pytest.raises(ReadError, match="the text has more than 16 MiB"):
        Workflow.read("x" * (MAX_BYTES + 1))


def test_a_mapping_that_holds_itself_is_refused() -> None:
    document = dict(ONE)
    document["States"] = document
    with pytest.raises(ReadError, match="nested deeper than 1,000 levels"):
        Workflow.read(document)


def test_a_key_that_is_no_text_is_refused() -> None:
    with pytest.raises(ReadError, match="a key must be text, not 5"):
        Workflow.read({"States": {5: PASS}})


def test_a_byte_order_mark_is_passed_over(tmp_path: File) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(ONE).encode())
    assert Workflow.read(path).to_asl() == ONE


# --- YAML ----------------------------------------------------------------------------------------


def test_short_tags_of_cloudformation_become_its_functions() -> None:
    text = """
        a: !Ref A
        b: !Sub "${A}-x"
        c: !GetAtt A.B.C
        d: !GetAtt [A, B]
        e: !Join ["-", [!Ref A, x]]
        f: !If [C, !Ref A, !Ref AWS::NoValue]
        g: !Condition C
    """
    assert parse(text).data == {
        "a": {"Ref": "A"},
        "b": {"Fn::Sub": "${A}-x"},
        "c": {"Fn::GetAtt": ["A", "B.C"]},
        "d": {"Fn::GetAtt": ["A", "B"]},
        "e": {"Fn::Join": ["-", [{"Ref": "A"}, "x"]]},
        "f": {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
        "g": {"Condition": "C"},
    }


def test_dates_and_keys_stay_text() -> None:
    assert parse("a: 2010-09-09\nYes: no\n1: 0x10\n~: ~\n'<<': 1.5").data == {
        "a": "2010-09-09", "Yes": False, "1": 16, "~": None, "<<": 1.5,
    }  # fmt: skip


def test_aliases_and_merges_are_those_of_yaml_1_1() -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  d: *x\n  b: 5\n  <<: [*x, *y]\n"
    assert parse(text).data["z"] == {"d": {"a": 1, "b": 2}, "b": 5, "a": 1, "c": 4}


# --- places --------------------------------------------------------------------------------------

JSON = """\
{
  "StartAt": "A/B",
  "States": {
    "A/B": {"Type": "Task",
      "Retry": [{"MaxAttempts": "1"}, 5]},
    "C": []
  }
}"""
YAML = """\
StartAt: A/B
States:
  A/B:
    Type: Task
    Retry:
      - MaxAttempts: "1"
      - 5
  C: []
"""


@each_row(
    ("pointer", "in_json", "in_yaml"),
    [
        ("", (1, 1), (1, 1)),
        ("/StartAt", (2, 14), (1, 10)),
        ("/States", (3, 3), (2, 1)),
        ("/States/A/B", (4, 5), (3, 3)),
        ("/States/A/B/Type", (4, 21), (4, 11)),
        ("/States/A/B/Retry/0/MaxAttempts", (5, 33), (6, 22)),
        ("/States/A/B/Retry/1", (5, 39), (7, 9)),
        ("/States/A/B/Retry/2", (5, 16), (6, 7)),
        ("/States/A/B/Resource/x/y", (4, 12), (4, 5)),
        ("/States/D", (3, 13), (3, 3)),
        ("/nowhere", (1, 1), (1, 1)),
    ],
)
def test_every_value_has_its_line_and_column(
    pointer: str, in_json: tuple[int, int], in_yaml: tuple[int, int]
) -> None:
    assert (parse(JSON).place(pointer), parse(YAML).place(pointer)) == (in_json, in_yaml)


# --- size and shape ------------------------------------------------------------------------------


def nested(depth: int, branches: bool) -> dict[str, Any]:
    inner = ONE
    for number in range(depth):
        state = {"Type": "Parallel", "Branches": [inner], "End": True}
        if not branches:
            state = {"Type": "Map", "ItemProcessor": inner, "End": True}
        inner = {"StartAt": f"S{number}", "States": {f"S{number}": state}}
    return inner


@pytest.mark.parametrize("branches", [True, False], ids=["Parallel", "Map"])
def test_states_are_nested_200_deep(branches: bool) -> None:
    document = nested(200, branches)
    workflow = Workflow.read(document)
    assert workflow.check() == []
    assert workflow.to_asl() == document
    assert from_values(workflow).to_asl() == document
    assert Workflow.read(json.dumps(document)).to_asl() == document


@pytest.mark.slow
def test_a_row_of_10_000_states_is_read() -> None:
    document = machine(*[{"Type": "Pass"}] * 10_000)
    workflow = Workflow.read(json.dumps(document))
    assert workflow.check() == []
    assert workflow.to_asl() == document
    assert from_values(workflow).to_asl() == document


# --- whatever comes ------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
FIELDS = [
    "And",
    "Arguments",
    "Assign",
    "Branches",
    "Catch",
    "Choices",
    "Comment",
    "Condition",
    "Default",
    "End",
    "Error",
    "ErrorEquals",
    "Fn::Sub",
    "IsNull",
    "ItemBatcher",
    "ItemProcessor",
    "ItemReader",
    "Iterator",
    "Mode",
    "Next",
    "Not",
    "Output",
    "Parameters",
    "Parameters.$",
    "ProcessorConfig",
    "QueryLanguage",
    "ReaderConfig",
    "Ref",
    "Resource",
    "ResultPath",
    "Retry",
    "Seconds",
    "SecondsPath",
    "StartAt",
    "States",
    "Type",
    "Variable",
]
WORDS = ["Task", "Pass", "Wait", "Choice", "Succeed", "Fail", "Parallel", "Map", "A", "B", "$.x", "{% 1 %}",
         "JSONata", "JSONPath", "States.ALL", "DISTRIBUTED"]  # fmt: skip
fragments = st.recursive(
    st.sampled_from(WORDS) | json_values,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FIELDS, "A", "B"]), inner, max_size=6)
    ),
    max_leaves=25,
)
states = st.dictionaries(st.sampled_from(FIELDS), fragments, max_size=8).flatmap(
    lambda fields: st.sampled_from(WORDS[:8]).map(lambda kind: {**fields, "Type": kind})
)
documents = st.fixed_dictionaries(
    {
        "StartAt": st.sampled_from(["A", "B"]),
        "States": st.dictionaries(st.sampled_from("ABC"), states, max_size=3),
    },
    optional={"QueryLanguage": st.sampled_from(["JSONata", "JSONPath", 5]), "Comment": fragments},
)


def answered(document: Any) -> None:
    """Do all that may be done with a document; only our own errors may come of it."""
    try:
        workflow = Workflow.read(document)
    except ReadError:
        return
    for type_ in ("STANDARD", "EXPRESS"):
        workflow.check(type_)
    str(workflow)
    assert from_values(workflow).check() is not None
    with suppress(WorkflowError):
        workflow.to_asl()


@pytest.mark.slow
@examples(400)
@given(documents)
def test_every_document_is_answered(document: Any) -> None:
    answered(document)
    assert json.dumps(Workflow.read(document).rendered(str)) == json.dumps(document)


@pytest.mark.slow
@examples(300)
@given(st.dictionaries(st.text(max_size=5), json_values))
@example({"States": {"A": {"Type": "Task", "Resource": {}}}})
def test_every_mapping_is_answered(document: Any) -> None:
    answered(document)


@examples(500)
@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            ['{"a"', ": ", "{", "}", "[", "]", ",", '"b"', "1", "-", "\n", "  ", "- ", "&a ", "*a", "!Sub ", "!!int ",
             "<<", "? ", "|", ">", "'", "#", "%", "---", "...", "null", "1e9", "\t", "\\", "é", "\u2028", "\r", "a: "]
        ),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_every_text_is_answered(text: str) -> None:
    answered(text)


@examples(200)
@given(content=st.binary(max_size=60))
def test_every_file_is_answered(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "m.yaml"
    path.write_bytes(content)
    answered(path)


@examples(300)
@given(
    json_values.filter(lambda value: "NaN" not in json.dumps(value) and "Infinity" not in json.dumps(value))
)
def test_both_readers_of_json_read_the_same_as_python(value: Any) -> None:
    from cfngen.documents.json_source import JsonReader, nodes_of

    text = json.dumps({"a": value}, indent=2)
    data, node = JsonReader(text, "").read()
    assert data == parse(text).data == json.loads(text)
    assert places(nodes_of(text)) == places(node)


def places(node: SourceNode) -> list[Any]:
    """Return where a node and all in it stand."""
    children = node.children.items() if isinstance(node.children, dict) else enumerate(node.children or ())
    return [node.start, node.key_offset, *([key, *places(child)] for key, child in children)]
