"""Time whole processes: what a template costs beside a script written by hand, and beside nothing."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

TARGET = 1.1

# As installed, packages have their bytecode beside them. Where the environment forbids writing it, a
# working tree would be compiled anew in each run, and that would be measured.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

BARE, CLICK, BY_HAND, CFNGEN = "bare interpreter", "import click", "handwritten.py", "cfngen template"

COMMANDS = {
    BARE: [sys.executable, "-c", "pass"],
    CLICK: [sys.executable, "-c", "import click"],
    BY_HAND: [sys.executable, str(Path(__file__).with_name("handwritten.py"))],
    CFNGEN: [str(Path(sys.executable).with_name("cfngen")), "template", "batch-job-notification"],
}


class Cost(NamedTuple):
    """Seconds of one process: on the clock, and on the processors (user and system)."""

    wall: float
    cpu: float


def main() -> None:
    """Measure, and print a table and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=15, help="runs of each command (15)")
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    options = parser.parse_args()
    costs = _measured(1 if options.short else options.runs)
    print(f"{'':18}{'wall':>10}{'user+sys':>12}")
    for name, cost in costs.items():
        print(f"{name:18}{cost.wall * 1000:7.1f} ms{cost.cpu * 1000:9.1f} ms")
    print()
    by_hand, bare = (_ratio(costs[CFNGEN], costs[other]) for other in (BY_HAND, BARE))
    verdict = "reached" if max(by_hand) <= TARGET else "missed"
    print(f"{'cfngen/handwritten':18}{by_hand.wall:10.2f}{by_hand.cpu:12.2f}  at most {TARGET}: {verdict}")
    print(f"{'cfngen/bare':18}{bare.wall:10.2f}{bare.cpu:12.2f}")


def _measured(runs: int) -> dict[str, Cost]:
    for command in COMMANDS.values():
        # The first run reads from the disk and may compile to bytecode.
        run(command)
    taken: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        # In turn, so that what slows the machine down for a while slows all of them down.
        for name, command in COMMANDS.items():
            taken[name].append(run(command))
    return {
        name: Cost(median(cost.wall for cost in costs), median(cost.cpu for cost in costs))
        for name, costs in taken.items()
    }


def run(command: list[str]) -> Cost:
    """Run a command once, and return what it cost; end well when it fails, for that measures nothing."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    # Only wait4 tells what this one child has used.
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        # What fails early is quick: its time says nothing. That is no verdict on the target either.
        print(f"not measured: {' '.join(command)} failed with {child.returncode}")
        sys.exit(0)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def _ratio(one: Cost, other: Cost) -> Cost:
    return Cost(one.wall / other.wall, one.cpu / other.cpu)


if __name__ == "__main__":
    main()
