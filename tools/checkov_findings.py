"""Hold what ``docs/stacks.md`` says of checkov's findings to checkov's answer on the committed templates.

    make checkov

checkov, which brings many packages of its own, is installed beside cfngen. Each row of the table names
rules and the templates in which they find something; the sentence above it counts answers and findings.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "stacks.md"
TEMPLATES = ROOT / "templates"


class Findings(NamedTuple):
    """How many answers there are, how many are findings, and the templates that a rule finds fault with."""

    answers: int
    findings: int
    templates: Mapping[str, frozenset[str]]


def documented(page: str) -> Findings:
    """Return what the page says."""
    [counts] = re.findall(
        r"Of (\d+) answers of \[checkov\]\S+ [\d.]+ on the committed templates (\d+) are", page
    )
    templates = {}
    for rules, where in re.findall(r"^\| (`CKV_\w+`[^|]*)\|([^|]*)\|", page, re.MULTILINE):
        first, *others = re.findall(r"`(\w+)`", rules)
        for rule in (first, *(f"{first.rpartition('_')[0]}_{number}" for number in others)):
            templates[rule] = frozenset(re.findall(r"`([\w-]+)`", where))
    return Findings(int(counts[0]), int(counts[1]), templates)


def answered(report: Mapping[str, Any]) -> Findings:
    """Return what checkov's report says."""
    templates: dict[str, set[str]] = {}
    failed = report["results"]["failed_checks"]
    for it in failed:
        templates.setdefault(it["check_id"], set()).add(Path(it["file_path"]).stem)
    answers = len(failed) + report["summary"]["passed"]
    return Findings(answers, len(failed), {rule: frozenset(names) for rule, names in templates.items()})


def differences(page: Findings, checkov: Findings) -> Iterator[str]:
    """Yield what the page and checkov say differently."""
    if page[:2] != checkov[:2]:
        counts = [f"{it.findings} of {it.answers}" for it in (page, checkov)]
        yield f"the page counts {counts[0]}, checkov {counts[1]}"
    for rule in sorted(page.templates.keys() | checkov.templates.keys()):
        listed, found = (it.templates.get(rule, frozenset()) for it in (page, checkov))
        if listed != found:
            yield f"{rule}: the page names {sorted(listed)}, checkov {sorted(found)}"


def main() -> None:
    """Run checkov; end with 1 where the page is not what it says."""
    command = ["checkov", "--framework", "cloudformation", "--output", "json", "--compact"]
    ended = subprocess.run(
        [*command, "--directory", str(TEMPLATES)], capture_output=True, encoding="utf-8", check=False
    )
    checkov = answered(json.loads(ended.stdout))
    found = list(differences(documented(PAGE.read_text(encoding="utf-8")), checkov))
    print(
        "\n".join(found)
        or f"{checkov.findings} findings of {checkov.answers} answers, as {PAGE.name} has them"
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
