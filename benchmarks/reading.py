"""Time reading, checking and rendering a machine: long chains, deep nesting, and whole processes."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from processes import ENVIRONMENT

from cfngen import Workflow
from cfngen.asl.rules import machine

STATES, DEPTH, RUNS = 10_000, 200, 5
PLAIN, PROCESS = 40, 2.5


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    is_short = parser.parse_args().short
    length, runs = (STATES // 10, 1) if is_short else (STATES, RUNS)
    vars(machine)["MAX_DEFINITION"] = (
        sys.maxsize
    )  # a machine of that length is more than Step Functions takes
    print(f"{'':28}{'µs a state':>12}{'to json':>10}")
    worst = max(
        _report(f"{length // 10:,} states in a row", _chain(length // 10), length // 10, runs),
        _report(f"{length:,} states in a row", _chain(length), length, runs),
        _report(f"{DEPTH} nested", _nested(DEPTH), DEPTH, runs),
    )
    verdict = "reached" if worst <= PLAIN else "missed"
    print(f"'to json' is the ratio to json.loads and json.dumps, at most {PLAIN}: {verdict}\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "machine.asl.json")
        # no task, so that no API model is read: that takes as long again for each service
        path.write_text(
            json.dumps({"StartAt": "Hello", "States": {"Hello": {"Type": "Pass", "End": True}}})
        )
        command = [str(Path(sys.executable).with_name("cfngen")), "check", str(path)]
        runs = 1 if is_short else 11
        check, click = _process(command, runs), _process([sys.executable, "-c", "import click"], runs)
    verdict = "reached" if check <= PROCESS * click else "missed"
    print(f"cfngen check: {check * 1000:.1f} ms, importing click: {click * 1000:.1f} ms")
    print(f"ratio {check / click:.2f}, at most {PROCESS}: {verdict}")


def _chain(length: int) -> dict[str, object]:
    states: dict[str, object] = {}
    for number in range(length):
        states[f"Publish {number}"] = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:t", "Message.$": "$.x"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
            **({"Next": f"Publish {number + 1}"} if number + 1 < length else {"End": True}),
        }
    return {"StartAt": "Publish 0", "States": states}


def _nested(depth: int) -> dict[str, object]:
    machine: dict[str, object] = {"StartAt": "In", "States": {"In": {"Type": "Pass", "End": True}}}
    for number in range(depth):
        state = {"Type": "Parallel", "Branches": [machine], "End": True}
        machine = {"StartAt": f"P{number}", "States": {f"P{number}": state}}
    return machine


def _report(name: str, machine: dict[str, object], states: int, runs: int) -> float:
    text = json.dumps(machine)
    ours = min(_timed(lambda: _through(text)) for _ in range(runs))
    plain = min(_timed(lambda: json.dumps(json.loads(text))) for _ in range(runs))
    print(f"{name:28}{ours / states * 1e6:12.1f}{ours / plain:10.1f}")
    return ours / plain


def _through(text: str) -> None:
    workflow = Workflow.read(text)
    workflow.check()
    workflow.to_asl()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _process(command: list[str], runs: int) -> float:
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
        taken.append(time.perf_counter() - start)
    return median(taken)


if __name__ == "__main__":
    main()
