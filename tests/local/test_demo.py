"""cfngen demo, as its users meet it: what it shows, what it refuses, and how it ends."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cfngen.cli import main
from cfngen.core.installation import install_command
from tests.local.conftest import alive

JOB, SUCCESS, FAILURE = "Submit Batch Job", "Notify Success", "Notify Failure"


pytestmark = pytest.mark.emulator


def demo(*arguments: Any) -> Any:
    return CliRunner().invoke(main, ["demo", *arguments])


def json_error(text: str) -> Any:
    """Return what Python says of a text that is not JSON."""
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    return caught.value


def path(result: Any) -> list[tuple[str, ...]]:
    """Return what the states did, in order, without the times."""
    lines = result.stderr.splitlines()
    return [
        tuple(line.split(" s  ", 1)[1].split(None, 1))
        for line in lines
        if " s  " in line and line.split(" s  ", 1)[1].startswith(("entered", "left", "failed", "retried"))
    ]


@pytest.fixture(scope="session")
def succeeded() -> Any:
    return demo()


@pytest.fixture(scope="session")
def failed() -> Any:
    return demo("--fail", JOB)


def test_the_job_succeeds_and_the_topic_hears_of_it(succeeded: Any) -> None:
    assert path(succeeded) == [("entered", JOB), ("left", JOB), ("entered", SUCCESS), ("left", SUCCESS)]
    assert "Jobs in BatchJobQueue: 1 SUCCEEDED" in succeeded.stderr
    assert "  Batch job submitted through Step Functions succeeded\n" in succeeded.stderr
    assert succeeded.exit_code == 0


def test_the_output_of_the_execution_is_all_that_stands_on_standard_output(succeeded: Any) -> None:
    assert list(json.loads(succeeded.stdout)) == ["MessageId"]


def test_the_resources_are_shown_as_they_are_made_and_grouped_as_the_console_does(succeeded: Any) -> None:
    assert succeeded.stderr.count("CREATE_COMPLETE") == 18
    listed = succeeded.stderr.split("The stack has\n")[1].split("\n\n")[0].splitlines()
    assert [line.strip() for line in listed if not line.startswith("    ")][:4] == [
        "Batch job",
        "SNS topic",
        "State machine",
        "IAM roles",
    ]


def test_patches_and_the_time_scale_are_shown(succeeded: Any) -> None:
    [line] = [line for line in succeeded.stderr.splitlines() if line.startswith("Patched defects")]
    assert re.fullmatch(r"Patched defects of moto: \d+ \(-v\)", line)
    assert "Waits run 100 times as fast, and none takes longer than 1 s." in succeeded.stderr


def test_a_job_that_is_made_to_fail_is_retried_and_caught(failed: Any) -> None:
    told = ("failed", f"{JOB}: States.TaskFailed: made to fail by --fail")
    assert path(failed) == [
        ("entered", JOB),
        *[told, ("retried", JOB)] * 2,
        told,
        ("left", JOB),
        ("entered", FAILURE),
        ("left", FAILURE),
    ]
    assert "Jobs in BatchJobQueue: 3 FAILED" in failed.stderr
    assert "  Batch job submitted through Step Functions failed\n" in failed.stderr
    assert failed.exit_code == 0


def test_the_other_sample_runs_too() -> None:
    result = demo("batch-job-notification-fargate", "--parameter", "NotificationEmail=me@example.com")
    assert (path(result)[-1], result.exit_code) == (("left", SUCCESS), 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--fail", "Submit Batch Jo"],
            "error: --fail: no state is named 'Submit Batch Jo'; did you mean 'Submit Batch Job'?\n",
        ),
        (
            ["--fail", "x"],
            "error: --fail: no state is named 'x'; "
            "the tasks are 'Submit Batch Job', 'Notify Success', 'Notify Failure'\n",
        ),
        (
            ["--input", "{"],
            f"error: the input is not JSON: {json_error('{')}\n",
        ),
        (
            ["--input", "night.json"],
            f"error: the input is not JSON: {json_error('night.json')}; @FILE reads it from a file\n",
        ),
        (["--input", "NaN"], "error: the input is not JSON: JSON has no NaN; @FILE reads it from a file\n"),
        (["--input", "@none.json"], f"error: cannot read none.json: {os.strerror(errno.ENOENT)}\n"),
        (["--input", '"' + "x" * 262_143 + '"'], "error: the input has more than 262,144 bytes\n"),
        (
            ["--name", "a b"],
            "error: --name 'a b' is refused by Step Functions: a name cannot contain ' ': "
            "spaces, brackets, wildcards, special and control characters are not allowed\n",
        ),
        (
            ["--name", "n" * 81],
            f"error: --name '{'n' * 81}' is refused by Step Functions: "
            "a name can have 80 characters, not 81\n",
        ),
        (
            ["batch-job-notificatio"],
            "error: 'batch-job-notificatio' is not a sample; did you mean 'batch-job-notification'?\n"
            "of your own, name package.module:attribute or path/file.py[:attribute]\n",
        ),
        (["--parameter", "Email=x"], "error: the template has no parameter 'Email'; it has none\n"),
    ],
)
def test_what_cannot_be_used_is_said(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = demo(*arguments)
    assert (result.exit_code, result.stderr, result.stdout) == (2, message, "")


def test_a_file_of_input_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_bytes(b'"\xff"')
    result = demo("--input", f"@{tmp_path / 'input.json'}")
    assert (result.exit_code, result.stderr) == (2, f"error: {tmp_path / 'input.json'} is not UTF-8\n")


def test_a_name_that_cloudwatch_cannot_track_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text('{"문": 1}', encoding="utf-8")
    (tmp_path / "flow.py").write_text(
        "from cfngen import *\nworkflow = Workflow(Pass('입력'))\n", encoding="utf-8"
    )
    result = demo(str(tmp_path / "flow.py"), "--name", "밤", "--input", f"@{tmp_path / 'input.json'}")
    assert result.stderr.startswith("warning: CloudWatch keeps no metrics of '밤': it is not all ASCII\n")
    assert "Execution 밤, input" in result.stderr
    assert (json.loads(result.stdout), result.exit_code) == ({"문": 1}, 0)


def test_a_state_that_is_no_task_cannot_be_made_to_fail(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text("from cfngen import *\nworkflow = Workflow(Pass('It'))\n")
    result = demo(str(tmp_path / "flow.py"), "--fail", "It")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: --fail: 'It' is not a Task: only Tasks have mocks, or are made to fail\n",
    )


def test_an_execution_that_fails_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(
        "from cfngen import *\nworkflow = Workflow(Fail('It', Error='Mine', Cause='because'))\n"
    )
    result = demo(str(tmp_path / "flow.py"))
    assert "\nFAILED after" in result.stderr
    assert "  Mine: because\n" in result.stderr
    assert (result.exit_code, result.stdout) == (1, "")


def test_an_execution_that_times_out_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(
        "from cfngen import *\nworkflow = Workflow(Wait('It', Seconds=90), TimeoutSeconds=30)\n"
    )
    result = demo(str(tmp_path / "flow.py"))
    assert "\nTIMED_OUT after" in result.stderr
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_stack_that_is_rolled_back_says_why_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "stack.py").write_text(
        "from troposphere import Template, batch\n"
        "template = Template()\n"
        "order = batch.ComputeEnvironmentOrder(Order=1, ComputeEnvironment='none')\n"
        "template.add_resource(batch.JobQueue('Broken', Priority=1, ComputeEnvironmentOrder=[order]))\n"
    )
    result = demo(str(tmp_path / "stack.py"))
    assert (
        "error: the stack cfngen-demo is ROLLBACK_COMPLETE\n  Broken (AWS::Batch::JobQueue): "
        in result.stderr
    )
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_stack_without_a_state_machine_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stack.py").write_text(
        "from troposphere import Template, sns\n"
        "template = Template()\ntemplate.add_resource(sns.Topic('Topic'))\n"
    )
    result = demo(str(tmp_path / "stack.py"))
    assert result.stderr.endswith("error: the stack has no state machine\n")
    assert result.exit_code == 2


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["cfngen.local.running"], "find_spec", lambda name: None)
    result = demo()
    assert (result.exit_code, result.stderr) == (
        2,
        f"error: the emulator needs moto, flask, flask_cors, botocore: {install_command('local')}\n",
    )


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("moment", ["Stack cfngen-demo", "The emulator runs"])
def test_ctrl_c_leaves_nothing_running(moment: str) -> None:
    command = [sys.executable, "-m", "cfngen", "demo", "--keep"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    said = ""
    while moment not in said:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line, said
        said += line
    [child] = children(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == (0 if moment == "The emulator runs" else 1)
    until = time.monotonic() + 20
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)


def children(number: Any) -> list[Any]:
    listed = Path(f"/proc/{number}/task/{number}/children")
    if listed.exists():  # a bare machine has no ps
        return [int(child) for child in listed.read_text().split()]
    ran = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    return [int(pid) for pid, parent in map(str.split, ran.stdout.splitlines()) if parent == str(number)]


TWO_TASKS = """
from cfngen import ALL, Catcher, Pass, Retrier, Task, Workflow
failed = Pass("Failed")
task = Task(
    "Call",
    Resource="arn:aws:states:::aws-sdk:sqs:sendMessage",
    Parameters={"QueueUrl": "q", "MessageBody": "m"},
    Retry=[Retrier(ErrorEquals=["Busy"], MaxAttempts=1)],
    Catch=[Catcher(ErrorEquals=[ALL], Next=failed)],
)
workflow = Workflow(task)
"""


@pytest.mark.parametrize(
    ("mock", "output"),
    [
        ('{"MessageId": "1"}', {"MessageId": "1"}),
        ('[{"Throw": {"Error": "Busy"}}, {"Return": {"MessageId": "2"}}]', {"MessageId": "2"}),
        ('{"Throw": {"Error": "Gone", "Cause": "why"}}', {"Error": "Gone", "Cause": "why"}),
    ],
)
def test_a_task_answers_what_its_mock_says(tmp_path: Path, mock: str, output: Any) -> None:
    (tmp_path / "flow.py").write_text(TWO_TASKS)
    result = CliRunner().invoke(main, ["demo", str(tmp_path / "flow.py"), "--mock", f"Call={mock}"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, output)


def test_a_task_answers_as_a_case_of_step_functions_local(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(TWO_TASKS)
    config = {
        "StateMachines": {"M": {"TestCases": {"Happy": {"Call": "Sent"}}}},
        "MockedResponses": {"Sent": {"0": {"Return": {"MessageId": "3"}}}},
    }
    (tmp_path / "mocks.json").write_text(json.dumps(config))
    arguments = ["demo", str(tmp_path / "flow.py"), "--mock-config", str(tmp_path / "mocks.json")]
    result = CliRunner().invoke(main, [*arguments, "--case", "Happy"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"MessageId": "3"})
    refused = CliRunner().invoke(main, [*arguments, "--case", "Hapy"])
    assert refused.exit_code == 2
    assert "has no case 'Hapy'; did you mean 'Happy'?" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--mock", "Cal={}"), "--mock: no state is named 'Cal'; did you mean 'Call'?"),
        (("--mock", "Call={"), "--mock is not JSON"),
        (("--mock-config", "x.json"), "--mock-config FILE and --case NAME go together"),
        (("--mock-config", "missing.json", "--case", "c"), "cannot read missing.json"),
        (("--machine", "Nightly"), "the stack has no state machine 'Nightly'"),
    ],
)
def test_mocks_that_cannot_be_used_are_told(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "flow.py").write_text(TWO_TASKS)
    result = CliRunner().invoke(main, ["demo", str(tmp_path / "flow.py"), *arguments])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
