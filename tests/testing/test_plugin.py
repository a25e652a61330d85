"""The plugin in a user's own run of pytest: what it costs, what it says, and how it stands beside others."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest_plugins = ["pytester"]

SAMPLE = """
from cfngen.stacks import BatchJobNotification
from cfngen.testing import FailTask, Return, Throw
"""

PASSING = (
    SAMPLE
    + """
import os

def test_success(step_functions):
    assert not [name for name in os.environ if name.startswith("AWS_")]
    execution = step_functions.deploy(BatchJobNotification()).run()
    assert execution.states == ["Submit Batch Job", "Notify Success"]

def test_failure(step_functions):
    execution = step_functions.deploy(BatchJobNotification()).run(mocks={"Submit Batch Job": FailTask()})
    assert execution.states == ["Submit Batch Job", "Notify Failure"]

def test_a_case_of_the_configured_file(step_functions):
    execution = step_functions.deploy(BatchJobNotification()).run(case="Second")
    assert execution.states == ["Submit Batch Job", "Notify Success"]
    assert [attempt.error for attempt in execution["Submit Batch Job"].attempts] == ["Batch.Busy", None]
"""
)
CONFIG = {
    "StateMachines": {"Any": {"TestCases": {"Second": {"Submit Batch Job": "DoneLate"}}}},
    "MockedResponses": {
        "DoneLate": {"0": {"Throw": {"Error": "Batch.Busy", "Cause": ""}}, "1": {"Return": {"JobId": "1"}}}
    },
}

FAILING = (
    SAMPLE
    + """
import pytest

@pytest.fixture
def stack(step_functions):
    return step_functions.deploy(BatchJobNotification())

def test_another_way(stack):
    execution = stack.run(mocks={"Submit Batch Job": Throw("Batch.Failed", "no")})
    assert execution.states == ["Submit Batch Job", "Notify Success"]

def test_another_status(stack):
    execution = stack.run(mocks={"Submit Batch Job": Throw("Batch.Failed"), "Notify Failure": Throw("SNS.Gone")})
    assert execution.status == "SUCCEEDED"

def test_a_state_that_was_not_visited(stack):
    execution = stack.run()
    assert execution["Notify Failure"]

def test_a_state_that_is_misspelled(stack):
    execution = stack.run()
    assert execution["Notify Sucess"]

def test_a_mock_that_was_not_used(stack):
    stack.run(mocks={"Notify Failure": Return({})})

def test_a_state_that_is_not_there(stack):
    stack.run(mocks={"Submit Batch Jb": Return({})})

def test_a_function_that_looks_at_what_is_sent(stack):
    def answer(sent):
        assert sent["JobName"] == "Nightly"
        return Return({})
    stack.run(mocks={"Submit Batch Job": answer})

def test_a_file_that_is_not_there(step_functions):
    step_functions.deploy("no-such.yaml")
"""
)


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "120")


def test_it_works_without_credentials_and_on_several_processes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PASSING)
    pytester.makeini("[pytest]\nstep_functions_mock_config = mocks.json")
    pytester.path.joinpath("mocks.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=3)


def test_what_a_test_that_fails_says(
    pytester: pytest.Pytester, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)  # in which pytest shows differences at more length
    pytester.makepyfile(test_workflow=FAILING)
    result = pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cacheprovider", "--tb=short")
    result.assert_outcomes(failed=8)
    text = "\n".join(said_by_cfngen(result.outlines)).replace(str(pytester.path), "/folder")
    # the emulator's introduction of an error is not cfngen's, what follows it is
    golden("testing/failures.txt", re.sub(r"An error occurred .*?\. (?=the mock)", "", text) + "\n")


def said_by_cfngen(lines: Any) -> Iterator[Any]:
    """Yield the name of each test that fails, the error if it is one of cfngen's, and the executions."""
    keeps = False
    for line in lines[: next(n for n, line in enumerate(lines) if "= short test summary" in line)]:
        if heading := re.fullmatch(r"_+ (test_\w+) _+", line):
            yield f"== {heading[1]}"
            keeps = False
        elif heading := re.fullmatch(r"-+ (executions) -+", line):
            yield f"-- {heading[1]}"
            keeps = True
        elif line.startswith("E   cfngen."):
            yield line
            keeps = True
        elif keeps:
            keeps = not re.match(r"[_=]{5,}|\w+\.py:", line)
            if keeps:
                yield line


def test_a_run_that_does_not_use_it_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            heavy = {"awacs", "boto3", "botocore", "flask", "moto", "troposphere"} & set(sys.modules)
            assert not heavy
            assert "cfngen.testing.plugin" in sys.modules
            assert not [name for name in sys.modules if name.startswith("cfngen.local")]
        """
    )
    pytester.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=1)


def test_a_missing_extra_is_named(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        from cfngen.local import running

        running.find_spec = lambda name: None
        """
    )
    pytester.makepyfile("def test_it(step_functions): step_functions.client('sqs')")
    result = pytester.runpytest_subprocess("-p", "no:xdist")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the emulator needs moto, flask, flask_cors, botocore: pip install *"])


def test_the_fixtures_are_listed_with_what_they_are(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("-p", "no:xdist", "--fixtures")
    result.stdout.fnmatch_lines(
        [
            "step_functions -- *",
            "    Deploys stacks and workflows, runs executions, and deletes the stacks at the end.",
        ]
    )


COVERED = """
from cfngen.testing import Return, Throw

MACHINE = {
    "StartAt": "It",
    "States": {
        "It": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            "End": True,
        },
        "Failed": {"Type": "Fail"},
    },
}

def test_success(step_functions):
    assert step_functions.deploy(MACHINE).run(mocks={"It": Return(1)}).status == "SUCCEEDED"

def test_failure(step_functions):
    assert step_functions.deploy(MACHINE).run(mocks={"It": Throw("A")}).status == "FAILED"
"""


@pytest.mark.parametrize("processes", [["-p", "no:xdist"], ["-n", "2"]], ids=["one", "two"])
def test_what_executions_went_through_is_counted(processes: list[str], pytester: pytest.Pytester) -> None:
    pytester.makepyfile(COVERED)
    result = pytester.runpytest_subprocess(*processes, "--states-coverage-fail-under", "100")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "machine            states  transitions        rules     handlers          all",
            "StateMachine          2/2            -            -          1/1        100 %",
            "all machines: 100.0 %",
        ]
    )
    assert result.ret == 0


def test_too_little_of_the_states_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(COVERED)
    options = ("-p", "no:xdist", "-k", "success", "--states-coverage-fail-under=80")
    result = pytester.runpytest_subprocess(*options)
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["  missing: 'Failed'", "the states coverage is below 80 %"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_without_the_emulator_a_task_without_a_mock_ends_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        COVERED + "\n\ndef test_more(step_functions):\n    step_functions.deploy(MACHINE).run()\n"
    )
    pytester.makeini("[pytest]\nstep_functions_without_emulator = true")
    result = pytester.runpytest_subprocess("-p", "no:xdist")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*NotEmulatedError: there is no emulator: mock 'It', for example with *"])
