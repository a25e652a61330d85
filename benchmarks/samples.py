"""Time ``cfngen template`` of each sample beside a script of troposphere and awacs that makes the same."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cfn_flip
from by_hand import script
from processes import ENVIRONMENT, in_turn
from startup import run

from cfngen.inputs.targets import load, template_of
from cfngen.stacks.samples.catalog import SAMPLES
from cfngen.template import document

TARGET = 1.1
CFNGEN = Path(sys.executable).with_name("cfngen")
ALIKE = "import gc; gc.disable = gc.freeze = lambda: None; from cfngen.cli import run; run()"
"""The command with the garbage collector on, as it is for the script."""


def main() -> None:
    """Measure, and print a table and the ratios, of the processors' time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=9, help="runs of each command (9)")
    parser.add_argument("--short", action="store_true", help="one sample, once, to see that it runs")
    options = parser.parse_args()
    print(f"{'':32}{'by hand':>11}{'cfngen':>11}{'ratio':>7}{'alike':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for sample in SAMPLES[:1] if options.short else SAMPLES:
            path = Path(folder, f"{sample.slug}.py")
            path.write_text(script(document(template_of(load(sample.slug)))), encoding="utf-8")
            by_hand = [sys.executable, str(path)]
            command = [str(CFNGEN), "template", sample.slug]
            if _document(by_hand) != _document(command):
                sys.exit(f"{sample.slug}: the script and cfngen write two documents")
            commands = {
                "by hand": by_hand,
                "cfngen": command,
                "alike": [sys.executable, "-c", ALIKE, *command[1:]],
            }
            times = in_turn(commands, 1 if options.short else options.runs, lambda it: run(it).cpu)
            ratio, alike = (times[name] / times["by hand"] for name in ("cfngen", "alike"))
            verdict = "reached" if max(ratio, alike) <= TARGET else "missed"
            figures = (
                f"{times['by hand'] * 1000:7.1f} ms{times['cfngen'] * 1000:8.1f} ms{ratio:7.2f}{alike:7.2f}"
            )
            print(f"{sample.slug:32}{figures}  at most {TARGET}: {verdict}")


def _document(command: list[str]) -> object:
    """Return what a command writes."""
    process = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=ENVIRONMENT)
    return json.loads(cfn_flip.to_json(process.stdout))


if __name__ == "__main__":
    main()
