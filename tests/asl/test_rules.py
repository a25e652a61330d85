"""The rules as users meet them: ``docs/rules.md`` lists them, each with its id, an example and its page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from cfngen import JSONATA, Pass, Task, Workflow
from cfngen import Path as FieldPath
from cfngen.asl.rules import Rule, catalog
from cfngen.asl.states import State
from cfngen.asl.values import STANDARD, WorkflowType
from cfngen.cfn.arns import integration_arn
from cfngen.documents.source import ReadError
from tests.asl.test_cases import CASES, read
from tests.rows import each_row

PAGE: Final = Path(__file__).parents[2] / "docs" / "rules.md"
HEAD: Final = """# Rules

What `cfngen check` finds has the id of a rule beside its code. The code is one of Step Functions' own
`ValidateStateMachineDefinition` where that has one; `NO_DEFAULT`, `DEFINITION_ELSEWHERE`, `PLACEHOLDER` and those of
templates and roles are codes of cfngen. Ids are cfngen's.

    cfngen check machine.asl.json --ignore asl-choice-has-a-default
    cfngen check machine.asl.json --warn asl-targets-exist:machine.asl.json#/States/Submit

An id may be followed by a file and by a pointer into the definition, which means all that is inside. A project says the
same in `pyproject.toml`, or under `[tool:cfngen]` in `setup.cfg`:

    [tool.cfngen]
    ignore = ["asl-choice-has-a-default"]
    warn = ["asl-variables-are-sound:flows/*.asl.json"]

The rules `api-call-exists` and `api-arguments` hold calls against the services that there are, and their arguments
against API models, where botocore is installed; `--no-apis` leaves the models out.
"""
PASS: Final = {"Type": "Pass", "End": True}
MAX_EXAMPLE: Final = 2_000
PARTS: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "asl-document": ({**PASS, "Comment": None}, {**PASS, "Comment": "Nothing to do"}),
    "asl-field-not-supported": ({**PASS, "TimeoutSeconds": 5}, {**PASS, "Result": 5}),
    "asl-unknown-field": ({**PASS, "Colour": "blue"}, PASS),
    "asl-choice-has-a-default": (
        {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "S"}]},
        {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "S"}], "Default": "S"},
    ),
    "asl-inline-map-reads-no-items": (
        {
            "Type": "Map",
            "ItemBatcher": {"MaxItemsPerBatch": 5},
            "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}},
            "End": True,
        },
        {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}}, "End": True},
    ),
}
"""A state that is found, and one that is not, for what no function of its own looks for."""


def page() -> str:
    return "\n".join((HEAD, *(line for rule in catalog() for line in section(rule))))


def section(rule: Rule) -> Iterator[str]:
    yield f"## `{rule.id}`\n\n{rule.sentence.replace('``', '`')}\n\n[AWS's page]({rule.page})\n"
    if rule.id in PARTS:
        for word, state in zip(("Found", "Accepted"), PARTS[rule.id], strict=True):
            yield f"{word}:\n\n```json\n{json.dumps(state)}\n```\n"
        return
    for word, shown in zip(("Found", "Accepted"), examples(rule.id), strict=True):
        yield f"{word}{shown}"


def examples(rule: str) -> tuple[str, str]:
    """Return the shortest case in which a rule finds something, and the shortest in which none does.

    They are definitions, unless what is found cannot be written as one.
    """
    name = "link" if rule == "asl-states-are-linked" else rule.removeprefix("asl-").replace("-", "_")
    by_length = sorted(CASES, key=lambda path: (len(path.read_text()), path.name))
    cases = [(path, *read(path)) for path in by_length if f'rule = "{name}"' in path.read_text()]
    shown: list[str] = []
    for is_found in (True, False):
        of_kind = [case for case in cases if bool(case[1].check(case[2])) == is_found]
        definitions = (definition(workflow, type_, rule) for _, workflow, type_, _ in of_kind)
        python = f":\n\n```python\n{of_kind[0][0].read_text().strip()}\n```\n"
        shown.append(next(filter(None, definitions), python))
    return shown[0], shown[1]


def definition(workflow: Workflow, type_: WorkflowType, rule: str) -> str:
    """Return the definition of a workflow; nothing if the rule finds something in one of both alone."""
    try:
        document = Workflow.read(workflow.rendered(integration_arn))
        lines = in_lines(document.rendered(integration_arn))
    except (ReadError, TypeError):  # it is nested too deep, or holds what is no JSON
        return ""
    found = {problem.rule for problem in document.check(type_)}
    if len(lines) > MAX_EXAMPLE or (rule not in found if workflow.check(type_) else found):
        return ""
    return f"{'' if type_ == STANDARD else f' in {type_}'}:\n\n```json\n{lines}\n```\n"


def in_lines(definition: dict[str, Any]) -> str:
    """Return a definition with each state on a line of its own."""
    states = (
        f"    {json.dumps(name)}: {json.dumps(state)}" for name, state in definition["States"].items()
    )
    fields = (
        f"  {json.dumps(name)}: {json.dumps(value)}"
        for name, value in definition.items()
        if name != "States"
    )
    return "{\n" + ",\n".join((*fields, '  "States": {\n' + ",\n".join(states) + "\n  }")) + "\n}"


@pytest.mark.slow
def test_the_page_of_rules_is_that_of_the_code(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--goldens"):
        PAGE.write_bytes(page().encode())
    assert page() == PAGE.read_bytes().decode()


def test_every_rule_has_an_id_of_its_own_a_sentence_and_a_page() -> None:
    rules = catalog()
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.sentence.endswith(".") and rule.page.startswith("https://") for rule in rules)


@each_row("rule", PARTS)
def test_the_examples_are_what_they_say(rule: str) -> None:
    for state, is_found in zip(PARTS[rule], (True, False), strict=True):
        states = {"A": state, **({"S": {"Type": "Succeed"}} if state["Type"] == "Choice" else {})}
        found = [problem.rule for problem in Workflow.read({"StartAt": "A", "States": states}).check()]
        assert found == [rule] * is_found


@each_row("path", CASES, ids=lambda path: str(path.stem))
def test_every_problem_of_a_workflow_has_the_id_of_a_rule(path: Path) -> None:
    known = {rule.id for rule in catalog()} | {"api-call-exists", "api-arguments"}
    workflow, type_, _ = read(path)
    assert {problem.rule for problem in workflow.check(type_)} <= known


@each_row(
    ("field", "call", "message"),
    [
        ("ItemReader", "s3:putObject", "an ItemReader cannot call 's3:putObject'"),
        ("ResultWriter", "s3:getObject", "a ResultWriter cannot call 's3:getObject'"),
        ("ItemReader", "s3:getObject", None),
        ("ResultWriter", "s3:putObject", None),
    ],
)
def test_what_reads_items_does_not_write_results(field: str, call: str, message: str | None) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "End": True}},
    }
    called = {
        "Resource": f"arn:aws:states:::{call}",
        "Parameters": {"Bucket": "b", "Key": "k", "Prefix": "p"},
    }
    each = {"Type": "Map", "ItemProcessor": processor, field: called, "End": True}
    problems = Workflow.read({"StartAt": "M", "States": {"M": each}}).check()
    told = [problem.message for problem in problems if problem.location == f"/States/M/{field}/Resource"]
    assert told == ([] if message is None else [message])


def nested(levels: int, kind: type[Any], value: Any) -> Any:
    for _ in range(levels):
        value = [value] if kind is list else {"a": value}
    return value


@pytest.mark.parametrize("kind", [list, dict])
def test_values_nested_a_thousand_deep_are_judged_as_others_are(kind: type[Any]) -> None:
    def told(state: State) -> list[Any]:
        workflow = Workflow(state)
        return [(problem.code, problem.location.count("/")) for problem in workflow.check()]

    plain = Pass("P", Result=nested(1_000, kind, 1))
    assert told(plain) == []
    assert "P" in Workflow(plain).to_asl()["States"]
    assert told(Pass("P", Result=nested(1_001, kind, 1))) == [("TOO_DEEPLY_NESTED", 3)]
    wrong = nested(1_000, kind, "{% 1 + %}")
    assert told(Pass("P", QueryLanguage=JSONATA, Output=wrong)) == [("INVALID_JSONATA_EXPRESSION", 1_003)]
    waits = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    [(code, place)] = told(Task("T", Resource=waits, Parameters={"a": nested(998, kind, 1)}))
    assert (code, place) == ("SCHEMA_VALIDATION_FAILED", 3)
    token = nested(996, kind, {"b": FieldPath("$$.Task.Token")})
    assert told(Task("T", Resource=waits, Parameters={"a": token})) == []


@each_row("key", ["Comment", "Next", "Name", "VariablePath"])
def test_a_key_of_a_payload_may_be_named_as_a_field_is(key: str) -> None:
    [wrong] = Workflow(Pass("P", Parameters={key: FieldPath("$.[")})).check()
    assert wrong.message.startswith("'$.[' is not a JSONPath")
    [looks_like_one] = Workflow(Pass("P", Parameters={key: "$.["})).check()
    assert looks_like_one.severity == "warning"
    [wrong] = Workflow(Pass("P", QueryLanguage=JSONATA, Output={key: "{% 1 + %}"})).check()
    assert wrong.code == "INVALID_JSONATA_EXPRESSION"
