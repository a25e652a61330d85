"""What a function of CloudFormation is, in Python and in a document."""

from typing import Any

import pytest
from cfnlint.helpers import FUNCTIONS
from troposphere import AWSHelperFn, Base64, FindInMap, GetAtt, If, Join, Ref, Select, Split, Sub
from troposphere.sns import Topic

from cfngen.cfn.functions import (
    CONDITION,
    FOR_EACH,
    REF,
    TAGGED,
    attribute,
    function_call,
    get_att,
    if_branches,
    is_function,
    is_intrinsic,
    plain,
    ref,
    ref_name,
    select_of_split,
    sub,
    substitution,
)
from tests.rows import each_row


@each_row(
    "function",
    [
        Base64("a"),
        FindInMap("A", "b", "c"),
        GetAtt("A", "Arn"),
        If("A", "b", "c"),
        Join("", ["a"]),
        Ref("A"),
        Select(0, ["a"]),
        Sub("${A}"),
    ],
    ids=lambda function: type(function).__name__,
)
def test_a_function_of_troposphere_is_one_in_python_and_in_a_document(function: AWSHelperFn) -> None:
    assert is_intrinsic(function)
    assert not is_function(function)
    assert is_function(plain(function))


@each_row(
    "value",
    [
        {},
        {"Ref": 5},
        {"Ref": "A", "Other": 1},
        {"Reference": "A"},
        {"Condition": "A"},
        {5: "A"},
        "Ref",
        ["Ref"],
        None,
        Topic("Topic").to_dict(),
    ],
)
def test_other_values_are_not_functions(value: Any) -> None:
    assert function_call(value) is None


def test_a_class_is_not_a_value() -> None:
    assert plain(Topic) is Topic


def test_all_functions_that_cfn_lint_knows_have_a_name_here() -> None:
    ours = {REF, FOR_EACH, CONDITION, *TAGGED}
    rules = {"Fn::Implies"}  # which is for the section Rules of Service Catalog
    assert {name for name in FUNCTIONS if not name.startswith(FOR_EACH)} - ours <= rules


def test_functions_are_spelled_as_troposphere_spells_them() -> None:
    assert ref("A") == Ref("A").to_dict()
    assert get_att("A", "Arn") == GetAtt("A", "Arn").to_dict()
    assert sub("${A}") == Sub("${A}").to_dict()
    assert sub("${A}", {"A": "b"}) == Sub("${A}", A="b").to_dict()
    assert select_of_split(":", 1, ref("A")) == {"Fn::Select": [1, Split(":", Ref("A")).to_dict()]}


@pytest.mark.parametrize("argument", ["A.B.C", ["A", "B.C"], ("A", "B.C")])
def test_an_attribute_is_that_of_the_first_dot(argument: Any) -> None:
    assert attribute({"Fn::GetAtt": argument}) == ("A", "B.C")


@each_row("argument", ["A", [], ["A"], ["A", {"Ref": "B"}], 5])
def test_an_attribute_that_is_not_written_is_none(argument: Any) -> None:
    assert attribute({"Fn::GetAtt": argument}) is None


def test_the_arguments_of_functions_are_read() -> None:
    assert ref_name({"Ref": "A"}) == "A"
    assert substitution({"Fn::Sub": "a"}) == ("a", {})
    assert substitution({"Fn::Sub": ["a", {"B": 1}]}) == ("a", {"B": 1})
    assert substitution({"Fn::Sub": ["a"]}) is None
    assert if_branches({"Fn::If": ["A", 1, 2]}) == ("A", 1, 2)
    assert if_branches({"Fn::If": ["A", 1]}) is None
