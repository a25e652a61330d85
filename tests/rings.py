"""The rings of the suite: a test's markers say what it needs beyond Python.

``make quick`` runs what needs nothing more and takes little time, ``make test`` what any machine can run that has
Python and no more, CI all. A test that starts a program that its markers do not name fails, whatever the ring.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn
from zlib import crc32

import pytest
from hypothesis import settings

MARKERS: Final = {
    "emulator": "starts the emulator of AWS, or a process that does",
    "browser": "drives Chromium",
    "npm": "runs programs of packages from npm",
    "index": "asks a package index",
    "long": "is the long form of a test, for CI",
    "models": "holds a table to the API models that it was written from, which lower bounds may lack",
    "slow": "takes seconds of a processor's time",
}
FIXTURES: Final = {
    "running": "emulator",
    "step_functions_emulator": "emulator",
    "pytester": "emulator",
    "chromium": "browser",
    "npm_packages": "npm",
}
"""What a fixture starts: a test that takes one has the marker without saying so."""

_PROGRAMS: Final = {
    "npm": "npm",
    "node": "npm",
    "chromium": "browser",
    "chromium-browser": "browser",
    "google-chrome": "browser",
    "chromedriver": "browser",
}
_EMULATED: Final = {"pytest", "awscli", "demo"}
"""Words of a command of Python that lead to the emulator."""

SHORT, LONG = 20, 100
"""Examples of a property that asks for no number: of the profiles of the same names."""
SHARES = 4
"""Parts of the modules; each commit has one of them explored with the many examples, so that CI stays short."""

_RUNNING: list[pytest.Item] = []


def examples(count: int) -> settings:
    """Let Hypothesis draw ``count`` examples in CI, and fewer where the profile draws fewer."""
    return settings(max_examples=max(1, count * settings().max_examples // LONG))


def is_explored(module: str, seed: str | int | None) -> bool:
    """Tell whether a module is one of the share of which a seed in CI draws the many examples."""
    return str(seed).isdecimal() and crc32(module.encode()) % SHARES == int(str(seed)) % SHARES


def missing(what: str) -> NoReturn:
    """Skip a test whose program is not there, and say so; in CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def marker_of(command: Sequence[str]) -> str | None:
    """Return the marker that a test needs which starts a program."""
    words = [str(word) for word in command]
    program = Path(words[0]).name
    if program in _PROGRAMS:
        return _PROGRAMS[program]
    if any("cfngen.local.server" in word for word in words):
        return "emulator"
    if "pip" in words and {"install", "wheel", "download"} & set(words):
        return "index"
    if program.startswith(("python", "cfngen", "pytest")) and _EMULATED & {program, *words[1:4]}:
        return "emulator"
    return None


def hold(args: Any) -> None:
    """Hold a program that a test starts against the markers of the test."""
    marker = marker_of([os.fspath(args)] if isinstance(args, (str, os.PathLike)) else args)
    if marker and _RUNNING and _RUNNING[-1].get_closest_marker(marker) is None:
        pytest.fail(f"a test that starts {args!r} needs the marker {marker!r}")


def watch() -> None:
    """Hold every program that a test starts against the markers of the test."""
    start = subprocess.Popen.__init__

    def watched(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        hold(args)
        start(self, args, *rest, **options)

    subprocess.Popen.__init__ = watched  # type: ignore[method-assign]


def begin(item: pytest.Item) -> bool:
    """Take note of the test that is about to run, fixtures included; return whether its file is another one."""
    before, _RUNNING[:] = [*_RUNNING], [item]
    return [it.path for it in before] != [item.path]


def mark(items: Iterable[pytest.Item]) -> None:
    """Give tests the markers of their fixtures."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in FIXTURES:
                item.add_marker(FIXTURES[name])
