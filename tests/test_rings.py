"""The rings hold: what a test starts beyond Python stands in its markers."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests import rings
from tests.rows import each_row

MAKEFILE = Path(__file__).parent.parent / "Makefile"


@each_row(
    ("command", "marker"),
    [
        (["npm", "install"], "npm"),
        (["/usr/bin/node", "script.cjs"], "npm"),
        (["chromedriver", "--port=1"], "browser"),
        ([sys.executable, "-m", "pip", "install", "x"], "index"),
        ([sys.executable, "-c", "from cfngen.local.server import main; main()"], "emulator"),
        ([sys.executable, "-m", "pytest", "-q"], "emulator"),
        ([sys.executable, "-m", "awscli", "s3"], "emulator"),
        (["/venv/bin/cfngen", "demo"], "emulator"),
        ([sys.executable, "-m", "cfngen", "check", "."], None),
        (["/venv/bin/cfngen", "template", "demo.py"], None),
        (["git", "ls-files"], None),
    ],
    ids=str,
)
def test_a_program_is_told_by_its_command(command: Any, marker: str | None) -> None:
    assert rings.marker_of(command) == marker


def test_a_test_that_starts_a_program_without_the_marker_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="needs the marker 'npm'"):
        subprocess.run(["npm", "--version"])


def test_a_test_has_the_markers_of_its_fixtures(request: pytest.FixtureRequest) -> None:
    unmarked = [
        (item.nodeid, name)
        for item in request.session.items
        for name in getattr(item, "fixturenames", ())
        if name in rings.FIXTURES and item.get_closest_marker(rings.FIXTURES[name]) is None
    ]
    assert unmarked == []


def test_in_ci_what_is_missing_is_a_failure_and_elsewhere_a_test_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is no npm"):
        rings.missing("there is no npm")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="there is no npm"):
        rings.missing("there is no npm")


def test_the_rings_leave_out_by_markers_that_there_are() -> None:
    text = MAKEFILE.read_text(encoding="utf-8")
    left_out = re.findall(r"^(?:FOR_CI|NOT_QUICK|MAY_LACK) := (.*)$", text, re.MULTILINE)
    assert {*" or ".join(left_out).split(" or ")} == {*rings.MARKERS}


def test_each_module_is_explored_by_one_seed_of_four() -> None:
    modules = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    shares = [[module for module in modules if rings.is_explored(module, seed)] for seed in range(4, 8)]
    assert sorted(chain(*shares)) == sorted(modules)
    assert min(map(len, shares)) > len(modules) / 6
    assert not any(rings.is_explored(module, seed) for module in modules for seed in (None, "random"))
