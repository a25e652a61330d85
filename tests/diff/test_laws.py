"""Laws of comparing: equal is nothing, and back is the mirror of forth."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen import Workflow
from cfngen.diff import Comparison, compare
from cfngen.diff.flow import FlowChanges, StateChange, flow_changes
from cfngen.diff.permissions import Direction
from cfngen.diff.values import field_changes, in_one_form
from tests.asl.test_nested_properties import workflows
from tests.diff.drawn import policy, reworded, side_of, templates
from tests.rows import each_row

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


def definition(workflow: Workflow) -> dict[str, Any]:
    return workflow.rendered(lambda tail: f"arn:aws:states:::{tail}")


def key(change: StateChange) -> tuple[str, str]:
    return (change.old or "", change.new or "")


def in_order(changes: FlowChanges) -> tuple[Any, list[Any]]:
    """Return changes as they compare where the order does not count."""
    states = [
        (
            key(state),
            state.types,
            state.paths,
            state.scopes,
            set(map(repr, state.fields)),
            set(state.transitions),
        )
        for state in sorted(changes.states, key=key)
    ]
    return set(map(repr, changes.fields)), states


@given(json_values)
def test_equal_values_have_no_changes(value: Any) -> None:
    assert field_changes(in_one_form(value), in_one_form(copy.deepcopy(value))) == []


@given(json_values, json_values)
def test_values_that_differ_have_changes_and_back_is_the_mirror(one: Any, other: Any) -> None:
    old, new = in_one_form(one), in_one_form(other)
    forth, back = field_changes(old, new), field_changes(new, old)
    assert (forth == []) == (back == [])
    assert {repr(change.mirrored()) for change in forth} == set(map(repr, back))


@given(workflows())
@pytest.mark.slow
def test_a_definition_does_not_differ_from_itself(workflow: Workflow) -> None:
    assert flow_changes(definition(workflow), definition(workflow)) == FlowChanges()


@given(workflows(), workflows())
@pytest.mark.slow
def test_the_way_back_is_the_mirror_of_the_way_forth(one: Workflow, other: Workflow) -> None:
    old, new = definition(one), definition(other)
    assert in_order(flow_changes(old, new).mirrored()) == in_order(flow_changes(new, old))


def mirror(comparison: Comparison, *, back: bool) -> dict[str, Any]:
    """Return what a comparison says, as it compares where the order does not count.

    With ``back`` as seen from the other side. What only one side can say is left out: what goes with a
    replacement, the name by which the old output is imported, and what cannot be told of the new role.
    """
    resources, permissions, trust, entries = set[Any](), set[Any](), set[Any](), set[Any]()
    for change in comparison.resources:
        ends = (change.new, change.old) if back else (change.old, change.new)
        effect = change.effect.mirrored() if back else change.effect
        fields = [field.mirrored() if back else field for field in change.fields]
        resources.add((ends, effect, frozenset(map(repr, fields)), frozenset(change.because)))
    for entry in comparison.entries:
        one = entry.mirrored() if back else entry
        entries.add((one.section, one.name, repr(one.old), repr(one.new)))
    for machine in comparison.machines:
        for permission in machine.permissions:
            if permission.direction is not Direction.UNDECIDED:
                permissions.add(permission.mirrored() if back else permission)
        trust.update(each.mirrored() if back else each for each in machine.trust)
    return {"resources": resources, "permissions": permissions, "trust": trust, "entries": entries}


@given(templates(), templates())
@pytest.mark.slow
def test_the_way_back_between_templates_is_the_mirror_of_the_way_forth(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    old, new = side_of(one, "old"), side_of(other, "new")
    assert mirror(compare(old, new), back=True) == mirror(compare(new, old), back=False)


@given(st.data())
@pytest.mark.slow
def test_a_template_does_not_differ_from_itself_nor_from_its_policy_in_other_words(
    data: st.DataObject,
) -> None:
    template = data.draw(templates())
    same = side_of(template, "old")
    assert not compare(same, side_of(copy.deepcopy(template), "new"))
    policies_of_role = template["Resources"]["Role"]["Properties"]["Policies"]
    statements = policies_of_role[0]["PolicyDocument"]["Statement"]
    other = copy.deepcopy(template)
    other["Resources"]["Role"]["Properties"]["Policies"] = [
        {"PolicyName": "q", "PolicyDocument": policy(data.draw(reworded(statements)))}
    ]
    assert [change.permissions for change in compare(same, side_of(other, "new")).machines] == []


@each_row(
    ("value", "form"),
    [
        ({"Statement": [{"b": 1}, {"a": 1}]}, {"Statement": [{"a": 1}, {"b": 1}]}),
        ({"Statement": [{"b": 1}, "a"]}, {"Statement": [{"b": 1}, "a"]}),
        ({"Rules": [{"b": 1}, {"a": 1}]}, {"Rules": [{"b": 1}, {"a": 1}]}),
        ({"Tags": [{"Key": "b"}, {"Key": "a"}]}, {"Tags": [{"Key": "a"}, {"Key": "b"}]}),
        ({"Tags": [{"Key": "b"}, {"Name": "a"}]}, {"Tags": [{"Key": "b"}, {"Name": "a"}]}),
        ({"Tags": ["b", "a"]}, {"Tags": ["b", "a"]}),
        ({"DependsOn": "A"}, {"DependsOn": ["A"]}),
        ({"Other": "A"}, {"Other": "A"}),
        ({"Effect": "Allow", "Sid": "x", "Action": "b"}, {"Effect": "Allow", "Action": ["b"]}),
        ({"Effect": "Allow", "Resource": ["b", "a"]}, {"Effect": "Allow", "Resource": ["a", "b"]}),
        ({"Fn::Sub": "${A}"}, {"Ref": "A"}),
        ({"Fn::Sub": "${A.B}"}, {"Fn::GetAtt": ["A", "B"]}),
        ({"Fn::GetAtt": "A.B"}, {"Fn::GetAtt": ["A", "B"]}),
        ({"Fn::Sub": "plain"}, "plain"),
        ({"Fn::Join": ["", ["a", {"Ref": "A"}]]}, {"Fn::Sub": "a${A}"}),
    ],
    ids=str,
)
def test_what_is_the_same_to_aws_has_one_form(value: Any, form: Any) -> None:
    assert in_one_form(value) == form
