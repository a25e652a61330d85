"""The emulator runs by itself, answers as AWS does where cfngen stands on it, and leaves nothing behind."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfngen.core.installation import install_command
from cfngen.local import EmulatorError, FailTask, Return, Running, Throw, emulator
from tests.local.conftest import alive, entered, kinds

CALL = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}}
TASK = CALL | {"End": True}
RETRIED = TASK | {"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 30}]}


pytestmark = pytest.mark.emulator


def one(state: Any, **fields: Any) -> dict[str, Any]:
    return {"StartAt": "It", "States": {"It": state}, **fields}


def test_it_listens_on_loopback_at_ports_that_are_free() -> None:
    with emulator() as one, emulator() as other:
        assert one.url.startswith("http://127.0.0.1:")
        assert one.url != other.url
        assert one.client("sts").get_caller_identity()["Account"] == "123456789012"
        one.client("sns").create_topic(Name="of-one")
        assert other.client("sns").list_topics()["Topics"] == []


def test_it_ends_with_its_block() -> None:
    with emulator() as running:
        child = running._child.pid
        assert alive(child)
    assert not alive(child)


def test_it_ends_with_the_one_who_started_it_though_that_one_is_killed() -> None:
    program = (
        "import time\nfrom cfngen.local import emulator\n"
        "with emulator() as running:\n    print(running._child.pid, running.url, flush=True)\n    time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline().split()[0])
    assert alive(child)
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 20
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)


def test_it_knows_nothing_of_the_user_s_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(
        "[profile mine]\nregion = nowhere\nendpoint_url = http://127.0.0.1:9\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with emulator() as running:
        assert running.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_a_module_that_lies_about_is_not_taken_for_one_of_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path(tmp_path, "moto.py").write_text("raise SystemExit('imported')")
    Path(tmp_path, "json.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    with emulator() as running:
        assert running.version


def test_one_that_has_ended_says_so() -> None:
    with emulator() as running:
        assert running.url
        running._child.kill()
        with pytest.raises(EmulatorError, match="the emulator has ended"):
            running.mock("machine", "case", {})


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["cfngen.local.running"], "find_spec", lambda name: None)
    with (
        pytest.raises(EmulatorError) as raised,
        emulator(),
    ):
        pass
    assert (
        str(raised.value)
        == f"the emulator needs moto, flask, flask_cors, botocore: {install_command('local')}"
    )


def test_one_that_cannot_be_started_says_so_and_leaves_no_file_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = (tmp_path / "log").open("w+b")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: log)
    with pytest.raises(EmulatorError, match=r"the emulator cannot start: .*no-python"), emulator():
        pass
    assert log.closed


def test_a_task_returns_what_the_test_case_says(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(one(TASK))
    running.mock(arn, "returns", {"It": [Return({"MessageId": "1"})]})
    said = run(f"{arn}#returns")
    assert (said["status"], json.loads(said["output"])) == ("SUCCEEDED", {"MessageId": "1"})


def test_a_task_fails_once_and_then_returns(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(one(RETRIED))
    running.mock(arn, "once", {"It": [Throw("SQS.Busy", "later"), Return("done")]})
    said = run(f"{arn}#once")
    assert (said["status"], said["output"]) == ("SUCCEEDED", '"done"')
    assert [
        event["taskFailedEventDetails"]["error"]
        for event in said["events"]
        if event["type"] == "TaskFailed"
    ] == ["SQS.Busy"]


def test_the_last_answer_stands_for_all_further_attempts(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(one(RETRIED))
    running.mock(arn, "always", {"It": [FailTask("no way")]})
    said = run(f"{arn}#always")
    assert (said["status"], said["error"], said["cause"]) == ("FAILED", "States.TaskFailed", "no way")
    assert kinds(said, "TaskFailed") == 3


def test_a_test_case_that_names_a_state_which_is_not_there_is_refused(
    running: Running, machine: Callable[..., str]
) -> None:
    arn = machine(one(TASK))
    running.mock(arn, "typo", {"Ti": [Return()]})
    client = running.client("stepfunctions")
    with pytest.raises(client.exceptions.ClientError, match=r"no state is named 'Ti'; it has 'It'"):
        client.start_execution(stateMachineArn=f"{arn}#typo")


def test_a_test_case_that_is_not_there_is_refused(running: Running, machine: Callable[..., str]) -> None:
    client, arn = running.client("stepfunctions"), machine(one(TASK))
    with pytest.raises(client.exceptions.ClientError, match="has no test case 'none'"):
        client.start_execution(stateMachineArn=f"{arn}#none")


def test_attempts_go_on_when_a_loop_comes_by_again(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    arn = machine(
        {
            "StartAt": "Look",
            "States": {
                "Look": CALL | {"Next": "Done?"},
                "Done?": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$", "StringEquals": "yes", "Next": "Over"}],
                    "Default": "Look",
                },
                "Over": {"Type": "Succeed"},
            },
        }
    )
    running.mock(arn, "later", {"Look": [Return("no"), Return("no"), Return("yes")]})
    assert entered(run(f"{arn}#later")) == ["Look", "Done?"] * 3 + ["Over"]


def test_each_iteration_of_a_map_counts_its_own_attempts(
    running: Running, machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    inner = {"StartAt": "Each", "States": {"Each": RETRIED}}
    arn = machine(one({"Type": "Map", "ItemProcessor": inner, "End": True}))
    running.mock(arn, "each", {"Each": [Throw("A.B"), Return("ok")]})
    said = run(f"{arn}#each", [1, 2, 3])
    assert (json.loads(said["output"]), kinds(said, "TaskFailed")) == (["ok"] * 3, 3)


def test_a_wait_is_shortened_and_counts_in_full_towards_the_timeout(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    waits = one({"Type": "Wait", "Seconds": 3000, "End": True})
    assert run(machine(waits))["status"] == "SUCCEEDED"
    assert run(machine(waits | {"TimeoutSeconds": 2000}))["status"] == "TIMED_OUT"
    assert run(machine(waits | {"TimeoutSeconds": 4000}))["status"] == "SUCCEEDED"


def test_waits_beside_each_other_do_not_add_up(
    machine: Callable[..., str], run: Callable[..., dict[str, Any]]
) -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 20, "End": True}}}
    beside = one(
        {
            "Type": "Parallel",
            "Branches": [wait, json.loads(json.dumps(wait).replace('"W"', '"V"'))],
            "End": True,
        }
    )
    assert run(machine(beside | {"TimeoutSeconds": 35}))["status"] == "SUCCEEDED"
