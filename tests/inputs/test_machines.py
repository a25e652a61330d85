"""State machines are found in definitions and in templates, and their problems where they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cfngen import Workflow
from cfngen.documents.source import ReadError
from cfngen.inputs.machines import load
from cfngen.machines import SourceMachine
from cfngen.template import to_json, to_yaml
from tests.rings import examples

PUBLISH = {
    "Type": "Task",
    "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
    "Parameters": {"TopicArn": {"Ref": "Topic"}, "Message": "costs ${5}", "Subject": {"Fn::GetAtt": ["Topic", "TopicName"]}},
    "End": True,
}  # fmt: skip
ASL = {"Comment": "of ${it}", "StartAt": "Publish", "States": {"Publish": PUBLISH}}
TEXT = json.dumps(
    {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": ["${Topic}", "to ${Topic}", "${Topic.TopicName}"], "End": True}}}
)  # fmt: skip
RESULT = [{"Ref": "Topic"}, {"Fn::Sub": "to ${Topic}"}, {"Fn::GetAtt": ["Topic", "TopicName"]}]


def template(properties: Any, type_: str = "AWS::StepFunctions::StateMachine") -> dict[str, Any]:
    return {
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Machine": {"Type": type_, "Properties": properties},
        }
    }


def loaded(
    tmp_path: Path, properties: Any, type_: str = "AWS::StepFunctions::StateMachine"
) -> SourceMachine:
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template(properties, type_)))
    [machine] = load(path)
    return machine


def result(machine: SourceMachine) -> Any:
    return machine.workflow.to_asl()["States"]["P"]["Result"]


def test_a_file_that_is_a_definition_holds_one_machine_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "m.asl.json"
    path.write_text(json.dumps(ASL))
    [machine] = load(path)
    assert (machine.name, machine.type, machine.path) == ("", "STANDARD", str(path))
    assert machine.workflow.to_asl() == ASL
    assert isinstance(machine.workflow, Workflow)


@pytest.mark.parametrize("definition", ["object", "string"])
@pytest.mark.parametrize("to_text", [to_yaml, to_json])
def test_a_definition_is_read_out_of_the_template_it_was_written_into(
    tmp_path: Path, to_text: Callable[..., Any], definition: str
) -> None:
    path = tmp_path / "template"
    path.write_text(to_text(template({"Definition": ASL}), definition=definition))
    [machine] = load(path)
    assert machine.name == "Machine"
    assert machine.workflow.to_asl() == ASL


@pytest.mark.parametrize(
    "string",
    [
        {"Fn::Sub": TEXT},
        {"Fn::Sub": [TEXT, {}]},
        {"Fn::Sub": [TEXT.replace("Topic}", "T}").replace("Topic.TopicName", "N"),
                     {"T": {"Ref": "Topic"}, "N": {"Fn::GetAtt": ["Topic", "TopicName"]}}]},
        {"Fn::Join": ["", [TEXT[:20], {"Fn::Sub": TEXT[20:]}]]},
        {"Fn::Join": ["Topic", [{"Fn::Sub": part} if "$" not in part else part for part in [TEXT]]]},
        {"Fn::ToJsonString": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": RESULT, "End": True}}}},
    ],
    ids=["Sub", "Sub with a map", "Sub with variables", "Join of Sub", "Join of text", "ToJsonString"],
)  # fmt: skip
def test_a_definition_is_text_that_intrinsics_make(tmp_path: Path, string: dict[str, Any]) -> None:
    machine = loaded(tmp_path, {"DefinitionString": string})
    plain = ["${Topic}", "to ${Topic}", "${Topic.TopicName}"]
    joined_with_nothing_live = string.get("Fn::Join", [""])[0] == "Topic" or (
        "Fn::Join" in string and "Topic" not in str(string["Fn::Join"][1][1])
    )
    assert result(machine) == (plain if joined_with_nothing_live else RESULT)


def test_a_join_may_hold_any_intrinsic(tmp_path: Path) -> None:
    parts = [
        '{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "x',
        {"Fn::ImportValue": "V"},
        '", "End": true}}}',
    ]
    machine = loaded(tmp_path, {"DefinitionString": {"Fn::Join": ["", parts]}})
    assert result(machine) == {"Fn::Sub": ["x${Var1}", {"Var1": {"Fn::ImportValue": "V"}}]}


def test_text_without_intrinsics_is_as_it_is(tmp_path: Path) -> None:
    assert result(loaded(tmp_path, {"DefinitionString": TEXT}))[1] == "to ${Topic}"


@pytest.mark.parametrize("where", ["Definition", "DefinitionString", "DefinitionUri"])
def test_substitutions_are_filled_in(tmp_path: Path, where: str) -> None:
    definition = {
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "Result": ["${T}", "to ${T}, ${N}", "${N}", "${X}"], "End": True}},
    }
    (tmp_path / "m.asl.json").write_text(json.dumps(definition))
    given_ = {
        "Definition": definition,
        "DefinitionString": json.dumps(definition),
        "DefinitionUri": "m.asl.json",
    }
    machine = loaded(
        tmp_path,
        {where: given_[where], "DefinitionSubstitutions": {"T": {"Ref": "Topic"}, "N": 5}},
        "AWS::Serverless::StateMachine",
    )
    assert result(machine) == [{"Ref": "Topic"}, {"Fn::Sub": "to ${Topic}, 5"}, "5", "${X}"]


def test_a_number_may_be_substituted_where_no_text_stands(tmp_path: Path) -> None:
    text = '{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": ${N}, "End": true}}}'
    machine = loaded(tmp_path, {"DefinitionString": text, "DefinitionSubstitutions": {"N": 5}})
    assert machine.workflow.to_asl()["States"]["W"]["Seconds"] == 5


def test_the_name_of_a_state_stays_text(tmp_path: Path) -> None:
    state = {"Type": "Pass", "Result": "${Env}", "Next": "In ${Env}"}
    text = json.dumps({"StartAt": "A", "States": {"A": state, "In ${Env}": {"Type": "Succeed"}}})
    workflow = loaded(tmp_path, {"DefinitionString": {"Fn::Sub": text}}).workflow
    assert workflow.check() == []
    assert workflow.to_asl()["States"]["A"] == {**state, "Result": {"Ref": "Env"}}


def test_paths_and_comments_may_hold_intrinsics(tmp_path: Path) -> None:
    state = {
        "Type": "Pass",
        "Comment": "in ${Env}",
        "Parameters": {"a.$": "States.Format('${Env}-{}', $.x)"},
        "End": True,
    }
    text = json.dumps({"Comment": "${Env}", "StartAt": "A", "States": {"A": state}})
    workflow = loaded(tmp_path, {"DefinitionString": {"Fn::Sub": text}}).workflow
    assert workflow.check() == []
    assert workflow.to_asl()["Comment"] == {"Ref": "Env"}


@pytest.mark.parametrize(
    ("properties", "type_", "expected"),
    [
        ({"StateMachineType": "EXPRESS"}, "AWS::StepFunctions::StateMachine", "EXPRESS"),
        ({"Type": "EXPRESS"}, "AWS::Serverless::StateMachine", "EXPRESS"),
        ({"Type": {"Ref": "Type"}}, "AWS::Serverless::StateMachine", "STANDARD"),
        ({}, "AWS::Serverless::StateMachine", "STANDARD"),
    ],
)
def test_a_machine_has_its_type(
    tmp_path: Path, properties: dict[str, Any], type_: str, expected: str
) -> None:
    assert loaded(tmp_path, {"Definition": ASL, **properties}, type_).type == expected


def test_a_machine_that_is_read_gets_the_same_grants(tmp_path: Path) -> None:
    machine = loaded(tmp_path, {"Definition": ASL})
    [statement] = json.loads(machine.workflow.policy().to_json())["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["sns:Publish"], [{"Ref": "Topic"}])


YAML = """\
Resources:
  Object:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: A
        States:
          A: {Type: Pass, Next: B}
  Text:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionString: !Sub |

        {
          "StartAt": "A ${AWS::Region}",
          "States": {
            "A ${AWS::Region}": {"Type": "Pass",
              "Next": "B"}
          }
        }
  Line:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}'
  File:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: m.asl.yaml
"""


def test_problems_stand_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(YAML)
    (tmp_path / "m.asl.yaml").write_text("StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n")
    found = []
    for machine in load(path):
        [problem] = machine.workflow.check(machine.type)
        found.append(
            (machine.name, machine.path.removeprefix(f"{tmp_path}/"), machine.place(problem.location))
        )
    assert found == [
        ("Object", "t.yaml", (8, 33)),
        ("Text", "t.yaml", (18, 23)),
        ("Line", "t.yaml", (24, 25)),
        ("File", "m.asl.yaml", (5, 11)),
    ]


def test_other_resources_and_what_are_none_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(
        json.dumps({"Resources": {"A": {"Type": "AWS::SNS::Topic"}, "Fn::ForEach::B": ["X", [], {}]}})
    )
    assert load(path) == []


REFUSED = {
    "neither a definition nor a template": {"a": 1},
    "no definition": template({}),
    "a parameter": template({"DefinitionString": {"Ref": "Text"}}),
    "a definition that is a list": template({"Definition": []}),
    "a string that is a list": template({"DefinitionString": []}),
    "text that is no JSON": template({"DefinitionString": "{\"StartAt\": }"}),
    "text that is YAML": template({"DefinitionString": "StartAt: A"}),
    "a file that is not there": template({"DefinitionUri": "none.json"}),
    "a file in S3": template({"DefinitionUri": "s3://bucket/key"}),
    "an object in S3": template({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}),
}  # fmt: skip


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED)
def test_what_holds_no_machine_is_refused_in_one_line(
    tmp_path: Path,
    document: dict[str, Any],
    golden: Callable[[str, str], None],
    request: pytest.FixtureRequest,
) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(document, indent=2))
    with pytest.raises(ReadError) as refused:
        load(path)
    text = str(refused.value).removeprefix(f"{tmp_path}/")
    golden(f"read/machines/{request.node.callspec.id.replace(' ', '_')}.txt", f"{text}\n")


def test_an_error_in_a_block_of_text_stands_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(YAML.replace('"Next": "B"}', '"Next": B}'))
    with pytest.raises(ReadError) as refused:
        load(path)
    assert str(refused.value) == f"{path}:18:23: the definition is not JSON: a value is expected here"


texts = st.text(st.sampled_from('${}!"\\:,.[]AB \n\ue000\uf8f0\uf8f11'), max_size=20)
values = st.recursive(
    texts | st.integers(0, 9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Fn::Sub", "Fn::Join", "Ref", "Fn::GetAtt", "A"]), inner, max_size=2
        )
    ),
    max_leaves=8,
)


@examples(300)
@given(
    definition=values,
    substitutions=st.dictionaries(texts, values, max_size=2),
    name=st.sampled_from(["Definition", "DefinitionString", "DefinitionUri"]),
)
def test_every_template_is_answered(
    tmp_path_factory: pytest.TempPathFactory, definition: dict[str, Any], substitutions: Any, name: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "t.json"
    path.write_text(json.dumps(template({name: definition, "DefinitionSubstitutions": substitutions})))
    try:
        machines = load(path)
    except ReadError:
        return
    for machine in machines:
        for problem in machine.workflow.check():
            machine.place(problem.location)


@examples(200)
@given(st.lists(texts.filter(lambda text: "\uf8f0" not in text and "\uf8f1" not in text)))
@example(["${ }"])
@example(["${{}"])
def test_whatever_text_is_written_into_a_definition_string_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, written: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "t.json"
    state = {"Type": "Pass", "Result": [{"Ref": "Topic"}, *written], "End": True}
    definition = {"StartAt": "P", "States": {"P": state}}
    path.write_text(to_json(template({"Definition": definition}), definition="string"))
    [machine] = load(path)
    assert machine.workflow.rendered(str) == definition
