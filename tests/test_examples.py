"""What people copy: each example has its template, its picture and its test, and nothing speaks against it."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from cfngen.cli import main
from cfngen.inputs.auditing import audit_file
from cfngen.template import problems, to_yaml
from cfngen.template.lint import ALL_REGIONS, lint_file

EXAMPLES = Path(__file__).parent.parent / "examples"
REGIONS = {"http_connection": ("us-east-1", "eu-west-1")}
"""Where there is all that an example takes; elsewhere in every region."""
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py") if not path.stem.startswith("test_"))

every_example = pytest.mark.parametrize("name", NAMES)


def template_of(name: str) -> Path:
    return EXAMPLES / "templates" / f"{name}.yaml"


@pytest.fixture
def example(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the program, imported as its test imports it."""
    if str(EXAMPLES) not in sys.path:
        monkeypatch.syspath_prepend(EXAMPLES)
    return import_module(name)


def test_there_are_ten_and_nothing_beside_them() -> None:
    assert len(NAMES) == 10
    files = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.*")}
    assert {file for file in files if "__pycache__" not in file} == {
        "README.md",
        *(
            file
            for name in NAMES
            for file in (f"{name}.py", f"test_{name}.py", f"templates/{name}.yaml", f"pictures/{name}.svg")
        ),
    }


@every_example
def test_the_committed_template_is_what_the_program_makes(
    name: str, example: ModuleType, request: pytest.FixtureRequest
) -> None:
    text = to_yaml(example.template)
    if request.config.getoption("--goldens"):
        template_of(name).write_bytes(text.encode())
    assert template_of(name).read_bytes().decode() == text


@every_example
def test_the_picture_is_that_of_the_workflow(
    name: str, example: ModuleType, request: pytest.FixtureRequest
) -> None:
    picture = EXAMPLES / "pictures" / f"{name}.svg"
    if request.config.getoption("--goldens"):
        picture.write_bytes(example.workflow.graph().svg().encode())
    assert picture.read_bytes().decode() == example.workflow.graph().svg()


@every_example
def test_it_is_checked_and_within_the_limits(name: str, example: ModuleType) -> None:
    checked = CliRunner().invoke(main, ["check", "--strict", str(template_of(name))])
    assert (checked.exit_code, checked.output) == (0, "")
    assert problems(example.template) == []


@every_example
def test_its_role_allows_what_it_needs_and_no_more(name: str) -> None:
    findings = audit_file(str(template_of(name)), strict=True)
    assert [str(finding.problem) for finding in findings] == []


@every_example
@pytest.mark.long
def test_cfn_lint_has_nothing_to_say(name: str) -> None:
    assert lint_file(template_of(name), regions=REGIONS.get(name, ALL_REGIONS)) == []


@every_example
def test_the_page_shows_it(name: str) -> None:
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert {f"({name}.py)", f"(test_{name}.py)", f"(templates/{name}.yaml)"} <= {
        *re.findall(r"\([\w/.]+\)", page)
    }
    assert f"](pictures/{name}.svg)" in page
