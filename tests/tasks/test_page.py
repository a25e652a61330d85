"""The page on tasks lists what there is."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest

from cfngen.tasks import integrations

PAGE = Path(__file__).parent.parent.parent / "docs" / "tasks.md"
MARK = "<!-- written by pytest --goldens -->\n"


def table() -> str:
    """A row an integration: its module, its class, its patterns, and a link to AWS's page of the service."""
    rows = ["| Module | Class | Patterns |", "|---|---|---|"]
    for _, tasks in groupby(integrations(), key=lambda task: task.service):
        for number, task in enumerate(tasks):
            patterns = ", ".join(f"`{pattern.name}`" for pattern in task.patterns)
            docstring = vars(__import__(task.__module__, fromlist=["_"]))["__doc__"]
            page = re.findall(r"https://\S+", docstring)[0]
            module = f"[`{task.__module__.removeprefix('cfngen.tasks.')}`]({page})" if number == 0 else ""
            rows.append(f"| {module} | `{task.__name__}` | {patterns} |")
    return "\n".join(rows) + "\n"


def test_the_page_on_tasks_lists_every_integration(request: pytest.FixtureRequest) -> None:
    before, _, after = PAGE.read_text(encoding="utf-8").partition(MARK)
    listed, heading, rest = after.partition("\n## What is not in the call")
    if request.config.getoption("--goldens"):
        PAGE.write_text(f"{before}{MARK}\n{table()}{heading}{rest}", encoding="utf-8")
        return
    assert listed == "\n" + table()
