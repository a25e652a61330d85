"""Time drawing: a sample as a whole process beside importing click, and machines of 1,000 states."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import ENVIRONMENT, in_turn

from cfngen.stacks.samples.catalog import definition_path, find

PROCESS, LARGE, RUNS = 2.5, 20, 9
LOOP = "for _ in range(10_000_000): pass"

CFNGEN = str(Path(sys.executable).with_name("cfngen"))
SLUG = "batch-job-notification"


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    is_short = parser.parse_args().short
    sample = find(SLUG)
    assert sample is not None
    print(f"{'':44}{'wall':>12}{'to click':>10}")
    with tempfile.TemporaryDirectory() as folder:
        small = {
            "import click": [sys.executable, "-c", "import click"],
            f"cfngen graph {SLUG}": [CFNGEN, "graph", SLUG],
            "cfngen graph of its definition": [CFNGEN, "graph", definition_path(sample)],
            f"cfngen graph {SLUG} -o x.svg": [CFNGEN, "graph", SLUG, "-o", f"{folder}/x.svg"],
        }
        taken = in_turn(small, 1 if is_short else RUNS, _run)
        click = taken["import click"]
        for name, seconds in taken.items():
            print(f"{name:44}{seconds * 1000:9.1f} ms{seconds / click:10.2f}")
        slowest = max(taken.values()) / click
        print(f"at most {PROCESS}: {'reached' if slowest <= PROCESS else 'missed'}\n")
        loop = _run([sys.executable, "-c", LOOP])
        print(f"{'':44}{'.svg':>10}{'terminal':>12}{'to a loop':>11}")
        for states in (100,) if is_short else (200, 1000):
            path = Path(folder, f"{states}.json")
            path.write_text(json.dumps(_machine(states)))
            times = [
                _run([CFNGEN, "graph", str(path), "-o", f"{folder}/x.{end}"]) for end in ("svg", "txt")
            ]
            print(
                f"{f'{states:,} states, with choices and catchers':44}{times[0]:8.2f} s{times[1]:10.2f} s"
                f"{max(times) / loop:11.1f}"
            )
        verdict = "reached" if max(times) <= LARGE * loop else "missed"
        print(
            f"a loop of ten million turns: {loop:.2f} s; 1,000 states in at most {LARGE} of them: {verdict}"
        )


def _machine(states: int) -> dict[str, object]:
    """Return a row of tasks with catchers, and of choices that skip ahead or lead back."""
    states_by_name: dict[str, object] = {}
    for number in range(states - 1):
        after, name = f"State number {number + 1}", f"State number {number}"
        ahead = f"State number {min(states - 1, number + 2 + number % 4)}"
        if number % 5 == 4:
            back = f"State number {number - 3}" if number % 20 == 9 else ahead
            rule = {"Variable": "$.count", "NumericGreaterThan": number, "Next": back}
            states_by_name[name] = {"Type": "Choice", "Choices": [rule], "Default": after}
        else:
            states_by_name[name] = {
                "Type": "Task",
                "Resource": "arn:aws:states:::sns:publish",
                "Next": after,
            }
            if number % 3 == 0:
                handler = f"Handler {number // 50}"
                states_by_name[name]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": handler}]  # type: ignore[index]
    states_by_name[f"State number {states - 1}"] = {"Type": "Succeed"}
    for number in range((states + 49) // 50):
        states_by_name[f"Handler {number}"] = {"Type": "Fail", "Error": f"Part{number}.Failed"}
    return {"StartAt": "State number 0", "States": states_by_name}


def _run(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(
        command, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
