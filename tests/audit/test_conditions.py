"""The assignments of truth to the conditions of a template, and what parameters are in each."""

from __future__ import annotations

from typing import Any

from cfngen.audit.condition_assignments import ConditionAssignment, enumerate_assignments
from cfngen.cfn.symbolic import Placeholder
from tests.rows import each_row

STAGE = {"Ref": "Stage"}
IS_PROD = {"Fn::Equals": [STAGE, "prod"]}
IS_DEV = {"Fn::Equals": ["dev", STAGE]}
TWO = {"Type": "String", "AllowedValues": ["dev", "prod"]}
OPEN = {"Type": "String"}


def told(assignment: ConditionAssignment) -> str:
    truths = [name if truth else f"not {name}" for name, truth in assignment.truths.items()]
    known = [f"{placeholder.name}={value}" for placeholder, value in assignment.known.items()]
    return " ".join([*truths, *known])


def all_told(conditions: Any, stage: Any = OPEN, used: Any = None) -> tuple[list[str], bool]:
    template = {"Parameters": {"Stage": stage, "Other": OPEN}, "Conditions": conditions, "Resources": {}}
    names = list(conditions) if used is None else used
    assignments, are_all = enumerate_assignments(template, [{"Condition": name} for name in names])
    return [told(assignment) for assignment in assignments], are_all


@each_row(
    ("conditions", "stage", "expected"),
    [
        ({}, OPEN, [""]),
        ({"P": IS_PROD}, OPEN, ["P Stage=prod", "not P"]),
        ({"P": IS_PROD, "D": IS_DEV}, OPEN, ["P not D Stage=prod", "not P D Stage=dev", "not P not D"]),
        ({"P": IS_PROD, "D": IS_DEV}, TWO, ["P not D Stage=prod", "not P D Stage=dev"]),
        ({"P": IS_PROD}, {"Type": "String", "AllowedValues": ["prod"]}, ["P"]),
        ({"P": IS_PROD}, {"Type": "String", "AllowedValues": ["dev"]}, ["not P"]),
        ({"N": {"Fn::Not": [IS_PROD]}}, OPEN, ["not N Stage=prod", "N"]),
        ({"P": IS_PROD, "N": {"Fn::Not": [{"Condition": "P"}]}}, OPEN, ["P not N Stage=prod", "not P N"]),
        ({"B": {"Fn::And": [IS_PROD, IS_DEV]}}, TWO, ["not B Stage=prod", "not B Stage=dev"]),
        ({"A": {"Fn::Or": [IS_PROD, IS_DEV]}}, TWO, ["A Stage=prod", "A Stage=dev"]),
        ({"E": {"Fn::Equals": [STAGE, {"Ref": "Other"}]}}, OPEN, ["E", "not E"]),
        ({"E": {"Fn::Equals": ["a", "a"]}, "U": {"Fn::Equals": ["a", "b"]}}, OPEN, ["E not U"]),
        ({"E": {"Fn::Equals": [STAGE, STAGE]}}, OPEN, ["E"]),
        ({"L": {"Fn::Equals": [["a"], "b"]}}, OPEN, ["L", "not L"]),
        ({"B": {"Fn::And": ["odd", IS_PROD]}}, OPEN, ["B Stage=prod", "not B"]),
        ({"N": {"Fn::Not": "odd"}}, OPEN, ["N"]),
        ({"A": {"Condition": "B"}, "B": {"Condition": "A"}}, OPEN, ["A B"]),
        ({"E": {"Fn::Equals": [STAGE]}, "T": {"Fn::Equals": ["a", "b", "c"]}}, OPEN, ["E T"]),
        (
            {"E": {"Fn::Or": []}, "S": "prod", "T": {**IS_PROD, "Condition": "E"}},
            OPEN,
            ["E S T Stage=prod", "E S T"],
        ),
        ({"A": {"Fn::Or": [IS_PROD, {"Fn::Not": [IS_PROD]}]}}, OPEN, ["A Stage=prod", "A"]),
    ],
    ids=str,
)
def test_conditions_are_true_together_where_parameters_allow_it(
    conditions: Any, stage: Any, expected: list[str]
) -> None:
    assert all_told(conditions, stage) == (expected, True)


def test_conditions_that_nothing_uses_are_left_out() -> None:
    assert all_told({"P": IS_PROD, "D": IS_DEV}, used=["D"]) == (["D Stage=dev", "not D"], True)
    through = {"P": IS_PROD, "D": IS_DEV, "N": {"Condition": "P"}}
    assert all_told(through, used=["N"]) == (["N P Stage=prod", "not N not P"], True)


def test_a_condition_is_known_through_two_hundred_others() -> None:
    chain = {f"C{n}": {"Fn::And": [{"Condition": f"C{n + 1}"}] * 2} for n in range(200)}
    assignments, are_all = all_told(chain | {"C200": IS_PROD}, used=["C0"])
    assert ([text.count("not C") for text in assignments], are_all) == ([0, 201], True)


def test_a_condition_that_is_not_there_is_both() -> None:
    assert all_told({}, used=["Gone"]) == (["Gone", "not Gone"], True)


def test_of_more_than_six_comparisons_all_none_and_each_alone_are_true() -> None:
    conditions = {f"C{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "yes"]} for n in range(7)}
    assignments, are_all = all_told(conditions)
    counts = [text.count("C") - text.count("not C") for text in assignments]
    assert (counts, are_all) == ([7, 0] + [1] * 7, False)
    del conditions["C6"]
    assignments, are_all = all_told(conditions)
    assert (len(assignments), are_all) == (64, True)


def test_placeholders_of_an_assignment_are_those_of_the_parameters() -> None:
    template = {"Parameters": {"Stage": OPEN}, "Conditions": {"P": IS_PROD}}
    assignments, _ = enumerate_assignments(template, [{"Fn::If": ["P", 1, 2]}])
    assert [dict(assignment.known) for assignment in assignments] == [{Placeholder("Stage"): "prod"}, {}]
