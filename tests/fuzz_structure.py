"""Fuzz the structure of definitions for a bounded time: ``make fuzz``.

    python tests/fuzz_structure.py [--seconds 60] [--seed 1]

Each input is a definition of AWS's samples, changed in a few places, alone and in a template with its role. It is
read, checked with API models, given a policy, audited and run, and goes to one of the commands, which take turns: pictures,
reports and repairs take most of the time. None ends with a traceback or takes more than five seconds.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from click.testing import CliRunner

from cfngen import Workflow, WorkflowError
from cfngen.cli import main as main_command
from cfngen.documents.source import ReadError
from cfngen.execution import ExecutionError, run
from cfngen.inputs.auditing import audit_file
from cfngen.inputs.checking import check_file

ROOT: Final = Path(__file__).parents[1]
SEEDS: Final = sorted((ROOT / "cfngen" / "stacks" / "samples" / "definitions").glob("*.asl.json"))
MAX_SECONDS: Final = 5.0
COMMANDS: Final = (
    ("check", "m.asl.json"),
    ("check", "m.asl.json", "--format", "sarif", "--no-apis"),
    ("policy", "m.asl.json", "--explain"),
    ("import", "m.asl.json", "--force"),
    *(("graph", "m.asl.json", "-o", f"graph.{suffix}") for suffix in ("html", "svg", "txt", "mmd", "dot")),
    ("check", "t.json"),
    ("audit", "t.json"),
    ("audit", "t.json", "--fix"),
)
ODD: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**400,
        "",
        " ",
        "$",
        "$$",
        "$.a",
        "$.a[",
        "$x",
        "States.UUID()",
        "${A}",
        "${",
    ),
    *(
        "{% $states.input %}",
        "{% a %}",
        "{% ( %}",
        " {% 1 %} ",
        "States.ALL",
        "\u202e",
        "a/b",
        "\n",
        '"',
        "JSONata",
    ),
    *(
        [],
        {},
        [[]],
        [{}],
        {"": {}},
        {"Ref": "A"},
        {"Fn::Sub": "${A}"},
        {"Fn::GetAtt": ["A", "Arn"]},
        {"a.$": "$.a"},
    ),
    *(
        "arn:aws:states:::sns:publish",
        "arn:aws:states:::aws-sdk:s3:getObject.sync",
        "arn:aws:lambda:::function:f",
    ),
)
ROLE: Final = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "states.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"],
        "Policies": [
            {
                "PolicyName": "p",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": ["sns:Publish", "s3:*"], "Resource": ["*"]},
                        {"Effect": "Deny", "NotAction": "s3:*", "Resource": "arn:aws:s3:::a/*"},
                    ],
                },
            }
        ],
    },
}


def template(definition: Any) -> dict[str, Any]:
    """Return a template with a machine and its role."""
    role = {"Fn::GetAtt": ["Role", "Arn"]}
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": role, "Definition": definition},
    }
    return {"Resources": {"Role": ROLE, "Machine": machine}}


def mutated(document: Any, chance: random.Random, parts: list[Any]) -> Any:
    """Return a document with a few places changed: another value, key or part, one less, or one more."""
    document = copy.deepcopy(document)
    for _ in range(chance.randint(1, 4)):
        holder, key = chance.choice(list(_places(document)) or [({"a": document}, "a")])
        value = chance.choice([*ODD, chance.choice(parts)])
        action = chance.randrange(5)
        if action == 0:
            del holder[key]
        elif action == 1 and isinstance(holder, dict):
            other = chance.choice([*NAMES, str(key) + chance.choice((".$", "Path", "s", "/"))])
            holder[other] = holder.pop(key)
        elif action == 2 and isinstance(holder, dict):
            holder[chance.choice(NAMES)] = copy.deepcopy(value)
        else:
            holder[key] = copy.deepcopy(value)
    return document


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    containers = [document]
    for container in containers:  # which grows as it is walked
        items = (
            container.items()
            if isinstance(container, dict)
            else enumerate(container)
            if isinstance(container, list)
            else ()
        )
        for key, value in items:
            yield container, key
            containers.append(value)


def _names() -> list[str]:
    from cfngen.asl.schema import FIELDS

    return sorted({name for row in FIELDS for name in row.names()} | {"A", "", "Retries", "States.ALL"})


NAMES: Final = _names()


def failures(definition: Any, number: int) -> Iterator[str]:
    """Yield what breaks down, or takes long, on a definition: all that reads it, and one command in turn."""
    command = COMMANDS[number % len(COMMANDS)]
    Path("m.asl.json").write_text(json.dumps(definition))
    Path("t.json").write_text(json.dumps(template(definition)))
    steps: dict[str, Callable[[], object]] = {
        "check with API models": lambda: check_file("m.asl.json", apis=True),
        "policy": lambda: Workflow.read(definition).policy(),
        "audit": lambda: audit_file("t.json"),
        "run": lambda: run(definition, {}),
        " ".join(command): lambda: _invoked(command),
    }
    for name, step in steps.items():
        start = time.perf_counter()
        try:
            step()
        except (ExecutionError, ReadError, WorkflowError):
            pass
        except Exception as error:  # of any kind, which is what is looked for
            yield f"{name}: {''.join(traceback.format_exception(error))}"
        if (seconds := time.perf_counter() - start) > MAX_SECONDS:
            yield f"{name} took {seconds:.1f} s"


def _invoked(arguments: tuple[str, ...]) -> None:
    """Run a command in this process, and raise what it breaks down with."""
    result = CliRunner().invoke(main_command, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception


def main() -> None:
    """Fuzz, print the seed and the number of inputs, and end with 1 at the first failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    _say(f"seed {options.seed}")
    warnings.simplefilter("ignore")
    seeds = [json.loads(path.read_text()) for path in SEEDS]
    parts = [value for seed in seeds for _, value in ((None, held[key]) for held, key in _places(seed))]
    end = time.monotonic() + options.seconds
    count = 0
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        while time.monotonic() < end:
            chance = random.Random(f"{options.seed} {count}")
            definition = mutated(chance.choice(seeds), chance, parts)
            for failure in failures(definition, count):
                _say(f"input {count}: {failure}\n{json.dumps(definition)[:3_000]}")
                sys.exit(1)
            count += 1
    _say(f"{count:,} inputs without a traceback or {MAX_SECONDS:.0f} seconds for one")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
