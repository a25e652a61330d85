"""Measure which faults the tests would see: change one thing in a module, and run the tests of its room.

    python tools/mutants.py [--seed N] [--count N] [--seconds N] [MODULE ...]

A random sample is drawn of all modules, or of some modules and rooms (``iam.merge asl.rules``); its seed is
printed, and given again draws the same. No file is changed: the tests run in a child process in which the
module is loaded with its fault. It ends with 1 when fewer than the least share are caught. Two kinds do not
count: faults that change nothing anyone could see, and those with which their module cannot be imported.
"""

from __future__ import annotations

import argparse
import configparser
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from typing import Final

from equivalent_mutants import EQUIVALENT
from mutant_tests import Outcome, Tests, prepare
from mutation import ROOT, Mutant, faults, mutant_of

LEAST: Final = 0.95

LEFT_OUT: Final = {
    "cfngen/tasks/*.py": "what calls take and need; tests/cases/integrations holds it to AWS's pages",
    "cfngen/apis/optimized.py": "is written by make goldens",
    "cfngen/apis/integrations.py": "is a table",
    "cfngen/views/service_names.py": "is a table",
}
"""Files without decisions; what runs in the emulator's process alone is ``omit`` in setup.cfg."""
DECIDING: Final = {"__init__", "aws_sdk", "grants", "service", "shared"}
"""Modules of ``cfngen/tasks`` that are not left out."""

BESIDE: Final[dict[str, Sequence[str]]] = {
    "asl.read": ["inputs"],
    "apis": ["tasks", "iam/test_sdk_calls.py"],
    "cli": ["diff/test_command.py", "views/test_command.py", "codegen", "projects", "audit", "inputs"],
    "core": ["asl", "execution", "stacks"],
    "documents": ["inputs", "asl/test_read.py", "asl/test_yaml_words.py"],
    "inputs": ["cli/test_cli.py", "cli/test_verify.py", "audit/test_fix.py"],
    "reports": ["cli", "inputs", "audit/test_integrations.py"],
    "tasks": ["iam"],
    "template": ["stacks/test_string_definition.py"],
    "testing": ["execution/test_misuse.py"],
    "views": ["testing/test_page.py"],
    "": ["asl", "cli", "inputs"],
}
"""Where a room or a part of one is tested beside its own folder; "" are the modules in no room."""


def main() -> None:
    """Draw mutants, try each, and print those that got through."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as iam.merge, asl.rules")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the sample")
    parser.add_argument("--count", type=int, default=100, help="mutants at most (100)")
    parser.add_argument("--seconds", type=float, default=1200, help="after which no other is tried (1200)")
    options = parser.parse_args()
    try:
        chosen = modules(options.modules)
    except LookupError as missing:
        parser.error(f"{missing.args[0]}: there is no such module that decides anything")
    every = [(module, number) for module in chosen for number in range(faults(module))]
    drawn = random.Random(options.seed).sample(every, min(options.count, len(every)))
    print(f"seed {options.seed}: {len(drawn)} of {len(every)} mutants of {len(chosen)} modules", flush=True)
    mutants = [mutant_of(module, number) for module, number in drawn]
    prepare()
    tests = Tests()
    for folder in dict.fromkeys(folder for module, _ in drawn for folder in tests_of(module)):
        if not tests.record(folder):
            sys.exit(f"{folder} fails without a mutant")
    share, said = report(mutants, tests, time.monotonic() + options.seconds)
    print(said)
    sys.exit(share < LEAST)


def report(mutants: Iterable[Mutant], tests: Tests, deadline: float) -> tuple[float, str]:
    """Try mutants, print those that got through, and return the share of those caught, also in words."""
    outcomes: Counter[Outcome] = Counter()
    equivalent = 0
    for mutant in mutants:
        if time.monotonic() > deadline:
            break
        if mutant.key in EQUIVALENT:
            equivalent += 1
            continue
        outcome = tests.outcome(mutant, tests_of(mutant.module))
        outcomes[outcome] += 1
        if outcome in {Outcome.PASSED, Outcome.UNSEEN}:
            print(f"{outcome.value}: {mutant}", flush=True)
    tried = outcomes.total() - outcomes[Outcome.STILLBORN]
    caught = outcomes[Outcome.FAILED] + outcomes[Outcome.ENDLESS]
    share = caught / tried if tried else 1.0
    said = f"{caught} of {tried} were caught, {share:.1%}; at least {LEAST:.0%} must"
    for count, what in (
        (outcomes[Outcome.ENDLESS], "were caught by running without end"),
        (equivalent, "change nothing"),
        (outcomes[Outcome.STILLBORN], "cannot be imported"),
    ):
        said += f"; {count} {what}" if count else ""
    return share, said


def modules(names: Sequence[str] = ()) -> list[str]:
    """Return the modules that decide something, or those of some names, of modules or rooms."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    omit = [pattern.removeprefix("*/") for pattern in settings["coverage:run"]["omit"].split()]
    left_out = [*LEFT_OUT, *omit]
    deciding = {f"cfngen/tasks/{name}.py" for name in DECIDING}
    files = (path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "cfngen").rglob("*.py")))
    every = [
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file in files
        if file in deciding or not any(fnmatch(file, pattern) for pattern in left_out)
    ]
    every = [module for module in every if faults(module)]
    if not names:
        return every
    wanted = [f"cfngen.{name.removeprefix('cfngen.')}" for name in names]
    for name in wanted:
        if not any(_is_in(module, name) for module in every):
            raise LookupError(name)
    return [module for module in every if any(_is_in(module, name) for name in wanted)]


def _is_in(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")


def tests_of(module: str) -> list[str]:
    """Return the folders and files of tests in which a module is tried, those of its room first."""
    first = [*module.split("."), ""][1]
    room = first if (ROOT / "cfngen" / first).is_dir() else ""
    own = [room] if room and (ROOT / "tests" / room).is_dir() else []
    keys = (key for key in BESIDE if key == room or (key and _is_in(module, f"cfngen.{key}")))
    return [f"tests/{name}" for name in (*own, *(name for key in keys for name in BESIDE[key]))]


if __name__ == "__main__":
    main()
