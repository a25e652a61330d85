"""What a change does to the flow: states by name, where they lead, what they say of themselves."""

from __future__ import annotations

import json
from typing import Any

from cfngen.diff.comparison import Comparison, MachineChanges
from cfngen.diff.flow import FlowChanges, flow_changes
from cfngen.diff.formats import as_text
from cfngen.diff.picture import united
from cfngen.diff.report import Report
from cfngen.diff.running import running_changes
from tests.rows import each_row


def machine(states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), **fields, "States": states}


TASK = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish"}


def told(old: dict[str, Any], new: dict[str, Any]) -> str:
    changes = flow_changes(old, new)
    if not changes:
        return ""
    comparison = Comparison("old", "new", (MachineChanges("M", "M", changes),))
    return "\n".join(as_text(Report((comparison,))).splitlines()[3:])


def test_equal_definitions_have_no_changes() -> None:
    old = machine({"A": {**TASK, "Next": "B"}, "B": {"Type": "Succeed"}})
    assert flow_changes(old, json.loads(json.dumps(old))) == FlowChanges()


PARALLEL = {
    "Type": "Parallel",
    "Branches": [machine({"Inner": {"Type": "Pass", "End": True}})],
    "End": True,
}


@each_row(
    ("old", "new", "is_wording"),
    [
        ({"Comment": "a"}, {"Comment": "b"}, True),
        ({"Comment": "a"}, {}, True),
        ({"Retry": [{"ErrorEquals": ["E"]}]}, {"Retry": [{"ErrorEquals": ["E"], "Comment": "c"}]}, True),
        ({"Comment": "a"}, {"Comment": "b", "TimeoutSeconds": 5}, False),
        ({"Parameters": {"Comment": "a"}}, {"Parameters": {"Comment": "b"}}, False),
        ({"Arguments": {"a": {"Comment": "a"}}}, {"Arguments": {"a": {"Comment": "b"}}}, False),
        ({"End": True}, {"Next": "B"}, False),
        ({"Comment": "a", "End": True}, {"Comment": "b", "Next": "B"}, False),
    ],
    ids=str,
)
def test_what_changes_a_comment_alone_is_wording(old: Any, new: Any, is_wording: bool) -> None:
    def of(fields: dict[str, Any]) -> dict[str, Any]:
        return machine({"A": {**TASK, "End": True, **fields}, "B": {"Type": "Succeed"}})

    changes = flow_changes(of(old), of(new))
    assert [change.is_wording for change in changes.states] == [is_wording]
    assert changes.is_wording == is_wording


def test_another_name_and_another_place_are_more_than_wording() -> None:
    end = {"Type": "Pass", "Comment": "a", "End": True}
    old, renamed = (
        machine({"A": {**TASK, "Next": "B"}, "B": end}),
        machine({"A": {**TASK, "Next": "C"}, "C": end}),
    )
    assert not flow_changes(old, renamed).is_wording
    outside = machine({"P": {**PARALLEL, "Next": "Out"}, "Out": {"Type": "Pass", "End": True}})
    branch = machine({"Inner": {"Type": "Pass", "Next": "Out"}, "Out": {"Type": "Pass", "End": True}})
    inside = machine({"P": {**PARALLEL, "Branches": [branch]}})
    assert [
        change.is_wording for change in flow_changes(outside, inside).states if change.name == "Out"
    ] == [False]


def test_a_way_that_is_gone_says_where_it_led() -> None:
    succeed = {"Type": "Succeed"}
    catch = [{"ErrorEquals": ["E"], "Next": "B"}]
    old = machine({"A": {**TASK, "Catch": catch, "Next": "B"}, "B": succeed})
    new = machine({"A": {**TASK, "End": True}, "B": succeed})
    assert told(old, new) == (
        "    ~ A (Task)\n"
        '      ~ Catch: [{"ErrorEquals": ["E"]}] is gone\n'
        "      ~ next: is the end, led to B\n"
        "      ~ on E: is gone, led to B"
    )


def test_a_state_that_is_gone_is_drawn_with_what_was_inside_it() -> None:
    deep = machine({"Deep": {"Type": "Pass", "End": True}})
    last = {**PARALLEL, "Branches": [deep]}
    old = machine({"A": {**TASK, "Next": "P"}, "P": {**PARALLEL, "Next": "Q"}, "Q": last})
    new = machine({"A": {**TASK, "Next": "N"}, "N": {**TASK, "End": True}})
    definition, marks = united(old, new, flow_changes(old, new))
    assert [*definition["States"]] == ["A", "N", "P", "Q"]
    inner = ("States", "P", "Branches", 0, "States", "Inner")
    assert marks == {
        ("States", "A"): "changed",
        ("States", "N"): "added",
        ("States", "P"): "removed",
        inner: "removed",
        ("States", "Q"): "removed",
        ("States", "Q", "Branches", 0, "States", "Deep"): "removed",
    }


def test_the_order_of_fields_and_states_does_not_count() -> None:
    old = machine({"A": {**TASK, "Next": "B"}, "B": {"Type": "Succeed"}})
    new = {
        "States": {"B": {"Type": "Succeed"}, "A": {"Next": "B", **dict(reversed(TASK.items()))}},
        "StartAt": "A",
    }
    assert flow_changes(old, new) == FlowChanges()


def test_a_state_is_added_and_another_removed() -> None:
    old = machine({"A": {**TASK, "Next": "B"}, "B": {"Type": "Succeed"}})
    new = machine({"A": {**TASK, "Next": "C"}, "C": {"Type": "Fail"}})
    assert told(old, new) == (
        "    ~ A (Task)\n      ~ next: leads to C, led to B\n    + C (Fail)\n    - B (Succeed)"
    )


def test_a_state_with_another_name_and_the_same_body_is_renamed() -> None:
    old = machine({"A": {**TASK, "Next": "B"}, "B": {"Type": "Pass", "Result": 1, "End": True}})
    new = machine({"A": {**TASK, "Next": "Z"}, "Z": {"Type": "Pass", "Result": 1, "End": True}})
    assert told(old, new) == "    ~ Z (Pass), named B before"


def test_a_state_that_two_new_ones_are_like_is_removed() -> None:
    end = {"Type": "Pass", "End": True}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Y"}]
    old = machine({"A": {**TASK, "Next": "B"}, "B": end})
    new = machine({"A": {**TASK, "Next": "X", "Catch": catch}, "X": end, "Y": end})
    assert told(old, new) == (
        "    ~ A (Task)\n"
        '      ~ Catch: [{"ErrorEquals": ["States.ALL"]}] is new\n'
        "      ~ next: leads to X, led to B\n"
        "      ~ on States.ALL: leads to Y, is new\n"
        "    + X (Pass)\n"
        "    + Y (Pass)\n"
        "    - B (Pass)"
    )


def test_a_payload_is_compared_by_its_paths() -> None:
    old = machine({"A": {**TASK, "Parameters": {"Message": {"a": [1, 2, 3], "b": "x"}}, "End": True}})
    new = machine({"A": {**TASK, "Parameters": {"Message": {"a": [1, 9, 3], "c": None}}, "End": True}})
    assert told(old, new) == (
        "    ~ A (Task)\n"
        "      ~ Parameters/Message/a/1: 2 -> 9\n"
        '      ~ Parameters/Message/b: "x" is gone\n'
        "      ~ Parameters/Message/c: null is new"
    )


def test_an_expression_is_compared_as_text() -> None:
    old = machine({"A": {"Type": "Pass", "Output": "{% $states.input.a %}", "End": True}})
    new = machine({"A": {"Type": "Pass", "Output": "{% $states.input.b %}", "End": True}})
    assert told(old, new) == (
        '    ~ A (Pass)\n      ~ Output: "{% $states.input.a %}" -> "{% $states.input.b %}"'
    )


def test_a_handler_that_leads_elsewhere_is_named_by_its_errors() -> None:
    def caught(target: str) -> dict[str, Any]:
        return machine(
            {
                "A": {**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": target}], "End": True},
                "B": {"Type": "Fail"},
                "C": {"Type": "Succeed"},
            }
        )

    assert told(caught("B"), caught("C")) == ("    ~ A (Task)\n      ~ on States.ALL: leads to C, led to B")


def test_a_rule_that_leads_elsewhere_is_named_by_its_test() -> None:
    def choice(target: str) -> dict[str, Any]:
        rule = {"Variable": "$.n", "NumericEquals": 1, "Next": target}
        return machine(
            {
                "A": {"Type": "Choice", "Choices": [rule], "Default": "B"},
                "B": {"Type": "Fail"},
                "C": {"Type": "Succeed"},
            }
        )

    assert told(choice("B"), choice("C")) == ("    ~ A (Choice)\n      ~ if $.n == 1: leads to C, led to B")


def test_the_fields_of_the_machine_are_compared() -> None:
    states = {"A": {"Type": "Succeed"}, "B": {"Type": "Fail"}}
    assert told(machine(states, TimeoutSeconds=60), machine(states, TimeoutSeconds=90)) == (
        "    ~ TimeoutSeconds: 60 -> 90"
    )
    assert told(machine(states), {**machine(states), "StartAt": "B"}) == '    ~ StartAt: "A" -> "B"'


def test_states_inside_maps_and_branches_are_compared() -> None:
    def nested(seconds: int) -> dict[str, Any]:
        inner = machine({"Wait": {"Type": "Wait", "Seconds": seconds, "End": True}})
        each = {"Type": "Map", "ItemProcessor": inner, "End": True}
        return machine({"Both": {"Type": "Parallel", "Branches": [machine({"Each": each})], "End": True}})

    assert told(nested(1), nested(2)) == "    ~ Wait (Wait)\n      ~ Seconds: 1 -> 2"


def test_an_iterator_is_an_item_processor() -> None:
    inner = machine({"Wait": {"Type": "Wait", "Seconds": 1, "End": True}})
    old = machine({"Each": {"Type": "Map", "Iterator": inner, "End": True}})
    new = machine({"Each": {"Type": "Map", "ItemProcessor": inner, "End": True}})
    assert flow_changes(old, new) == FlowChanges()


def test_a_state_that_moves_into_a_branch_says_so() -> None:
    wait = {"Type": "Wait", "Seconds": 1}
    old = machine(
        {"Wait": {**wait, "Next": "Both"}, "Both": {"Type": "Parallel", "Branches": [], "End": True}}
    )
    inner = machine({"Wait": {**wait, "End": True}})
    new = machine({"Both": {"Type": "Parallel", "Branches": [inner], "End": True}})
    assert "      ~ stands in Both > Branches/0, stood in the machine itself" in told(old, new)


def test_a_comment_alone_changes_no_meaning() -> None:
    old = machine({"A": {**TASK, "Comment": "one", "End": True}}, Comment="x")
    new = machine({"A": {**TASK, "Comment": "two", "End": True}}, Comment="y")
    changes = flow_changes(old, new)
    assert changes
    assert changes.is_wording


@each_row(
    ("one", "other"),
    [
        ({"Fn::GetAtt": "Queue.Arn"}, {"Fn::GetAtt": ["Queue", "Arn"]}),
        ({"Fn::Sub": "${Queue}"}, {"Ref": "Queue"}),
        ({"Fn::Sub": "${Queue.Arn}"}, {"Fn::GetAtt": ["Queue", "Arn"]}),
        ({"Fn::Sub": "plain"}, "plain"),
        (
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":x"]]},
            {"Fn::Sub": "arn:${AWS::Partition}:x"},
        ),
    ],
)
def test_how_a_function_is_written_does_not_count(one: Any, other: Any) -> None:
    def with_queue(value: Any) -> dict[str, Any]:
        return machine({"A": {**TASK, "Parameters": {"QueueUrl": value}, "End": True}})

    assert flow_changes(with_queue(one), with_queue(other)) == FlowChanges()
    assert flow_changes(with_queue(one), with_queue("else"))


def test_true_is_not_one_and_one_is_one_point_zero() -> None:
    def with_result(value: Any) -> dict[str, Any]:
        return machine({"A": {"Type": "Pass", "Result": value, "End": True}})

    assert flow_changes(with_result(1), with_result(True))
    assert not flow_changes(with_result(1), with_result(1.0))
    assert flow_changes(with_result(None), with_result(0))


def test_names_with_signs_of_their_own_stay_on_one_line() -> None:
    old = machine({"A": {**TASK, "Next": "B\nC"}, "B\nC": {"Type": "Succeed"}})
    new = machine({"A": {**TASK, "Next": "한\x1b[31m"}, "한\x1b[31m": {"Type": "Fail"}})
    text = told(old, new)
    assert len(text.splitlines()) == 4
    assert "\x1b" not in text


def running(resources: dict[str, Any]) -> list[str]:
    end = {"Type": "Succeed"}
    changes = flow_changes(machine({"A": end}), machine({"A": {**end, "InputPath": "$.a"}}))
    template = {"Resources": {**resources, "Odd": 1}}
    return [str(change) for change in running_changes("M", machine({"A": end}), changes, (), template)]


def test_executions_under_way_keep_their_definition_and_aliases_move() -> None:
    def of(type_: str, machine: Any) -> dict[str, Any]:
        return {"Type": f"AWS::StepFunctions::{type_}", "Properties": {"StateMachineArn": machine}}

    kept = "they go on with the old definition; those that are started now have the new one"
    assert running({}) == [kept]
    others = {
        "V": of("StateMachineVersion", {"Ref": "Other"}),
        "A": of("StateMachineAlias", {"Ref": "Gone"}),
    }
    assert running({"Other": of("StateMachine", {"Ref": "M"}), **others}) == [kept]
    version = of("StateMachineVersion", {"Ref": "M"})
    moves = "those that are started through the alias A have the version that it then names"
    stays = "those of a version keep it: V is a version, which never changes"
    assert running({"V": version, "A": of("StateMachineAlias", {"Ref": "V"})}) == [kept, stays, moves]
