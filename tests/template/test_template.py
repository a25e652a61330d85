"""The way out: what the text says to readers that are not ours, and that it never says it twice."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cfn_flip
import pytest
import yaml
from cfnlint.decode import cfn_yaml
from hypothesis import given
from hypothesis import strategies as st
from troposphere import GetAtt, If, Join, NoValue, Output, Parameter, Ref, Select, Sub, Template
from troposphere.sns import Topic
from troposphere.stepfunctions import StateMachine

from cfngen.template import (
    definition_string,
    document,
    problems,
    to_json,
    to_yaml,
    write,
)
from cfngen.template.resource_limits import LIMITED_TEXTS
from tests.rings import examples
from tests.rows import each_row

MACHINE = "AWS::StepFunctions::StateMachine"


def value_in_yaml(value: Any) -> Any:
    """The text after ``V:`` of a document that holds this value alone."""
    text = to_yaml({"V": value})
    assert text.startswith("V:")
    return text[2:].removeprefix(" ")


# --- the order -----------------------------------------------------------------------------------


def test_sections_stand_in_the_order_of_the_template_anatomy_and_unknown_ones_last() -> None:
    names = [
        "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings",
        "Conditions", "Transform", "Globals", "Hooks", "Resources", "Outputs",
    ]  # fmt: skip
    shuffled = ["Zebra", *reversed(names), "Ape"]
    assert list(document({name: {} for name in shuffled})) == [*names, "Zebra", "Ape"]


def test_a_resource_says_what_it_is_before_what_it_has() -> None:
    names: list[Any] = [
        "Type", "Condition", "DependsOn", "CreationPolicy", "UpdatePolicy", "DeletionPolicy",
        "UpdateReplacePolicy", "Metadata", "Properties", "Unknown",
    ]  # fmt: skip
    resource: dict[str, Any] = {name: {} for name in reversed(names)}
    sections: dict[str, Any] = document({"Resources": {"A": resource}})
    assert list(sections["Resources"]["A"]) == names


def test_a_parameter_says_type_description_and_default_before_its_constraints() -> None:
    parameter: dict[str, Any] = {
        "MinValue": 1,
        "Default": 2,
        "MaxValue": 3,
        "Description": "n",
        "Type": "Number",
    }
    sections: dict[str, Any] = document({"Parameters": {"N": parameter}})
    assert list(sections["Parameters"]["N"]) == [
        "Type", "Description", "Default", "MinValue", "MaxValue",
    ]  # fmt: skip


def test_an_output_says_what_it_is_before_its_value() -> None:
    output: dict[str, Any] = {"Export": {"Name": "x"}, "Value": "v", "Condition": "C", "Description": "d"}
    sections: dict[str, Any] = document({"Outputs": {"O": output}})
    assert list(sections["Outputs"]["O"]) == [
        "Description", "Condition", "Value", "Export",
    ]  # fmt: skip


def test_everything_else_keeps_its_authors_order() -> None:
    properties = {"Zeta": 1, "Alpha": {"b": 1, "a": 2}, "Type": 3}
    resources = {"Z": {"Properties": properties}, "A": {"Type": "T"}}
    assert json.dumps(document({"Resources": resources})) == json.dumps({"Resources": resources})


def test_a_loop_over_resources_is_not_rearranged() -> None:
    loop = {"Fn::ForEach::Topics": ["Id", ["A"], {"T${Id}": {"Properties": {}, "Type": "T"}}]}
    assert json.dumps(document({"Resources": loop})) == json.dumps({"Resources": loop})


def test_a_troposphere_template_becomes_a_document() -> None:
    template = Template(Description="d")
    template.set_version("2010-09-09")
    template.add_parameter(Parameter("Mail", Type="String", Default="no"))
    template.add_resource(Topic("Topic", DisplayName=Ref("Mail"), FifoTopic=True))
    template.add_output(Output("Arn", Value=GetAtt("Topic", "TopicArn")))
    assert to_yaml(template) == (
        "AWSTemplateFormatVersion: '2010-09-09'\n"
        "Description: d\n"
        "Parameters:\n"
        "  Mail:\n"
        "    Type: String\n"
        "    Default: 'no'\n"
        "Resources:\n"
        "  Topic:\n"
        "    Type: AWS::SNS::Topic\n"
        "    Properties:\n"
        "      DisplayName: !Ref Mail\n"
        "      FifoTopic: true\n"
        "Outputs:\n"
        "  Arn:\n"
        "    Value: !GetAtt Topic.TopicArn\n"
    )


def test_values_of_troposphere_may_stand_in_a_plain_mapping() -> None:
    assert document({"Resources": {"A": {"X": (Ref("B"), Sub("${C}"))}}}) == {
        "Resources": {"A": {"X": [{"Ref": "B"}, {"Fn::Sub": "${C}"}]}}
    }


@each_row("number", [float("inf"), float("-inf"), float("nan")])
@each_row("render", [to_yaml, to_json])
def test_a_number_that_json_does_not_have_is_refused_with_its_place(
    render: Callable[..., Any], number: float
) -> None:
    with pytest.raises(ValueError, match=r"^/Resources/A/1: (-?inf|nan) is not a number in JSON$"):
        render({"Resources": {"A": [1.0, number]}})


def test_half_a_character_is_refused_with_its_place() -> None:
    with pytest.raises(ValueError, match=r"^/Metadata/k: '\\ud800' is not Unicode text$"):
        to_json({"Metadata": {"k": "\ud800"}})


@pytest.mark.parametrize("value", [{"b", "a"}, b"bytes", object()])
def test_a_value_that_json_does_not_have_is_refused_with_its_place(
    value: set[str] | bytes | object,
) -> None:
    with pytest.raises(TypeError, match=r"^/Metadata/k: \w+ has no form in JSON$"):
        document({"Metadata": {"k": value}})


def test_a_key_that_is_not_text_is_refused_for_it_may_have_lost_its_zeros() -> None:
    with pytest.raises(TypeError, match=r"^/Mappings/12: a key is text, not 12$"):
        document({"Mappings": {12: {}}})


# --- YAML ----------------------------------------------------------------------------------------

SHORT_FORMS = [
    ({"Ref": "Topic"}, "!Ref Topic\n"),
    ({"Ref": "AWS::Region"}, "!Ref AWS::Region\n"),
    ({"Fn::GetAtt": ["Role", "Arn"]}, "!GetAtt Role.Arn\n"),
    ({"Fn::GetAtt": "Role.Arn"}, "!GetAtt Role.Arn\n"),
    ({"Fn::GetAtt": ["Stack", "Outputs.Url"]}, "!GetAtt Stack.Outputs.Url\n"),
    ({"Fn::GetAZs": ""}, "!GetAZs ''\n"),
    ({"Fn::ImportValue": "shared"}, "!ImportValue shared\n"),
    ({"Fn::Base64": "text"}, "!Base64 text\n"),
    ({"Fn::Sub": "${A}-x"}, "!Sub ${A}-x\n"),
    ({"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}, "!Sub\n- ${A}\n- A: !Ref B\n"),
    ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "!Select [0, !GetAZs '']\n"),
    ({"Fn::Cidr": [{"Ref": "Block"}, 2, 8]}, "!Cidr [!Ref Block, 2, 8]\n"),
    ({"Fn::Join": ["", ["a", {"Ref": "B"}]]}, "!Join ['', [a, !Ref B]]\n"),
    ({"Fn::If": ["Prod", "a", {"Ref": "AWS::NoValue"}]}, "!If [Prod, a, !Ref 'AWS::NoValue']\n"),
    ({"Fn::FindInMap": ["M", "a", "b"]}, "!FindInMap [M, a, b]\n"),
    ({"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "L"}]}]}, "!Select [0, !Split [',', !Ref L]]\n"),
]


@each_row(("value", "text"), SHORT_FORMS)
def test_functions_take_their_short_form(value: dict[str, Any], text: str) -> None:
    assert value_in_yaml(value) == text


def test_a_long_list_of_arguments_stands_on_lines_of_its_own() -> None:
    words = [f"a-rather-long-word-{number}" for number in range(4)]
    assert value_in_yaml({"Fn::Join": ["-", words]}) == (
        "!Join\n- '-'\n- - a-rather-long-word-0\n  - a-rather-long-word-1\n"
        "  - a-rather-long-word-2\n  - a-rather-long-word-3\n"
    )


def test_lists_inside_lists_stand_on_one_line_up_to_five() -> None:
    assert value_in_yaml({"Fn::Or": [[[[["a"]]]]]}) == "!Or [[[[[a]]]]]\n"
    assert value_in_yaml({"Fn::Or": [[[[[["a"]]]]]]}) == "!Or\n- - - - - - a\n"


def test_a_function_of_a_function_is_long_for_yaml_has_no_two_tags_in_a_row() -> None:
    nested = {"Fn::Base64": {"Fn::Sub": "${A}"}}
    assert value_in_yaml(nested) == "\n  Fn::Base64: !Sub ${A}\n"


@each_row(
    "value",
    [
        {"Fn::GetAtt": ["A", {"Ref": "B"}]},
        {"Fn::GetAtt": ["A.B", "C"]},
        {"Fn::GetAtt": ["A", "B", "C"]},
        {"Subnets": ["A", "B"]},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Fn::Length": ["a"]},
        {"Ref": "A", "Other": "B"},
        {"Fn::Base64": 12},
    ],
)
def test_what_a_short_form_would_change_is_written_long(value: dict[str, Any]) -> None:
    assert "!" not in value_in_yaml(value).replace("!Ref B", "")


def test_a_condition_is_a_function_among_conditions() -> None:
    text = to_yaml({"Conditions": {"C": {"Fn::Not": [{"Condition": "D"}]}}})
    assert text == "Conditions:\n  C: !Not [!Condition D]\n"


def test_a_condition_is_a_mapping_elsewhere() -> None:
    assert value_in_yaml({"Condition": "C"}) == "\n  Condition: C\n"


LOOKALIKES = """
y Y yes Yes YES n N no No NO true True TRUE false on On ON off OFF null Null NULL ~ 1e3 1E3 0x1 0XF
0o7 017 0b1 1_000 1:30 190:20:30 .5 -.5 +1 -1 1. .inf -.Inf .NAN .nan = << 2012-10-17 123456789012
012345678901 2001-12-14t21:59:43.10-05:00 - ? : * & ! | > % @ ` # { } [ ] , ' " --- ... 12e03 -2E+05
""".split()  # noqa: SIM905


@each_row("text", ["", *LOOKALIKES])
def test_text_that_some_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert value_in_yaml(text) == "'" + text.replace("'", "''") + "'\n"


@each_row(
    "text", ["AWS::SNS::Topic", "arn:aws:sns:::a", "States.ALL", "$.job.id", "/aws/logs", "완료 되었습니다"]
)
def test_text_that_nobody_mistakes_is_plain(text: str) -> None:
    assert value_in_yaml(text) == text + "\n"


def test_characters_that_parsers_treat_differently_are_escaped() -> None:
    assert value_in_yaml("끝 🎉\t\u2028") == '"끝 \\U0001F389\\t\\L"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#!/bin/sh\necho 1\n", "|\n  #!/bin/sh\n  echo 1\n"),
        ("a\n\n  b", "|-\n  a\n\n    b\n"),
        (" a\nb", "|2-\n   a\n  b\n"),
    ],
)
def test_lines_stand_as_lines(text: str, expected: str) -> None:
    assert value_in_yaml(text) == expected


@each_row("text", ["a \nb", "a\nb\n\n", "a\nb ", "\n", "a\r\nb"])
def test_lines_whose_end_would_be_invisible_or_lost_are_quoted(text: str) -> None:
    assert value_in_yaml(text) == json.dumps(text) + "\n"


def test_long_prose_is_folded_at_a_hundred_columns() -> None:
    folded = value_in_yaml(" ".join(["word"] * 50)).splitlines()
    assert folded[0] == ">-"
    assert max(map(len, folded)) <= 100


@pytest.mark.parametrize(("length", "form"), [(128, "{}: a\n"), (129, "? {}\n: a\n")])
def test_a_long_key_is_explicit_and_read_back(length: int, form: str) -> None:
    key = "k" * length
    text = to_yaml({"Metadata": {key: "a"}})
    assert form.format(key) in textwrap.dedent(text.partition("\n")[2])
    assert yaml.safe_load(text) == {"Metadata": {key: "a"}}


@each_row(
    ("function", "text"),
    [
        pytest.param(Join("", ["a"] * 10), "!Join ['', [a, a, a, a, a, a, a, a, a, a]]", id="ten items"),
        pytest.param(Join("", [""] * 11), "!Join\n- ''\n- - ''\n", id="eleven items"),
        pytest.param(Select(0, ["a" * 23, "b" * 24]), f"!Select [0, [{'a' * 23}, {'b' * 24}]]", id="sixty columns"),
        pytest.param(
            Join("", [Ref("A" * 26), Ref("B" * 10)]), f"!Join ['', [!Ref {'A' * 26}, !Ref {'B' * 10}]]", id="references"
        ),
        pytest.param(Join("", [Ref("A" * 27), Ref("B" * 10)]), "!Join\n- ''\n- - !Ref A", id="long references"),
        pytest.param(Select(0, ["a" * 24, "b" * 24]), f"!Select\n- 0\n- - {'a' * 24}\n", id="more columns"),
        pytest.param(
            Select(0, [Select(0, [Select(0, ["a"])])]), "!Select\n- 0\n- - !Select [0, [!Select [0, [a]]]]", id="nested"
        ),
    ],
)  # fmt: skip
def test_a_function_that_is_short_stands_on_one_line(function: Any, text: str) -> None:
    written = to_yaml(
        {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": function}}}}
    )
    assert textwrap.dedent(written.partition("TopicName: ")[2].replace("\n      ", "\n")).startswith(text)


@pytest.mark.parametrize("text", ["x" * 300, "two  blanks " + "word " * 60 + "end", "a, " * 60])
def test_what_folding_could_change_stays_on_one_line(text: str) -> None:
    assert value_in_yaml(text).count("\n") == 1


def test_one_object_that_occurs_twice_is_written_twice() -> None:
    shared = {"k": ["v"]}
    assert value_in_yaml([shared, shared]) == "\n- k:\n  - v\n- k:\n  - v\n"


@each_row(
    ("number", "text"),
    [(1, "1"), (-5, "-5"), (1.0, "1.0"), (1.5, "1.5"), (1e16, "1.0e+16"), (1e-7, "1.0e-07")],
)
def test_numbers_keep_their_kind_in_yaml_1_1(number: int | float, text: str) -> None:
    assert value_in_yaml(number) == text + "\n"


# --- readers that are not ours -------------------------------------------------------------------

FRAGMENTS = st.sampled_from([
    "a", "b c", "  ", " ", "\n", "\n\n", "\t", "\r", "#", ": ", " #", ":", "-", "- ", "'", '"', "\\",
    "{", "}", "[", "]", ",", "?", "!", "&", "*", "|", ">", "%", "@", "`", "$", "${A}", "~", "=", "<<",
    "0", "1", "e", ".", "_", "한글", "🎉", "é", "\xa0", "\x85", "\u2028", "\ufeff", "\ue000", "\ufffe",
    "\x00", "\x1b", "\x7f", "---", "...", "word " * 20, "x" * 90,
])  # fmt: skip
TEXTS = st.one_of(
    st.lists(FRAGMENTS, max_size=8).map("".join),
    st.sampled_from(LOOKALIKES),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
SCALARS = st.one_of(
    TEXTS, TEXTS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)
FUNCTIONS = st.sampled_from([
    "Ref", "Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::FindInMap", "Fn::ForEach::X",
    "Fn::GetAtt", "Fn::GetAZs", "Fn::If", "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Or",
    "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::Transform",
])  # fmt: skip
DOCUMENTS = st.dictionaries(
    TEXTS | st.sampled_from(["Resources", "Conditions", "Outputs"]),
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(TEXTS, inner, max_size=4),
            st.builds(lambda name, argument: {name: argument}, FUNCTIONS, inner),
            st.builds(lambda *names: {"Fn::GetAtt": [*names]}, TEXTS, TEXTS),
        ),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


def as_readers_see_it(value: Any) -> Any:
    """Readers part ``!GetAtt A.B`` at its first dot, however the author wrote it."""
    if isinstance(value, dict):
        if list(value) == ["Fn::GetAtt"] and isinstance(value["Fn::GetAtt"], str):
            name = value["Fn::GetAtt"]
            return {"Fn::GetAtt": name.split(".", 1)} if "." in name else value
        return {key: as_readers_see_it(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_readers_see_it(item) for item in value]
    return value


@given(DOCUMENTS)
@examples(150)
def test_cfn_flip_reads_the_document_back_in_its_order(template: dict[str, Any]) -> None:
    read = cfn_flip.load_yaml(to_yaml(template))
    assert json.dumps(read) == json.dumps(as_readers_see_it(document(template)))


@given(DOCUMENTS)
@examples(150)
def test_cfn_lint_reads_the_document_back_in_its_order(template: dict[str, Any]) -> None:
    read = cfn_yaml.loads(to_yaml(template))
    assert json.dumps(read) == json.dumps(as_readers_see_it(document(template)))


@given(DOCUMENTS)
@examples(150)
def test_json_reads_the_document_back_in_its_order(template: dict[str, Any]) -> None:
    assert json.dumps(json.loads(to_json(template))) == json.dumps(document(template))


@given(DOCUMENTS)
@examples(200)
def test_both_parsers_of_pyyaml_read_the_same(template: dict[str, Any]) -> None:
    by_python, by_libyaml = (
        [(type(event), getattr(event, "value", None), getattr(event, "tag", None)) for event in events]
        for events in (
            yaml.parse(to_yaml(template), loader) for loader in (yaml.SafeLoader, yaml.CSafeLoader)
        )
    )
    assert by_python == by_libyaml


@given(DOCUMENTS)
@examples(100)
def test_texts_end_with_exactly_one_newline(template: dict[str, Any]) -> None:
    for text in (to_yaml(template), to_json(template)):
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


@each_row("key", ["가" * 42, "가" * 43, "가" * 200, "k" * 127, "k" * 128, "k" * 129, "k\nk"])
def test_keys_of_any_length_are_read_back(key: str) -> None:
    template = {"States": {key: {"Type": "Pass"}}}
    assert cfn_yaml.loads(to_yaml(template)) == template


def test_a_private_use_character_survives() -> None:
    template = {
        "V": ["\ue000a\n\ue000b", "\ue000" + " word" * 40, {"\ue000": "\ue000"}],
        "W": "word " * 40 + ".",
    }
    assert cfn_yaml.loads(to_yaml(template)) == template


def test_json_is_what_the_standard_library_would_write() -> None:
    template = {"Resources": {"A": {"완": [1.5, [], {}, None, True, ["🎉"]]}}}
    assert to_json(template) == json.dumps(template, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.slow
def test_ten_thousand_states_are_read_back() -> None:
    states = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(10_000)}
    template = {"Resources": {"M": {"Type": MACHINE, "Properties": {"Definition": {"States": states}}}}}
    assert yaml.load(to_yaml(template), Loader=yaml.CSafeLoader) == template
    assert json.loads(to_json(template)) == template


@pytest.mark.slow
def test_nesting_deeper_than_pythons_stack_is_written() -> None:
    template: dict[str, Any] = {"Metadata": 1}
    for _ in range(3_000):
        template = {"M": [template]}
    assert to_yaml(template).count("M:") == 3_000
    assert to_json(template).count('"M"') == 3_000
    assert str(definition_string(template)).count('"M"') == 3_000


def run_python(code: Any, **environment: Any) -> Any:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from cfngen.template import *\n"
        "r = [{'Fn::Join': ['', [x]]} for x in 'abcab']\n"
        "m = {'Type': 'AWS::StepFunctions::StateMachine', 'Properties': {'Definition': {'S': r}}}\n"
        "print(to_yaml({'Resources': {'M': m}, 'Zebra': 1, 'Ape': 2}, definition='string'))"
    )
    assert run_python(code, PYTHONHASHSEED="0") == run_python(code, PYTHONHASHSEED="1")


def test_importing_the_way_out_loads_none_of_the_heavy_packages() -> None:
    code = "import sys, cfngen.template; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = set(run_python(code).split())
    assert "cfngen" in loaded
    assert loaded.isdisjoint({"yaml", "troposphere", "awacs", "cfn_flip", "cfnlint", "botocore", "boto3"})


# --- DefinitionString ----------------------------------------------------------------------------


def lookup(name: str) -> str:
    return f"<{name}>"


def resolved_sub(argument: Any) -> Any:
    """Fn::Sub as CloudFormation documents it, written without a look at the code under test."""
    text, local = argument if isinstance(argument, list) else (argument, {})
    out = ""
    while "${" in text:
        before, _, rest = text.partition("${")
        name, closing, text = rest.partition("}")
        if not closing:
            return out + before + "${" + name
        if name.startswith("!"):
            out += before + "${" + name[1:] + "}"
        elif name in local:
            out += before + resolved(local[name])
        else:
            out += before + lookup(name)
    return out + text


def resolved(value: Any) -> Any:
    if isinstance(value, list):
        return [resolved(item) for item in value if item != {"Ref": "AWS::NoValue"}]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(name, argument)] = value.items()
        if name == "Ref":
            return lookup(argument)
        if name == "Fn::GetAtt":
            return lookup(argument if isinstance(argument, str) else ".".join(argument))
        if name == "Fn::Sub":
            return resolved_sub(argument)
        if name.startswith("Fn::"):
            return "<" + json.dumps(value).encode().hex() + ">"
    return {key: resolved(item) for key, item in value.items() if item != {"Ref": "AWS::NoValue"}}


SUB_TEXTS = st.lists(
    st.sampled_from(
        [
            "${A}",
            "${AWS::Region}",
            "${Var1}",
            "${B.Arn}",
            "${!lit}",
            "${!!x}",
            "-",
            '"',
            "\\",
            "\n",
            "한",
            "🎉",
        ]
    ),
    max_size=6,
).map("".join)
LITERALS = st.one_of(
    TEXTS,
    st.lists(
        st.sampled_from(
            [
                "${",
                "${!",
                "${!!",
                "}",
                "$",
                "$$",
                "{",
                "!",
                '"',
                "\\",
                "\n",
                "${Var1}",
                "Var2",
                "${a b}",
                "한글",
                "🎉",
                " ",
            ]
        ),
        max_size=8,
    ).map("".join),
)
INTRINSICS = st.one_of(
    st.sampled_from([
        {"Ref": "A"}, {"Ref": "Var1"}, {"Ref": "Var2"}, {"Ref": "AWS::Partition"}, {"Ref": "AWS::NoValue"},
        {"Fn::GetAtt": ["A", "Arn"]}, {"Fn::GetAtt": "A.Arn"}, {"Fn::ImportValue": "x"},
        {"Fn::Join": ["-", ["a", {"Ref": "A"}]]}, {"Fn::If": ["C", "a", {"Ref": "B"}]},
        {"Fn::Sub": ["${Var1}-${A}", {"Var1": {"Fn::ImportValue": "x"}}]}, {"Fn::Select": [0, ["a", "b"]]},
    ]),
    SUB_TEXTS.map(lambda text: {"Fn::Sub": text}),
)  # fmt: skip
DEFINITIONS = st.dictionaries(
    LITERALS,
    st.recursive(
        st.one_of(LITERALS, LITERALS, INTRINSICS, INTRINSICS, st.integers(), st.booleans(), st.none()),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LITERALS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=4,
)


@pytest.mark.slow
@given(DEFINITIONS)
@examples(500)
def test_object_and_string_resolve_to_the_same_definition(definition: dict[str, Any]) -> None:
    string = definition_string(definition)
    text = string if isinstance(string, str) else resolved_sub(string["Fn::Sub"])
    expected = {k: resolved(v) for k, v in definition.items() if v != {"Ref": "AWS::NoValue"}}
    assert json.dumps(json.loads(text)) == json.dumps(expected)


@given(DEFINITIONS)
@examples(200)
def test_cutting_every_escape_mark_is_enough_to_read_the_literal_text(definition: dict[str, Any]) -> None:
    """Some emulators replace ``${!`` by ``${`` and look no further."""
    string = definition_string(definition)
    if isinstance(string, str):
        return
    argument: Any = string["Fn::Sub"]
    text = argument if isinstance(argument, str) else argument[0]
    keys = json.loads(text.replace("${!", "${")).keys()
    assert list(keys) == [key for key, value in definition.items() if value != {"Ref": "AWS::NoValue"}]


def test_a_definition_without_intrinsics_is_plain_text_and_needs_no_escape() -> None:
    definition = {"Comment": "${x} 한글", "States": {"${": {}}}
    assert definition_string(definition) == json.dumps(definition, indent=2, ensure_ascii=False)


def test_references_are_substituted_in_the_text() -> None:
    definition = {"a": Ref("T"), "b": GetAtt("R", "Arn"), "c": Sub('say "${T}"')}
    assert definition_string(definition) == {
        "Fn::Sub": '{\n  "a": "${T}",\n  "b": "${R.Arn}",\n  "c": "say \\"${T}\\""\n}'
    }


def test_other_functions_become_variables_and_equal_ones_share_one() -> None:
    joined = {"Fn::Join": ["-", ["a", "b"]]}
    definition = {
        "a": joined,
        "b": {"Ref": "Var1"},
        "c": Join("-", ["a", "b"]),
        "d": {"Fn::ImportValue": "x"},
    }
    assert definition_string(definition) == {
        "Fn::Sub": [
            '{\n  "a": "${Var2}",\n  "b": "${Var1}",\n  "c": "${Var2}",\n  "d": "${Var3}"\n}',
            {"Var2": joined, "Var3": {"Fn::ImportValue": "x"}},
        ]
    }


@each_row(
    ("literal", "written"),
    [("${x}", "${!x}"), ("${!x}", "${!!x}"), ("a ${ b", "a \\u0024{ b"), ("${a ${b}", "\\u0024{a ${!b}")],
)
def test_a_literal_placeholder_is_escaped_where_substitution_looks(literal: str, written: str) -> None:
    assert definition_string({literal: Ref("A")}) == {"Fn::Sub": f'{{\n  "{written}": "${{A}}"\n}}'}


def test_a_property_of_no_value_is_left_out_as_cloudformation_leaves_it_out() -> None:
    assert definition_string({"a": NoValue, "b": [NoValue], "c": 1}) == '{\n  "b": [],\n  "c": 1\n}'


@each_row(
    "intrinsic",
    [
        {"Fn::GetAZs": ""},
        {"Fn::Split": [",", "a"]},
        If("C", 30, 60).to_dict(),
        If("C", {"k": "v"}, "text").to_dict(),
        If("C", "a", NoValue).to_dict(),
    ],
)
def test_an_intrinsic_that_is_not_text_is_refused_in_a_string_with_its_place(
    intrinsic: dict[str, Any],
) -> None:
    machine = {"Type": MACHINE, "Properties": {"Definition": {"k": intrinsic}}}
    with pytest.raises(ValueError, match=r"^/Resources/M/Properties/Definition: .*DefinitionString"):
        to_json({"Resources": {"M": machine}}, definition="string")


def test_the_string_stands_where_the_object_stood() -> None:
    machine = StateMachine("M", RoleArn="r", Definition={"StartAt": Ref("A")}, StateMachineType="STANDARD")
    template = Template()
    template.add_resource(machine)
    assert to_yaml(template, definition="string") == (
        "Resources:\n"
        "  M:\n"
        f"    Type: {MACHINE}\n"
        "    Properties:\n"
        "      RoleArn: r\n"
        "      DefinitionString: !Sub |-\n"
        "        {\n"
        '          "StartAt": "${A}"\n'
        "        }\n"
        "      StateMachineType: STANDARD\n"
    )


def test_other_resources_keep_their_definition() -> None:
    template = {
        "Resources": {
            "J": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": {"a": 1}}}
        }
    }
    assert to_json(template, definition="string") == to_json(template)


def test_an_unknown_rendering_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^definition is 'auto', 'object' or 'string', not 'text'$"):
        to_yaml({}, definition="text")  # type: ignore[arg-type]  # wrong on purpose


# --- limits --------------------------------------------------------------------------------------


def found(template: dict[str, Any], **arguments: Any) -> list[Any]:
    return [(p.code, p.severity, p.location) for p in problems(template, **arguments)]


def resource(kind: Any, **properties: Any) -> dict[str, Any]:
    return {"Resources": {"R": {"Type": kind, "Properties": properties}}}


def policy(size: Any, text: str = "x") -> dict[str, Any]:
    """A policy of exactly this many characters, white space apart."""
    frame = len('{"Statement":[""]}')
    return {"Statement": [text * (size - frame)]}


def entries(section: Any, count: Any) -> dict[str, Any]:
    return {section: {f"E{number}": {} for number in range(count)}}


@each_row(
    ("size", "expected"),
    [
        (51_200, []),
        (51_201, [("TEMPLATE_TOO_LARGE", "warning", "")]),
        (1_048_576, [("TEMPLATE_TOO_LARGE", "warning", "")]),
        (1_048_577, [("TEMPLATE_TOO_LARGE", "error", "")]),
    ],
)
def test_a_body_is_measured_against_a_request_and_against_s3(size: int, expected: list[Any]) -> None:
    assert found({}, body="x" * size) == expected


def test_a_body_is_measured_in_bytes() -> None:
    assert found({}, body="한" * 17_067) == [("TEMPLATE_TOO_LARGE", "warning", "")]


def test_a_body_that_is_not_given_is_rendered() -> None:
    assert found({"Metadata": {"x": "y" * 51_200}}) == [("TEMPLATE_TOO_LARGE", "warning", "")]


def test_a_body_too_large_for_a_request_says_how_to_deploy_it() -> None:
    [problem] = problems({}, body="x" * 60_000)
    assert str(problem) == (
        "/: the template has 60,000 bytes; a request to CloudFormation takes 51,200, so the template "
        "must be uploaded to S3 first [TEMPLATE_TOO_LARGE]\n"
        "    hint: deploy it with: aws cloudformation deploy --s3-bucket BUCKET ..., which uploads it"
    )


PROPERTIES = "/Resources/R/Properties"

OVER = [
    (entries("Resources", 501), "TOO_MANY_RESOURCES", "/Resources"),
    (entries("Parameters", 201), "TOO_MANY_PARAMETERS", "/Parameters"),
    (entries("Mappings", 201), "TOO_MANY_MAPPINGS", "/Mappings"),
    (entries("Outputs", 201), "TOO_MANY_OUTPUTS", "/Outputs"),
    ({"Mappings": {"M": {f"k{n}": {} for n in range(201)}}}, "TOO_MANY_MAPPING_ATTRIBUTES", "/Mappings/M"),
    ({"Description": "한" * 342}, "DESCRIPTION_TOO_LONG", "/Description"),
    (
        {"Parameters": {"P": {"Description": "x" * 4_001}}},
        "DESCRIPTION_TOO_LONG",
        "/Parameters/P/Description",
    ),
    ({"Parameters": {"P": {"Default": "x" * 4_097}}}, "PARAMETER_VALUE_TOO_LONG", "/Parameters/P/Default"),
    ({"Outputs": {"O": {"Description": "x" * 1_025}}}, "DESCRIPTION_TOO_LONG", "/Outputs/O/Description"),
    ({"Resources": {"a-b": {}}}, "INVALID_LOGICAL_ID", "/Resources/a-b"),
    ({"Resources": {"상태": {}}}, "INVALID_LOGICAL_ID", "/Resources/상태"),
    ({"Outputs": {"x" * 256: {}}}, "INVALID_LOGICAL_ID", "/Outputs/" + "x" * 256),
    ({"Mappings": {"M": {"x" * 256: {}}}}, "NAME_TOO_LONG", "/Mappings/M/" + "x" * 256),
    ({"Metadata": [f"{{{{resolve:ssm:{n}}}}}" for n in range(61)]}, "TOO_MANY_DYNAMIC_REFERENCES", ""),
    (resource(MACHINE, StateMachineName="x" * 81), "NAME_TOO_LONG", f"{PROPERTIES}/StateMachineName"),
    (resource(MACHINE, StateMachineName={"Fn::Sub": "a b ${X}"}), "INVALID_NAME", f"{PROPERTIES}/StateMachineName"),
    (resource("AWS::IAM::Role", RoleName={"Fn::Sub": "${A}" + "x" * 65}), "NAME_TOO_LONG", f"{PROPERTIES}/RoleName"),
    (resource("AWS::IAM::Role", RoleName="역할"), "INVALID_NAME", f"{PROPERTIES}/RoleName"),
    (
        resource("AWS::IAM::Role", Policies=[{"PolicyName": "x" * 129}]),
        "NAME_TOO_LONG",
        f"{PROPERTIES}/Policies/0/PolicyName",
    ),
    (
        resource("AWS::IAM::Role", ManagedPolicyArns=[f"arn:{n}" for n in range(26)]),
        "TOO_MANY_POLICIES",
        f"{PROPERTIES}/ManagedPolicyArns",
    ),
    (
        resource("AWS::IAM::Role", AssumeRolePolicyDocument=policy(8_193)),
        "POLICY_TOO_LARGE",
        f"{PROPERTIES}/AssumeRolePolicyDocument",
    ),
    (
        resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Fn::Sub": "x" * 6_145}),
        "POLICY_TOO_LARGE",
        f"{PROPERTIES}/PolicyDocument",
    ),
    (resource("X", Tags=[{"Key": f"{n}", "Value": ""} for n in range(51)]), "TOO_MANY_TAGS", f"{PROPERTIES}/Tags"),
    (resource("X", Tags={"x" * 129: ""}), "TAG_TOO_LONG", f"{PROPERTIES}/Tags/" + "x" * 129),
    (resource("X", Tags=[{"Key": "a", "Value": "x" * 257}]), "TAG_TOO_LONG", f"{PROPERTIES}/Tags/0/Key"),
    (resource("X", Tags=[{"Key": "aws:a", "Value": ""}]), "RESERVED_TAG", f"{PROPERTIES}/Tags/0/Key"),
    (
        resource("AWS::IAM::Role", Policies=[{"PolicyDocument": policy(n)} for n in (5_120, 5_121)]),
        "POLICY_TOO_LARGE",
        "/Resources/R/Properties/Policies",
    ),
    (
        resource("AWS::IAM::ManagedPolicy", PolicyDocument=policy(6_145)),
        "POLICY_TOO_LARGE",
        "/Resources/R/Properties/PolicyDocument",
    ),
]  # fmt: skip
WITHIN = [
    entries("Resources", 500),
    entries("Parameters", 200),
    entries("Mappings", 200),
    entries("Outputs", 200),
    {"Mappings": {"M": {f"k{n}": {} for n in range(200)}}},
    {"Description": "x" * 1_024},
    {"Parameters": {"P": {"Description": "x" * 4_000, "Default": "x" * 4_096}}},
    {"Resources": {"x" * 255: {}, "Fn::ForEach::Loop": []}},
    {"Resources": {"A": {}}, "Outputs": {"A": {}}, "Conditions": {"Is_A": {}}},
    {"Mappings": {"M": {"x" * 255: {}}}, "Metadata": ["{{resolve:ssm:a}}"] * 99},
    resource(MACHINE, StateMachineName="상태-" + "x" * 77),
    resource(MACHINE, StateMachineName={"Fn::Sub": "${" + "x" * 90 + "}"}),
    resource("AWS::IAM::Role", RoleName="{{resolve:ssm:a}}", ManagedPolicyArns=[{"Ref": "A"}] * 30),
    resource("X", Tags=[{"Key": "a" * 128, "Value": "x" * 256}, *[{"Fn::If": []}] * 60]),
    resource("AWS::IAM::Role", Policies=[{"PolicyDocument": policy(10_240)}]),
    resource("AWS::IAM::Role", Policies=[{"PolicyDocument": policy(20_000, " ")}]),
    resource("AWS::IAM::ManagedPolicy", PolicyDocument=policy(6_144)),
    resource("AWS::IAM::ManagedPolicy", PolicyDocument={"a": {"Ref": "x" * 7_000}}),
    resource("AWS::IAM::ManagedPolicy", PolicyDocument={"a": {"Fn::Sub": "${" + "x" * 7_000 + "}"}}),
]  # fmt: skip


@each_row(("template", "code", "location"), OVER)
def test_what_is_over_a_limit_is_an_error_at_its_place(
    template: dict[str, Any], code: str, location: str
) -> None:
    assert found(template, body="") == [(code, "error", location)]


@each_row("template", WITHIN)
def test_what_is_just_within_a_limit_is_no_problem(template: dict[str, Any]) -> None:
    assert found(template, body="") == []


def test_a_policy_resource_counts_for_the_role_that_it_goes_into() -> None:
    template = resource("AWS::IAM::Role", Policies=[{"PolicyDocument": policy(5_120)}])
    template["Resources"]["P"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "R"}], "PolicyDocument": policy(5_121)},
    }
    assert found(template) == [("POLICY_TOO_LARGE", "error", "/Resources/R/Properties/Policies")]


def test_what_is_over_a_quota_that_can_be_raised_is_a_warning() -> None:
    managed = [f"arn:{n}" for n in range(11)]
    template = resource("AWS::IAM::Role", AssumeRolePolicyDocument=policy(2_049), ManagedPolicyArns=managed)
    assert found(template) == [
        ("POLICY_TOO_LARGE", "warning", "/Resources/R/Properties/AssumeRolePolicyDocument"),
        ("TOO_MANY_POLICIES", "warning", "/Resources/R/Properties/ManagedPolicyArns"),
    ]


def test_names_are_as_long_as_the_schemas_of_cloudformation_say() -> None:
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as MANAGER

    differing = {
        f"{kind}.{field}": (limit, of_schema)
        for kind, fields in LIMITED_TEXTS.items()
        if not kind.startswith("AWS::Serverless::")
        for field, (limit, _) in fields.items()
        for schema in [MANAGER.get_resource_schema("us-east-1", kind).schema["properties"][field]]
        if (of_schema := schema.get("maxLength", limit)) != limit
    }
    assert differing == {}


@pytest.mark.parametrize("field", ["Definition", "DefinitionString"])
def test_a_definition_over_a_mebibyte_is_an_error(field: str) -> None:
    text = "한" * 349_600
    template = resource(MACHINE, **{field: {"C": text} if field == "Definition" else text})
    assert found(template, body="") == [
        ("DEFINITION_TOO_LARGE", "error", f"/Resources/R/Properties/{field}")
    ]


# --- files ---------------------------------------------------------------------------------------


def test_a_file_is_utf_8_with_the_line_ends_of_the_text(tmp_path: Path) -> None:
    write(tmp_path / "t.yaml", "한\n🎉\n")
    assert (tmp_path / "t.yaml").read_bytes() == "한\n🎉\n".encode()


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "t.yaml", "")
    assert (tmp_path / "t.yaml").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_an_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.touch()
    path.chmod(0o640)
    write(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_replaces_a_private_file_is_private_from_its_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("old")
    path.chmod(0o600)
    modes = []
    opened = os.open

    def recorded(name: str, flags: Any, mode: int = 0o777) -> Any:
        descriptor = opened(name, flags, mode)
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return descriptor

    monkeypatch.setattr(os, "open", recorded)
    write(path, "new")
    assert modes == [0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_symbolic_link_stays_one_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "target").write_text("old")
    (tmp_path / "link").symlink_to("folder/target")
    write(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "target").read_text() == "new"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: type[KeyboardInterrupt] | type[OSError],
) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("old")

    def interrupted(*_: Any) -> None:
        raise error

    monkeypatch.setattr(os, step, interrupted)
    with pytest.raises(error):
        write(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["t.yaml"]


def test_a_folder_that_does_not_exist_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "no" / "t.yaml", "x")


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write(tmp_path, "x")


def test_a_pipe_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, "text")
        assert os.read(reader, 10) == b"text"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
