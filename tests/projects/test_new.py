"""A new project is whole, passes its own tests, and names what is left to its owner."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import main
from cfngen.projects import contents
from cfngen.stacks.samples.catalog import SAMPLES, Sample, find

ROOT = Path(__file__).parent.parent.parent
SLUGS = [sample.slug for sample in SAMPLES]
BY_SLUG = pytest.mark.parametrize("slug", SLUGS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sample_of(slug: str) -> Sample:
    sample = find(slug)
    assert sample is not None
    return sample


def cfngen(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def ran(*command: str | Path | int, cwd: Path) -> CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, encoding="utf-8")


def files(folder: Path) -> list[Any]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


ALL = [
    ".gitignore",
    "Makefile",
    "README.md",
    "pytest.ini",
    "requirements.txt",
    "stack.py",
    "template.yaml",
    "tests/test_template.py",
    "tests/test_workflow.py",
    "workflow.py",
]

# --- what is made --------------------------------------------------------------------------------


@pytest.mark.emulator
@pytest.mark.parametrize(
    "slug", [SLUGS[0], *(pytest.param(slug, marks=pytest.mark.long) for slug in SLUGS[1:])]
)
def test_a_project_passes_its_own_tests_as_created(folder: Path, slug: str) -> None:
    assert cfngen("new", "nightly", "--sample", slug).exit_code == 0
    assert files(folder / "nightly") == ALL
    result = ran(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=folder / "nightly")
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^\d+ passed in", result.stdout, re.MULTILINE)


@BY_SLUG
def test_its_files_are_their_goldens(slug: str, golden: Callable[[str, str], None]) -> None:
    for name, text in contents(sample_of(slug), "nightly").items():
        if name not in ("template.yaml", "requirements.txt"):
            golden(f"projects/{slug}/{name}.txt", text)


@BY_SLUG
def test_its_template_is_the_one_that_is_committed_for_the_sample(slug: str) -> None:
    committed = (ROOT / "templates" / f"{slug}.yaml").read_text(encoding="utf-8")
    assert contents(sample_of(slug), "nightly")["template.yaml"] == committed


@pytest.mark.slow
@BY_SLUG
def test_it_is_formatted_and_linted_and_typed(
    folder: Path, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cfngen("new", "nightly", "--sample", slug)
    ruff = Path(sys.executable).with_name("ruff")
    where = folder / "nightly"
    assert (
        ran(ruff, "format", "--check", "--isolated", "--line-length", 100, ".", cwd=where).returncode == 0
    )
    linted = ran(
        ruff, "check", "--isolated", "--select", "E,F,I,UP,B,PT", "--line-length", 110, ".", cwd=where
    )
    assert linted.stdout == "All checks passed!\n"
    monkeypatch.setenv("MYPYPATH", str(ROOT))
    quiet = ("--strict", "--follow-imports=silent", "--ignore-missing-imports", "--no-error-summary")
    cache = ("--cache-dir", ROOT / ".mypy_cache" / "projects")  # what cfngen's own types are is found once
    typed = ran(sys.executable, "-m", "mypy", *quiet, *cache, "workflow.py", "stack.py", cwd=where)
    assert (typed.returncode, typed.stdout) == (0, "")


@pytest.mark.slow
@BY_SLUG
def test_the_placeholders_are_named_until_they_are_replaced(folder: Path, slug: str) -> None:
    said = cfngen("new", "nightly", "--sample", slug).stderr
    marked = sum(
        path.read_text().count("REPLACE-ME:") for path in (folder / "nightly").rglob("*") if path.is_file()
    )
    assert f"{marked} placeholders are marked with REPLACE-ME.\n" in said
    where = folder / "nightly"
    checked = ran(sys.executable, "-m", "cfngen", "check", ".", "--strict", cwd=where)
    assert checked.returncode == (1 if marked else 0)
    assert checked.stdout.count("[PLACEHOLDER]") == marked
    sample = find(slug)
    assert sample is not None
    for meaning in sample.placeholders.values():
        [line] = [line for line in checked.stdout.splitlines() if f" {meaning} [" in line]
        assert "stack.py:" in line
        assert line.endswith(f"a placeholder is left: {meaning} [PLACEHOLDER]")
    for path in (where / "stack.py", where / "Makefile"):
        path.write_text(path.read_text().replace("# REPLACE-ME:", "#"))
    left = ran(sys.executable, "-m", "cfngen", "check", ".", "--strict", cwd=where)
    assert (left.returncode, left.stdout, left.stderr) == (0, "", "")


def test_a_python_target_names_its_placeholders_too(folder: Path) -> None:
    cfngen("new", "nightly")
    checked = ran(sys.executable, "-m", "cfngen", "check", "stack.py:stack", cwd=folder / "nightly")
    assert checked.returncode == 0
    assert checked.stdout.count("[PLACEHOLDER]") == 2
    assert checked.stdout.startswith("warning: stack.py:9:59: ")


def test_the_makefile_lists_what_it_does(folder: Path) -> None:
    cfngen("new", "nightly")
    listed = ran("make", "--no-print-directory", "help", cwd=folder / "nightly").stdout
    assert [line.split()[1] for line in listed.splitlines()] == [
        "help", "template", "test", "check", "deploy", "execute", "clean",
    ]  # fmt: skip


# --- where ---------------------------------------------------------------------------------------


def test_the_current_folder_is_taken_if_it_is_empty(folder: Path) -> None:
    before = folder.stat().st_ino
    assert cfngen("new", ".").exit_code == 0
    assert files(folder) == ALL
    assert folder.stat().st_ino == before


def test_a_link_to_an_empty_folder_is_taken(folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    assert cfngen("new", "link").exit_code == 0
    assert (folder / "link").is_symlink()
    assert files(folder / "real") == ALL


@pytest.mark.parametrize(
    ("folder_name", "message"),
    [
        ("full", "the folder 'full' is not empty: a project needs a new or empty folder"),
        ("file", "'file' is a file: a project needs a new or empty folder"),
        ("broken", "'broken' is a file: a project needs a new or empty folder"),
        ("no/such", "there is no folder '{}/no' for 'no/such'"),
        ("file/in", "there is no folder '{}/file' for 'file/in'"),
        ("", "a project needs the name of a folder"),
        ("x" * 300, f"cannot create {'x' * 300}: {os.strerror(errno.ENAMETOOLONG)}"),
    ],
)
def test_a_folder_that_cannot_be_taken_is_told_and_nothing_is_changed(
    folder: Path, folder_name: str, message: str
) -> None:
    (folder / "full").mkdir()
    (folder / "full" / "mine").write_text("mine")
    (folder / "file").write_text("mine")
    (folder / "broken").symlink_to("nowhere")
    result = cfngen("new", folder_name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {message.format(folder)}\n"
    assert files(folder) == ["file", "full/mine"]
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("is_there", [True, False])
def test_it_is_made_whole_or_not_at_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    if is_there:
        (folder / "nightly").mkdir()
    rename = os.rename
    moved: list[Path] = []

    def fails_at_the_fourth(source: Path, target: Path) -> None:
        if len(moved) == 3:
            raise OSError(28, "the disk is full")
        moved.append(target)
        rename(source, target)

    monkeypatch.setattr(os, "rename", fails_at_the_fourth)
    result = cfngen("new", "nightly")
    assert (result.exit_code, result.stderr) == (2, "error: cannot create nightly: the disk is full\n")
    assert len(moved) == 3
    assert [path.name for path in folder.iterdir()] == (["nightly"] if is_there else [])
    assert files(folder) == []


@pytest.mark.parametrize(
    ("name", "title", "stack"),
    [
        ("nightly", "nightly", "nightly"),
        ("My Jobs 2", "My Jobs 2", "My-Jobs-2"),
        ("작업", "작업", "batch-job-notification"),
        ("été", "été", "ete"),
        ("2nd", "2nd", "nd"),
        ("a'b\"c", "Manage a batch job", "a-b-c"),
        ("$(touch x)", "Manage a batch job", "touch-x"),
        ("`x`\n# y", "Manage a batch job", "x-y"),
        ("-rf", "Manage a batch job", "rf"),
        ("@TITLE@", "Manage a batch job", "TITLE"),
        ("x" * 200, "x" * 200, "x" * 100),
    ],
)
def test_the_name_of_the_folder_is_the_title_and_makes_the_name_of_the_stack(
    folder: Path, name: str, title: str, stack: str
) -> None:
    result = cfngen("new", "--", name)
    assert result.exit_code == 0
    assert (folder / name / "README.md").read_text(encoding="utf-8").startswith(f"# {title}\n")
    assert f"\nSTACK ?= {stack}\n" in (folder / name / "Makefile").read_text(encoding="utf-8")
    assert files(folder / name) == ALL


def test_a_sample_that_there_is_not_is_a_mistake_of_usage(folder: Path) -> None:
    result = cfngen("new", "nightly", "--sample", "nothing")
    assert result.exit_code == 2
    assert "batch-job-notification-fargate" in result.stderr
    assert list(folder.iterdir()) == []


def test_the_files_are_as_public_as_umask_makes_them(folder: Path) -> None:
    old = os.umask(0o022)
    try:
        cfngen("new", "nightly")
    finally:
        os.umask(old)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder / "nightly").iterdir()}
    assert (modes.pop("tests"), set(modes.values())) == (0o755, {0o644})


# --- placeholders elsewhere ----------------------------------------------------------------------


def test_placeholders_are_found_in_text_of_any_kind_and_in_no_installed_package(folder: Path) -> None:
    for path in ("a/one.py", "venv/lib/site-packages/two.py", ".venv/three.py", "node_modules/four.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x = 1  # REPLACE-ME: \xff it\n# REPLACE-ME\n# REPLACE-MENT\n")
    result = cfngen("check", ".")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("warning")] == [
        "warning: ./a/one.py:1:8: /: a placeholder is left: \ufffd it [PLACEHOLDER]",
        "warning: ./a/one.py:2:1: /: a placeholder is left: a value [PLACEHOLDER]",
    ]


def test_a_project_can_be_moved_and_checked_elsewhere(folder: Path) -> None:
    cfngen("new", "nightly")
    shutil.move(folder / "nightly", folder / "other")
    assert cfngen("check", "other").stdout.count("[PLACEHOLDER]") == 2
