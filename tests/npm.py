"""Packages of npm, for the tests that ask parties whose programs are in JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def install(folder: Path, *packages: str) -> None:
    """Install packages into a folder; skip the test, and say why, where that is not possible."""
    named = " and ".join(packages)
    if not shutil.which("npm"):
        pytest.skip(f"there is no npm here to install {named} with")
    command = ["npm", "install", "--silent", "--prefix", str(folder), *packages]
    if subprocess.run(command, cwd=folder).returncode:
        pytest.skip(f"npm could not install {named}")


def ask(script: Path, folder: Path, question: object) -> Any:
    """Return what a script answers that may use the packages of a folder; both speak JSON."""
    placed = folder / f"{script.stem}.cjs"
    placed.write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    ran = subprocess.run(
        ["node", str(placed)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
