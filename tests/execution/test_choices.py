"""The rules of a Choice.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.execution.machines import executed
from tests.rows import each_row


def chosen(rule: Any, value: Any) -> Any:
    machine = {
        "StartAt": "It",
        "States": {
            "It": {"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], "Default": "No"},
            "Yes": {"Type": "Pass", "Result": True, "End": True},
            "No": {"Type": "Pass", "Result": False, "End": True},
        },
    }
    execution = executed(machine, value)
    return execution.output if execution.status == "SUCCEEDED" else f"{execution.error}: {execution.cause}"


GIVEN = {
    "n": 22, "f": 22.0, "s": "Private", "t": "2026-11-28T04:22:04Z", "later": "2026-11-28T06:22:05+01:00",
    "yes": True, "null": None, "list": [{"b": 1}], "log": "zebra-7.log", "star": "a*b",
}  # fmt: skip


@each_row(
    ("rule", "is_chosen"),
    [
        ({"Variable": "$.s", "StringEquals": "Private"}, True),
        ({"Variable": "$.n", "StringEquals": "22"}, False),
        ({"Variable": "$.s", "StringLessThan": "Public"}, True),
        ({"Variable": "$.s", "StringGreaterThanEqualsPath": "$.s"}, True),
        ({"Variable": "$.log", "StringMatches": "*.log"}, True),
        ({"Variable": "$.log", "StringMatches": "zebra-*.txt"}, False),
        ({"Variable": "$.star", "StringMatches": "a\\*b"}, True),
        ({"Variable": "$.log", "StringMatches": "zebra\\*"}, False),
        ({"Variable": "$.n", "NumericEquals": 22.0}, True),
        ({"Variable": "$.n", "NumericEqualsPath": "$.f"}, True),
        ({"Variable": "$.s", "NumericEquals": 22}, False),
        ({"Variable": "$.yes", "NumericEquals": 1}, False),
        ({"Variable": "$.n", "NumericLessThanEquals": 22}, True),
        ({"Variable": "$.n", "NumericGreaterThan": 22}, False),
        ({"Variable": "$.yes", "BooleanEquals": True}, True),
        ({"Variable": "$.n", "BooleanEquals": True}, False),
        ({"Variable": "$.t", "TimestampEquals": "2026-11-28T05:22:04+01:00"}, True),
        ({"Variable": "$.t", "TimestampLessThanPath": "$.later"}, True),
        ({"Variable": "$.s", "TimestampEquals": "2026-11-28T04:22:04Z"}, False),
        ({"Variable": "$.null", "IsNull": True}, True),
        ({"Variable": "$.absent", "IsPresent": False}, True),
        ({"Variable": "$.null", "IsPresent": True}, True),
        ({"Variable": "$.n", "IsNumeric": True}, True),
        ({"Variable": "$.yes", "IsNumeric": False}, True),
        ({"Variable": "$.s", "IsString": True}, True),
        ({"Variable": "$.yes", "IsBoolean": True}, True),
        ({"Variable": "$.t", "IsTimestamp": True}, True),
        ({"Variable": "$.s", "IsTimestamp": True}, False),
        ({"Variable": "$.list[0].b", "NumericEquals": 1}, True),
        ({"Variable": "$$.Execution.Input.n", "NumericEquals": 22}, True),
        ({"And": [{"Variable": "$.n", "IsPresent": True}, {"Variable": "$.n", "NumericGreaterThan": 20}]}, True),
        ({"Or": [{"Variable": "$.n", "NumericEquals": 1}, {"Not": {"Variable": "$.s", "StringEquals": "Private"}}]}, False),
        # the second is not looked at, and so need not be there
        ({"And": [{"Variable": "$.absent", "IsPresent": True}, {"Variable": "$.absent", "NumericEquals": 1}]}, False),
    ],
)  # fmt: skip
def test_rules(rule: dict[str, Any], is_chosen: bool) -> None:
    assert chosen(rule, GIVEN) is is_chosen


@pytest.mark.parametrize(
    "rule", [{"Variable": "$.absent", "IsNull": True}, {"Variable": "$.absent", "StringEquals": ""}]
)
def test_what_is_compared_is_to_be_there(rule: dict[str, Any]) -> None:
    assert chosen(rule, {}) == (
        "States.Runtime: An error occurred while executing the state 'It' (entered at the event id #2). "
        "Invalid path '$.absent': The choice state's condition path references an invalid value."
    )


def test_no_rule_and_no_default() -> None:
    machine = {
        "StartAt": "It",
        "States": {
            "It": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "End"}]},
            "End": {"Type": "Succeed"},
        },
    }
    execution = executed(machine, {"n": 2})
    assert (execution.error, execution.cause) == (
        "States.NoChoiceMatched",
        "An error occurred while executing the state 'It' (entered at the event id #2). "
        "Failed to transition out of the state. The state does not point to a next state.",
    )


@pytest.mark.parametrize(("value", "expected"), [(True, "rule"), (False, "state")])
def test_a_rule_brings_its_output_and_its_variables_and_the_state_does_where_none_matches(
    value: bool, expected: str
) -> None:
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "It",
        "States": {
            "It": {
                "Type": "Choice",
                "Choices": [
                    {
                        "Condition": "{% $states.input %}",
                        "Next": "End",
                        "Assign": {"v": "rule"},
                        "Output": "rule",
                    }
                ],
                "Default": "End",
                "Assign": {"v": "state"},
                "Output": "state",
            },
            "End": {"Type": "Pass", "Output": ["{% $v %}", "{% $states.input %}"], "End": True},
        },
    }
    assert executed(machine, value).output == [expected, expected]
