"""Fuzz the structure of definitions for a bounded time: ``make fuzz``.

    python tests/fuzz_structure.py [--seconds 60] [--seed 1]

Each input is a small definition, changed in a few places: one of the cases, of AWS's samples, or a call as a page of AWS
has it, with the odd values that break programs. It is read from text, checked with API models and run, and goes to one of
``TURNS``: a policy, an audit and its repair of the template around it, each picture, the page, Python that is made from it
and run, each report. One in a hundred goes to a whole command. All is done in this process, which has loaded what it needs.
None ends with a traceback or takes more than five seconds.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import runpy
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from click.testing import CliRunner
from troposphere import encode_to_dict

from cfngen import Workflow, WorkflowError
from cfngen.cfn.arns import integration_arn
from cfngen.cli import main as main_command
from cfngen.codegen.module import to_python
from cfngen.core.problems import errors
from cfngen.documents.source import ReadError, parse
from cfngen.execution import ExecutionError, run
from cfngen.inputs.auditing import audit_source, fixed_source
from cfngen.inputs.checking import check_source
from cfngen.inputs.machines import read_text
from cfngen.inputs.policies import explained, of_machine
from cfngen.machines import SourceMachine
from cfngen.reports.findings import Finding
from cfngen.reports.formats import FORMATS
from cfngen.views.diagram_source import from_workflow
from cfngen.views.drawing import draw
from cfngen.views.page import definition_page

HERE: Final = Path(__file__).parent
SAMPLES: Final = HERE.parent / "cfngen" / "stacks" / "samples" / "definitions"
MAX_SECONDS: Final = 5.0
MAX_CHARACTERS: Final = 700
COMMANDS: Final = (
    ("check", "m.asl.json"),
    ("check", "m.asl.json", "--format", "sarif", "--no-apis"),
    ("policy", "m.asl.json", "--explain"),
    ("import", "m.asl.json", "--force"),
    *(
        ("graph", "m.asl.json", "-o", f"graph.{suffix}")
        for suffix in ("html", "svg", "txt", "mmd", "dot", "png")
    ),
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


def seeds() -> list[Any]:
    """Return the definitions of the cases, of the samples and of calls that are small enough to be changed often."""
    found = [json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.asl.json"))]
    for path in sorted((HERE / "cases").glob("*.py")):
        try:
            document = runpy.run_path(str(path))["workflow"].rendered(integration_arn)
            text = json.dumps(document)
        except (TypeError, ValueError, RecursionError):  # a case of Python alone
            continue
        if len(text) <= MAX_CHARACTERS:
            found.append(json.loads(text))
    for path in sorted((HERE / "cases" / "integrations").glob("*.json")):
        call = json.loads(path.read_text())
        resource = integration_arn(path.stem.replace(".", ":", 1))
        task = {"Type": "Task", "Resource": resource, "Parameters": call["arguments"], "End": True}
        found.append({"StartAt": "A", "States": {"A": task}})
    return found


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


class Input:
    """A definition on its way: its text, what is read from it, and what is found in it."""

    def __init__(self, definition: Any) -> None:
        self.definition = definition
        self.text = json.dumps(definition)
        self.machines: Sequence[SourceMachine] = ()
        self.workflow: Workflow | None = None
        self.findings: Sequence[Finding] = ()

    def check(self) -> None:
        """Read and check it, as the command does."""
        source, self.machines, unreadable = read_text(self.text, "m.asl.json")
        self.findings = check_source(source, self.machines, unreadable, apis=True)
        self.workflow = self.machines[0].workflow if self.machines else None

    def run(self) -> None:
        """Run it with no input to speak of."""
        run(self.definition, {})

    def policy(self) -> None:
        """Explain the policy of what is right."""
        for machine in self.machines:
            explained([of_machine(machine, "m")])

    def python(self) -> None:
        """Make Python of it, and run that, which gives a workflow with the same policy."""
        if self.workflow is not None:
            namespace: dict[str, Any] = {}
            exec(to_python({"m": self.workflow}), namespace)
            if not errors(namespace["m"].check()) and not errors(self.workflow.check()):
                written, read = (encode_to_dict(it.policy()) for it in (namespace["m"], self.workflow))
                assert written == read, f"the policy is another: {written}, {read}"

    def audit(self) -> None:
        """Audit the role of the template around it."""
        audit_source(parse(json.dumps(template(self.definition)), "t.json"))

    def fix(self) -> None:
        """Write the policy that the role should have."""
        fixed_source(parse(json.dumps(template(self.definition)), "t.json"))

    def check_template(self) -> None:
        """Check the template around it."""
        check_source(*read_text(json.dumps(template(self.definition)), "t.json"), apis=True)

    def page(self) -> None:
        """Write its page."""
        if self.workflow is not None:
            definition_page(from_workflow(self.workflow))

    def outline(self) -> None:
        """Write its states in lines."""
        str(self.workflow)

    def picture(self, suffix: str) -> None:
        """Draw it."""
        if self.workflow is not None:
            draw(self.workflow).file_contents(suffix)

    def report(self, style: str) -> None:
        """Report what was found."""
        FORMATS[style](self.findings)

    def command(self, arguments: Sequence[str]) -> None:
        """Run a command in this process, and raise what it breaks down with."""
        Path("m.asl.json").write_text(self.text)
        Path("t.json").write_text(json.dumps(template(self.definition)))
        result = CliRunner().invoke(main_command, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception


TURNS: Final[tuple[tuple[str, Callable[[Input], None]], ...]] = (
    ("policy", Input.policy),
    ("import and run", Input.python),
    ("audit", Input.audit),
    ("audit --fix", Input.fix),
    ("check of the template", Input.check_template),
    ("page", Input.page),
    ("outline", Input.outline),
    *(
        (f"picture as {suffix}", lambda it, suffix=suffix: it.picture(suffix))
        for suffix in ("svg", "txt", "mmd", "dot")
    ),
    *((f"report as {style}", lambda it, style=style: it.report(style)) for style in FORMATS),
)
"""What an input goes to, one after another; PNGs, which are the SVG drawn by a library, are left to the commands."""


def failures(definition: Any, number: int) -> Iterator[str]:
    """Yield what breaks down, or takes long, on a definition."""
    fuzzed_input = Input(definition)
    name, turn = TURNS[number % len(TURNS)]
    steps: list[tuple[str, Callable[[], object]]] = [
        ("check", fuzzed_input.check),
        ("run", fuzzed_input.run),
        (name, lambda: turn(fuzzed_input)),
    ]
    if number % 100 == 0:
        command = COMMANDS[number // 100 % len(COMMANDS)]
        steps.append((" ".join(command), lambda: fuzzed_input.command(command)))
    for name, step in steps:
        start = time.process_time()
        signal.alarm(ALARM_SECONDS)
        try:
            step()
        except (ExecutionError, ReadError, WorkflowError):
            pass
        except Exception as error:  # of any kind, which is what is looked for
            yield f"{name}: {''.join(traceback.format_exception(error))}"
        if (seconds := time.process_time() - start) > MAX_SECONDS:
            yield f"{name} took {seconds:.1f} s"
    signal.alarm(0)


ALARM_SECONDS: Final = 60


def _stop(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"it did not end within {ALARM_SECONDS} s")


def main() -> None:
    """Fuzz, print the seed and the number of inputs, and end with 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input (0)")
    parser.add_argument("--keep-going", action="store_true", help="print each failure once, and go on")
    options = parser.parse_args()
    _say(f"seed {options.seed}")
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _stop)
    documents = seeds()
    parts = [holder[key] for document in documents for holder, key in _places(document)]
    end = time.monotonic() + options.seconds
    count = options.first
    told: set[str] = set()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        while time.monotonic() < end:
            chance = random.Random(f"{options.seed} {count}")
            definition = mutated(chance.choice(documents), chance, parts)
            for failure in failures(definition, count):
                place = " ".join(failure.splitlines()[-3:-1])
                if place not in told:
                    _say(f"input {count}: {failure}\n{json.dumps(definition)[:3_000]}")
                told.add(place)
                if not options.keep_going:
                    sys.exit(1)
            count += 1
            if count % 10_000 == 0:
                _say(f"{count:,} inputs")
    if told:
        sys.exit(f"{count - options.first:,} inputs, {len(told)} failures")
    _say(f"{count - options.first:,} inputs without a traceback or {MAX_SECONDS:.0f} seconds for one")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
