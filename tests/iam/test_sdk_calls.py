"""Calls of ``aws-sdk:`` integrations beside the statements that AWS's pages give for them.

``sdk_calls.txt`` has a page, the calls that it is about, and what each needs, written from the page.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from troposphere import encode_to_dict

from cfngen import PolicyWarning, Workflow, chain
from cfngen.iam.derive import derive
from cfngen.lint import as_text, lint
from cfngen.stacks import StateMachine
from cfngen.tasks import aws_sdk
from cfngen.template import to_yaml
from tests.iam.intrinsics import resolved

REFERENCES = {
    "Table": "jobs",
    "Queue": "https://sqs.us-west-2.amazonaws.com/123456789012/jobs",
    "Role.Arn": "arn:aws:iam::123456789012:role/worker",
    "Secret": "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-a1b2c3",
}
CASES = Path(__file__).with_name("sdk_calls.txt")


def cases() -> Iterator[Any]:
    """The calls of the file, each with the lines that are indented below it."""
    for block in CASES.read_text(encoding="utf-8").strip().split("\n\n"):
        page, call, *expected = block.split("\n")
        assert page.startswith("https://docs.aws.amazon.com/"), page
        name, _, arguments = call.partition(" ")
        yield pytest.param(name, json.loads(arguments or "{}"), "\n".join(expected), id=call)


def needed(name: str, arguments: dict[str, Any]) -> str:
    """What a call needs, as the file has it."""
    service, action = name.split(":")
    graph = Workflow(aws_sdk.Call("Call", service=service, action=action, arguments=arguments)).linked
    derived = derive(graph)
    lines = []
    for statement in encode_to_dict(derived.document())["Statement"]:
        lines.append(f"  {', '.join(statement['Action'])}")
        lines += [f"    {resolved(it, REFERENCES)}" for it in statement["Resource"]]
        for operator, tests in statement.get("Condition", {}).items():
            lines += [f"    if {key} {operator} {resolved(it, REFERENCES)}" for key, it in tests.items()]
    return "\n".join([*lines, *(f"  ! {it.message.rpartition(': ')[2]}" for it in derived.warnings)])


@pytest.mark.parametrize(("name", "arguments", "expected"), list(cases()))
def test_call_needs_what_its_page_says(name: str, arguments: dict[str, Any], expected: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert needed(name, arguments) == expected


def test_the_linter_has_nothing_to_say_about_the_policies() -> None:
    given = [
        (name, arguments)
        for name, arguments, _ in (case.values for case in cases())
        if "Fn::GetAtt" not in str(arguments) and "'Ref'" not in str(arguments)
    ]
    calls = [
        aws_sdk.Call(f"Call {number}", service=service, action=action, arguments=arguments)
        for number, (name, arguments) in enumerate(given)
        for service, action in [name.split(":")]
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        template = StateMachine(Workflow(chain(*calls))).template()
    assert len(calls) > 60
    assert as_text(lint(to_yaml(template))) == ""


def test_there_are_enough_calls_and_pages() -> None:
    blocks = CASES.read_text(encoding="utf-8").strip().split("\n\n")
    assert len(blocks) >= 60
    assert len({block.split("\n")[0] for block in blocks}) >= 40
