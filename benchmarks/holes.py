"""Time the reading of templates full of ``${``: twice the text takes twice the time of the processor."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cfngen.inputs.auditing import audit_file
from cfngen.inputs.machines import read_all

TARGET = 3.0
"""How much longer four times the text may take, as a multiple of four."""


def main() -> None:
    """Measure each form in a quarter of the size and in the whole, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=1_000_000, help="characters (1,000,000)")
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    arguments = parser.parse_args()
    size = arguments.size // 20 if arguments.short else arguments.size
    print(f"{'':34}{size // 4:>12,}{size:>12,} characters")
    is_linear = True
    for name, text in FORMS.items():
        small, large = (_seconds(name, text * (length // len(text))) for length in (size // 4, size))
        is_linear &= arguments.short or large < 0.5 or large < TARGET * 4 * small
        print(f"{name:34}{small:>10.2f} s{large:>10.2f} s")
    if not is_linear:
        sys.exit("the time grows faster than the text")


FORMS = {
    "a string of ${": "${",
    "a string of ${!": "${!",
    "a string of ${A}": "${A}",
    "a string of ${!A}": "${!A}",
    "a string of quotation marks": '\\"',
    "a string of backslashes": "\\\\",
    "JSON of ${A} without quotes": "${A},",
    "an audit of ${": "${",
    "an audit of *": "*",
    "an audit of ?": "?*",
}


def _seconds(name: str, text: str) -> float:
    work = _audit if name.startswith("an audit") else _read
    with tempfile.TemporaryDirectory() as folder:
        step = work(name, text, Path(folder) / "template.json")
        start = time.process_time()
        step()
        return time.process_time() - start


def _read(name: str, text: str, path: Path) -> Callable[[], object]:
    value = f"[{text}1]" if "without quotes" in name else f'"{text}"'
    definition = (
        f'{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Result": {value}, "End": true}}}}}}'
    )
    document = json.dumps(_template({"DefinitionString": {"Fn::Sub": definition}}, []))
    return lambda: read_all(document, "template.json")


def _audit(name: str, text: str, path: Path) -> Callable[[], object]:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": True}
    task["Parameters"] = {"TopicArn": {"Ref": "Topic"}, "Message": "m"}
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Fn::Sub": f"arn:{text}"}}
    path.write_text(
        json.dumps(_template({"Definition": {"StartAt": "A", "States": {"A": task}}}, [statement]))
    )
    return lambda: audit_file(str(path))


def _template(properties: dict[str, object], statements: list[object]) -> dict[str, object]:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "states.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policy = {"Version": "2012-10-17", "Statement": statements}
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
    }
    machine = {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, **properties}
    return {
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine},
        }
    }


if __name__ == "__main__":
    main()
