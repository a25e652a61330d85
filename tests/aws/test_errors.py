"""A server that fails ends a command with a message and an exit code, never with a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from cfngen.aws.clients import CREDENTIALS, isolated_session
from cfngen.aws.errors import translate_client_error
from cfngen.aws.executions import start
from cfngen.cli import main
from cfngen.local import Running, ServiceError
from tests.local.front import Front
from tests.rows import each_row

ALWAYS = 100
ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:m"

pytestmark = pytest.mark.emulator


@pytest.fixture(autouse=True)
def nobody_waits_before_asking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture
def front(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    front, address = Front(), vars(Running)["_address"].fget

    def through(self: Any) -> Any:
        front.target = address(self)
        return front.url

    monkeypatch.setattr(Running, "_address", property(through))
    yield front
    front.close()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return isolated_session()


@pytest.mark.parametrize(
    ("action", "fault", "message"),
    [
        (
            "CreateStack",
            "fails",
            "cannot create the stack cfngen-demo: "
            "CreateStack failed with 500 InternalFailure after 3 attempts: broken",
        ),
        (
            "CreateStack",
            "throttles",
            "cannot create the stack cfngen-demo: CreateStack is throttled after 3 attempts; try again later",
        ),
        (
            "CreateStack",
            "closes",
            "cannot create the stack cfngen-demo: there was no response: "
            'Connection was closed before we received a valid response from endpoint URL: "{url}/".',
        ),
        (
            "DescribeStacks",
            "raves",
            "cannot follow the stack cfngen-demo: the response cannot be read: Unable to parse response",
        ),
        (
            "StartExecution",
            "fails",
            "cannot start an execution: "
            "StartExecution failed with 500 InternalFailure after 3 attempts: broken",
        ),
        ("StartExecution", "raves", "cannot start an execution: the response has no executionArn"),
        (
            "DescribeExecution",
            "throttles",
            "cannot follow the execution: DescribeExecution is throttled after 3 attempts; try again later",
        ),
        (
            "GetExecutionHistory",
            "closes",
            "cannot read the history of the execution: there was no response: "
            'Connection was closed before we received a valid response from endpoint URL: "{url}/".',
        ),
    ],
)
def test_a_server_that_goes_on_failing_ends_the_demo(
    front: Any, action: str, fault: str, message: str
) -> None:
    front.faults[action] = fault, ALWAYS
    result = CliRunner().invoke(main, ["demo"])
    [said] = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert said.startswith(f"error: {message.format(url=front.url)}")
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_server_that_fails_twice_is_asked_again(front: Any) -> None:
    front.faults = {"CreateStack": ("throttles", 2), "DescribeExecution": ("closes", 2)}
    result = CliRunner().invoke(main, ["demo"])
    assert (result.exit_code, front.asked["CreateStack"]) == (0, 3)


def test_a_lost_answer_starts_no_second_execution(front: Any) -> None:
    front.faults = {"StartExecution": ("closes", 1)}
    result = CliRunner().invoke(main, ["demo"])
    assert (result.exit_code, front.asked["StartExecution"]) == (0, 2)
    assert "Jobs in BatchJobQueue: 1 SUCCEEDED" in result.stderr


def refused(client: Any) -> tuple[Any, ...]:
    with pytest.raises(ServiceError) as caught:
        start(client, ARN, "{}")
    return str(caught.value), caught.value.code


def test_missing_credentials_are_said(session: Any) -> None:
    client = session.create_client("stepfunctions", "us-east-1", endpoint_url="http://127.0.0.1:9")
    assert refused(client) == (
        "cannot start an execution: there are no credentials ('aws configure' sets them): "
        "Unable to locate credentials",
        2,
    )


def test_a_missing_region_is_said(session: Any) -> None:
    with (
        pytest.raises(ServiceError, match=r"^asking: no region is set: use --region$"),
        translate_client_error("asking"),
    ):
        session.create_client("stepfunctions", **CREDENTIALS)


def test_a_server_that_is_not_there_is_said(session: Any) -> None:
    settings = {"endpoint_url": "http://127.0.0.1:9", **CREDENTIALS}
    client = session.create_client("stepfunctions", "us-east-1", **settings)
    assert refused(client) == (
        "cannot start an execution: there was no response: "
        'Could not connect to the endpoint URL: "http://127.0.0.1:9/"',
        1,
    )


def test_an_address_that_is_none_is_said(session: Any) -> None:
    with (
        pytest.raises(ServiceError, match=r"^asking: .*\bnowhere\b") as caught,
        translate_client_error("asking"),
    ):
        session.create_client("stepfunctions", "us-east-1", endpoint_url="nowhere", **CREDENTIALS)
    assert caught.value.code == 2


@each_row(
    ("code", "message", "exit_code"),
    [
        ("ExpiredTokenException", "doing it: the credentials have expired: sign in again", 2),
        (
            "UnrecognizedClientException",
            "doing it: the credentials are not accepted (UnrecognizedClientException): no",
            2,
        ),
        ("AccessDeniedException", "doing it: StartExecution is not allowed: no", 1),
        ("StateMachineDoesNotExist", "doing it: no [StateMachineDoesNotExist]", 2),
    ],
)
def test_what_a_service_says_is_told(code: str, message: str, exit_code: int) -> None:
    from botocore.exceptions import ClientError

    said = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    with pytest.raises(ServiceError) as caught, translate_client_error("doing it"):
        raise ClientError(said, "StartExecution")
    assert (str(caught.value), caught.value.code) == (message, exit_code)


@pytest.mark.parametrize(
    "action", ["StartExecution", "GetExecutionHistory", "DescribeStateMachineForExecution"]
)
def test_no_report_is_begun_that_cannot_be_finished(front: Any, action: str, tmp_path: Path) -> None:
    front.faults[action] = "fails", ALWAYS
    (tmp_path / "kept.html").write_text("the last one")
    result = CliRunner().invoke(main, ["demo", "--report", str(tmp_path / "kept.html")])
    assert (result.exit_code, "failed with 500" in result.stderr) == (1, True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept.html", "the last one")]
