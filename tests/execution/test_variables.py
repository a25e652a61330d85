"""Variables: what assigns them, what ``$`` is then, and where they can be read.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import Any

from cfngen.execution import Return
from tests.execution.machines import executed, task


def chained(*states: Any, **fields: Any) -> Any:
    """A machine of states one after another."""
    machine = {"StartAt": "0", "States": {}, **fields}
    for number, state in enumerate(states):
        follows = {"End": True} if number == len(states) - 1 else {"Next": str(number + 1)}
        machine["States"][str(number)] = {**state, **follows}
    return machine


def test_all_expressions_are_evaluated_before_anything_is_assigned() -> None:
    # the example of the page: starting values $x=3, $a=6, ending values $x=6, $nextX=3
    machine = chained(
        {"Type": "Pass", "Assign": {"x": 3, "a": 6}},
        {"Type": "Pass", "Assign": {"x": "{% $a %}", "nextX": "{% $x %}"}, "Output": "{% $x %}"},
        {"Type": "Pass", "Output": ["{% $states.input %}", "{% $x %}", "{% $nextX %}"]},
        QueryLanguage="JSONata",
    )
    assert executed(machine).output == [3, 6, 3]


def test_output_path_reads_the_variables_as_they_were_on_entry() -> None:
    machine = chained(
        {"Type": "Pass", "Assign": {"x": 1}},
        {"Type": "Pass", "Assign": {"x": 2}, "OutputPath": "$x"},
    )
    assert executed(machine).output == 1


def test_in_a_task_the_root_is_the_raw_result() -> None:
    machine = chained(
        task(Assign={"code.$": "$.StatusCode"}, ResultSelector={"it.$": "$.Payload"}, ResultPath="$.out"),
        {"Type": "Pass", "Parameters": {"code.$": "$code", "out.$": "$.out"}},
    )
    execution = executed(machine, mocks={"0": Return({"StatusCode": 200, "Payload": 7})})
    assert execution.output == {"code": 200, "out": {"it": 7}}


def test_in_a_pass_the_root_is_its_result_and_in_a_wait_the_effective_input() -> None:
    machine = chained(
        {"Type": "Pass", "Parameters": {"a": 1}, "Assign": {"x.$": "$.a"}, "ResultPath": "$.p"},
        {"Type": "Wait", "Seconds": 1, "InputPath": "$.p", "Assign": {"y.$": "$.a"}},
        {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y"}},
    )
    assert executed(machine).output == {"x": 1, "y": 1}


def test_iterations_read_the_variables_around_them_and_keep_their_own() -> None:
    inner = {
        "StartAt": "In",
        "States": {
            "In": {"Type": "Pass", "Assign": {"own.$": "$x"}, "Next": "Out"},
            "Out": {"Type": "Pass", "Parameters": {"own.$": "$own"}, "End": True},
        },
    }
    machine = chained(
        {"Type": "Pass", "Assign": {"x": 42}},
        {"Type": "Map", "ItemProcessor": inner},
        {"Type": "Pass", "Parameters": {"all.$": "$", "gone.$": "$own"}},
    )  # fmt: skip
    execution = executed(machine, [1, 2])
    assert execution["1"].output == [{"own": 42}, {"own": 42}]
    assert execution.cause == (
        "An error occurred while executing the state '2' (entered at the event id #20). The JSONPath '$own' specified "
        "for the field 'gone.$' could not be found in the input 'null'"
    )


def test_a_distributed_map_does_not_read_the_variables_around_it() -> None:
    inner = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED"},
        "StartAt": "In",
        "States": {"In": {"Type": "Pass", "InputPath": "$x", "End": True}},
    }
    machine = chained({"Type": "Pass", "Assign": {"x": 42}}, {"Type": "Map", "ItemProcessor": inner})  # fmt: skip
    assert executed(machine, [1]).error == "States.ExceedToleratedFailureThreshold"


def test_the_history_tells_what_was_assigned() -> None:
    execution = executed(chained({"Type": "Pass", "Assign": {"x": [1], "y": None}}))
    details = execution.events[2]["stateExitedEventDetails"]
    assert details["assignedVariables"] == {"x": "[1]", "y": "null"}


def test_what_is_assigned_has_its_limit() -> None:
    execution = executed(chained({"Type": "Pass", "Assign": {"x.$": "$", "y.$": "$"}}), "x" * 200_000)
    assert execution.error == "States.DataLimitExceeded"
