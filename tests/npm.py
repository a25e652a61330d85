"""Packages of npm, for the tests that ask parties whose programs are in JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.rings import missing

PACKAGES = (
    "@cloud-copilot/iam-simulate@0.1",
    "amazon-states-language-service",
    "asl-validator",
    "aws-local-stepfunctions",
    "axe-core@4",
    "jsonata@2.0.6",
)


def install(folder: Path) -> None:
    """Install the packages into a folder."""
    if not shutil.which("npm"):
        missing(f"there is no npm here to install {', '.join(PACKAGES)} with")
    command = ["npm", "install", "--silent", "--prefix", str(folder), *PACKAGES]
    if subprocess.run(command, cwd=folder).returncode:
        missing(f"npm could not install {', '.join(PACKAGES)}")


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
