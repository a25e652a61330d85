"""``cfngen verify``: what AWS is asked about a machine, and where its answers differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cfn.symbolic import YES
from cfngen.cli import main
from cfngen.iam.evaluate import Request, decide
from cfngen.iam.statements import statements
from cfngen.inputs.verification import Verification, verifications
from cfngen.stacks.samples.catalog import SAMPLES
from cfngen.template.json_text import compact
from tests.asl.test_read import nested
from tests.cli.conftest import Aws, Start

SEND = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/jobs", "MessageBody": "m"},
    "End": True,
}
ARN = "arn:aws:sqs:us-east-1:123456789012:jobs"
SOUND: dict[str, Any] = {"result": "OK", "diagnostics": [], "truncated": False}


def simulated(name: str = "SimulateCustomPolicy", decision: str = "allowed") -> str:
    """Return an answer as the page of the API prints it.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
    """
    return f"""\
<{name}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
  <{name}Result>
    <IsTruncated>false</IsTruncated>
    <EvaluationResults>
      <member>
        <MatchedStatements/>
        <MissingContextValues/>
        <EvalResourceName>{ARN}</EvalResourceName>
        <EvalDecision>{decision}</EvalDecision>
        <EvalActionName>sqs:SendMessage</EvalActionName>
      </member>
    </EvaluationResults>
  </{name}Result>
  <ResponseMetadata>
    <RequestId>1cdb5b0a-4c15-11e5-b121-bd8c7EXAMPLE</RequestId>
  </ResponseMetadata>
</{name}Response>"""


@pytest.fixture
def machine(tmp_path: Path) -> str:
    return written(tmp_path, SEND)


def written(folder: Path, state: dict[str, Any]) -> str:
    path = folder / "m.asl.json"
    path.write_text(json.dumps({"StartAt": "Send", "States": {"Send": state}}))
    return str(path)


def verify(*arguments: str, server: Aws | None = None) -> Result:
    account = () if server is None else ("--aws", "--region", "us-east-1", "--endpoint-url", server.url)
    return CliRunner().invoke(main, ["verify", *arguments, *account])


def test_aws_says_the_same(machine: str, aws: Start) -> None:
    server = aws(ValidateStateMachineDefinition=SOUND, SimulateCustomPolicy=simulated())
    result = verify(machine, server=server)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"{machine}\n"
        "  the definition: OK at AWS, as here\n"
        "  the permissions: 1 of 1 needs are allowed by the derived policy\n"
    )
    [(_, validation), (_, simulation)] = server.asked
    assert json.loads(validation.pop("definition")) == {"StartAt": "Send", "States": {"Send": SEND}}
    assert validation == {"type": "STANDARD", "severity": "WARNING", "maxResults": 100}
    [statement] = json.loads(simulation.pop("PolicyInputList.member.1"))["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["sqs:SendMessage"], [ARN])
    del simulation["Version"]
    assert simulation == {
        "ActionNames.member.1": "sqs:SendMessage",
        "ResourceArns.member.1": ARN,
        "ContextEntries.member.1.ContextKeyName": "aws:securetransport",
        "ContextEntries.member.1.ContextKeyType": "boolean",
        "ContextEntries.member.1.ContextKeyValues.member.1": "true",
    }


def test_what_aws_alone_says_of_the_definition_is_a_difference(machine: str, aws: Start) -> None:
    said = {
        "severity": "ERROR",
        "code": "SCHEMA_VALIDATION_FAILED",
        "message": "Field 'X' is not supported",
        "location": "/States/Send/X",
    }
    failed = {"result": "FAIL", "diagnostics": [said], "truncated": False}
    result = verify(
        machine, server=aws(ValidateStateMachineDefinition=failed, SimulateCustomPolicy=simulated())
    )
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1:] == [
        "  differs: error at AWS alone: /States/Send/X: Field 'X' is not supported [SCHEMA_VALIDATION_FAILED]",
        "  the permissions: 1 of 1 needs are allowed by the derived policy",
    ]


def test_an_error_that_only_cfngen_finds_is_a_difference(tmp_path: Path, aws: Start) -> None:
    server = aws(ValidateStateMachineDefinition=SOUND)
    machine = written(tmp_path, {**SEND, "End": False, "Next": "Sent"})
    result = verify(machine, server=server)
    assert (result.exit_code, [operation for operation, _ in server.asked]) == (
        1,
        ["ValidateStateMachineDefinition"],
    )
    assert result.stdout.splitlines()[1:] == [
        "  differs: error here alone: /States/Send/Next: no state is named 'Sent' [MISSING_TRANSITION_TARGET]",
        "  the permissions are not asked for: the definition has errors",
    ]
    agreed = [{"severity": "ERROR", "code": "MISSING_TRANSITION_TARGET", "location": "/States/Send/Next"}]
    reply = {"result": "FAIL", "diagnostics": agreed, "truncated": False}
    result = verify(machine, server=aws(ValidateStateMachineDefinition=reply))
    assert (result.exit_code, result.stdout.splitlines()[1]) == (
        0,
        "  the definition: FAIL at AWS, as here",
    )


def test_what_the_simulator_denies_is_a_difference(machine: str, aws: Start) -> None:
    server = aws(
        ValidateStateMachineDefinition=SOUND, SimulateCustomPolicy=simulated(decision="implicitDeny")
    )
    result = verify(machine, server=server)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[2:] == [
        f"  differs: sqs:SendMessage on {ARN}: implicitDeny at AWS, needed by 'Send'",
        "  the permissions: 0 of 1 needs are allowed by the derived policy",
    ]


def test_a_deployed_role_is_asked_by_its_arn(machine: str, aws: Start) -> None:
    role = "arn:aws:iam::123456789012:role/machine"
    server = aws(
        ValidateStateMachineDefinition=SOUND, SimulatePrincipalPolicy=simulated("SimulatePrincipalPolicy")
    )
    result = verify(machine, "--role-arn", role, server=server)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (
        0,
        f"  the permissions: 1 of 1 needs are allowed by {role}",
    )
    [_, (_, simulation)] = server.asked
    assert simulation["PolicySourceArn"] == role
    assert "PolicyInputList.member.1" not in simulation


def test_a_role_is_not_blamed_for_a_name_that_only_the_deployment_gives(aws: Start) -> None:
    denied = simulated("SimulatePrincipalPolicy", "implicitDeny")
    server = aws(ValidateStateMachineDefinition=SOUND, SimulatePrincipalPolicy=denied)
    result = verify(
        "batch-job-notification", "--role-arn", "arn:aws:iam::123456789012:role/machine", server=server
    )
    lines = [line for line in result.stdout.splitlines() if "sns:Publish" in line]
    assert lines == [
        "  not told, by a name that is assumed: sns:Publish on "
        "arn:aws:sns:us-east-1:123456789012:AWS-StackName-SNSTopic-Name: no decision at AWS, "
        "needed by 'Notify Success', 'Notify Failure'"
    ]


def test_a_refusal_is_told_in_a_line(machine: str, aws: Start) -> None:
    refused = {"__type": "AccessDeniedException", "message": "no"}
    result = verify(machine, server=aws(ValidateStateMachineDefinition=refused))
    assert result.exit_code == 1
    assert result.stderr == (
        "error: cannot ask ValidateStateMachineDefinition: "
        "ValidateStateMachineDefinition is not allowed: no\n"
    )


@pytest.mark.parametrize(
    ("replies", "message"),
    [
        (
            {"ValidateStateMachineDefinition": "<html>Sign in</html>"},
            "cannot ask ValidateStateMachineDefinition: the response has no result",
        ),
        (
            {"ValidateStateMachineDefinition": {"diagnostics": []}},
            "cannot ask ValidateStateMachineDefinition: the response has no result",
        ),
        (
            {"ValidateStateMachineDefinition": {**SOUND, "diagnostics": "none"}},
            "cannot ask ValidateStateMachineDefinition: the response cannot be read: "
            "it is not of the form that the service answers in",
        ),
        (
            {"ValidateStateMachineDefinition": SOUND, "SimulateCustomPolicy": "<html>Sign in</html>"},
            "cannot ask the simulator of IAM: the response cannot be read: "
            "it is not of the form that the service answers in",
        ),
    ],
)
def test_a_response_that_is_none_of_aws_is_told_in_a_line(
    machine: str, aws: Start, replies: dict[str, Any], message: str
) -> None:
    result = verify(machine, server=aws(**replies))
    assert (result.exit_code, result.stderr) == (1, f"error: {message}\n")


def test_a_refusal_without_a_diagnostic_is_a_difference(machine: str, aws: Start) -> None:
    failed = {**SOUND, "result": "FAIL"}
    result = verify(
        machine, server=aws(ValidateStateMachineDefinition=failed, SimulateCustomPolicy=simulated())
    )
    assert (result.exit_code, result.stdout.splitlines()[1]) == (1, "  differs: FAIL at AWS, OK here")


def test_diagnostics_are_told_in_a_line_each_and_only_the_first_hundred_compared(
    machine: str, aws: Start
) -> None:
    one = {"severity": "ERROR", "code": "A\x1b[31m", "message": "two\nlines", "location": "/"}
    failed = {"result": "FAIL", "diagnostics": [one], "truncated": True}
    result = verify(
        machine, server=aws(ValidateStateMachineDefinition=failed, SimulateCustomPolicy=simulated())
    )
    assert (result.exit_code, result.stdout.splitlines()[1:3]) == (
        1,
        [
            "  differs: error at AWS alone: /: two lines [A\N{SYMBOL FOR ESCAPE}[31m]",
            "  the definition: AWS tells the first 1 problems alone",
        ],
    )


RECORDED = [
    ({"OutputPath": "Test"}, "SCHEMA_VALIDATION_FAILED", "/OutputPath"),
    ({"MaxConcurrency": 1}, "SCHEMA_VALIDATION_FAILED", "/MaxConcurrency"),
    ({"TimeoutSeconds": "10"}, "SCHEMA_VALIDATION_FAILED", "/TimeoutSeconds"),
    ({"Credentials": {}}, "SCHEMA_VALIDATION_FAILED", "/Credentials"),
]
"""What AWS was seen to refuse, and how: cfn-lint#4078, floci#2735, serverless-step-functions#602, and a
snapshot of localstack's tests. None of them prints the location, which is that of the field."""


@pytest.mark.parametrize(("fields", "code", "place"), RECORDED)
def test_what_aws_was_seen_to_refuse_is_no_difference(
    tmp_path: Path, aws: Start, fields: dict[str, Any], code: str, place: str
) -> None:
    said = [{"severity": "ERROR", "code": code, "message": "m", "location": f"/States/Send{place}"}]
    reply = {"result": "FAIL", "diagnostics": said, "truncated": False}
    result = verify(written(tmp_path, {**SEND, **fields}), server=aws(ValidateStateMachineDefinition=reply))
    assert (result.exit_code, result.stdout.splitlines()[1]) == (
        0,
        "  the definition: FAIL at AWS, as here",
    )


def test_nothing_is_called_without_aws(machine: str, aws: Start) -> None:
    server = aws()
    result = CliRunner().invoke(main, ["verify", machine, "--endpoint-url", server.url])
    assert (result.exit_code, server.asked) == (0, [])
    assert result.stderr == "Nothing was called: --aws asks your account this.\n"
    requests = json.loads(result.stdout)[machine]
    assert list(requests) == ["ValidateStateMachineDefinition", "SimulateCustomPolicy"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.yaml",), "error: there is no file 'missing.yaml'\n"),
        (
            ("batch-job-notification", "--role-arn", "machine"),
            "error: --role-arn takes arn:aws:iam::ACCOUNT:role/NAME, not 'machine'\n",
        ),
    ],
)
def test_misuse_is_told_in_a_line(arguments: tuple[str, ...], message: str) -> None:
    result = verify(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", message)


# what is asked


def asked_of(target: str) -> list[Verification]:
    return verifications(target)


@pytest.mark.parametrize("slug", [sample.slug for sample in SAMPLES])
def test_what_is_asked_of_a_sample_is_filled_in_and_allowed(slug: str) -> None:
    [each] = asked_of(slug)
    assert each.policy is not None
    sent = json.dumps([each.definition, each.policy, [one.request() for one in each.simulations]])
    assert not any(mark in sent for mark in ('"Ref"', "Fn::", "${AWS::"))
    policy, faults = statements(each.policy)
    assert (faults, bool(each.simulations)) == ([], True)
    for simulation in each.simulations:
        context = {key: [(value,) for value in values] for key, values in simulation.context}
        for action in simulation.needed_by:
            request = Request(action, (simulation.resource or "*",), context)
            assert decide(policy, request).verdict == YES, (action, simulation.resource)


def test_a_definition_may_be_nested_deeper_than_functions_call_themselves(tmp_path: Path) -> None:
    path = tmp_path / "deep.asl.json"
    path.write_text(compact(nested(240, branches=True)), encoding="utf-8")
    [asked] = asked_of(str(path))
    assert asked.validation()["definition"] == path.read_text(encoding="utf-8")
