"""What is written builds the same workflow, is formatted as ruff formats, and no text in it is ever code."""

from __future__ import annotations

import json
import keyword
import runpy
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pathlib import Path as File
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from cfngen import SYNC, Goto, RawState, Workflow, WorkflowError, tasks
from cfngen.asl.flow import steps
from cfngen.asl.states import State
from cfngen.codegen import to_python
from cfngen.tasks import athena
from cfngen.tasks.service import ServiceTask
from tests.asl.test_mutations import VALUES, copied, places
from tests.asl.test_nested_properties import workflows
from tests.asl.test_properties import flow, plans
from tests.asl.test_read import (
    CASES,
    LIST,
    WRONG,
    documents,
    from_values,
    machine,
    modern,
    nested,
    without,
)
from tests.rings import examples
from tests.rows import each_row

RUFF = File(sys.executable).with_name("ruff")
ARN = "arn:aws:states:::"


def ran(text: str) -> dict[str, Any]:
    """Return the names of a module."""
    names: dict[str, Any] = {}
    exec(compile(text, "written.py", "exec"), names)
    return names


def rebuilt(document: dict[str, Any], **fields: Any) -> Workflow:
    """Return the workflow that is built by what is written for a document."""
    workflow: Workflow = ran(to_python({"": Workflow.read(document)}, **fields))["workflow"]
    return workflow


def definition(workflow: Workflow) -> dict[str, Any]:
    """Return the definition as it is, whatever is wrong with it."""
    return workflow.rendered(lambda tail: f"{ARN}{tail}")


def ruff(text: str, *arguments: str) -> str:
    """Return what ruff says of a text."""
    ran = subprocess.run(
        [RUFF, *arguments, "--isolated", "--no-cache", "--stdin-filename", "written.py", "-"],
        input=text.encode(),
        capture_output=True,
        cwd=File(__file__).anchor,  # where cfngen is a package like others
    )
    return (ran.stdout + ran.stderr).decode()


def formatted(text: str, line: int = 100) -> str:
    return ruff(text, "format", "--quiet", "--line-length", str(line))


def integrations() -> list[type[ServiceTask]]:
    """Return the class of every integration that there is."""
    modules = [import_module(f"cfngen.tasks.{each.name}") for each in iter_modules(tasks.__path__)]
    return [
        declared
        for module in modules
        for declared in vars(module).values()
        if isinstance(declared, type) and issubclass(declared, ServiceTask) and "action" in vars(declared)
    ]


# --- the same workflow ---------------------------------------------------------------------------


@each_row("document", LIST.values(), ids=LIST)
def test_what_is_written_builds_the_definition(document: dict[str, Any]) -> None:
    assert modern(rebuilt(document).to_asl()) == modern(without(document, "Later"))


def is_refused(workflow: Workflow) -> bool:
    """Tell whether a definition says two things of one name, of which no Python is written."""
    assert workflow._read is not None
    if not workflow._read.graph.conflicts:
        return False
    with pytest.raises(WorkflowError):
        to_python({"": workflow})
    return True


@each_row("document", WRONG.values(), ids=WRONG)
def test_a_definition_with_problems_is_written_with_all_of_it_or_refused(document: dict[str, Any]) -> None:
    if is_refused(Workflow.read(document)):
        return
    workflow_built = rebuilt(document)
    known = {name: item for name, item in document.items() if name != "Vresion" and item is not None}
    assert {**definition(workflow_built), "States": None} == {**known, "States": None}
    for name, rendered in definition(workflow_built)["States"].items():
        assert rendered in (document["States"][name], {**document["States"][name], "End": True})


@pytest.mark.slow
@each_row("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_written_and_built_again(path: Path) -> None:
    workflow = runpy.run_path(str(path))["workflow"]
    try:
        document = workflow.to_asl()
    except WorkflowError:
        with pytest.raises(WorkflowError):
            to_python({"": workflow})
        return
    text = to_python({"": workflow})
    assert ran(text)["workflow"].to_asl() == document
    assert formatted(text) == text


@pytest.mark.filterwarnings("ignore::cfngen.PolicyWarning")
def test_what_a_definition_lacks_of_a_policy_is_kept() -> None:
    arn = "arn:aws:s3:::results/*"
    query = athena.StartQueryExecution("Count", pattern=SYNC, QueryString="SELECT 1", resources=[arn])
    text = to_python({"workflow": Workflow(query)})
    assert f'resources=["{arn}"]' in text
    built: dict[str, Any] = {}
    exec(text, built)  # it is our own
    assert built["workflow"].policy() == Workflow(query).policy()


@examples(100)
@given(plans())
@pytest.mark.slow
def test_whatever_is_rendered_is_written_and_built_again_in_its_order(plan: Any) -> None:
    document = Workflow(flow(plan), TimeoutSeconds=60).to_asl()
    text = to_python({"": Workflow.read(document)})
    assert json.dumps(ran(text)["workflow"].to_asl()) == json.dumps(document)
    assert formatted(text) == text
    assert ruff(text, "check", "--quiet", "--select", "I,F,E9", "--line-length", "100") == ""


@pytest.mark.slow
@examples(100)
@given(workflows())
def test_whatever_is_nested_is_written_and_built_again_in_its_order(workflow: Workflow) -> None:
    document = workflow.to_asl()
    text = to_python({"": Workflow.read(document)})
    assert json.dumps(definition(ran(text)["workflow"])) == json.dumps(document)
    assert formatted(text) == text


@pytest.mark.slow
@settings(examples(100), phases=[Phase.generate])
@given(workflows(), st.data())
def test_a_definition_with_anything_in_it_is_written_as_it_is_read(
    workflow: Workflow, data: st.DataObject
) -> None:
    document = copied(workflow)
    holder, key, _ = data.draw(st.sampled_from(list(places(document))))
    holder[key] = data.draw(VALUES)
    same_as_read(document)


@pytest.mark.slow
@settings(examples(200), phases=[Phase.generate])
@given(documents)
def test_any_document_is_written_as_it_is_read(document: Any) -> None:
    assume("NaN" not in json.dumps(document))  # which is not even itself
    same_as_read(document)


def same_as_read(document: dict[str, Any]) -> None:
    """Hold what is written against the values that were read, or see that there is no beginning."""
    workflow = Workflow.read(document)
    if is_refused(workflow):
        return
    workflow_built = ran(to_python({"": workflow}))["workflow"]
    assert definition(workflow_built) == definition(from_values(workflow))


def test_a_query_language_that_is_none_is_written_too() -> None:
    same_as_read({**machine({"Type": "Pass"}), "QueryLanguage": [{}, float("inf"), -float("inf")]})


@pytest.mark.slow
def test_a_row_of_10_000_states_is_written() -> None:
    document = machine(*[{"Type": "Pass"}] * 10_000)
    assert rebuilt(document).to_asl() == document


@pytest.mark.parametrize("branches", [True, False], ids=["Parallel", "Map"])
def test_states_nested_200_deep_are_written(branches: bool) -> None:
    document = nested(200, branches)
    assert rebuilt(document).to_asl() == document


@pytest.mark.long
def test_handlers_that_lead_to_handlers_10_000_times_are_written() -> None:
    names = [f"S{number}" for number in range(10_000)]
    states = {
        name: {
            "Type": "Task", "Resource": f"{ARN}aws-sdk:batch:listJobs", "End": True,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": after}],
        }
        for name, after in zip(names, [*names[1:], "S0"], strict=True)
    }  # fmt: skip
    document = {"StartAt": "S0", "States": states}
    assert definition(rebuilt(document)) == document


def test_a_payload_nested_deeper_than_python_nests_is_written() -> None:
    payload: Any = 1
    test: dict[str, Any] = {"Variable": "$.a", "IsNull": True}
    for number in range(200):
        payload = [payload] if number % 2 else {"a": payload}
    for _ in range(40):
        test = {"And": [{"Not": test}, {"Variable": "$.b", "IsPresent": True}]}
    document = machine(
        {"Type": "Pass", "Result": payload},
        {"Type": "Choice", "Choices": [{**test, "Next": "S2"}], "Default": "S2"},
        {"Type": "Pass", "Odd": payload},
    )
    text = to_python({"": Workflow.read(document)})
    assert definition(ran(text)["workflow"]) == document
    assert formatted(text) == text


def test_states_that_nothing_leads_to_stay_beside_the_workflow() -> None:
    document = machine({"Type": "Pass", "End": True}, {"Type": "Pass", "Result": 1})
    text = to_python({"": Workflow.read(document)})
    assert (
        "# No state leads to these states, so that they are not part of the workflow.\ns1 = Pass(" in text
    )
    assert list(definition(ran(text)["workflow"])["States"]) == ["S0"]


def test_a_field_that_no_workflow_holds_is_told_in_the_module() -> None:
    document = {**machine({"Type": "Pass"}), "Later\nimport os": 1}
    text = to_python({"": Workflow.read(document)})
    assert '# The definition also has "Later\\nimport os", which a Workflow cannot contain.\n' in text
    assert list(ran(text)["workflow"].to_asl()) == ["StartAt", "States"]


# --- what it looks like --------------------------------------------------------------------------


def test_the_published_sample_is_written_as_one_would_write_it(golden: Callable[[str, str], None]) -> None:
    path = File(__file__).parent.parent / "asl" / "batch_job_notification.asl.json"
    text = to_python({"": Workflow.read(path)}, "AWS's sample project.")
    golden("codegen/batch_job_notification.py.txt", text)
    assert ran(text)["workflow"].to_asl() == json.loads(path.read_text())


EVERYTHING: dict[str, Any] = {
    "Comment": "Every kind of state",
    "StartAt": "Poll",
    "States": {
        "Poll": {
            "Type": "Task",
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::batch:submitJob.sync"},
            "Parameters": {
                "JobName.$": "States.Format('job-{}', $.id)",
                "JobQueue": {"Ref": "Queue"},
                "JobDefinition": {"Fn::GetAtt": ["Definition", "Arn"]},
                "Tags": {"team": {"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}},
            },
            "TimeoutSecondsPath": "$.timeout",
            "ResultPath": None,
            "Catch": [
                {"ErrorEquals": ["States.TaskFailed", "Mine"], "Next": "Wait", "Comment": "again"},
                {"ErrorEquals": ["States.ALL"], "Next": "Give Up"},
            ],
            "Next": "Ready?",
        },
        "Ready?": {
            "Type": "Choice",
            "Comment": "Is it done?",
            "Choices": [
                {"Variable": "$.state", "StringEquals": "DONE", "Next": "Both"},
                {
                    "And": [
                        {"Variable": "$.n", "NumericGreaterThan": 3},
                        {"Not": {"Variable": "$.x", "IsPresent": True}},
                    ],
                    "Next": "Give Up",
                },
            ],
            "Default": "Wait",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "Next": "Left 2"}, "Left 2": {"Type": "Succeed"}}},
                {"StartAt": "Right", "States": {"Right": {"Type": "Pass", "Result": {"a": [1, 2.5, None, True]}, "End": True}}},
            ],
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": "b", "Key.$": "$.key"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Ask",
                "States": {
                    "Ask": {
                        "Type": "Task",
                        "QueryLanguage": "JSONata",
                        "Resource": "arn:aws:states:::sns:publish.waitForTaskToken",
                        "Arguments": {"TopicArn": "{% $topic %}", "Message": {"token": "{% $states.context.Task.Token %}"}},
                        "Output": "{% $states.result %}",
                        "End": True,
                    }
                },
            },
            "MaxConcurrency": 5,
            "Odd": "a field of tomorrow",
            "Next": "Call",
        },
        "Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Poll"},
        "Give Up": {"Type": "Fail", "Error": "Mine", "Cause": "It said \"no\" — it's over"},
    },
}  # fmt: skip


def test_every_kind_of_state_is_written_as_one_would_write_it(golden: Callable[[str, str], None]) -> None:
    text = to_python({"": Workflow.read(EVERYTHING)})
    golden("codegen/every_kind_of_state.py.txt", text)
    assert formatted(text) == formatted(text, 110) == text
    assert ruff(text, "check", "--quiet", "--select", "I,F,A,E,W", "--line-length", "110") == ""
    poll = {**EVERYTHING["States"]["Poll"], "Resource": f"{ARN}batch:submitJob.sync"}
    expected = {**EVERYTHING, "States": {**EVERYTHING["States"], "Poll": poll}}
    definition_built = definition(ran(text)["workflow"])
    assert definition_built == expected
    assert list(definition_built["States"]) == list(expected["States"])


def test_several_workflows_share_a_module_and_no_names() -> None:
    document = machine({"Type": "Pass"}, {"Type": "Pass"})
    names = ran(to_python({name: Workflow.read(document) for name in ("MyNight", "Day", "S0", "day")}))
    assert [names[name].to_asl() for name in ("my_night", "day", "s0", "day_2")] == [document] * 4


# --- typed tasks ---------------------------------------------------------------------------------


def state(
    resource: Any, parameters: dict[str, Any] | None = None, **fields: dict[str, str] | str
) -> State | Goto:
    passed = {} if parameters is None else {"Parameters": parameters}
    [made] = steps(rebuilt(machine({"Type": "Task", "Resource": resource, **passed, **fields})).flow)
    return made


PUBLISH = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "m"}


def test_a_task_is_of_its_class_in_either_query_language() -> None:
    assert isinstance(state(f"{ARN}sns:publish", PUBLISH), ServiceTask)
    assert isinstance(state(f"{ARN}sns:publish", Arguments=PUBLISH, QueryLanguage="JSONata"), ServiceTask)


@each_row(
    "resource",
    [
        "arn:aws:states:us-east-1:123456789012:sns:publish",
        {"Fn::Sub": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:sns:publish"},
        {"Fn::Sub": ["arn:${P}:states:::sns:publish", {"P": "aws"}]},
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":states:::sns:publish"]]},
    ],
)
def test_a_task_is_of_its_class_however_its_resource_is_spelled(resource: Any) -> None:
    assert isinstance(state(resource, PUBLISH), ServiceTask)


@each_row(
    ("resource", "parameters"),
    [
        (f"{ARN}sns:publish", {**PUBLISH, "Unheard": 1}),
        (f"{ARN}sns:publish", {**PUBLISH, "Subject": None}),
        (f"{ARN}sns:publish", {"Message": "to nobody"}),
        (f"{ARN}sns:publish", {**PUBLISH, "PhoneNumber": "+15550100"}),
        (f"{ARN}sns:publish", {**PUBLISH, "Comment": "a field of the state's"}),
        (f"{ARN}sns:publish", None),
        (f"{ARN}athena:stopQueryExecution", {}),
        (f"{ARN}sns:publish.sync", PUBLISH),
        (f"{ARN}sns:nothing", PUBLISH),
        (f"{ARN}nothing:publish", PUBLISH),
        (f"{ARN}aws-sdk:nothing:publish", PUBLISH),
        (f"{ARN}aws-sdk:sns:publish.sync", PUBLISH),
        (f"{ARN}aws-sdk:sns", PUBLISH),
        ("arn:aws-cn:states:::sns:publish", PUBLISH),
        ({"Ref": "Publish"}, PUBLISH),
        ({"Fn::Sub": ["arn:${P}:states:::sns:publish", {"P": {"Ref": "Publish"}}]}, PUBLISH),
    ],
)
def test_a_task_of_which_its_class_does_not_take_all_stays_spelled_by_hand(
    resource: str | dict[str, Any], parameters: dict[str, Any] | None
) -> None:
    task_state = state(resource, parameters)
    assert not isinstance(task_state, ServiceTask)
    rendered = definition(Workflow(task_state))["States"]["S0"]
    assert (rendered["Resource"], rendered.get("Parameters")) == (resource, parameters)


CALLS = {
    "by their names": {
        "TableName": "jobs",
        "Limit": 5,
        "Key": {"a.$": "$.a"},
        "Name": "x",
        "Comment": "c",
        "Output": "o",
    },
    "with names that are no names": {"TableName": "jobs", "odd name": 1, "class": 2, "Under_": 3},
    "with nothing in one": {"TableName": None},
    "that are none": None,
    "that are empty": {},
}


@each_row("pattern", ["", ".waitForTaskToken"])
@each_row("parameters", CALLS.values(), ids=CALLS)
def test_a_call_of_any_service_is_written_with_its_arguments(
    parameters: dict[str, Any] | None, pattern: str
) -> None:
    passed = {} if parameters is None else {"Parameters": parameters}
    document = machine({"Type": "Task", "Resource": f"{ARN}aws-sdk:dynamodb:query{pattern}", **passed})
    text = to_python({"": Workflow.read(document)})
    assert definition(ran(text)["workflow"]) == document
    assert formatted(text) == text
    assert ("aws_sdk.Call(" in text) == (parameters != {})


def test_a_call_is_written_as_one_would_write_it() -> None:
    task = {
        "Type": "Task",
        "Resource": f"{ARN}aws-sdk:dynamodb:query",
        "Arguments": {"TableName": "jobs", "Comment": "{% $c %}"},
    }
    text = to_python({"": Workflow.read(machine(task, QueryLanguage="JSONata"))})
    assert (
        's0 = aws_sdk.Call("S0", service="dynamodb", action="query", TableName="jobs", Comment_=Jsonata("$c"))'
        in " ".join(text.split()).replace("( ", "(").replace(", )", ")")
    )


@each_row(
    "function",
    [
        {"Ref": "A"},
        {"Fn::GetAtt": ["A", "B.C"]},
        {"Fn::Sub": "${A}"},
        {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]},
        {"Fn::Sub": ["${A}", {}]},
        {"Fn::Sub": ["${A}", {"Fn::Sub": "${A}"}]},
        {"Fn::Join": ["-", [{"Ref": "A"}, {"Fn::ImportValue": {"Fn::Sub": "${B}"}}]]},
        {"Fn::Select": [0, {"Fn::GetAZs": ""}]},
        {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
        {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "K"]},
        {"Fn::Split": [",", "a,b"]},
        {"Fn::Base64": "x"},
        {"Fn::Join": "no list"},
        {"Fn::Join": ["-"]},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Fn::": 1},
        {"Fn::Ref": ["import os"]},
    ],
    ids=json.dumps,
)
def test_a_function_of_cloudformation_is_troposphere_s_or_stays_as_it_is_spelled(
    function: dict[str, Any],
) -> None:
    document = machine({"Type": "Task", "Resource": function, "Parameters": {"a": [function]}})
    assert definition(rebuilt(document)) == document


# --- names, and texts that would be code ---------------------------------------------------------


def first_names(*states: str) -> list[str]:
    """Return the variables of states of these names, in their order."""
    document: dict[str, Any] = {"StartAt": states[0], "States": {}}
    for name, after in zip(states, [*states[1:], None], strict=True):
        document["States"][name] = {
            "Type": "Pass",
            **({"Next": after} if after is not None else {"End": True}),
        }
    names = ran(to_python({"": Workflow.read(document)}))
    variables = {value.Name: name for name, value in names.items() if isinstance(value, State)}
    assert names["workflow"].to_asl() == document
    return [variables[name] for name in states]


def test_variables_are_named_from_states() -> None:
    assert first_names("Submit Batch Job", "submitBatchJob", "HTTPCall v2", "Notify!", "notify") == [
        "submit_batch_job", "submit_batch_job_2", "http_call_v2", "notify", "notify_2",
    ]  # fmt: skip


def test_names_that_are_no_names_of_python_become_some() -> None:
    assert first_names("작업 제출", "1st", "!?", "\"", "한", "\uff46\uff55\uff4c\uff4c", "été") == [
        "작업_제출", "state_1st", "state", "state_2", "한", "full", "été",
    ]  # fmt: skip


@each_row("taken", ["class", "match", "Print", "Batch", "workflow", "Ref", "ALL", "__import__", "None"])
def test_a_name_that_is_taken_is_given_a_number(taken: str) -> None:
    [name] = first_names(taken)
    assert not keyword.iskeyword(name)
    assert name not in ("match", "print", "batch", "workflow", "ref_", "Ref")


EVIL = [
    "quote \" and ' both",
    '"""',
    "'''",
    "\\",
    "ends in \\",
    "\n",
    "a\nimport os\nos.abort()",
    '"); import os; os.abort(); ("',
    "{os.abort()}",
    "%s${X}{}",
    "\ud800",
    "\u202e reversed \u2066",
    "\x00\x07\x1b[2J",
    "#",
    "\u2028\u2029\x0c\x85",
    "🎉" * 30,
    "한" * 80,
]


@each_row("text", EVIL, ids=ascii)
def test_no_text_is_code_wherever_it_stands(text: str) -> None:
    document = {
        "Comment": text,
        "StartAt": text,
        "States": {
            text: {
                "Type": "Task",
                "Comment": text,
                "Resource": text,
                "Parameters": {text: [text, {"Ref": text}, {"Fn::Sub": text}, {"Fn::" + text: text}]},
                "Retry": [{"ErrorEquals": [text]}],
                "Catch": [{"ErrorEquals": [text], "Next": text, "ResultPath": text}],
                "Next": text + "2",
            },
            text + "2": {"Type": text, text: text, "Next": text},
        },
    }
    text = to_python({text: Workflow.read(document)})
    [workflow] = [value for value in ran(text).values() if isinstance(value, Workflow)]
    assert definition(workflow) == document
    text.encode()
    assert all(line.isprintable() for line in text.split("\n"))
    assert formatted(text) == text


@examples(300)
@given(st.text(max_size=90))
def test_any_text_is_written_as_itself_and_named(text: str) -> None:
    document = {"StartAt": text, "States": {text: {"Type": "Pass", "Comment": text, "End": True}}}
    module = to_python({"": Workflow.read(document)})
    assert definition(ran(module)["workflow"]) == document


def test_what_no_class_takes_is_raw_with_all_that_it_leads_to() -> None:
    task = {
        "Type": "Task", "Resource": "f", "Tomorrow": {"a.$": "$.a"}, "Next": "S1",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S2"}],
    }  # fmt: skip
    document = machine(task, {"Type": "Succeed"}, {"Type": "Pass"}, {"Type": "Pass"})
    workflow_built = rebuilt(document)
    assert isinstance(next(steps(workflow_built.flow)), RawState)
    assert definition(workflow_built) == document


@each_row("declared", integrations(), ids=lambda declared: f"{declared.service}:{declared.action}")
def test_every_integration_is_written_with_all_its_arguments(declared: type[ServiceTask]) -> None:
    arguments = {f"{name.rstrip('_')}.$": "$.a" for name in declared.arguments()}
    states = [
        {
            "Type": "Task",
            "Resource": f"{ARN}{declared.service}:{declared.action}{pattern.value}",
            "Parameters": arguments,
        }
        for pattern in declared.patterns
    ]
    document = machine(*states)
    text = to_python({"": Workflow.read(document)})
    assert definition(ran(text)["workflow"]) == document
    assert formatted(text) == text
