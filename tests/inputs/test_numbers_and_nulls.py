"""Numbers that a template fills in, and nulls that it cannot hold, as check reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cfngen.cfn.text import Unquoted
from cfngen.codegen import to_python
from cfngen.inputs.checking import check_file
from cfngen.inputs.machines import read_all
from cfngen.stacks import StateMachine
from cfngen.template import rendered
from cfngen.workflow import Workflow

_ROLE = {"Fn::GetAtt": ["Role", "Arn"]}


def _template(parameters: dict[str, Any], **properties: Any) -> dict[str, Any]:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"RoleArn": _ROLE, **properties}}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    return {"Parameters": parameters, "Resources": {"Role": role, "Machine": machine}}


def _waiting(seconds: str) -> str:
    return f'{{"StartAt": "A", "States": {{"A": {{"Type": "Wait", "Seconds": {seconds}, "End": true}}}}}}'


_BEFORE, _AFTER = _waiting("|").split("|")


def _codes(template: dict[str, Any], folder: Path) -> list[tuple[str, str, str]]:
    path = folder / "template.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    return [(it.problem.code, it.problem.severity, it.problem.location) for it in check_file(str(path))]


_NUMBER = {"Type": "Number", "Default": 5}


@pytest.mark.parametrize(
    "properties",
    [
        {"DefinitionString": {"Fn::Sub": _waiting("${Pause}")}},
        {"DefinitionString": {"Fn::Sub": [_waiting("${Own}"), {"Own": {"Ref": "Pause"}}]}},
        {"DefinitionString": {"Fn::Join": ["", [_BEFORE, {"Ref": "Pause"}, _AFTER]]}},
    ],
)
def test_a_number_without_quotation_marks_is_one(properties: dict[str, Any], tmp_path: Path) -> None:
    template = _template({"Pause": _NUMBER}, **properties)
    assert _codes(template, tmp_path) == []
    ((machine,), _) = read_all(json.dumps(template), "t.json")
    assert machine.workflow.to_asl()["States"]["A"]["Seconds"] == Unquoted({"Ref": "Pause"})


@pytest.mark.parametrize(
    "properties",
    [
        {"DefinitionString": {"Fn::Sub": _waiting('"${Pause}"')}},
        {"Definition": json.loads(_waiting('{"Ref": "Pause"}'))},
    ],
)
def test_text_where_a_number_is_due_is_an_error(properties: dict[str, Any], tmp_path: Path) -> None:
    template = _template({"Pause": _NUMBER}, **properties)
    assert _codes(template, tmp_path) == [("SCHEMA_VALIDATION_FAILED", "error", "/States/A/Seconds")]


@pytest.mark.parametrize(
    ("parameter", "severity"),
    [
        (_NUMBER, None),
        ({"Type": "String", "Default": "5"}, None),
        ({"Type": "String", "AllowedValues": ["5", "10.5"]}, None),
        ({"Type": "String", "AllowedValues": ["5", "long"]}, "error"),
        ({"Type": "String", "Default": "long"}, "error"),
        ({"Type": "String"}, "warning"),
    ],
)
def test_the_parameter_of_a_number_is_a_number(
    parameter: dict[str, Any], severity: str | None, tmp_path: Path
) -> None:
    template = _template({"Pause": parameter}, DefinitionString={"Fn::Sub": _waiting("${Pause}")})
    expected = [] if severity is None else [("NOT_A_NUMBER", severity, "/Parameters/Pause")]
    assert _codes(template, tmp_path) == expected


@pytest.mark.parametrize(
    ("parameter", "breaks"),
    [
        ({"Type": "String"}, True),
        ({"Type": "String", "AllowedPattern": ".*"}, True),
        ({"Type": "String", "AllowedPattern": "[^,]+"}, True),
        ({"Type": "String", "AllowedPattern": r"[a-z0-9\.-]+"}, False),
        ({"Type": "String", "AllowedValues": ["dev", "prod"]}, False),
        ({"Type": "String", "AllowedValues": ['"']}, True),
        ({"Type": "AWS::EC2::Subnet::Id"}, False),
        (_NUMBER, False),
    ],
)
def test_text_that_may_break_the_json_is_told(
    parameter: dict[str, Any], breaks: bool, tmp_path: Path
) -> None:
    definition = '{"StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "in ${Stage}"}}}'
    template = _template({"Stage": parameter}, DefinitionString={"Fn::Sub": definition})
    place = "/Resources/Machine/Properties/DefinitionString/Fn::Sub"
    assert _codes(template, tmp_path) == ([("UNESCAPED_PARAMETER", "warning", place)] if breaks else [])


def test_a_null_in_a_template_is_an_error_and_in_a_string_is_not(tmp_path: Path) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "ResultPath": None, "End": True}}}
    place = "/Resources/Machine/Properties/Definition/States/A/ResultPath"
    assert _codes(_template({}, Definition=definition), tmp_path) == [("NULL_VALUE", "error", place)]
    assert _codes(_template({}, DefinitionString=json.dumps(definition)), tmp_path) == []


def test_a_null_anywhere_in_a_template_is_an_error(tmp_path: Path) -> None:
    template = _template({}, DefinitionString=_waiting("5"), Tags=None)
    assert _codes(template, tmp_path) == [("NULL_VALUE", "error", "/Resources/Machine/Properties/Tags")]


def test_a_number_that_is_filled_in_is_imported_and_written_again() -> None:
    template = _template({"Pause": _NUMBER}, DefinitionString={"Fn::Sub": _waiting("${Pause}")})
    ((machine,), _) = read_all(json.dumps(template), "t.json")
    assert 'Wait("A", Seconds=Ref("Pause"))' in to_python({"machine": machine.workflow})
    again: Any = rendered(StateMachine(machine.workflow).template())
    string = again["Resources"]["StateMachine"]["Properties"]["DefinitionString"]["Fn::Sub"]
    assert '"Seconds": ${Pause}' in string


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (_waiting("${Delay}"), "m.asl.json"),
        ("StartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: ${Delay}\n    End: true\n", "m.asl.yaml"),
        ("StartAt: A\nStates:\n  A: {Type: Wait, Seconds: ${Delay}, End: true}\n", "m.asl.yaml"),
    ],
)
def test_a_definition_that_is_read_has_numbers_that_are_filled_in_later(
    text: str, name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    for workflow in (Workflow.read(text), Workflow.read(tmp_path / name)):
        assert workflow.check() == []
        assert workflow.to_asl()["States"]["A"]["Seconds"] == Unquoted({"Ref": "Delay"})
        machine = StateMachine(workflow).template().to_dict()["Resources"]["StateMachine"]
        assert '"Seconds": ${Delay},' in machine["Properties"]["DefinitionString"]["Fn::Sub"]


def test_a_definition_whose_texts_have_variables_is_read_as_it_is() -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "${A}", "End": True}}})
    assert Workflow.read(text).to_asl() == json.loads(text)
