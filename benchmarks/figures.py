"""Put the figures of the README's table into it, as the benchmarks measure them: ``make figures``.

    python benchmarks/figures.py [--short]

With ``--short`` each benchmark runs once and small, and nothing is written: the figures are only printed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "README.md"
SHORT = "--short" in sys.argv

ROWS = {
    "`cfngen template batch-job-notification` against": (
        "{} times",
        [("startup", r"cfngen/handwritten +[\d.]+ +([\d.]+)")],
    ),
    "the same against the interpreter's bare start": (
        "{} times",
        [("startup", r"cfngen/bare +[\d.]+ +([\d.]+)")],
    ),
    "linting again in one process": ("{} s", [("relint", r"cfngen, one region +[\d.]+ s +([\d.]+) s")]),
    "reading, checking and rendering": (
        "{} µs, {} times `json.loads` and `json.dumps`",
        [
            ("reading", r"states in a row +([\d.]+)"),
            ("reading", r"states in a row +[\d.]+ +([\d.]+)"),
        ],
    ),
    "deriving the policy": ("{}", [("growth", r"share of link and render: ([\d.]+)")]),
    "10,000 states against 1,000": ("{} times", [("growth", r"([\d.]+)  at most 1.5")]),
    "operations of all of AWS's APIs": (
        "{} % (AWS CDK's rule: {} %)",
        [("sdk_actions", r"cfngen .* ([\d.]+)%  at"), ("sdk_actions", r"AWS CDK .* ([\d.]+)%")],
    ),
    "`cfngen check` of a small file": (
        "{} and {} times",
        [
            ("reading", r"ratio ([\d.]+), at most"),
            ("graph", r"cfngen graph batch-job-notification  .* ms +([\d.]+)"),
        ],
    ),
    "`cfngen graph` of 1,000 states": (
        "{} s",
        [("graph", r"states, with choices and catchers +([\d.]+) s")],
    ),
    "`cfngen demo` to its outcome": ("{} times", [("demo", r"cfngen demo +[\d.]+ s +([\d.]+)")]),
}
"""How each row begins, its figure, and the benchmark and pattern of each number: the largest counts."""


def main() -> None:
    """Measure, and write the figures into the table."""
    page = PAGE.read_text(encoding="utf-8")
    for start, (words, sources) in ROWS.items():
        figure = words.format(*(_largest(script, pattern) for script, pattern in sources))
        print(f"{start}: {figure}")
        page, count = re.subn(
            rf"^(\| {re.escape(start)}[^|]*\| )[^|]*(?= \|)", rf"\g<1>{figure}", page, flags=re.MULTILINE
        )
        if count != 1:
            sys.exit(f"README.md has {count} rows that begin with {start!r}")
    if not SHORT:
        PAGE.write_text(page, encoding="utf-8")


def _largest(script: str, pattern: str) -> str:
    numbers = re.findall(pattern, _printed(script))
    if not numbers:
        sys.exit(f"{script}.py prints nothing like {pattern!r}:\n{_printed(script)}")
    return str(max(numbers, key=float))


@cache
def _printed(script: str) -> str:
    command = [sys.executable, str(FOLDER / f"{script}.py"), *(["--short"] if SHORT else [])]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


if __name__ == "__main__":
    main()
