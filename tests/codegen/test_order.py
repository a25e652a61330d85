"""The order of states: a workflow may say it where its flow has another."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

from cfngen import Choice, ChoiceRule, Pass, Succeed, Workflow
from cfngen.codegen import to_python
from tests.rows import each_row

STATES: dict[str, Any] = {
    "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "B"}], "Default": "C"},
    "B": {"Type": "Pass", "Next": "C"},
    "C": {
        "Type": "Parallel",
        "Branches": [
            {
                "StartAt": "E",
                "States": {"F": {"Type": "Pass", "End": True}, "E": {"Type": "Pass", "Next": "F"}},
            }
        ],
        "Next": "D",
    },
    "D": {"Type": "Succeed"},
}


@each_row("names", [*permutations("ABCD")], ids="".join)
def test_what_is_written_has_the_order_of_the_definition(names: tuple[str, ...]) -> None:
    document = {"StartAt": "A", "States": {name: STATES[name] for name in names}}
    namespace: dict[str, Any] = {}
    exec(to_python({"": Workflow.read(document)}), namespace)
    assert json.dumps(namespace["workflow"].to_asl()["States"]) == json.dumps(document["States"])


def test_an_order_that_the_flow_has_is_not_written() -> None:
    document = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}
    assert "order" not in to_python({"": Workflow.read(document)})


def test_states_that_are_not_named_come_after_those_that_are() -> None:
    done = Succeed("Done")
    choice = Choice(
        "Which", Choices=[ChoiceRule(Variable="$.a", IsNull=True, Next=done)], Default=Pass("Do")
    )
    assert [*Workflow(choice, order=["Do"]).to_asl()["States"]] == ["Do", "Which", "Done"]


def test_a_name_in_the_order_that_no_state_has_is_told() -> None:
    [problem] = Workflow(Pass("Work"), order=["Wrok"]).check()
    assert str(problem) == (
        "/: 'order' names 'Wrok', and there is no such state [MISSING_TRANSITION_TARGET]\n"
        "    hint: did you mean 'Work'?"
    )


def test_published_definitions_keep_their_order() -> None:
    for path in sorted((Path(__file__).parent.parent / "asl").rglob("*.asl.json")):
        workflow = Workflow.read(path)
        if workflow.check():
            continue
        namespace: dict[str, Any] = {}
        exec(to_python({"": workflow}), namespace)
        assert [*namespace["workflow"].to_asl()["States"]] == [*workflow.to_asl()["States"]], path
