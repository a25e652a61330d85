"""An interpreter that is neither ours nor moto's takes the same paths through the same definitions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cfngen.local import Return, Running, Throw
from cfngen.local.mocks import responses_to_json
from tests import npm
from tests.local.conftest import entered, kinds

HERE = Path(__file__).parent
JOB, TOPIC = {"JobId": "1"}, {"MessageId": "1"}
CALL = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}}
TOLD = {"Notify Success": [Return(TOPIC)], "Notify Failure": [Return(TOPIC)]}


def loops() -> dict[str, Any]:
    """Look at a job until it is done, as the sample that polls does."""
    return {
        "StartAt": "Look",
        "States": {
            "Look": {**CALL, "ResultPath": "$.job", "Next": "Is it done?"},
            "Is it done?": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.job.Status", "StringEquals": "SUCCEEDED", "Next": "Done"},
                    {
                        "And": [
                            {"Variable": "$.job.Status", "StringEquals": "FAILED"},
                            {"Not": {"Variable": "$.patient", "BooleanEquals": True}},
                        ],
                        "Next": "Gone wrong",
                    },
                ],
                "Default": "Wait a minute",
            },
            "Wait a minute": {"Type": "Wait", "Seconds": 60, "Next": "Look"},
            "Done": {"Type": "Succeed"},
            "Gone wrong": {"Type": "Fail", "Error": "Mine", "Cause": "the job has failed"},
        },
    }


def branches() -> dict[str, Any]:
    """Do two things beside each other, one for each item, and catch what fails in either."""
    return {
        "StartAt": "Beside",
        "States": {
            "Beside": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "Once", "States": {"Once": {**CALL, "End": True}}},
                    {
                        "StartAt": "For each",
                        "States": {
                            "For each": {
                                "Type": "Map",
                                "ItemsPath": "$.items",
                                "ItemProcessor": {
                                    "StartAt": "Work",
                                    "States": {
                                        "Work": {"Type": "Pass", "Parameters": {"of.$": "$"}, "End": True}
                                    },
                                },
                                "End": True,
                            }
                        },
                    },
                ],
                "Catch": [{"ErrorEquals": ["Mine"], "ResultPath": "$.error", "Next": "Mend"}],
                "End": True,
            },
            "Mend": {"Type": "Pass", "End": True},
        },
    }


@dataclass(frozen=True)
class Case:
    """A run: of the committed sample, or of a definition."""

    name: str
    answers: dict[str, list[Any]]
    definition: dict[str, Any] | None = None
    given: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> Any:
        return self.name


FAILS = Throw("Batch.ServerException", "no")
CASES = [
    Case("the sample succeeds", {"Submit Batch Job": [Return(JOB)], **TOLD}),
    Case("the sample fails", {"Submit Batch Job": [FAILS], **TOLD}),
    Case("the sample fails once, then succeeds", {"Submit Batch Job": [FAILS, Return(JOB)], **TOLD}),
    Case("the sample fails twice, then succeeds", {"Submit Batch Job": [FAILS] * 2 + [Return(JOB)], **TOLD}),
    Case("the message cannot be told", {"Submit Batch Job": [Return(JOB)], "Notify Success": [Throw("SNS.NotFoundException")], "Notify Failure": [Return(TOPIC)]}),
    Case("a loop ends well", {"Look": [Return({"Status": "RUNNING"})] * 2 + [Return({"Status": "SUCCEEDED"})]}, loops()),
    Case("a loop ends badly", {"Look": [Return({"Status": "RUNNING"}), Return({"Status": "FAILED"})]}, loops(), {"patient": False}),
    Case("branches end well", {"Once": [Return(1)]}, branches(), {"items": [1, 2, 3]}),
    Case("a branch fails and is caught", {"Once": [Throw("Mine", "so")]}, branches(), {"items": []}),
    Case("a branch fails and is not caught", {"Once": [Throw("Another")]}, branches(), {"items": []}),
]  # fmt: skip


@pytest.fixture(scope="session")
def arns(running: Running, machine: Callable[..., str]) -> Any:
    """Deploy what runs, and let each case answer by its name."""
    template = (HERE.parents[1] / "templates" / "batch-job-notification.yaml").read_text(encoding="utf-8")
    client = running.client("cloudformation")
    client.create_stack(StackName="the-sample", TemplateBody=template)
    [stack] = client.describe_stacks(StackName="the-sample")["Stacks"]
    sample = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}["StateMachineArn"]
    machines = {case.name: machine(case.definition) if case.definition else sample for case in CASES}
    for case in CASES:
        running.mock(machines[case.name], case.name, case.answers)
    return machines


@pytest.fixture(scope="session")
def said_by_another(running: Running, arns: Any, npm_packages: Any) -> Any:
    """What the other interpreter does with the definitions that the emulator has; one process does all."""
    client = running.client("stepfunctions")
    asked = []
    for case in CASES:
        described = client.describe_state_machine(stateMachineArn=arns[case.name])
        definition = json.loads(described["definition"])
        asked.append(
            {"definition": definition, "input": case.given, "answers": responses_to_json(case.answers)}
        )
    answers = npm.ask(HERE / "interpreter.js", npm_packages, asked)
    return dict(zip((case.name for case in CASES), answers, strict=True))


def order(case: Any, names: Any) -> Any:
    """Return the states in the order in which they must come: branches run beside each other."""
    if case.definition != branches():
        return names
    is_broken_off = any(isinstance(answer, Throw) for answer in case.answers["Once"])
    return sorted(name for name in names if not (is_broken_off and name in ("For each", "Work")))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_both_take_the_same_path(
    case: Case, arns: Any, run: Callable[..., dict[str, Any]], said_by_another: Any
) -> None:
    ours, theirs = run(f"{arns[case.name]}#{case.name}", case.given), said_by_another[case.name]
    assert order(case, entered(ours)) == order(case, theirs["entered"])
    assert ours["status"] == theirs["status"]
    assert json.loads(ours.get("output", "null")) == theirs.get("output")


@pytest.mark.parametrize(
    ("name", "path", "tries"),
    [
        ("the sample succeeds", ["Submit Batch Job", "Notify Success"], 1),
        ("the sample fails", ["Submit Batch Job", "Notify Failure"], 3),
        ("the sample fails once, then succeeds", ["Submit Batch Job", "Notify Success"], 2),
        ("the sample fails twice, then succeeds", ["Submit Batch Job", "Notify Success"], 3),
    ],
)
def test_the_sample_takes_the_paths_that_aws_promises(
    name: str, path: list[str], tries: int, arns: Any, run: Callable[..., dict[str, Any]]
) -> None:
    said = run(f"{arns[name]}#{name}")
    assert entered(said) == path
    assert kinds(said, "TaskScheduled") == tries + 1
