"""Laws of what cfngen writes and reads: for every case, every sample, and workflows of any form."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from troposphere import GetAtt, ImportValue, Join, Ref, Sub

from cfngen import JSONATA, Jsonata, Pass, Path, Retrier, Wait, Workflow, chain
from cfngen.asl.states import RawState
from cfngen.asl.values import REQUEST_RESPONSE
from cfngen.cfn.evaluation import Evaluation
from cfngen.cfn.template import null_pointers
from cfngen.codegen import to_python
from cfngen.inputs.machines import read_all
from cfngen.inputs.policies import of_machine, of_stack
from cfngen.inputs.targets import load
from cfngen.stacks import StateMachine
from cfngen.stacks.samples.catalog import SAMPLES
from cfngen.tasks import dynamodb, lambda_, sns
from cfngen.template import rendered, to_json, to_yaml
from cfngen.template.references import left_to_the_template, unresolved_references
from tests.inputs.test_written_and_read import sound
from tests.rings import examples
from tests.rows import each_row

pytestmark = pytest.mark.filterwarnings("ignore::cfngen.PolicyWarning")

PARAMETERS = {
    name: {"Type": "String", "Default": f"{name.lower()}-1"} for name in ("Stage", "Table", "Topic")
}
PARAMETERS |= {name: {"Type": "Number", "Default": "7"} for name in ("Count", "Minutes")}

NAMES = st.sampled_from(
    [Ref("Stage"), Ref("Table"), Sub("${Stage}-${Table}"), Join("-", [Ref("Stage"), "x"])]
)
TEXTS = st.one_of(st.text("ab ${}'", max_size=6), NAMES)
NUMBERS = st.one_of(st.integers(0, 9), st.sampled_from([Ref("Count"), Ref("Minutes")]))
EXPRESSIONS = st.sampled_from(
    [
        "$states.input.name",
        Sub("'${Stage}-' & $states.input.name"),
        Sub("$states.input.first ? '${Stage}' : '${Table}'"),
        Sub("'${Table}'"),
        Join("", ["'", Ref("Stage"), "-' & $states.input.name"]),
    ]
)
PATHS = st.sampled_from(["$.name", Sub("States.Format('${Stage}-{}', $.name)"), Sub("$.${Stage}")])


@st.composite
def states(draw: st.DrawFn, number: int) -> Any:
    """Return a state in either query language, with what CloudFormation fills in wherever it may stand."""
    name = f"S{number}"
    language: dict[str, Any] = {"QueryLanguage": JSONATA} if draw(st.booleans()) else {}
    dynamic: Any = draw(EXPRESSIONS.map(Jsonata) if language else PATHS.map(Path))
    value: Any = draw(st.one_of(TEXTS, st.just(dynamic)))
    kind = draw(st.sampled_from(["pass", "wait", "sns", "table", "function"]))
    if kind == "wait":
        seconds = draw(
            st.one_of(NUMBERS, st.just(Jsonata(Sub("${Minutes} * 60"))) if language else NUMBERS)
        )
        return Wait(name, Seconds=seconds, Comment=draw(st.one_of(st.none(), TEXTS)), **language)
    if kind == "sns":
        retry = [Retrier(ErrorEquals=["States.ALL"], MaxAttempts=draw(NUMBERS))]
        topic = draw(st.one_of(st.just(Ref("Topic")), st.just(dynamic)))
        return sns.Publish(name, TopicArn=topic, Message=value, Retry=retry, **language)
    if kind == "table":
        table = draw(st.one_of(NAMES, st.just(dynamic)))
        return dynamodb.GetItem(name, TableName=table, Key={"id": {"S": value}}, **language)
    if kind == "function":
        function = draw(st.one_of(NAMES, st.just(dynamic)))
        return lambda_.Invoke(name, pattern=REQUEST_RESPONSE, FunctionName=function, **language)
    if language:
        return Pass(name, Output={"a": value}, **language)
    fields: dict[str, Any] = {"Parameters": {"a": value}}
    if draw(st.booleans()):
        fields["ResultPath"] = None
    return Pass(name, **fields)


@st.composite
def stacks(draw: st.DrawFn) -> StateMachine:
    """Return a machine of a few states in a row."""
    flow = chain(*(draw(states(number)) for number in range(draw(st.integers(1, 4)))))
    comment = draw(st.one_of(st.none(), TEXTS))
    return StateMachine(
        Workflow(flow, Comment=comment, TimeoutSeconds=draw(st.one_of(st.none(), st.just(60))))
    )


@cache
def known() -> dict[str, Any]:
    """Return the machines of all cases without errors, and those of the samples."""
    samples = {sample.slug: load(sample.slug) for sample in SAMPLES}
    return {**sound(), **samples}


# --- the policy -----------------------------------------------------------------------------------


def assert_same_when_read_back(stack: Any) -> None:
    policy = of_stack(stack, "").document()
    problems = [problem for problem in stack.machine().workflow.check() if problem.severity == "error"]
    for form in ("auto", "string"):
        for write in (to_yaml, to_json):
            (machine,), unread = read_all(write(stack.template(), definition=form), "t.yaml")
            assert unread == []
            assert of_machine(machine, "").document() == policy
            assert [it for it in machine.workflow.check(machine.type) if it.severity == "error"] == problems


@pytest.mark.slow
@examples(60)
@given(stacks())
def test_what_is_read_back_has_the_policy_and_the_errors_of_what_was_written(stack: StateMachine) -> None:
    assert_same_when_read_back(stack)


# --- the template ---------------------------------------------------------------------------------


def assert_deployable(stack: Any, parameters: dict[str, Any]) -> None:
    template = rendered(stack.template())
    assert null_pointers(template) == []
    alone = {**template, "Parameters": {**parameters, **template.get("Parameters", {})}}  # type: ignore[dict-item]
    told = left_to_the_template(alone) if type(stack) is StateMachine else unresolved_references(alone)
    assert [problem for problem in told if problem.severity == "error"] == []


def resolved(template: Any, parameters: dict[str, Any]) -> Any:
    """Return the definition as CloudFormation hands it on."""
    [properties] = [
        each["Properties"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::StepFunctions::StateMachine"
    ]
    evaluation = Evaluation(
        {"Parameters": parameters}, {}, stack="s", region="eu-west-1", account="123456789012"
    )
    if "DefinitionString" in properties:
        return json.loads(evaluation.value(properties["DefinitionString"]))
    return evaluation.value(properties["Definition"])


@pytest.mark.slow
@each_row("name", known)
def test_a_known_machine_makes_a_template_without_nulls_and_dangling_references(name: str) -> None:
    assert_deployable(known()[name], {})


@examples(60)
@given(stacks())
def test_any_machine_makes_a_template_without_nulls_and_dangling_references(stack: StateMachine) -> None:
    assert_deployable(stack, PARAMETERS)


@examples(60)
@given(stacks())
def test_both_forms_resolve_to_the_same_definition(stack: StateMachine) -> None:
    as_chosen, as_string = (rendered(stack.template(), form) for form in ("auto", "string"))
    assert resolved(as_chosen, PARAMETERS) == resolved(as_string, PARAMETERS)


# --- Python and back ------------------------------------------------------------------------------


def assert_imported(stack: Any) -> None:
    (machine,), _ = read_all(to_yaml(stack.template()), "t.yaml")
    namespace: dict[str, Any] = {}
    text = to_python({"": machine.workflow})
    exec(text, namespace)
    again = StateMachine(namespace["workflow"], type=machine.type)
    assert of_stack(again, "").document() == of_machine(machine, "").document()
    assert resolved(rendered(again.template()), PARAMETERS) == resolved(
        rendered(stack.template()), PARAMETERS
    )
    assert "RawState" not in text


@examples(60)
@given(stacks())
def test_what_is_imported_gives_the_same_definition_and_no_raw_state(stack: StateMachine) -> None:
    assert_imported(stack)


@each_row("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_a_sample_is_imported_without_raw_states(sample: Any) -> None:
    (machine,), _ = read_all(to_yaml(load(sample.slug).template()), "t.yaml")
    assert "RawState" not in to_python({"": machine.workflow})


def test_a_state_that_has_a_class_is_never_a_raw_state_whatever_is_filled_in() -> None:
    whole: list[Any] = [Ref("A"), GetAtt("B", "Arn"), Sub("${V}", V=ImportValue("x"))]
    for path in (*whole, Sub("$.${A}"), Join("", ["$.", Ref("A")])):
        text = whole[0] if path not in whole else path
        flow = chain(
            Pass(
                "A", Comment=text, InputPath=path, OutputPath=path, Parameters={"a": text, "b": Path(path)}
            ),
            Pass("B", Output={"a": text, "b": Jsonata(text)}, QueryLanguage=JSONATA),
            Wait("C", Seconds=text),
        )
        stack = StateMachine(Workflow(flow))
        (machine,), _ = read_all(to_json(stack.template(), definition="string"), "t.json")
        assert not any(isinstance(node.state, RawState) for node, _ in machine.workflow.linked.walk())
        assert "RawState" not in to_python({"": machine.workflow})
