"""Text with holes as parsers take it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen.cfn.evaluation import Evaluation
from cfngen.cfn.holes import STAND_IN, enclosed, inside, marked, read_json, stand_ins, value_of
from cfngen.cfn.text import Hole, joined_pieces, pieces_of
from tests.rows import each_row

TEMPLATE = {"Parameters": {name: {"Type": "String", "Default": f"<{name}>"} for name in ("A", "B", "Var1")}}
HOLES = st.one_of(
    st.sampled_from([Hole("A"), Hole("B"), Hole("Var1")]),
    st.sampled_from([Hole("", {"Fn::Select": [0, ["x", "y"]]}), Hole("", {"Fn::Join": ["-", ["x", "y"]]})]),
)
PIECES = st.lists(st.one_of(st.text("ab${}! \"'", max_size=5), HOLES), max_size=6).map(joined_pieces)


def resolved(value: Any) -> str:
    """Return what CloudFormation makes of a value."""
    evaluation = Evaluation(TEMPLATE, {}, stack="s", region="eu-west-1", account="123456789012")
    return str(evaluation.value(value))


def filled(pieces: Any) -> str:
    return "".join(piece if isinstance(piece, str) else resolved(piece.function) for piece in pieces)


@given(PIECES)
def test_a_text_as_a_template_holds_it_becomes_that_text(pieces: Any) -> None:
    assert resolved(value_of(pieces)) == filled(pieces)


@given(PIECES)
def test_a_text_between_two_others_is_that_in_the_stack(pieces: Any) -> None:
    assert resolved(enclosed(value_of(pieces), "{% ", " %}")) == f"{{% {filled(pieces)} %}}"


@given(PIECES.filter(lambda pieces: any(isinstance(piece, Hole) for piece in pieces)))
def test_what_was_put_between_two_texts_is_inside_them(pieces: Any) -> None:
    found = inside(enclosed(value_of(pieces), "{% ", " %}"), "{%", "%}")
    assert filled(pieces_of(found)).strip() == filled(pieces).strip()


@given(PIECES)
def test_marks_stand_for_the_holes(pieces: Any) -> None:
    text = marked(value_of(pieces))
    assert text is not None
    assert filled(text.pieces(text.text)) == filled(pieces)


@each_row("value", [["a"], {"a": 1, "b": 2}, 1, None, "a\U000f0000"])
def test_what_is_no_text_has_no_marks(value: Any) -> None:
    assert marked(value) is None


@each_row(
    ("text", "expected"),
    [
        ("[]", []),
        ('{"a": [1, "b", null], "c": {}}', {"a": [1, "b", None], "c": {}}),
        ({"Fn::Sub": '["${A}", {"${B}": "x${C}y"}]'}, [{"Ref": "A"}, {"${B}": {"Fn::Sub": "x${C}y"}}]),
        ({"Fn::Join": ["", ['{"a": "', {"Ref": "A"}, '"}']]}, {"a": {"Ref": "A"}}),
    ],
)
def test_json_is_read_around_its_holes(text: Any, expected: Any) -> None:
    assert read_json(text) == expected


@each_row(
    ("text", "reason"),
    [
        ({"Ref": "A"}, "expecting value at character 1"),
        ({"Fn::Sub": '{"a": ${A}}'}, "expecting value at character 7"),
        ("[1, x]", "expecting value at character 5"),
        ("[" * 100_000, "it is nested too deep"),
        (["[]"], "it is made by a function whose text is not known"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_is_no_json_is_told(text: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read_json(text)


@each_row(
    ("text", "expected"),
    [
        ("${Stage}", "11111111"),
        ("a + ${N}", "a + 1111"),
        ("[1..${N}]", "[1..1111]"),
        ("$.${F}", f"$.{STAND_IN * 4}"),
        ("$${F}", f"${STAND_IN * 4}"),
        ("a${F}", f"a{STAND_IN * 4}"),
        ("${F}a", f"{STAND_IN * 4}a"),
        ("${A}${B}", "11111111"),
        ("'${A} ${!B}'", "'1111 11111'"),
        ("no holes", "no holes"),
    ],
)
def test_what_stands_in_for_a_hole_is_as_long_as_it(text: str, expected: str) -> None:
    assert stand_ins(text, lambda width: "1" * width) == expected


@each_row(
    "value", ["text", {"Ref": "A"}, {"Fn::Sub": "a{% ${A} %}"}, {"Fn::Sub": "{% ${A} %"}, 1, None, "{%}"]
)
def test_what_is_not_between_the_texts_is_inside_nothing(value: Any) -> None:
    assert inside(value, "{%", "%}") is None
