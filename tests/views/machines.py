"""Machines that the tests of pictures and pages draw."""

from __future__ import annotations

from typing import Any

from cfngen.stacks.samples.catalog import definition_path, find

_sample = find("batch-job-notification")
assert _sample is not None
SAMPLE = definition_path(_sample)

NESTED = {
    "Comment": "Takes orders, and ships them",
    "StartAt": "Validate",
    "States": {
        "Validate": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Next": "Valid?",
            "Catch": [{"ErrorEquals": ["Orders.Malformed", "States.Timeout"], "Next": "Reject"}],
        },
        "Valid?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.total", "NumericGreaterThan": 1000, "Next": "Approve"},
                {
                    "And": [
                        {"Variable": "$.items", "IsPresent": True},
                        {"Variable": "$.kind", "StringEquals": "gift"},
                    ],
                    "Next": "Wrap",
                },
            ],
            "Default": "Ship",
        },
        "Approve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Next": "Ship",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Reject"}],
        },
        "Wrap": {"Type": "Wait", "Seconds": 30, "Next": "Valid?"},
        "Ship": {
            "Type": "Parallel",
            "Next": "Each Item",
            "Branches": [
                {
                    "StartAt": "Label",
                    "States": {
                        "Label": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
                            "Next": "Print",
                        },
                        "Print": {"Type": "Pass", "End": True},
                    },
                },
                {
                    "StartAt": "주문 상태를 확인하고 고객에게 알림을 보냅니다",
                    "States": {
                        "주문 상태를 확인하고 고객에게 알림을 보냅니다": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::sns:publish",
                            "End": True,
                        }
                    },
                },
            ],
        },
        "Each Item": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "StartAt": "Pick",
                "States": {
                    "Pick": {
                        "Type": "Task",
                        "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:pick",
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Skip"}],
                        "Next": "Pack",
                    },
                    "Pack": {
                        "Type": "Parallel",
                        "Branches": [
                            {"StartAt": "Box", "States": {"Box": {"Type": "Pass", "End": True}}},
                            {"StartAt": "Note", "States": {"Note": {"Type": "Pass", "End": True}}},
                        ],
                        "End": True,
                    },
                    "Skip": {"Type": "Pass", "End": True},
                },
            },
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
        "Reject": {"Type": "Fail", "Error": "Orders.Rejected", "Cause": "see the notes"},
    },
}


def chain(count: Any) -> dict[str, Any]:
    """States in a row."""
    states = {f"State {n}": {"Type": "Pass", "Next": f"State {n + 1}"} for n in range(count - 1)}
    return {"StartAt": "State 0", "States": {**states, f"State {count - 1}": {"Type": "Pass", "End": True}}}


def one(name: str = "Only", **fields: Any) -> dict[str, Any]:
    """A machine of one state."""
    return {"StartAt": name, "States": {name: {"Type": "Pass", "End": True, **fields}}}


def _wide() -> dict[str, Any]:
    """More ways than are side by side: some go on, some end, some come back, and all are caught."""
    states: dict[str, Any] = {}
    rules: list[Any] = []
    for number in range(9):
        name = f"Work {number}"
        ways: list[dict[str, Any]] = [{"Next": f"{name} and more"}, {"End": True}, {"Next": "Which?"}]
        catch = [{"ErrorEquals": ["States.ALL"], "Next": "Ask" if number % 2 else "Then"}]
        states[name] = {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Catch": catch,
            **ways[number % 3],
        }
        if number % 3 == 0:
            states[f"{name} and more"] = {"Type": "Pass", "Next": "Then"}
        rules.append({"Variable": "$.kind", "StringEquals": f"kind {number}", "Next": name})
    again = [{"Variable": "$.again", "BooleanEquals": True, "Next": "Work 0"}]
    return {
        "StartAt": "Which?",
        "States": {
            "Which?": {"Type": "Choice", "Choices": rules, "Default": "Then"},
            **states,
            "Then": {"Type": "Wait", "Seconds": 5, "Next": "Again?"},
            "Again?": {"Type": "Choice", "Choices": again, "Default": "Ask"},
            "Ask": {"Type": "Succeed"},
        },
    }


WIDE = _wide()
