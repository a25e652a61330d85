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


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone, in which building leaves what it makes."""
    folder = tmp_path_factory.mktemp("source")
    run("git", "clone", "--quiet", ROOT, folder / "cfngen", cwd=folder)
    return folder / "cfngen"


@pytest.fixture(scope="session")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
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
    template_text = run(python.parent / "cfngen", "template", "batch-job-notification", cwd=tmp_path)
    assert template_text == (ROOT / "templates" / "batch-job-notification.yaml").read_text(encoding="utf-8")


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


def test_a_project_that_a_clone_makes_passes_its_tests_with_what_it_requires(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_COMPILE", "1")  # what is imported is compiled then
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable")
    run(*install, source, cwd=tmp_path)
    run(python.parent / "cfngen", "new", "nightly", cwd=tmp_path)
    project = tmp_path / "nightly"
    required = (project / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert required[1] == f"cfngen[aws,graph,lint,testing] @ {source.as_uri()}"
    tested = run("make", "test", f"PYTHON={sys.executable}", cwd=project)
    assert re.search(r"^=* 5 passed in ", tested, re.MULTILINE), tested
