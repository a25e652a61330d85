"""Policies as JSON text are read as the mappings that they hold."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.audit.templates import Changed, audited


def as_text(document: Any) -> Any:
    return json.dumps(document)


def as_sub(document: Any) -> Any:
    """Return a document as ``Fn::Sub``, its references as holes."""
    text = re.sub(r'\{"Ref": "(\w+)"\}', r'"${\1}"', json.dumps(document))
    return {"Fn::Sub": re.sub(r'\{"Fn::Sub": ("[^"]*")\}', r"\1", text)}


def as_join(document: Any) -> Any:
    before, _, after = json.dumps(document).partition(json.dumps({"Ref": "Topic"}))
    return {"Fn::Join": ["", [f'{before}"', {"Ref": "Topic"}, f'"{after}']]} if after else before


def as_json_string(document: Any) -> Any:
    return {"Fn::ToJsonString": document}


@pytest.mark.parametrize("form", [as_text, as_sub, as_join, as_json_string])
def test_an_audit_finds_the_same_in_a_policy_of_text(form: Any) -> None:
    it = Changed()
    it.add("sns:Publish", {"Ref": "Topic"})
    it.add("s3:GetObject", "arn:aws:s3:::b/*")
    expected = {(problem["code"], problem["message"]) for problem in findings(it)}
    for policy in it.role["Policies"]:
        if form is not as_text or {"Ref": "Topic"} not in [
            each.get("Resource") for each in policy["PolicyDocument"]["Statement"]
        ]:
            policy["PolicyDocument"] = form(policy["PolicyDocument"])
    it.role["AssumeRolePolicyDocument"] = form(it.role["AssumeRolePolicyDocument"])
    assert {(problem["code"], problem["message"]) for problem in findings(it)} == expected


def findings(it: Changed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(audited(it.template, "--format", "json").stdout)
    return found


@pytest.mark.parametrize("text", ["", "{", "not JSON", '{"Statement": ${Topic}}', "[" * 5_000])
def test_a_policy_of_text_that_is_not_json_is_said(text: str) -> None:
    it = Changed()
    it.role["Policies"].append({"PolicyName": "q", "PolicyDocument": text})
    assert "the policy is not JSON: " in audited(it.template).stdout
