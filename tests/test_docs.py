"""The README and docs/ say what is so: examples run, excerpts are excerpts, links lead somewhere."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import shlex
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cfngen import Workflow
from cfngen.cli import main
from cfngen.documents.source import parse
from cfngen.inputs.auditing import audit_file
from tests.rows import each_row

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / folder / "README.md" for folder in ("benchmarks", "examples")),
]
IN_REPOSITORY = (
    "https://github.com/cfngen/cfngen/blob/main/",
    "https://raw.githubusercontent.com/cfngen/cfngen/main/",
)
TEMPLATE = ROOT / "templates" / "batch-job-notification.yaml"


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    pattern = rf"^```{language}\n(.*?)^```$"
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, language, found[1])
        for found in re.finditer(pattern, text, re.MULTILINE | re.DOTALL)
    ]


EXAMPLES = [block for page in PAGES for block in blocks(page, "python")]
COMMANDS = [
    line.removeprefix("$ ")
    for line in "".join(block.text for block in blocks(ROOT / "README.md", "console")).splitlines()
    if line.startswith("$ cfngen ")
]


def printed_by(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    names = save_files(block.page, folder)
    printed = io.StringIO()
    namespace: dict[str, Any] = {"__name__": "example"}
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, str(block), "exec"), namespace)
        for name, value in namespace.items():
            if name.startswith("test_") and not inspect.signature(value).parameters:
                value()
    for name in names:
        sys.modules.pop(name, None)
    return printed.getvalue()


def save_files(page: Path, folder: Path) -> list[str]:
    """Save what a page says to save as a file; return the names of the modules."""
    text = page.read_text(encoding="utf-8")
    saved = re.findall(
        r"Save this as `(\w+)\.py`.*?\n\n?```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    )
    for name, program in saved:
        (folder / f"{name}.py").write_text(program, encoding="utf-8")
    return [name for name, _ in saved]


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, marks=pytest.mark.emulator if "emulator(" in block.text else ())
        for block in EXAMPLES
    ],
    ids=str,
)
def test_an_example_runs(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a policy that an example leaves wide on purpose
        printed_by(block, tmp_path, monkeypatch)


@pytest.mark.emulator
def test_the_readme_s_commands_run_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) > 4
    for command in COMMANDS:
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert (command, result.exit_code) == (command, 0)


def test_the_readme_s_workflow_becomes_a_template_by_the_command_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workflow = next(block for block in EXAMPLES if 'Topic("Nights")' in block.text)
    Path("nightly.py").write_text(workflow.text, encoding="utf-8")
    result = CliRunner().invoke(main, ["template", "nightly.py:template"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Type: AWS::StepFunctions::StateMachine" in result.stdout


def test_the_tutorial_s_commands_say_nothing_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_files(ROOT / "docs" / "tutorial.md", tmp_path)
    for command in (
        "graph reports.py:workflow",
        "policy reports.py:workflow --explain",
        "template reports.py:template -o reports.yaml",
        "lint reports.yaml",
        "audit reports.yaml --strict",
    ):
        result = CliRunner().invoke(main, shlex.split(command))
        assert (command, result.exit_code) == (command, 0)


def test_the_tutorial_shows_the_mistake_that_it_lets_one_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "tutorial.md"
    save_files(page, tmp_path)
    program = Path("reports.py").read_text(encoding="utf-8")
    mistaken = program.replace('Fail("No Report")', 'Goto("Writ")').replace("Fail, ", "Goto, ")
    Path("reports.py").write_text(mistaken, encoding="utf-8")
    result = CliRunner().invoke(main, ["template", "reports.py:template", "-o", "reports.yaml"])
    assert f"-o reports.yaml\n{result.stderr}```" in page.read_text(encoding="utf-8")


def test_the_page_on_audits_lists_the_codes() -> None:
    house = ROOT / "cfngen" / "audit"
    sources = "".join(path.read_text(encoding="utf-8") for path in house.glob("*.py"))
    codes = set(re.findall(r'^[A-Z_]+(?:: Final)? = "([A-Z]+(?:_[A-Z]+)+)"', sources, re.MULTILINE))
    assert len(codes) > 12
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert {code for code in codes if f"`{code}`" not in page} == set()


@pytest.mark.slow
def test_the_page_on_moving_shows_the_same_workflow_each_time(tmp_path: Path) -> None:
    page = ROOT / "docs" / "moving.md"
    namespace: dict[str, Any] = {}
    exec(blocks(page, "python")[0].text, namespace)
    sam, serverless = (parse(block.text, str(block)).data for block in blocks(page, "yaml"))
    definitions = (
        sam["Resources"]["Nightly"]["Properties"]["Definition"],
        serverless["stepFunctions"]["stateMachines"]["nightly"]["definition"],
    )
    outline = str(Workflow(namespace["run"], TimeoutSeconds=3600))
    assert [str(Workflow.read(definition)) for definition in definitions] == [outline, outline]
    (tmp_path / "sam.yaml").write_text(blocks(page, "yaml")[0].text, encoding="utf-8")
    findings = audit_file(str(tmp_path / "sam.yaml"))
    assert [finding for finding in findings if finding.problem.severity == "error"] == []


def test_the_page_on_the_architecture_names_what_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", page))
    assert len(named) > 25
    assert [
        name for name in sorted(named) if not any((top / name).exists() for top in (ROOT, ROOT / "cfngen"))
    ] == []
    rooms = {path.name for path in (ROOT / "cfngen").iterdir() if (path / "__init__.py").exists()}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in page] == []


@pytest.fixture
def excerpt(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Compare the first block after a line of a page with what it is taken from."""

    def compare(page: Path, after: str, language: str, text: str) -> None:
        content = page.read_text(encoding="utf-8")
        start = content.index(f"```{language}\n", content.index(after)) + len(f"```{language}\n")
        end = content.index("```\n", start)
        if request.config.getoption("--goldens"):
            page.write_text(content[:start] + text + content[end:], encoding="utf-8")
            return
        assert content[start:end] == text

    return compare


def test_the_readme_shows_the_first_thirty_lines_of_the_template(excerpt: Callable[..., Any]) -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines(keepends=True)
    excerpt(ROOT / "README.md", "<!-- the first thirty lines", "yaml", "".join(lines[:30]))


def test_the_page_on_reviews_shows_a_change_of_the_sample(excerpt: Callable[..., Any]) -> None:
    shown = ROOT / "tests" / "goldens" / "diff" / "sample.text.txt"
    excerpt(ROOT / "docs" / "diff.md", "<!-- what a change", "text", shown.read_text(encoding="utf-8"))


def test_the_page_on_stacks_lists_the_options(excerpt: Callable[..., Any]) -> None:
    listed = CliRunner(env={"COLUMNS": "100"}).invoke(main, ["options", "batch-job-notification"]).stdout
    excerpt(ROOT / "docs" / "stacks.md", "<!-- the options", "text", listed)


def test_the_page_on_the_language_shows_what_its_example_prints(
    excerpt: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "docs" / "language.md"
    example = next(block for block in blocks(page, "python") if "print(" in block.text)
    excerpt(page, "\nprints\n", "text", printed_by(example, tmp_path, monkeypatch))


def test_the_page_on_audits_shows_what_its_example_prints(
    excerpt: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "docs" / "audit.md"
    example = next(block for block in blocks(page, "python") if "print(" in block.text)
    excerpt(page, "\nprints\n", "text", printed_by(example, tmp_path, monkeypatch))


def test_the_page_on_graphs_shows_what_the_terminal_shows(excerpt: Callable[..., Any]) -> None:
    drawn = CliRunner().invoke(main, ["graph", "batch-job-notification"]).stdout
    excerpt(ROOT / "docs" / "graph.md", "<!-- the drawing", "text", drawn)


def test_the_picture_of_the_readme_is_that_of_the_sample(tmp_path: Path) -> None:
    drawing = tmp_path / "made.svg"
    CliRunner().invoke(main, ["graph", "batch-job-notification", "-o", str(drawing)])
    assert drawing.read_bytes() == (ROOT / "docs" / "batch-job-notification.svg").read_bytes()


def test_what_is_installed_comes_from_a_clone_or_its_address() -> None:
    """No index has cfngen before its first release; the README says what to write after it."""
    released = "Once it is released,\n`pip install 'cfngen[local]'` takes the place of"
    commands = [
        (page.name, command)
        for page in PAGES
        for command in re.findall(
            r"pip install [^`\n]*", page.read_text(encoding="utf-8").replace(released, "")
        )
        if not re.search(r"'\.\[[\w,]+\]'|'cfngen\[[\w,]+\] @ git\+https:", command)
    ]
    assert commands == []


@each_row("page", PAGES, ids=lambda page: page.name)
def test_a_link_into_the_repository_leads_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    relative = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    generated = "reference/" if page.name == "index.md" else "no page"  # tests/test_reference.py has those
    wrong = [
        link for link in relative if not (page.parent / link).exists() and not link.startswith(generated)
    ]
    assert wrong == []
    absolute = re.findall(rf"\]\((?:{'|'.join(IN_REPOSITORY)})([^)#]+)", text)
    assert [link for link in absolute if not (ROOT / link).exists()] == []


def test_every_page_has_its_place_in_the_site() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"^([\w/-]+)$", "".join(re.findall(r"```{toctree}(.*?)```", index, re.DOTALL)), re.MULTILINE
    )
    pages = [path.stem for path in (ROOT / "docs").glob("*.md") if path.stem != "index"]
    assert sorted(listed) == sorted([*pages, "reference/index"])


def test_the_readme_has_no_link_that_leads_nowhere_on_the_page_of_an_index() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((?!https:)[^)]+\)", readme) == []
    assert len(re.findall(rf"\]\({IN_REPOSITORY[0]}", readme)) > 20
