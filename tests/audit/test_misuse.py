"""Whatever a template holds, an audit ends with findings or a clear error."""

from __future__ import annotations

import copy
import errno
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cfngen.cli import main
from cfngen.inputs.auditing import audit_file
from cfngen.template.json_text import compact
from tests.asl.test_read import nested
from tests.audit.templates import PUBLISH, SUB, Changed, audited, codes, found
from tests.audit.test_sam import INVOKES, PUBLISHES
from tests.audit.test_sam import template as sam_template
from tests.rings import examples

FAULTS = {
    "a role that is a list": lambda it: it.machine.update(RoleArn=["x"]),
    "a role that is a number": lambda it: it.machine.update(RoleArn=3),
    "a role of a function that there is not": lambda it: it.machine.update(RoleArn={"Fn::Nothing": 1}),
    "a statement that is text": lambda it: it.statements.append("Allow everything"),
    "a statement without an effect": lambda it: it.statements.append(
        {"Action": "sns:Publish", "Resource": "*"}
    ),
    "an effect that there is not": lambda it: it.add("sns:Publish", "*", "allow"),
    "a statement without an action": lambda it: it.statements.append({"Effect": "Allow", "Resource": "*"}),
    "an action that is a number": lambda it: it.add(7, "*"),
    "an action without a service": lambda it: it.add("Publish", "*"),
    "an action of several services": lambda it: it.add("s*:Publish", "*"),
    "a resource that is a mapping": lambda it: it.add("sns:Publish", {"a": 1, "b": 2}),
    "a condition that is a list": lambda it: it.add("sns:Publish", "*", Condition=[1]),
    "a policy that is text": lambda it: it.role["Policies"].append("p"),
    "a document that is text": lambda it: it.role["Policies"].append(
        {"PolicyName": "q", "PolicyDocument": "{}"}
    ),
    "a document without statements": lambda it: it.role["Policies"].append(
        {"PolicyName": "q", "PolicyDocument": {}}
    ),
    "a trust policy that is text": lambda it: it.role.update(
        AssumeRolePolicyDocument="states.amazonaws.com"
    ),
    "no trust policy": lambda it: it.role.pop("AssumeRolePolicyDocument"),
}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_what_is_no_policy_is_said(fault: str, golden: Callable[[str, str], None]) -> None:
    it = Changed()
    FAULTS[fault](it)
    result = audited(it.template)
    assert isinstance(result.exception, (SystemExit, type(None))), result.exception
    golden(f"audit/misuse/{fault.replace(' ', '_')}.txt", result.stdout)


def test_a_definition_has_no_role() -> None:
    Path("machine.asl.json").write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}')
    result = CliRunner().invoke(main, ["audit", "machine.asl.json"])
    assert result.exit_code == 1
    assert "an audit takes a template, which has 'Resources'" in result.stdout


def test_a_folder_is_searched_for_templates(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "machine.asl.json").write_text(
        '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    )
    it = Changed()
    del it.statements[PUBLISH]
    (folder / "deep" / "template.json").write_text(json.dumps(it.template))
    result = CliRunner().invoke(main, ["audit", "deep", "--format", "json"])
    assert [(one["file"], one["code"]) for one in json.loads(result.stdout)] == [
        ("deep/template.json", "MISSING_PERMISSION")
    ]


def test_a_file_that_is_not_there_is_unusable_input() -> None:
    result = CliRunner().invoke(main, ["audit", "nothing.yaml"])
    assert (result.exit_code, result.stderr) == (
        2,
        f"error: cannot read nothing.yaml: {os.strerror(errno.ENOENT)}\n",
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"{", b"[]", b"Resources: []", b"Resources: {}", b"Resources: {Machine: 7}"],
)
def test_a_file_that_is_no_template_is_said(content: bytes) -> None:
    Path("template.yaml").write_bytes(content)
    result = CliRunner().invoke(main, ["audit", "template.yaml"])
    assert isinstance(result.exception, (SystemExit, type(None))), result.exception
    assert result.exit_code == (0 if content.startswith(b"Resources: {") else 1)


def test_a_definition_that_is_none_is_checked_first() -> None:
    it = Changed()
    it.states["Run"]["Next"] = "Nowhere"
    assert "MISSING_TRANSITION_TARGET" in codes(it.template)


@pytest.mark.long
def test_ten_thousand_statements_are_read() -> None:
    it = Changed()
    it.resources["Topic"]["Properties"] = {"TopicName": "alarms"}
    it.statements += [
        {"Effect": "Allow", "Action": "sns:Publish", "Resource": {SUB: f"arn:aws:sns:*:*:topic-{index}"}}
        for index in range(10_000)
    ]
    assert codes(it.template).count("EXCESS_RESOURCE") == 10_000


@pytest.mark.long
def test_thousands_of_states_are_audited(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    tell = {key: value for key, value in it.states["Tell"].items() if key != "End"}
    names = [f"T{index}" for index in range(5_000)]
    it.machine["Definition"] = {
        "StartAt": "T0",
        "States": {
            name: {**tell, **({"Next": following} if following else {"End": True})}
            for name, following in zip(names, [*names[1:], None], strict=True)
        },
    }
    del it.statements[PUBLISH]
    golden("audit/misuse/thousands_of_states.txt", audited(it.template).stdout)


def test_names_of_any_script_and_sign_are_shown(golden: Callable[[str, str], None]) -> None:
    it = Changed()
    it.states['알림 "${x}"'] = it.states.pop("Tell")
    it.states["Run"]["Next"] = '알림 "${x}"'
    del it.statements[PUBLISH]
    golden("audit/misuse/names.txt", audited(it.template).stdout)


def places(value: Any, place: Any = ()) -> Iterator[Any]:
    yield place
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*place, index))


JUNK: list[Any] = [None, 0, "", "x", "arn:", "${", "${!", "*", True, [], {}, [[]], {"Ref": 1}, {"Ref": "Nothing"}, {"Fn::If": []}, {"Fn::If": ["IsProd", 1]}, {"Fn::If": ["No", {}, []]}, {"Fn::Sub": 3}, {"Fn::Sub": ["${a}", 1]}, {"Fn::GetAtt": []}, {"Fn::GetAtt": "Role"}, {"Fn::Join": ["", "x"]}, {"Fn::Select": [9, []]}, {"Fn::FindInMap": ["a"]}, {"Ref": "Machine"}, {"Ref": "AWS::NoValue"}, {"Fn::Sub": "${Role.Arn}${Machine}"}]  # fmt: skip
TEMPLATES = [
    Changed().template,
    sam_template(
        [PUBLISHES, INVOKES, {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]
    ),
]


@pytest.mark.slow
@examples(150)
@given(st.data())
def test_no_value_anywhere_breaks_it(data: st.DataObject) -> None:
    template = copy.deepcopy(data.draw(st.sampled_from(TEMPLATES)))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([place for place in places(template) if place]))
        held = template
        for step in way:
            held = held[step]
        held[last] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
    for options in ((), ("--fix",)):
        result = audited(template, *options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code in (0, 1, 2)


def test_the_findings_of_a_template_come_in_its_order() -> None:
    it = Changed()
    it.add("sqs:SendMessage", "*")
    del it.machine["RoleArn"]
    it.resources["Second"] = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {**it.machine, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
    }
    assert [one[0] for one in found(it.template)] == ["INVALID_ROLE", "EXCESS_ACTION"]


def test_an_error_of_a_definition_is_shown_in_its_own_file() -> None:
    it = Changed()
    definition = it.machine.pop("Definition")
    definition["States"]["Run"]["Next"] = "Nowhere"
    it.machine["DefinitionUri"] = "machine.asl.json"
    it.resources["Machine"]["Type"] = "AWS::Serverless::StateMachine"
    Path("machine.asl.json").write_text(json.dumps(definition, indent=2))
    it.machine["Role"] = it.machine.pop("RoleArn")
    assert "machine.asl.json:" in audited(it.template).stdout


def test_a_definition_may_be_nested_deeper_than_functions_call_themselves(tmp_path: Path) -> None:
    properties = {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "Definition": nested(240, branches=True)}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
    path = tmp_path / "deep.json"
    path.write_text(compact({"Resources": {"Machine": machine, "Role": role}}), encoding="utf-8")
    [finding] = audit_file(str(path))
    assert finding.problem.location == "/Resources/Role/Properties/AssumeRolePolicyDocument"
