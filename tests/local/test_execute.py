"""``cfngen execute`` and ``cfngen status``, against the emulator, and against a server on a bad day."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cfngen.cli import main
from cfngen.core.installation import install_command
from cfngen.local import Running
from tests.local.conftest import ROLE
from tests.local.faulty import CLOSE, faulty_server

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:nightly"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:nightly:monday"
KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}
ONE = {
    "StartAt": "Say",
    "States": {
        "Say": {"Type": "Pass", "Result": {"said": "안녕"}, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    },
}
LONG: dict[str, Any] = {
    "StartAt": "Rest",
    "States": {"Rest": {"Type": "Wait", "Seconds": 100_000, "End": True}},
}
BAD = {
    "StartAt": "Fall",
    "States": {"Fall": {"Type": "Fail", "Error": "Mine", "Cause": "on purpose \x1b[31m"}},
}
SLOW = {**LONG, "TimeoutSeconds": 1}


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch, models_read_once: None) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def stack(running: Running) -> Any:
    """Deploy machines of these definitions as a stack; return its name and their ARNs."""

    def deploy(name: str, **definitions: Any) -> Any:
        resources = {"Role": ROLE}
        for logical_id, definition in definitions.items():
            properties = {"Definition": definition, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}
            if logical_id == "Express":
                properties["StateMachineType"] = "EXPRESS"
            resources[logical_id] = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
        client = running.client("cloudformation")
        client.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
        found = client.list_stack_resources(StackName=name)["StackResourceSummaries"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}

    return deploy


@pytest.fixture(scope="session")
def deployed(stack: Any) -> Any:
    """The machines of a stack named 'several'."""
    return stack("several", One=ONE, Long=LONG, Bad=BAD, Slow=SLOW)


@pytest.fixture
def there(running: Running) -> Any:
    """Run the command against the emulator."""

    def ask(command: Any, *arguments: Any) -> Any:
        where = ("--endpoint-url", running.url, "--region", "us-east-1")
        return CliRunner().invoke(main, [command, *map(str, arguments), *where])

    return ask


@pytest.fixture
def faulty() -> Iterator[Any]:
    with faulty_server() as served:
        yield served


def ask(served: Any, command: Any, *arguments: Any) -> Any:
    """Run the command against a server on a bad day."""
    where = ("--endpoint-url", served.url)
    return CliRunner().invoke(main, [command, *map(str, arguments), *where])


# --- what goes well ------------------------------------------------------------------------------


def test_the_only_machine_of_a_stack_is_run_and_shown(stack: Any, there: Any) -> None:
    stack("only", Machine=ONE)
    result = there("execute", "only", "--name", "monday")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"said": "안녕"})
    lines = [" ".join(line.split()) for line in result.stderr.splitlines()]
    assert lines[0].endswith(":monday, input {}")
    assert [line.split(" s ")[1] for line in lines[1:5]] == [
        "entered Say", "left Say", "entered Done", "left Done",
    ]  # fmt: skip
    assert lines[-1].startswith("SUCCEEDED after ")


def test_a_machine_is_run_by_its_arn_with_input_from_a_file(
    deployed: Any, there: Any, tmp_path: Path, running: Running
) -> None:
    (tmp_path / "night.json").write_text('{"night": "월요일"}', encoding="utf-8")
    result = there("execute", deployed["One"], "--input", f"@{tmp_path / 'night.json'}", "--name", "file")
    assert result.exit_code == 0
    arn = deployed["One"].replace(":stateMachine:", ":execution:") + ":file"
    said = running.client("stepfunctions").describe_execution(executionArn=arn)
    assert said["input"] == '{"night": "월요일"}'


def test_one_of_several_machines_of_a_stack_is_chosen(deployed: Any, there: Any) -> None:
    assert there("execute", "several", "--machine", "One").exit_code == 0
    unclear = there("execute", "several")
    assert (unclear.exit_code, unclear.stdout) == (2, "")
    assert "error: the stack several has " in unclear.stderr
    assert "select one with --machine " in unclear.stderr
    wrong = there("execute", "several", "--machine", "Onne")
    assert wrong.exit_code == 2
    assert "has no state machine 'Onne'; did you mean 'One'?" in wrong.stderr


def test_an_execution_that_fails_ends_with_1_and_says_why(deployed: Any, there: Any) -> None:
    result = there("execute", deployed["Bad"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "\nFAILED after " in result.stderr
    assert result.stderr.endswith("\n  Mine: on purpose \ufffd[31m\n")


def test_an_execution_that_times_out_ends_with_1(deployed: Any, there: Any) -> None:
    result = there("execute", deployed["Slow"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "\nTIMED_OUT after " in result.stderr


def test_an_execution_that_is_over_is_shown_again(deployed: Any, there: Any) -> None:
    there("execute", deployed["One"], "--name", "again")
    arn = deployed["One"].replace(":stateMachine:", ":execution:") + ":again"
    result = there("status", arn)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0] == f"Execution {arn}"
    assert [line.split(" s ")[1] for line in lines[2:6]] == [
        "entered Say", "left Say", "entered Done", "left Done",
    ]  # fmt: skip
    assert json.loads(lines[-1].removeprefix("output ")) == {"said": "안녕"}


def test_the_status_of_an_execution_that_failed_is_1(deployed: Any, there: Any) -> None:
    there("execute", deployed["Bad"], "--name", "bad-night")
    result = there("status", deployed["Bad"].replace(":stateMachine:", ":execution:") + ":bad-night")
    assert result.exit_code == 1
    assert "\nFAILED after " in result.stdout


def test_an_execution_that_still_runs_is_shown_up_to_now(faulty: Any) -> None:
    faulty.answers |= {
        "DescribeExecution": {
            "executionArn": EXECUTION,
            "status": "RUNNING",
            "startDate": 0,
            "input": "{}",
        },
        "GetExecutionHistory": {"events": [entered(1, "Rest")]},
    }
    result = ask(faulty, "status", EXECUTION)
    assert result.exit_code == 0
    assert result.stdout.endswith("entered  Rest\n\nRUNNING\n")


@pytest.mark.slow
def test_an_express_machine_is_run_to_its_end(faulty: Any) -> None:
    faulty.answers |= {
        "DescribeStateMachine": {"type": "EXPRESS", "definition": json.dumps(ONE)},
        "StartSyncExecution": {"status": "SUCCEEDED", "startDate": 1, "stopDate": 2.5, "output": "[1]"},
    }
    result = ask(faulty, "execute", ARN)
    assert (result.exit_code, result.stdout) == (0, "[1]\n")
    assert "\nSUCCEEDED after 1.50 s\n" in result.stderr
    assert faulty.asked == ["DescribeStateMachine", "StartSyncExecution"]


# --- the page ------------------------------------------------------------------------------------


def test_the_page_is_the_same_from_either_command(deployed: Any, there: Any, tmp_path: Path) -> None:
    ran, again = tmp_path / "ran.html", tmp_path / "again.html"
    result = there("execute", deployed["One"], "--name", "paged", "--report", ran)
    assert result.exit_code == 0
    assert result.stderr.endswith(f"{ran}: the page of the execution\n")
    arn = deployed["One"].replace(":stateMachine:", ":execution:") + ":paged"
    assert there("status", arn, "--report", again).exit_code == 0
    assert "Say" in ran.read_text(encoding="utf-8")
    assert ran.read_bytes() == again.read_bytes()


def test_the_page_of_an_execution_that_failed_is_written_too(
    deployed: Any, there: Any, tmp_path: Path
) -> None:
    result = there("execute", deployed["Bad"], "--report", tmp_path / "bad.html")
    assert result.exit_code == 1
    assert "Mine" in (tmp_path / "bad.html").read_text(encoding="utf-8")


@pytest.mark.emulator
def test_the_demo_writes_the_page(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["demo", "--report", str(tmp_path / "demo.html")])
    assert result.exit_code == 0
    page = (tmp_path / "demo.html").read_text(encoding="utf-8")
    assert "Submit Batch Job" in page
    assert "Notify Failure" in page


def test_the_page_of_an_express_execution_has_its_graph(faulty: Any, tmp_path: Path) -> None:
    faulty.answers |= {
        "DescribeStateMachine": {"type": "EXPRESS", "definition": json.dumps(ONE)},
        "StartSyncExecution": {
            "executionArn": "arn:aws:states:us-east-1:123456789012:express:n:a:b", "name": "a",
            "status": "SUCCEEDED", "startDate": 1, "stopDate": 2, "output": "1",
        },
    }  # fmt: skip
    assert ask(faulty, "execute", ARN, "--report", tmp_path / "page.html").exit_code == 0
    assert "Say" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            (500, ""),
            "cannot read the definition of the execution: DescribeStateMachineForExecution failed",
        ),
        ((400, {"__type": "AccessDeniedException", "message": "no"}), "is not allowed: no"),
        ({"definition": "{"}, "there is no page of the execution: line 1, column 2: "),
        ({}, "cannot read the definition of the execution: the response has no definition"),
    ],
)
@pytest.mark.slow
def test_a_page_that_cannot_be_made_is_told_and_nothing_is_written(
    faulty: Any, tmp_path: Path, answer: dict[str, Any] | tuple[Any, ...], message: str
) -> None:
    faulty.answers |= {
        "DescribeExecution": {"executionArn": EXECUTION, "status": "SUCCEEDED", "startDate": 0},
        "GetExecutionHistory": {"events": [{"id": 1, "type": "ExecutionSucceeded", "timestamp": 1}]},
        "DescribeStateMachineForExecution": answer,
    }
    result = ask(faulty, "status", EXECUTION, "--report", tmp_path / "page.html")
    assert result.exit_code == 1
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["no/such/folder/page.html", "."])
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_asked(faulty: Any, path: str) -> None:
    result = ask(faulty, "execute", ARN, "--report", path)
    assert (result.exit_code, faulty.asked) == (2, [])


# --- long histories ------------------------------------------------------------------------------


def entered(number: Any, name: str) -> dict[str, Any]:
    details = {"name": name, "input": "{}"}
    return {
        "id": number, "type": "PassStateEntered", "timestamp": 1_700_000_000 + number,
        "previousEventId": number - 1, "stateEnteredEventDetails": details,
    }  # fmt: skip


@pytest.mark.slow
def test_a_history_of_25_000_events_is_paged_through(faulty: Any) -> None:
    def page(request: dict[str, Any]) -> dict[str, Any]:
        assert request["reverseOrder"]
        assert request["maxResults"] == 1000
        last = int(request.get("nextToken") or 25_000)
        events = [entered(number, f"S{number}") for number in range(last, last - 1000, -1)]
        if last == 25_000:
            events[0] = {
                "id": last,
                "type": "ExecutionSucceeded",
                "timestamp": 1_700_025_000,
                "previousEventId": 1,
            }
        return {"events": events, **({"nextToken": str(last - 1000)} if last > 1000 else {})}

    faulty.answers |= {
        "DescribeExecution": {
            "executionArn": EXECUTION, "status": "SUCCEEDED", "startDate": 0, "stopDate": 1, "output": "1",
        },
        "GetExecutionHistory": page,
    }  # fmt: skip
    result = ask(faulty, "status", EXECUTION)
    assert result.exit_code == 0
    assert faulty.asked.count("GetExecutionHistory") == 25
    names = [line.split()[-1] for line in result.stdout.splitlines() if "  entered  " in line]
    assert names == [f"S{number}" for number in range(1, 25_000)]


# --- names and targets ---------------------------------------------------------------------------


def test_a_name_that_step_functions_refuses_is_refused_before_anything_is_asked(faulty: Any) -> None:
    for name in ("a b", "a/b", "x" * 81, ""):
        result = ask(faulty, "execute", ARN, "--name", name)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"error: --name {name!r} is refused by Step Functions: ")
    assert faulty.asked == []


def test_a_name_that_cloudwatch_cannot_track_is_accepted_with_a_warning(deployed: Any, there: Any) -> None:
    result = there("execute", deployed["One"], "--name", "월요일")
    assert result.exit_code == 0
    assert result.stderr.startswith(
        "warning: CloudWatch keeps no metrics of '월요일': it is not all ASCII\n"
    )
    assert ":월요일, input {}\n" in result.stderr


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("no such stack", "'no such stack' is neither the name of a stack nor an ARN"),
        ("../stack", "'../stack' is neither the name of a stack nor an ARN"),
        ("arn:aws:states", "'arn:aws:states' is neither the name of a stack nor an ARN"),
        (
            EXECUTION,
            f"{EXECUTION} is neither the ARN of a state machine nor that of a stack; 'cfngen status {EXECUTION}' shows",
        ),
        (
            "arn:aws:sns:us-east-1:123456789012:topic/x",
            "arn:aws:sns:us-east-1:123456789012:topic/x is neither the ARN of",
        ),
    ],
)
def test_what_names_no_machine_is_refused_before_anything_is_asked(
    faulty: Any, target: str, message: str
) -> None:
    result = ask(faulty, "execute", target)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert faulty.asked == []


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        ("monday", "'monday' is not the ARN of an execution"),
        (ARN, f"'{ARN}' is not the ARN of an execution; 'aws stepfunctions list-executions"),
        (
            "arn:aws:states:us-east-1:123456789012:express:n:a:b",
            "Step Functions keeps no history of express executions: see the logs of the state machine",
        ),
    ],
)
def test_what_names_no_execution_is_refused_before_anything_is_asked(
    faulty: Any, arn: str, message: str
) -> None:
    result = ask(faulty, "status", arn)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert faulty.asked == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "target", "message"),
    [
        ("execute", "no-such-stack", "cannot list the resources of the stack no-such-stack: "),
        ("execute", ARN, "cannot read the state machine: "),
        ("status", EXECUTION, "cannot follow the execution: "),
    ],
)
def test_what_is_not_there_is_unusable(there: Any, command: str, target: str, message: str) -> None:
    result = there(command, target)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert result.stderr.count("\n") == 1


def test_a_stack_without_a_machine_is_unusable(stack: Any, there: Any) -> None:
    stack("empty")
    result = there("execute", "empty")
    assert (result.exit_code, result.stderr) == (2, "error: the stack empty has no state machine\n")


def test_input_that_is_no_json_is_refused_before_anything_is_asked(faulty: Any) -> None:
    result = ask(faulty, "execute", ARN, "--input", "{night: 1}")
    assert (result.exit_code, faulty.asked) == (2, [])
    assert result.stderr.startswith("error: the input is not JSON: ")


# --- a bad day -----------------------------------------------------------------------------------

FAULTS = {
    "an error": ((500, "oops"), "StartExecution failed with 500"),
    "no service": ((503, ""), "StartExecution failed with 503"),
    "throttling": (
        (400, {"__type": "ThrottlingException", "message": "slow"}),
        "StartExecution is throttled",
    ),
    "too many": ((429, {"__type": "TooManyRequestsException"}), "StartExecution is throttled"),
    "a closed connection": (CLOSE, "cannot start an execution: "),
    "no json": ((200, "<html>"), "cannot start an execution: the response has no executionArn"),
    "nothing in it": ({}, "cannot start an execution: the response has no executionArn"),
    "no permission": (
        (400, {"__type": "AccessDeniedException", "message": "not for you"}),
        "StartExecution is not allowed: not for you",
    ),
    "a name that is taken": (
        (400, {"__type": "ExecutionAlreadyExists", "message": "there is one"}),
        "there is one [ExecutionAlreadyExists]",
    ),
}


@pytest.mark.parametrize(("answer", "message"), FAULTS.values(), ids=FAULTS)
@pytest.mark.slow
def test_an_execution_that_cannot_be_started_is_told_in_a_line(
    faulty: Any, answer: str | dict[str, Any] | tuple[Any, ...], message: str
) -> None:
    faulty.answers |= {"DescribeStateMachine": {"type": "STANDARD"}, "StartExecution": answer}
    result = ask(faulty, "execute", ARN)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: cannot start an execution: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredTokenException", "the credentials have expired: sign in again"),
        (
            "UnrecognizedClientException",
            "the credentials are not accepted (UnrecognizedClientException): no",
        ),
        ("InvalidSignatureException", "the credentials are not accepted (InvalidSignatureException): no"),
    ],
)
def test_credentials_that_are_not_accepted_are_told(faulty: Any, code: str, message: str) -> None:
    faulty.answers["DescribeStateMachine"] = (403, {"__type": code, "message": "no"})
    result = ask(faulty, "execute", ARN)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: cannot read the state machine: {message}\n"


@pytest.mark.slow
def test_one_who_may_only_start_executions_can(faulty: Any) -> None:
    faulty.answers |= {
        "DescribeStateMachine": (400, {"__type": "AccessDeniedException", "message": "no"}),
        "StartExecution": {"executionArn": EXECUTION, "startDate": 0},
        "DescribeExecution": {"executionArn": EXECUTION, "status": "SUCCEEDED", "output": "1"},
        "GetExecutionHistory": {"events": [{"id": 1, "type": "ExecutionSucceeded", "timestamp": 1}]},
    }
    result = ask(faulty, "execute", ARN)
    assert (result.exit_code, result.stdout) == (0, "1\n")


@pytest.mark.parametrize("operation", ["DescribeExecution", "GetExecutionHistory"])
@pytest.mark.parametrize("answer", [(500, "oops"), CLOSE, {}], ids=["error", "closed", "empty"])
@pytest.mark.slow
def test_an_execution_that_is_lost_sight_of_is_told_with_how_to_look_again(
    faulty: Any, operation: str, answer: tuple[int, str] | str | dict[str, Any]
) -> None:
    faulty.answers |= {
        "DescribeStateMachine": {"type": "STANDARD"},
        "StartExecution": {"executionArn": EXECUTION, "startDate": 0},
        "DescribeExecution": {"executionArn": EXECUTION, "status": "RUNNING"},
        operation: answer,
    }
    result = ask(faulty, "execute", ARN)
    assert (result.exit_code, result.stdout) == (1, "")
    [_, hint, error] = result.stderr.splitlines()
    assert hint == f"The execution may go on: 'cfngen status {EXECUTION}' shows it"
    assert error.startswith("error: cannot ")


def test_an_answer_that_is_lost_starts_no_second_execution(
    faulty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    names: list[Any] = []

    def started(request: dict[str, Any]) -> Any:
        names.append(request["name"])
        return CLOSE if len(names) == 1 else {"executionArn": EXECUTION, "startDate": 0}

    faulty.answers |= {
        "DescribeStateMachine": {"type": "STANDARD"},
        "StartExecution": started,
        "DescribeExecution": {"executionArn": EXECUTION, "status": "SUCCEEDED"},
        "GetExecutionHistory": {"events": [{"id": 1, "type": "ExecutionSucceeded", "timestamp": 1}]},
    }
    assert ask(faulty, "execute", ARN).exit_code == 0
    assert len(names) == 2
    assert len(set(names)) == 1


@pytest.mark.parametrize("command", [("execute", "a-stack"), ("execute", ARN), ("status", EXECUTION)])
def test_credentials_that_are_not_there_are_told(
    faulty: Any, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    result = CliRunner().invoke(main, [*command, "--region", "us-east-1", "--endpoint-url", faulty.url])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there are no credentials" in result.stderr
    assert faulty.asked == []


def test_a_region_that_is_not_set_is_told() -> None:
    result = CliRunner().invoke(main, ["execute", "a-stack"])
    assert result.exit_code == 2
    assert "no region is set: use --region" in result.stderr


def test_a_profile_that_is_not_there_is_told() -> None:
    result = CliRunner().invoke(main, ["execute", "a-stack", "--profile", "nobody"])
    assert result.exit_code == 2
    assert "(nobody)" in result.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:5000", "ftp://x", "http://", "http://a b", ""])
def test_an_endpoint_that_is_no_url_is_told(url: str) -> None:
    result = CliRunner().invoke(main, ["execute", ARN, "--endpoint-url", url])
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --endpoint-url must be http://HOST:PORT")


@pytest.mark.slow
def test_nobody_at_the_endpoint_is_told(faulty: Any) -> None:
    with faulty_server() as gone:
        pass
    result = ask(gone, "status", EXECUTION)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: cannot follow the execution: ")


# --- Ctrl-C --------------------------------------------------------------------------------------


class Interrupted:
    """The command in a terminal of its own, at the moment when Ctrl-C has been typed."""

    def __init__(self, running: Running, arn: Any, name: str) -> None:
        self.terminal, inside = pty.openpty()
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "cfngen", "execute", arn, "--name", name,
                "--endpoint-url", running.url, "--region", "us-east-1",
            ],
            stdin=inside, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **KEYS},
        )  # fmt: skip
        os.close(inside)
        self.said = ""
        while "entered  Rest" not in self.said:
            assert self.process.stderr is not None
            line = self.process.stderr.readline()
            assert line, self.said
            self.said += line
        self.process.send_signal(signal.SIGINT)

    def answer(self, text: str) -> tuple[Any, ...]:
        os.write(self.terminal, f"{text}\n".encode())
        out, said = self.process.communicate(timeout=60)
        os.close(self.terminal)
        return out, self.said + said


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("answer", "status"), [("y", "ABORTED"), ("n", "RUNNING")])
def test_ctrl_c_offers_to_stop_the_execution(
    stack: Any, running: Running, answer: str, status: str
) -> None:
    arn = stack(
        f"long-{answer}", Machine={**LONG, "States": {"Rest": {**LONG["States"]["Rest"], "Seconds": 6000}}}
    )["Machine"]
    slow = Interrupted(running, arn, "long")
    out, said = slow.answer(answer)
    assert (slow.process.returncode, out) == (1, "")
    assert "Stop the execution? [y/N]: " in said
    execution = arn.replace(":stateMachine:", ":execution:") + ":long"
    client = running.client("stepfunctions")
    until = time.monotonic() + 30
    while (found := client.describe_execution(executionArn=execution)["status"]) != status:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    if answer == "y":
        assert "\nABORTED after " in said
    else:
        assert said.endswith(f"The execution goes on: 'cfngen status {execution}' shows it\n")
        client.stop_execution(executionArn=execution)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    result = CliRunner().invoke(main, ["status", EXECUTION])
    assert (result.exit_code, result.stderr) == (
        2,
        f"error: calls to AWS need botocore: {install_command('aws')}\n",
    )
