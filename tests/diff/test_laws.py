"""Laws of comparing: equal is nothing, and back is the mirror of forth."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen import Workflow
from cfngen.diff.flow import FlowChanges, StateChange, flow_changes
from cfngen.diff.values import field_changes, in_one_form
from tests.asl.test_nested_properties import workflows

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
