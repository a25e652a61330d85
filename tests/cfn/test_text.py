"""Text with holes: what Fn::Sub and Fn::Join spell."""

import re
from typing import Any

from cfnlint.helpers import REGEX_SUB_PARAMETERS
from hypothesis import assume, given
from hypothesis import strategies as st
from troposphere import GetAtt, Join, Ref, Select, Sub

from cfngen.cfn.text import (
    Hole,
    Pieces,
    as_sub,
    as_sub_text,
    can_be_escaped,
    escaped,
    filled,
    in_sub,
    literal_of,
    names,
    parse_sub,
    pieces_of,
    reference_name,
    reference_to,
    spans,
    split_sub,
    sub_text,
)
from tests.rows import each_row

_TEXTS = st.text(st.sampled_from("${}!a.: "), max_size=20)


@each_row(
    ("text", "pieces"),
    [
        ("", ()),
        ("all literal", ("all literal",)),
        ("${Topic}", (Hole("Topic"),)),
        ("${ Topic }", (Hole("Topic"),)),
        ("a-${Topic.Arn}-b", ("a-", Hole("Topic.Arn"), "-b")),
        ("${A}${B}", (Hole("A"), Hole("B"))),
        ("${!Literal}", ("${Literal}",)),
        ("x${!A}y${B}", ("x${A}y", Hole("B"))),
        ("${never closed", ("${never closed",)),
        ("${a${B}", ("${a", Hole("B"))),
        ("${a{b}c}", ("${a{b}c}",)),
        ("${!a${B}c", ("${a${B}c",)),
        ("$", ("$",)),
        ("${", ("${",)),
        ("${!", ("${!",)),
    ],
)
def test_text_is_read_in_its_pieces(text: str, pieces: Pieces) -> None:
    assert parse_sub(text) == pieces


@given(_TEXTS)
def test_a_hole_is_what_a_plain_pattern_takes_for_one(text: str) -> None:
    pattern = re.compile(r"\$\{(![^}]*|[^{}]*)\}")
    assert [text[start:end] for start, end, _ in spans(text)] == [m[0] for m in pattern.finditer(text)]


@given(st.text("${}Ab:.", max_size=20))
def test_cfn_lint_names_the_same_holes(text: str) -> None:
    theirs = REGEX_SUB_PARAMETERS.findall(text)
    assume(not any(brace in name for name in theirs for brace in "{}"))  # of which it makes something else
    assert [name for name in names(text) if name] == theirs


@given(_TEXTS.filter(can_be_escaped))
def test_literal_text_is_read_back_as_it_was(text: str) -> None:
    assert literal_of(parse_sub(escaped(text))) == text


@each_row("unit", ["${", "${!", "${a", "${!a${", "}${", "${a}", "${!a}", "{", ":${"])
def test_a_long_text_is_read_in_one_pass(unit: str) -> None:
    class Counted(str):
        """Text that counts the characters that are searched."""

        searched = 0

        def find(self, sub: str, start: Any = 0, end: Any = None) -> int:
            found = super().find(sub, start, len(self) if end is None else end)
            Counted.searched += (found if found >= 0 else len(self) if end is None else end) - start
            return found

    text = Counted(unit * 2_000)
    assert len(list(spans(text))) <= 2_000
    assert Counted.searched < 8 * len(text)


def test_a_variable_of_its_own_is_what_it_stands_for() -> None:
    value = {"Fn::Sub": ["arn:${P}:sns:${R}", {"P": {"Ref": "AWS::Partition"}, "R": "eu-west-1"}]}
    assert pieces_of(value) == ("arn:", Hole("AWS::Partition", {"Ref": "AWS::Partition"}), ":sns:eu-west-1")


@each_row(
    ("value", "inner_text"),
    [
        ("text", "text"),
        (Ref("Topic"), "${Topic}"),
        (GetAtt("Topic", "TopicArn"), "${Topic.TopicArn}"),
        ({"Fn::GetAtt": "Topic.TopicArn"}, "${Topic.TopicArn}"),
        (Sub("a-${Topic}"), "a-${Topic}"),
        (Join("-", ["a", Ref("Topic")]), "a-${Topic}"),
        (Join("", ["${a}", Ref("Topic")]), "${!a}${Topic}"),
        (Join("", ["${", Ref("Topic"), "}"]), None),
        (Join("", ["a", Select(0, ["b"])]), None),
        (Select(0, ["b"]), None),
        (5, None),
    ],
)
def test_a_function_stands_inside_another_text(value: Any, inner_text: str | None) -> None:
    assert in_sub(value) == inner_text


def test_a_join_of_text_and_references_is_a_sub() -> None:
    assert as_sub({"Fn::Join": [":", ["a", {"Ref": "B"}]]}) == {"Fn::Sub": "a:${B}"}


def test_what_no_sub_can_spell_stands_in_text_by_its_function() -> None:
    assert as_sub_text(Join("", ["a-", Select(0, ["b"])])) == "a-${Fn::Select}"


@each_row("name", ["Topic", "Topic.TopicArn", "Nested.Outputs.Arn", "AWS::Region"])
def test_a_name_and_its_function_say_the_same(name: str) -> None:
    assert reference_name(reference_to(name)) == name


@each_row(
    ("text", "parts"),
    [
        ("a:b", ["a", "b"]),
        ("arn:${AWS::Partition}:sns", ["arn", "${AWS::Partition}", "sns"]),
        ("${!a:b}:c", ["${!a:b}", "c"]),
        (":", ["", ""]),
        ("", [""]),
        ("${a:b", ["${a", "b"]),
    ],
)
def test_text_is_split_outside_its_holes(text: str, parts: list[str]) -> None:
    assert split_sub(text, ":") == parts


def test_text_is_split_as_often_as_asked() -> None:
    assert split_sub("a:b:c:d", ":", 2) == ["a", "b", "c:d"]


def test_holes_are_filled_in() -> None:
    values = {"A": "1", "!B": "2"}
    assert filled("${A} ${!B} ${C}", values.get) == "1 2 ${C}"


def test_text_without_holes_is_literal() -> None:
    assert literal_of(parse_sub("a${!B}")) == "a${B}"
    assert literal_of(()) == ""
    assert literal_of(parse_sub("a${B}")) is None


def test_pieces_are_spelled_again() -> None:
    assert sub_text(("a", Hole("B"), "${c}")) == "a${B}${!c}"
