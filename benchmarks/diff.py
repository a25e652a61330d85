"""Time comparing: a sample's template as a whole process beside importing click, and 10,000 states."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import ENVIRONMENT, in_turn

PROCESS, LARGE, STATES, RUNS = 2.5, 10, 10_000, 9
LOOP = "for _ in range(10_000_000): pass"

CFNGEN = str(Path(sys.executable).with_name("cfngen"))
TEMPLATE = Path(__file__).parent.parent / "templates" / "batch-job-notification.yaml"
ACTION = "sqs:ListQueues"


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    is_short = parser.parse_args().short
    runs, states = (1, STATES // 10) if is_short else (RUNS, STATES)
    with tempfile.TemporaryDirectory() as folder:
        flow, role = Path(folder, "flow.yaml"), Path(folder, "role.yaml")
        text = TEMPLATE.read_text(encoding="utf-8")
        flow.write_text(_replaced(text, "MaxAttempts: 2", "MaxAttempts: 3"), encoding="utf-8")
        role.write_text(_replaced(text, "- sns:Publish", "- sns:*"), encoding="utf-8")
        commands = {
            "import click": [sys.executable, "-c", "import click"],
            "cfngen diff: a retrier of the sample": [CFNGEN, "diff", str(TEMPLATE), str(flow)],
            "cfngen diff: a permission of the sample": [CFNGEN, "diff", str(TEMPLATE), str(role)],
        }
        taken = in_turn(commands, runs, _run)
        _report(taken, "import click", "to click")
        is_reached = max(taken.values()) <= PROCESS * taken["import click"]
        print(f"at most {PROCESS}: {'reached' if is_reached else 'missed'}\n")

        old, new, other = (Path(folder, f"{name}.json") for name in ("old", "new", "other"))
        old.write_text(json.dumps(_template(states)))
        new.write_text(json.dumps(_template(states, change=1)))
        other.write_text(json.dumps(_template(states, change=1, action="sqs:*")))
        commands = {
            "a loop of ten million turns": [sys.executable, "-c", LOOP],
            f"{states:,} states, a hundredth changed": [CFNGEN, "diff", str(old), str(new)],
            "the same, and a permission": [CFNGEN, "diff", str(old), str(other)],
        }
        taken = in_turn(commands, 1 if is_short else 3, _run)
        _report(taken, "a loop of ten million turns", "to a loop")
        ratio = max(taken.values()) / taken["a loop of ten million turns"]
        print(f"at most {LARGE} loops: {'reached' if ratio <= LARGE else f'missed, {ratio:.1f}'}")


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"the template has no {old!r} any more"
    return text.replace(old, new)


def _template(states: int, change: int = 0, action: str = ACTION) -> dict[str, object]:
    """Return a template with a row of states, which fills most of what Step Functions takes."""
    row: dict[str, object] = {}
    for number in range(states):
        after = {"Next": f"S{number + 1}"} if number + 1 < states else {"End": True}
        if number % 2:
            value = number + change if number % 100 == 1 else number
            row[f"S{number}"] = {"Type": "Pass", "Parameters": {"a.$": "$.x", "n": value}, **after}
        else:
            called = "arn:aws:states:::aws-sdk:sqs:listQueues"
            row[f"S{number}"] = {"Type": "Task", "Resource": called, "Parameters": {}, **after}
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "states.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policy = {"Effect": "Allow", "Action": action, "Resource": "*"}
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {"PolicyName": "calls", "PolicyDocument": {"Version": "2012-10-17", "Statement": [policy]}}
        ],
    }
    machine = {
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Definition": {"StartAt": "S0", "States": row},
    }
    return {
        "Resources": {
            "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine},
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        }
    }


def _report(taken: dict[str, float], unit: str, title: str) -> None:
    print(f"{'':44}{'user+sys':>12}{title:>11}")
    for name, seconds in taken.items():
        print(f"{name:44}{seconds * 1000:9.1f} ms{seconds / taken[unit]:11.2f}")


def _run(command: list[str]) -> float:
    """Return the seconds on the processor, which a busy machine changes least."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
