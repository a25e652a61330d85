"""Executions as a whole: what can be run, limits, mocks, and that two runs are the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cfngen import Map, Task, Workflow
from cfngen.execution import ExecutionError, PacedClock, Return, TaskRequest, Throw, run
from cfngen.execution.prepared import RunOptions, prepare
from cfngen.execution.visits import NotVisitedError
from cfngen.stacks import BatchJobNotification, StateMachine
from tests.execution.machines import LAMBDA, START, chain, executed, kinds, one, task
from tests.rows import each_row

PASS = one({"Type": "Pass"})
SAMPLE: dict[str, Any] = {
    "Submit Batch Job": [Throw("Batch.ServerException", "again"), Return({"JobId": "1"})],
    "Notify Success": Return({"MessageId": "1"}),
}


def test_the_sample() -> None:
    execution = run(BatchJobNotification(), {"day": "2026-11-28"}, mocks=SAMPLE, start=START)
    assert (execution.status, execution.output, execution.error, execution.cause) == (
        "SUCCEEDED",
        {"MessageId": "1"},
        None,
        None,
    )
    assert execution.states == ["Submit Batch Job", "Notify Success"]
    first, second = execution["Submit Batch Job"].attempts
    assert (first.error, second.output) == ("Batch.ServerException", {"JobId": "1"})
    assert execution["Submit Batch Job"].status == "retried"
    assert execution.duration.total_seconds() == 30
    assert "Notify Failure" not in execution
    assert str(execution) == (
        "StateMachine SUCCEEDED\n"
        "  Submit Batch Job (Task) retried after 2 attempts [Batch.ServerException: again]\n"
        "  Notify Success (Task) succeeded"
    )


@pytest.mark.parametrize(
    "what", [BatchJobNotification, BatchJobNotification(), BatchJobNotification().machine().workflow]
)
def test_a_stack_and_its_workflow_can_be_run(
    what: type[BatchJobNotification] | BatchJobNotification | Workflow,
) -> None:
    assert run(what, mocks=SAMPLE).status == "SUCCEEDED"


def test_a_machine_in_a_stack_can_be_run() -> None:
    work = Task("Work", Resource=LAMBDA, Parameters={"FunctionName": "f"})
    stack = StateMachine(Workflow(Map("Each", ItemProcessor=work)))
    assert run(stack, [1, 2], mocks={"Work": Return(7)}).output == [7, 7]


def test_text_and_files_can_be_run(tmp_path: Path) -> None:
    text = json.dumps(PASS)
    (tmp_path / "it.asl.json").write_text(text)
    (tmp_path / "it.yaml").write_text("StartAt: It\nStates:\n  It: {Type: Pass, End: true}\n")
    for what in (
        text,
        "StartAt: It\nStates:\n  It: {Type: Pass, End: true}\n",
        tmp_path / "it.asl.json",
        str(tmp_path / "it.yaml"),
    ):
        assert run(what, {"a": 1}).output == {"a": 1}


@each_row(
    ("what", "message"),
    [
        (1, "1 cannot be run: give a Workflow, a stack, a mapping, JSON or YAML text, or the path of a file"),
        ({}, "/: there are no States"),
        ({"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}, "/StartAt: no state is named 'B'"),
        (one({"Type": "Nope"}), "/States/It/Type: 'Nope' is no type of a state"),
        (one({"Type": "Pass", "InputPath": "$.["}), "/States/It: '$.[' is no JSONPath: ']' is missing for '[' at character 3"),
        (one({"Type": "Choice"}), "/States/It: the state cannot be read: the field 'Choices' is missing"),
        ({"StartAt": "Itt", "States": {"It": {"Type": "Pass", "End": True}}}, "/StartAt: no state is named 'Itt'; did you mean 'It'?"),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass"}}}, "/States/A: 'Next' or 'End' is missing"),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}, "/States/A: no state is named 'B'"),
        (one({"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {"A": 1}}}), "/States/It/ItemProcessor/States/A: a state is a mapping, not 1"),
        ({"Resources": {}}, "a template cannot be run: give the definition of one of its state machines"),
        ("{", "the definition:1:2: a key in double quotes is expected here, but the text ends"),
    ],
)  # fmt: skip
def test_what_cannot_be_run(what: int | dict[str, Any] | str, message: str) -> None:
    with pytest.raises(ExecutionError) as raised:
        run(what)
    assert str(raised.value) == message


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ExecutionError, match=r"there is no file 'absent\.json' in "):
        run("absent.json")


@each_row(
    ("value", "message"),
    [
        ({1: 2}, "the input is not JSON: the key 1 is not text"),
        (float("nan"), "the input is not JSON: Out of range float values are not JSON compliant"),
        ({"a": object()}, "the input is not JSON: Object of type object is not JSON serializable"),
        ("x" * 262_144, "the input has more than 262,144 bytes"),
    ],
)
def test_what_is_no_input(value: float | str | dict[str, Any], message: str) -> None:
    with pytest.raises(ExecutionError) as raised:
        run(PASS, value)
    assert str(raised.value).startswith(message)


@each_row("value", [None, 0, False, "", [], "ü" * 100_000, {'Prüfen "x" ${y}\n한국어': [1.5]}])
def test_any_json_is_an_input(value: object) -> None:
    assert run(PASS, value).output == value
    assert run(PASS).output == {}


@each_row(
    ("options", "message"),
    [
        ({"type": "FAST"}, "'FAST' is no type of a state machine: it is STANDARD or EXPRESS"),
        ({"start": "yesterday"}, "'yesterday' is no time: it reads 2026-11-28T04:22:04Z"),
        ({"start": True}, "True is no time: give a datetime, a text or seconds since 1970"),
        ({"name": 7}, "the name of an execution is text, not 7"),
        ({"mocks": {"Itt": Return()}}, "no state is named 'Itt'; did you mean 'It'?"),
        ({"mocks": {"It": Return()}}, "'It' is a Pass, and tasks alone are mocked"),
    ],
)
def test_misuse(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ExecutionError) as raised:
        run(PASS, **options)
    assert str(raised.value) == message


@each_row(
    ("mock", "message"),
    [
        ([], "the mock of 'It' is an empty list; give Return(...), Throw(...) or FailTask(), a list of them, or a function"),
        ({"a": 1}, "the mock of 'It' is {'a': 1}; did you mean Return({'a': 1})?"),
        (Return, "the mock of 'It' is the class Return: give Return()"),
        (Return({1, 2}), "the mock of 'It' is a Return whose result is not JSON: Object of type set is not JSON serializable"),
        (lambda sent: 7, "the function that stands for 'It' returned 7; did you mean Return(7)?"),
    ],
)  # fmt: skip
def test_what_is_no_mock(mock: Any, message: str) -> None:
    with pytest.raises(ExecutionError) as raised:
        run(one(task()), mocks={"It": mock})
    assert str(raised.value) == message


def test_a_list_with_too_few_answers() -> None:
    machine = one(task(Retry=[{"ErrorEquals": ["E"]}]))
    with pytest.raises(
        ExecutionError, match="the mock of 'It' has 1 answer, and the state is tried once more"
    ):
        run(machine, mocks={"It": [Throw("E")]})


def test_a_task_without_a_mock() -> None:
    with pytest.raises(
        ExecutionError,
        match=r"the task 'It' has no mock, and is not called: mocks=\{'It': Return\(\.\.\.\)\}",
    ):
        run(one(task()))


def test_what_a_mock_raises_keeps_its_trace() -> None:
    def answer(sent: Any) -> Any:
        assert sent == {"n": 2}
        return Return()

    with pytest.raises(AssertionError) as raised:
        run(one(task()), {"n": 1}, mocks={"It": answer})
    assert raised.traceback[-1].name == "answer"


def test_something_else_may_answer() -> None:
    calls = []

    def answer(call: TaskRequest) -> Any:
        calls.append(call)
        return Return(call.number)

    machine = one(task(Parameters={"x": 1}, TimeoutSeconds=9))
    assert run(machine, tasks=answer).output == 0
    [call] = calls
    assert call[:8] == ("It", 0, LAMBDA, {"x": 1}, None, 9, None, None)
    assert call.execution.startswith(call.machine.replace(":stateMachine:", ":execution:"))


def test_25_000_events() -> None:
    loop = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}},
    }
    execution = executed(loop)
    assert (execution.error, execution.cause) == (
        "States.Runtime",
        "The execution reached the maximum number of history events (25000).",
    )
    assert chain(execution)[-2:] == ["24999<-24998 PassStateExited", "25000<-24999 ExecutionFailed"]


def test_too_much_data_for_a_state_is_not_caught() -> None:
    machine = one({"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}})
    execution = executed(machine, "x" * 140_000)
    assert (execution.error, execution.cause) == (
        "States.DataLimitExceeded",
        "The state/task 'It' returned a result with a size exceeding the maximum number of bytes service limit.",
    )


def test_too_much_data_from_a_task_is() -> None:
    machine = one(task(Catch=[{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "Handle"}]))
    machine["States"]["Handle"] = {"Type": "Succeed"}
    execution = executed(machine, mocks={"It": Return("x" * 262_144)})
    assert execution.output["Cause"].startswith(
        "The state/task 'lambda' returned a result with a size exceeding"
    )


def test_two_runs_are_the_same_to_the_byte() -> None:
    machine = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()", "n.$": "States.MathRandom(0, 999999)"}, "Next": "B"},
            "B": task(Retry=[{"ErrorEquals": ["E"], "JitterStrategy": "FULL"}], End=True),
        },
    }  # fmt: skip
    one_run, other = (executed(machine, mocks={"B": [Throw("E"), Throw("E"), Return(1)]}) for _ in range(2))
    assert json.dumps(one_run.events, default=str) == json.dumps(other.events, default=str)
    assert executed(machine, mocks={"B": Return(1)}, seed=1).name != one_run.name


def test_an_execution_takes_its_time_by_another_clock() -> None:
    clock = PacedClock(0.0, speedup=1e9)
    execution = run(one({"Type": "Wait", "Seconds": 100}), clock=clock)
    assert (execution.duration.total_seconds(), execution.start.year) == (100, 1970)


def test_an_express_execution_that_goes_round_and_round_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.history.MAX_EXPRESS_EVENTS", 1000)
    execution = executed({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}, type="EXPRESS")
    assert (execution.status, execution.error, execution.cause) == ("TIMED_OUT", "States.Timeout", None)


def test_a_state_that_was_not_visited() -> None:
    execution = run(BatchJobNotification(), mocks=SAMPLE)
    with pytest.raises(NotVisitedError, match=r"^'Notify Failure' was not visited\n"):
        execution["Notify Failure"]
    with pytest.raises(
        NotVisitedError, match=r"no state is named 'Notify Failur'; did you mean 'Notify Failure'\?"
    ):
        execution["Notify Failur"]


def test_nothing_heavy_is_imported() -> None:
    program = (
        "import sys; from cfngen.execution import run; "
        "run({'StartAt': 'A', 'States': {'A': {'Type': 'Succeed'}}}); "
        "print([name for name in ('moto', 'boto3', 'botocore', 'troposphere', 'jsonata', 'yaml') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_a_target_that_is_not_a_name_is_refused() -> None:
    document = {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [], "Default": {"a": 1}}}}
    with pytest.raises(ExecutionError, match=r"no state is named \{'a': 1\}"):
        run(document)


def test_an_execution_ends_where_what_runs_it_cannot_go_on() -> None:
    prepared = prepare(one({"Type": "Succeed"}), {}, RunOptions())
    execution = prepared.fail("the disk is full")
    assert (execution.status, execution.error) == ("FAILED", "States.Runtime")
    assert kinds(execution) == ["ExecutionStarted", "ExecutionFailed"]
    assert execution.events[-1]["executionFailedEventDetails"]["cause"] == "the disk is full"
