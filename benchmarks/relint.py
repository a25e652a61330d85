"""Time cfn-lint in one process: the first template, which loads its rules, and those after it."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

TARGET = 0.5
FURTHER = 5
TEMPLATE = Path(__file__).parents[1] / "templates" / "batch-job-notification.yaml"


def with_cfngen(template: Path) -> Callable[[], object]:
    """Lint a file for one region."""
    from cfngen.template.lint import lint_file

    return lambda: lint_file(template)


def with_cfngen_everywhere(template: Path) -> Callable[[], object]:
    """Lint a file for every region that cfn-lint knows."""
    from cfngen.template.lint import ALL_REGIONS, lint_file

    return lambda: lint_file(template, regions=ALL_REGIONS)


def with_cfnlint(template: Path) -> Callable[[], object]:
    """Lint the text of a file with cfn-lint's own interface for programs."""
    from cfnlint.api import lint

    text = template.read_text(encoding="utf-8")
    return lambda: lint(text, regions=["us-east-1"])


CFNLINT = "cfnlint.api.lint"
SUBJECTS = {
    CFNLINT: with_cfnlint,
    "cfngen, one region": with_cfngen,
    "cfngen, all regions": with_cfngen_everywhere,
}


def main() -> None:
    """Measure each subject in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    further = 1 if parser.parse_args().short else FURTHER
    with TemporaryDirectory() as folder:
        template = TEMPLATE if TEMPLATE.exists() else _written(Path(folder))
        print(f"{'':22}{'first':>10}{'again':>10}{'to cfn-lint':>13}")
        by_cfnlint = 0.0
        for name in SUBJECTS:
            command = [sys.executable, __file__, name, str(template), str(further)]
            times = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            first, again = times[0], median(times[1:])
            by_cfnlint = by_cfnlint or again  # cfn-lint's own interface comes first
            row = f"{name:22}{first:8.2f} s{again:8.3f} s{again / by_cfnlint:13.2f}"
            verdict = "reached" if again / by_cfnlint <= TARGET else "missed"
            print(row if name == CFNLINT else f"{row}  at most {TARGET}: {verdict}")


def measure(name: str, template: Path, further: int) -> list[float]:
    """Return the seconds of one lint after the other, the first with the import of the linter."""
    started = time.perf_counter()
    lint = SUBJECTS[name](template)
    times = []
    for _ in range(1 + further):
        lint()
        times.append(time.perf_counter() - started)
        started = time.perf_counter()
    return times


def _written(folder: Path) -> Path:
    template_file = folder / TEMPLATE.name
    cfngen = Path(sys.executable).with_name("cfngen")
    command = [str(cfngen), "template", "batch-job-notification"]
    template_file.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return template_file


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
