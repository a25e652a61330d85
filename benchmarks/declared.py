"""Time whole processes: `cfngen template` as it is, and with each value a plain frozen dataclass.

It justifies `cfngen/core/declared.py`: methods written once, which `dataclass(frozen=True)` would write and
compile for each class at each start.
"""

import argparse
import sys
from statistics import median

from startup import CFNGEN, COMMANDS, Cost, run

TARGET = 1.05

PLAIN = "with dataclasses"

# Loaded before the package, so that no class is made before it is known how.
LOAD = """\
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
NAME = "cfngen.core.declared"
folder = find_spec("cfngen").submodule_search_locations[0]
spec = spec_from_file_location(NAME, folder + "/core/declared.py")
declared = sys.modules[NAME] = module_from_spec(spec)
spec.loader.exec_module(declared)
"""

# Declared loses all that dataclass writes, and its decorator becomes dataclass's own.
AS_DATACLASSES = """\
from dataclasses import dataclass
for name in ("__init__", "__setattr__", "__delattr__", "__eq__", "__hash__"):
    delattr(declared.Declared, name)
def frozen(cls=None, *, kw_only=False):
    decorate = dataclass(frozen=True, repr=False, kw_only=kw_only)
    return decorate if cls is None else decorate(cls)
declared.frozen = frozen
"""

RUN = """\
from cfngen.cli import run
sys.exit(run())
"""


def main() -> None:
    """Measure in turn, and print the medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=15, help="runs of each command (15)")
    parser.add_argument("--short", action="store_true", help="once, to see that it runs")
    options = parser.parse_args()
    runs = 1 if options.short else options.runs
    arguments = COMMANDS[CFNGEN][1:]
    commands = {
        CFNGEN: [sys.executable, "-c", LOAD + RUN, *arguments],
        PLAIN: [sys.executable, "-c", LOAD + AS_DATACLASSES + RUN, *arguments],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for attempt in range(runs + 1):
        for name, command in commands.items():
            cost = run(command)
            if attempt:  # the first run reads from the disk and may compile to bytecode
                costs[name].append(cost)
    print(f"{'':18}{'wall':>10}{'user+sys':>12}")
    for name, taken in costs.items():
        wall, cpu = median(cost.wall for cost in taken), median(cost.cpu for cost in taken)
        print(f"{name:18}{wall * 1000:7.1f} ms{cpu * 1000:9.1f} ms")
    # pair by pair, since the speed of a busy machine drifts
    ratio = median(plain.cpu / own.cpu for plain, own in zip(costs[PLAIN], costs[CFNGEN], strict=True))
    verdict = "reached" if ratio >= TARGET else "missed"
    print(f"\n{'dataclasses/own':18}{ratio:22.2f}  at least {TARGET}: {verdict}")


if __name__ == "__main__":
    main()
