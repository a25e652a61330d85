"""Executions that failed, taken up again: each state as AWS's page says.

https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfngen.execution import ExecutionError, Return, Throw, run
from tests.execution.machines import START, chain, executed, kinds, one, task
from tests.execution.test_properties import VALUES, definitions
from tests.rows import each_row


def after(failed: Any, redriven: Any) -> list[Any]:
    """The events that a redrive adds."""
    assert chain(redriven)[: len(failed.events)] == chain(failed)
    return kinds(redriven)[len(failed.events) :]


def test_an_execution_that_failed_is_taken_up_again() -> None:
    machine = {
        "StartAt": "A",
        "States": {"A": task(Next="B"), "B": task(Next="C"), "C": {"Type": "Pass", "Parameters": {"n.$": "$$.Execution.RedriveCount"}, "End": True}},
    }  # fmt: skip
    asked = []

    def answer(sent: Any) -> Any:
        asked.append(sent)
        return Return("from A")

    failed = executed(machine, mocks={"A": answer, "B": Throw("E", "why")})
    assert failed.status == "FAILED"
    again = failed.redrive({"B": Throw("E", "still")})
    assert (again.status, again.cause) == ("FAILED", "still")
    done = again.redrive({"B": Return("at last")})
    assert (done.status, done.output, len(asked)) == ("SUCCEEDED", {"n": 2}, 1)
    assert kinds(done).count("ExecutionRedriven") == 2
    assert kinds(done)[: len(failed.events)] == kinds(failed)
    assert chain(done)[10:15] == [
        "11<-10 ExecutionFailed",
        "12<-11 ExecutionRedriven",
        "13<-12 TaskScheduled",
        "14<-13 TaskStarted",
        "15<-14 TaskFailed",
    ]
    with pytest.raises(ExecutionError, match="the execution has succeeded, and is not redriven"):
        done.redrive()


def test_a_pass_is_not_run_again_and_the_task_after_it_is() -> None:
    passed = {"Type": "Pass", "Next": "T"}
    failed = executed(
        {"StartAt": "P", "States": {"P": passed, "T": task(End=True)}}, mocks={"T": Throw("E")}
    )
    done = failed.redrive({"T": Return(1)})
    assert after(failed, done) == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
    ]


def test_a_task_has_its_time_and_all_of_its_retries_again() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 3}]
    machine = one(task(Retry=retry, TimeoutSeconds=5))
    failed = executed(machine, mocks={"It": Return(0, seconds=9)})
    assert (failed.error, len(failed["It"].attempts)) == ("States.Timeout", 4)
    again = failed.redrive({"It": [Throw("E")] * 4})
    assert (again.error, len(again["It"].attempts)) == ("E", 8)
    done = again.redrive({"It": [Throw("E"), Throw("E"), Throw("E"), Return(16, seconds=4)]})
    assert (done.output, len(done["It"].attempts)) == (16, 12)


def test_a_choice_is_evaluated_and_a_fail_fails_again() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "F"}]}
    machine = {"StartAt": "C", "States": {"C": choice, "F": {"Type": "Fail", "Error": "E"}}}
    for value, error, entered in (
        ({"n": 2}, "States.NoChoiceMatched", []),
        ({"n": 1}, "E", ["FailStateEntered"]),
    ):
        failed = executed(machine, value)
        again = failed.redrive()
        assert (again.arn, again.error) == (failed.arn, error)
        assert after(failed, again) == ["ExecutionRedriven", *entered, "ExecutionFailed"]


def test_only_branches_that_did_not_succeed_are_run() -> None:
    # the page's figure: "Do square number" fails while "Wait 3 sec" waits; "Done" follows
    branches = [
        {"StartAt": "Other", "States": {"Other": task(End=True)}},
        {"StartAt": "Do square number", "States": {"Do square number": task(End=True)}},
        {"StartAt": "Wait 3 sec", "States": {"Wait 3 sec": {"Type": "Wait", "Seconds": 3, "End": True}}},
    ]
    parallel = {"Type": "Parallel", "Branches": branches, "Next": "Done"}
    machine = {"StartAt": "P", "States": {"P": parallel, "Done": {"Type": "Pass", "End": True}}}
    failed = executed(machine, mocks={"Other": Return(1), "Do square number": Throw("E", seconds=1)})
    done = failed.redrive({"Do square number": Return(16)})
    assert done.output == [1, 16, {}]
    assert after(failed, done) == [
        "ExecutionRedriven",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "TaskStateExited",
        "WaitStateExited",
        "ParallelStateSucceeded",
        "ParallelStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]


def test_only_iterations_that_did_not_succeed_are_run() -> None:
    asked = []

    def answer(sent: Any) -> Any:
        asked.append(sent)
        return Throw("E") if asked == [1, 2] else Return(sent)

    processor = {"StartAt": "T", "States": {"T": task(End=True)}}
    failed = executed(one({"Type": "Map", "ItemProcessor": processor}), [1, 2, 3], mocks={"T": answer})
    assert failed.redrive({"T": answer}).output == [1, 2, 3]
    assert asked == [1, 2, 2, 3]


ONE_TASK = {"StartAt": "T", "States": {"T": task(End=True)}}
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **ONE_TASK}


@each_row(
    "state",
    [
        {"Type": "Parallel", "Branches": [ONE_TASK, ONE_TASK]},
        {"Type": "Map", "ItemProcessor": ONE_TASK},
        {"Type": "Map", "ItemProcessor": DISTRIBUTED},
    ],
)
def test_what_has_too_large_results_together_is_run_again_as_a_whole(state: Any) -> None:
    failed = executed(one(state), [1, 2], mocks={"T": Return("x" * 150_000)})
    assert failed.error == "States.DataLimitExceeded"
    done = failed.redrive({"T": Return("short")})
    assert (done.output, [run.redrive_count for run in done.map_runs]) == (
        ["short"] * 2,
        [0] * 2 * len(failed.map_runs),
    )


@each_row(
    "state", [{"Type": "Parallel", "Branches": [ONE_TASK]}, {"Type": "Map", "ItemProcessor": ONE_TASK}]
)
def test_a_parallel_and_an_inline_map_have_all_of_their_retries_again(state: Any) -> None:
    asked = []

    def answer(sent: Any) -> Any:
        asked.append(sent)
        return Throw("E")

    retrier = {"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}
    failed = executed(one({**state, "Retry": [retrier]}), [1], mocks={"T": answer})
    assert len(asked) == 3
    again = failed.redrive({"T": answer})
    assert (again.error, len(asked)) == ("E", 6)


def test_a_task_under_way_is_scheduled_anew_and_a_wait_is_not_begun_again() -> None:
    branches = [
        {"StartAt": "Slow", "States": {"Slow": task(End=True)}},
        {"StartAt": "Fails", "States": {"Fails": task(Next="After"), "After": {"Type": "Pass", "End": True}}},
        {"StartAt": "Until", "States": {"Until": {"Type": "Wait", "Timestamp": "2026-11-28T04:22:08Z", "End": True}}},
        {"StartAt": "For", "States": {"For": {"Type": "Wait", "Seconds": 3, "End": True}}},
    ]  # fmt: skip
    machine = one({"Type": "Parallel", "Branches": branches})
    failed = executed(machine, {}, mocks={"Slow": Return(1, seconds=9), "Fails": Throw("E", seconds=2)})
    done = failed.redrive({"Slow": Return("slow", seconds=20), "Fails": Return("fails")})
    assert (done.output, done.duration.seconds) == (["slow", "fails", {}, {}], 22)
    assert {visit.name: (visit.status, len(visit.attempts)) for visit in done.visits} == {
        "It": ("succeeded", 1),
        "Slow": ("retried", 2),
        "Fails": ("retried", 2),
        "After": ("succeeded", 0),
        "Until": ("succeeded", 0),
        "For": ("succeeded", 0),
    }
    times = {event["stateExitedEventDetails"]["name"]: event["timestamp"].second for event in done.events if event["type"] == "WaitStateExited"}  # fmt: skip
    assert times == {"Until": 8, "For": 9}  # it is redriven at 6


@each_row(
    "machine",
    [
        one(task(), TimeoutSeconds=5),
        one({"Type": "Map", "ItemProcessor": {"StartAt": "It too", "States": {"It too": task(End=True)}}}, TimeoutSeconds=5),
        one({"Type": "Parallel", "Branches": [{"StartAt": "It too", "States": {"It too": task(End=True)}}] * 2}, TimeoutSeconds=5),
    ],
)  # fmt: skip
def test_what_timed_out_has_its_whole_time_again(machine: Any) -> None:
    late, soon = Return("late", seconds=6), Return("soon", seconds=4)
    tasks = {name: late for name in ("It", "It too") if f"'{name}': {{'Type': 'Task'" in str(machine)}
    timed_out = executed(machine, [1, 2], mocks=tasks)
    assert timed_out.status == "TIMED_OUT"
    again = timed_out.redrive(tasks)
    assert again.status == "TIMED_OUT"
    done = again.redrive(dict.fromkeys(tasks, soon))
    assert (done.status, done.duration.seconds, done.redrive_count) == ("SUCCEEDED", 14, 2)
    assert done.output in ("soon", ["soon", "soon"])


def test_an_execution_stays_what_it_was_and_is_redriven_more_than_once() -> None:
    items = one({"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": {"T": task(End=True)}}})
    failed = executed(items, [1, 2], mocks={"T": [Throw("E")]})
    before = chain(failed)
    outputs = [failed.redrive({"T": Return(number)}).output for number in (7, 8)]
    assert (outputs, chain(failed), failed.redrive_count) == ([[7, 7], [8, 8]], before, 0)


def test_what_was_not_begun_at_a_second_failure_is_begun_at_the_third() -> None:
    asked: list[Any] = []

    def answer(failing: set[int]) -> Any:
        def answered(sent: Any) -> Any:
            asked.append(sent)
            return Throw("E") if sent in failing else Return(sent * 10)

        return answered

    processor = {"StartAt": "T", "States": {"T": task(End=True)}}
    machine = one({"Type": "Map", "MaxConcurrency": 2, "ItemProcessor": processor})
    failed = executed(machine, [1, 2, 3, 4, 5], mocks={"T": answer({2, 3})})
    again = failed.redrive({"T": answer({3})})
    done = again.redrive({"T": answer(set())})
    assert (done.output, asked) == ([10, 20, 30, 40, 50], [1, 2, 2, 3, 3, 4, 5])


CHILD = {"Before": task(Next="T"), "T": task(End=True)}


def children(kind: str, **fields: Any) -> dict[str, Any]:
    """A machine of a distributed Map over two tasks."""
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    processor = {"ProcessorConfig": config, "StartAt": "Before", "States": CHILD}
    return one({"Type": "Map", "Label": "M", "ItemProcessor": processor, **fields})


@each_row(
    ("kind", "asked"),
    [
        ("STANDARD", ["Before 1", "T 1", "Before 2", "T 2", "T 2", "Before 3", "T 3"]),
        ("EXPRESS", ["Before 1", "T 1", "Before 2", "T 2", "Before 2", "T 2", "Before 3", "T 3"]),
    ],
)
def test_children_that_did_not_succeed_are_redriven(kind: str, asked: list[str]) -> None:
    # the page on Map runs: a standard child from the state that failed, an express one from its first
    called: list[str] = []

    def tasks(failing: int | None) -> Any:
        def before(sent: Any) -> Any:
            called.append(f"Before {sent}")
            return Return(sent)

        def last(sent: Any) -> Any:
            called.append(f"T {sent}")
            return Throw("E") if sent == failing else Return(sent * 10)

        return {"Before": before, "T": last}

    failed = executed(children(kind, MaxConcurrency=1), [1, 2, 3], mocks=tasks(2))
    done = failed.redrive(tasks(None))
    assert (done.output, called) == ([10, 20, 30], asked)
    [run], [earlier] = done.map_runs, failed.map_runs
    assert (run.arn, run.status, run.succeeded, run.failed, run.redrive_count) == (
        earlier.arn, "SUCCEEDED", 3, 0, 1
    )  # fmt: skip
    assert (earlier.status, earlier.succeeded, earlier.failed) == ("FAILED", 1, 1)
    assert chain(done)[len(failed.events) :] == [
        "8<-7 ExecutionRedriven",
        "9<-8 MapRunRedriven",
        "10<-9 MapRunSucceeded",
        "11<-10 MapStateSucceeded",
        "12<-9 MapStateExited",
        "13<-12 ExecutionSucceeded",
    ]
    details = done.events[8]["mapRunRedrivenEventDetails"]
    assert details == {"mapRunArn": run.arn, "redriveCount": 1}
    second, was = run.executions[1], earlier.executions[1]
    assert (second.arn, second.status, was.status) == (was.arn, "SUCCEEDED", "FAILED")
    assert kinds(was)[-1] == "ExecutionFailed"
    assert ("ExecutionRedriven" in kinds(second), second.redrive_count) == (
        (True, 1) if kind == "STANDARD" else (False, 0)
    )
    assert [child.status for child in run.executions] == ["SUCCEEDED"] * 3


@each_row(
    "fields",
    [
        {},
        {"ItemSelector": {"value.$": "$$.Map.Item.Value"}},
        {"ItemBatcher": {"MaxItemsPerBatch": 1}},
        {"ToleratedFailureCount": 1, "MaxConcurrency": 1},
        {"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}},
        {"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}, "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"}}},
        {"ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}}},
    ],
)  # fmt: skip
def test_a_map_run_comes_to_what_it_would_have_without_failures(fields: Any) -> None:
    def answer(failing: tuple[str, ...]) -> Any:
        return lambda sent: Throw("E") if any(f'"{f}"' in json.dumps(sent) for f in failing) else Return([sent, "done"])  # fmt: skip

    machine, items = children("EXPRESS", **fields), ["a", "b", "c", "d"]
    passed = {"Before": lambda sent: Return(sent)}
    whole = executed(machine, items, mocks={**passed, "T": answer(())})
    failed = executed(machine, items, mocks={**passed, "T": answer(("b", "c"))})
    again = failed.redrive({**passed, "T": answer(("b",) if "ToleratedFailureCount" not in fields else ("b", "c"))})  # fmt: skip
    assert [failed.status, again.status] == ["FAILED", "FAILED"]
    done = again.redrive({**passed, "T": answer(())})

    def plain(value: Any) -> Any:
        return re.sub(r"[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[\d:.]+Z", "-", json.dumps(value))

    def files(execution: Any) -> Any:
        return sorted(plain([key, body.decode()]) for (_, key), body in execution.s3.items())

    assert plain(done.output) == plain(whole.output)
    assert files(done) == files(whole)


def test_a_map_run_is_not_redriven_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.distributed.MAX_REDRIVES", 1)
    failing = {"Before": Return(1), "T": Throw("E")}
    again = executed(children("EXPRESS"), [1], mocks=failing).redrive(failing)
    assert again.error == "States.ExceedToleratedFailureThreshold"
    refused = again.redrive({"Before": Return(1), "T": Return(2)})
    assert (refused.error, refused.cause) == (
        "States.Runtime",
        "An error occurred while executing the state 'It' (entered at the event id #2). "
        "The Map Run has been redriven 1 times, which is the most.",
    )


@each_row("writer", [{}, {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": ""}}])
def test_a_map_run_without_children_reads_its_items_anew(writer: dict[str, Any]) -> None:
    # the page on Map runs: also where the ResultWriter failed
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}}  # fmt: skip
    asked = []

    def answer(sent: Any) -> Any:
        asked.append(sent)
        return Return(sent)

    machine = children("STANDARD", ItemReader=reader, **({"ResultWriter": writer} if writer else {}))
    objects = {("b", "k"): b"[1]"} if writer else {}
    failed = executed(machine, mocks={"Before": answer, "T": answer}, s3=objects)
    again = failed.redrive({"Before": answer, "T": answer}, s3={("b", "k"): b"[2, 3]"})
    errors = "States.ResultWriterFailed" if writer else "States.ItemReaderFailed"
    assert (failed.error, [run.executions for run in failed.map_runs]) == (errors, [()])
    assert (again.error, [run.total for run in again.map_runs], asked) == (
        (errors, [1, 2], []) if writer else (None, [0, 2], [2, 2, 3, 3])
    )


def test_a_map_run_that_did_not_start_children_or_succeeded_begins_anew() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}}  # fmt: skip
    machine = children("STANDARD", ItemReader=reader)
    answers = {"Before": Return(1), "T": Return(2)}
    failed = executed(machine, mocks=answers)
    assert failed.error == "States.ItemReaderFailed"
    done = failed.redrive(answers, s3={("b", "k"): b"[1, 2]"})
    assert (done.output, len(done.map_runs), "MapRunRedriven" in kinds(done)) == ([2, 2], 2, False)
    lost = executed(children("STANDARD", OutputPath="$.nothing"), [1], mocks=answers)
    assert lost.error == "States.Runtime"
    again = lost.redrive(answers)
    assert (again.error, len(again.map_runs), "MapRunRedriven" in kinds(again)) == (
        "States.Runtime",
        2,
        False,
    )


def test_a_map_run_whose_failed_children_were_not_kept_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.prepared.KEPT_CHILDREN", 1)
    failed = executed(
        children("STANDARD", ToleratedFailureCount=1, MaxConcurrency=1), [1, 2, 3], mocks={"Before": Return(1), "T": Throw("E")}
    )  # fmt: skip
    done = failed.redrive({"Before": Return(1), "T": Return(2)})
    assert (done.output, len(done.map_runs), "MapRunRedriven" in kinds(done)) == ([2, 2, 2], 2, False)


def test_a_child_whose_history_is_full_stays_as_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfngen.execution.redrives.MAX_REDRIVABLE_EVENTS", 10)
    failed = executed(children("STANDARD"), [1], mocks={"Before": Return(1), "T": Throw("E", "why")})
    assert (len(failed.events), len(failed.map_runs[0].executions[0].events)) == (7, 11)
    again = failed.redrive({"T": Return(2)})
    [child] = again.map_runs[0].executions
    assert (again.status, child.status, child.error, child.cause) == ("FAILED", "FAILED", "E", "why")
    assert len(child.events) == 11


def test_a_map_run_beside_what_failed_is_aborted_and_goes_on() -> None:
    inner = children("STANDARD")["States"]["It"]
    branches = [
        {"StartAt": "Each", "States": {"Each": {**inner, "ItemsPath": "$"}}},
        {"StartAt": "Fails", "States": {"Fails": task(End=True)}},
    ]
    machine = one({"Type": "Parallel", "Branches": branches})
    slow = {"Before": Return(1), "T": Return(2, seconds=9)}
    failed = executed(machine, [1, 2], mocks={**slow, "Fails": Throw("E", seconds=1)})
    [run] = failed.map_runs
    assert (run.status, [child.status for child in run.executions]) == ("ABORTED", ["ABORTED"] * 2)
    assert [kind for kind in kinds(failed) if "Aborted" in kind] == ["TaskStateAborted", "MapRunAborted", "MapStateAborted"]  # fmt: skip
    done = failed.redrive({"T": Return("T"), "Fails": Return("was mended")})
    assert done.output == [["T", "T"], "was mended"]


def test_a_map_run_whose_children_have_not_begun_is_aborted_too() -> None:
    inner = children("STANDARD")["States"]["It"]
    branches = [
        {"StartAt": "Each", "States": {"Each": {**inner, "ItemsPath": "$"}}},
        {"StartAt": "Fails", "States": {"Fails": {"Type": "Fail", "Error": "E"}}},
    ]
    failed = executed(one({"Type": "Parallel", "Branches": branches}), [1])
    assert [(run.status, run.executions) for run in failed.map_runs] == [("ABORTED", ())]
    assert failed.redrive().error == "E"


@each_row(
    ("definition", "kind", "message"),
    [
        (one(task()), "EXPRESS", "the execution is express, and is not redriven: start another"),
        ({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}, "STANDARD", "an execution of 25,000 events is not redriven: 24,998 are the most"),
    ],
)  # fmt: skip
def test_what_is_not_redriven(definition: Any, kind: str, message: str) -> None:
    mocks = {"It": Throw("E")} if "It" in definition["States"] else {}
    with pytest.raises(ExecutionError, match=message):
        executed(definition, type=kind, mocks=mocks).redrive()


def without_catchers(value: Any) -> Any:
    """A definition in which every error ends the execution."""
    if isinstance(value, list):
        return [without_catchers(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_catchers(item) for name, item in value.items() if name != "Catch"}


@each_row(
    ("arguments", "message"),
    [
        ({"mocks": "It"}, "mocks= is a mapping, not 'It'"),
        ({"mocks": {"Itt": Return(1)}}, "no state is named 'Itt'; did you mean 'It'?"),
        ({"mocks": {"It": 1}}, "the mock of 'It' is 1; did you mean Return(1)?"),
        ({"s3": 5}, "s3= is a mapping, not 5"),
        ({"s3": {"key": b""}}, "s3= holds bytes by bucket and key, ('bucket', 'key.csv'): b'...', not 'key': b''"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_and_nothing_is_run(arguments: Any, message: str) -> None:
    with pytest.raises(ExecutionError, match=re.escape(message)):
        executed(one(task()), mocks={"It": Throw("E")}).redrive(**arguments)


def test_tasks_that_are_not_mocked_anew_have_the_mocks_that_they_had() -> None:
    machine = {"StartAt": "A", "States": {"A": task(Next="B"), "B": task(End=True)}}
    failed = executed(machine, mocks={"A": Throw("E"), "B": Return("b")})
    assert failed.redrive({"A": Return("a")}).output == "b"
    assert failed.redrive().error == "E"


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(definitions(), VALUES, st.lists(st.booleans(), min_size=1, max_size=5))
@pytest.mark.slow
def test_a_redrive_comes_to_what_the_execution_would_have_come_to(
    definition: dict[str, Any], value: Any, failing: list[bool]
) -> None:
    """A law: outcomes are the same, and no try that succeeded is made again."""
    text = json.dumps(without_catchers(definition))
    count = 0
    is_failing = False
    succeeded: list[Any] = []

    def answer(call: Any) -> Any:
        nonlocal count
        count += 1
        if is_failing and failing[count % len(failing)]:
            return Throw("E")
        succeeded.append(call.state)
        return Return({"a": 1})

    whole = run(text, value, tasks=answer, start=START)
    expected = sorted(succeeded)
    succeeded.clear()
    is_failing = True
    failed = run(text, value, tasks=answer, start=START)
    while failed.status != "SUCCEEDED" and is_failing:
        before = failed.events
        is_failing = len(before) < 200 and failed.redrive_count < 3
        redriven = failed.redrive()
        assert failed.events == before == redriven.events[: len(before)]
        failed = redriven
    if not re.search(r"\$random|UUID|context|\$\$", text):
        assert (failed.status, failed.error, failed.output) == (whole.status, whole.error, whole.output)
        if whole.status == "SUCCEEDED":
            assert sorted(succeeded) == expected
