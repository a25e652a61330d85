"""What arrives when the package is installed: everything it needs, and nothing of the tests."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.index


def run(*command: str | Path, cwd: Path) -> str:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, check=True, capture_output=True, encoding="utf-8"
    ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    run("git", "clone", "--quiet", ROOT, source, cwd=folder)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an empty environment into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return python


def test_the_wheel_holds_the_package_its_types_and_its_licence_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "cfngen/py.typed" in names
    assert any(name.endswith("/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"cfngen"}
    committed = run("git", "ls-files", "cfngen", cwd=ROOT).splitlines()
    assert [name for name in committed if name not in names] == []


def test_the_installed_command_writes_the_committed_template(python: Path, tmp_path: Path) -> None:
    made = run(python.parent / "cfngen", "template", "batch-job-notification", cwd=tmp_path)
    assert made == (ROOT / "templates" / "batch-job-notification.yaml").read_text(encoding="utf-8")


def test_without_the_extra_lint_says_what_to_install(python: Path, tmp_path: Path) -> None:
    linted = subprocess.run(
        [python.parent / "cfngen", "lint", "batch-job-notification"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert linted.returncode == 2
    assert re.search(r"pip install 'cfngen\[lint\] @ file:///.*\.whl'\n$", linted.stderr)


def test_importing_cfngen_brings_in_nothing_heavy(python: Path, tmp_path: Path) -> None:
    heavy = "{'troposphere', 'awacs', 'yaml', 'click', 'cfnlint', 'boto3', 'botocore', 'moto'}"
    found = run(python, "-c", f"import sys, cfngen; print({heavy} & set(sys.modules))", cwd=tmp_path)
    assert found == "set()\n"
