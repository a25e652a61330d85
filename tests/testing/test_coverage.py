"""What a session's executions went through, counted."""

from __future__ import annotations

from typing import Any

from cfngen.execution import Return, Throw, run
from cfngen.testing.coverage import StatesCoverage
from tests.execution.machines import task

MACHINE = {
    "StartAt": "It",
    "States": {
        "It": {
            **task(),
            "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Which"}],
            "Next": "Which",
        },
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "IsPresent": True, "Next": "End"}],
            "Default": "Last",
        },
        "Last": {"Type": "Pass", "End": True},
        "End": {"Type": "Succeed"},
    },
}


def table(*executions: Any) -> str:
    coverage = StatesCoverage()
    for execution in executions:
        coverage.add("Machine", MACHINE, execution.steps)
    return "\n".join(coverage.lines())


def test_a_way_through() -> None:
    assert table(run(MACHINE, mocks={"It": Return({"n": 1})})) == (
        "machine       states  transitions        rules     handlers          all\n"
        "Machine          3/4          1/1          1/2          0/2         56 %\n"
        "  missing: retrier 0 of 'It'\n"
        "  missing: 'It' -> 'Which' by catcher 0\n"
        "  missing: 'Which' -> 'Last' by default\n"
        "  missing: 'Last'\n"
        "all machines: 55.6 %"
    )


def test_all_ways() -> None:
    one = run(MACHINE, mocks={"It": Return({"n": 1})})
    other = run(MACHINE, mocks={"It": [Throw("A"), Throw("A")]})
    assert table(one, other).splitlines()[1:] == [
        "Machine          4/4          1/1          2/2          2/2        100 %",
        "all machines: 100.0 %",
    ]


def test_another_process_is_counted_too() -> None:
    coverage, other = StatesCoverage(), StatesCoverage()
    coverage.add("Machine", MACHINE, run(MACHINE, mocks={"It": Return({"n": 1})}).steps)
    other.add("Machine", MACHINE, run(MACHINE, mocks={"It": [Throw("A"), Throw("A")]}).steps)
    coverage.merge(other.as_json())
    assert coverage.percent == 100


def test_nothing_ran() -> None:
    assert [*StatesCoverage().lines()][1:] == ["all machines: 100.0 %"]
