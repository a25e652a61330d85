"""Time whole processes: what a template costs beside a script written by hand, and beside nothing."""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

TARGET = 1.0
TARGET_ALIKE = 1.1

# As installed, packages have their bytecode beside them. Where the environment forbids writing it, a
# working tree would be compiled anew in each run, and that would be measured.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

BARE, CLICK, BY_HAND, CFNGEN = "bare interpreter", "import click", "handwritten.py", "cfngen template"
ALIKE = "collector on"

COMMANDS = {
    BARE: [sys.executable, "-c", "pass"],
    CLICK: [sys.executable, "-c", "import click"],
    BY_HAND: [sys.executable, str(Path(__file__).with_name("handwritten.py"))],
    CFNGEN: [str(Path(sys.executable).with_name("cfngen")), "template", "batch-job-notification"],
    ALIKE: [
        sys.executable,
        "-c",
        "import gc, sys; gc.disable = gc.freeze = lambda: None; from cfngen.cli import run; run()",
        "template",
        "batch-job-notification",
    ],
}
"""The last is the command with the garbage collector on, as it is for the script."""


class Cost(NamedTuple):
    """What one process took: seconds on the clock and on the processors, and its peak memory in KiB."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    """Measure, and print a table and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=15, help="runs of each command (15)")
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    options = parser.parse_args()
    costs = _measured(1 if options.short else options.runs)
    print(f"{'':18}{'wall':>10}{'user+sys':>12}{'peak':>11}")
    for name, cost in costs.items():
        print(f"{name:18}{cost.wall * 1000:7.1f} ms{cost.cpu * 1000:9.1f} ms{cost.peak / 1024:7.1f} MiB")
    print()
    for label, name, other, target in (
        ("cfngen/handwritten", CFNGEN, BY_HAND, TARGET),
        ("the same, alike", ALIKE, BY_HAND, TARGET_ALIKE),
        ("cfngen/bare", CFNGEN, BARE, None),
    ):
        ratio = _ratio(costs[name], costs[other])
        verdict = "reached" if target and max(ratio.wall, ratio.cpu) <= target else "missed"
        end = f"  at most {target}: {verdict}" if target else ""
        print(f"{label:18}{ratio.wall:10.2f}{ratio.cpu:12.2f}{ratio.peak:11.2f}{end}")
    _print_imports()


def _print_imports() -> None:
    """Print what the imports of the script and of the command take, by package, the longest first."""
    by_hand, by_cfngen = (_imports(COMMANDS[name]) for name in (BY_HAND, CFNGEN))
    print(f"\n{'imports':18}{'handwritten':>14}{'cfngen':>10}")
    most = {name: max(by_hand.get(name, 0), by_cfngen.get(name, 0)) for name in by_hand | by_cfngen}
    for package in sorted(most, key=lambda name: -most[name])[:12]:
        times = (f"{side.get(package, 0) / 1000:7.1f} ms" for side in (by_hand, by_cfngen))
        print(f"{package:18}    {''.join(times)}")


def _imports(command: list[str]) -> dict[str, int]:
    """Return the microseconds of each package's own imports, the least of five runs each."""
    start = command if command[0] == sys.executable else [sys.executable, *command]
    least: dict[str, int] = {}
    for _ in range(5):
        traced = [start[0], "-X", "importtime", *start[1:]]
        ran = subprocess.run(traced, check=True, capture_output=True, encoding="utf-8", env=ENVIRONMENT)
        for own, name in re.findall(r"^import time: +(\d+) \| +\d+ \| +(\S+)$", ran.stderr, re.MULTILINE):
            least[name] = min(int(own), least.get(name, int(own)))
    packages: dict[str, int] = {}
    for name, own in least.items():
        package = name.partition(".")[0]
        packages[package] = packages.get(package, 0) + own
    return packages


def _measured(runs: int) -> dict[str, Cost]:
    for command in COMMANDS.values():
        # The first run reads from the disk and may compile to bytecode.
        run(command)
    taken: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        # In turn, so that what slows the machine down for a while slows all of them down.
        for name, command in COMMANDS.items():
            taken[name].append(run(command))
    return {name: Cost(*map(median, zip(*costs, strict=True))) for name, costs in taken.items()}


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
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def _ratio(one: Cost, other: Cost) -> Cost:
    return Cost(one.wall / other.wall, one.cpu / other.cpu, one.peak / other.peak)


if __name__ == "__main__":
    main()
