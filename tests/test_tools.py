"""What is written by a tool and committed: it is what the tool would write."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from collections import Counter
from importlib import import_module
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore
import pytest

from cfngen.tasks import integrations
from cfngen.tasks.batch import SubmitJob
from cfngen.tasks.sns import Publish
from tools import arguments, checkov_findings, lowest

ROOT = Path(__file__).parent.parent
MODULE = '''"""A service."""


@frozen(kw_only=True)
class Run(ServiceTask):
    """Runs.

    Written by hand.
    """

    Gone: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "batch"
    action = "submitJob"
    grants = (by_hand,)
'''


def test_the_arguments_of_the_classes_are_those_of_the_listing(capsys: pytest.CaptureFixture[str]) -> None:
    assert (arguments.main(["--check"]), capsys.readouterr().err) == (0, "")


def test_the_listing_is_what_the_models_offer() -> None:
    """A newer botocore may offer more, until the listing is written anew, but it takes nothing away."""
    if arguments.version() == botocore.__version__:
        assert arguments.LISTING.read_text(encoding="utf-8") == arguments.listing()
        return
    for integration, listed in arguments.listed().items():
        offered = list(arguments.of_models(*integration.split(":")))
        assert {name for name, *_ in listed} <= {name for name, *_ in offered}, integration


def test_the_listing_has_every_integration() -> None:
    names = [f"{task.service}:{task.action}" for task in integrations()]
    assert list(arguments.listed()) == names


def test_arguments_are_written_between_what_is_written_by_hand() -> None:
    members = [("JobName", "text", True), ("Tags", "map", False), ("Name", "any", False)]
    assert arguments.written(MODULE, SubmitJob, members) == MODULE.replace(
        "    Gone: DynamicText | None = None\n",
        "    JobName: DynamicText\n    Tags: DynamicMapping | None = None\n    Name_: PayloadValue = None\n",
    )


def test_what_is_written_once_stays() -> None:
    members = [("JobName", "text", True)]
    once = arguments.written(MODULE, SubmitJob, members)
    assert arguments.written(once, SubmitJob, members) == once


def test_an_integration_without_a_class_is_told() -> None:
    with pytest.raises(LookupError, match="no class in the module of sns has the action 'publish'"):
        arguments.written(MODULE, Publish, [])


def test_a_class_that_differs_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {**arguments.listed(), "glue:startJobRun": [("JobName", "text", True)]}
    monkeypatch.setattr(arguments, "listed", lambda: listed)
    assert arguments.main(["--check"]) == 1
    assert "cfngen/tasks/glue.py: is not as the listing says" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("requirement", "bound"),
    [
        ("click>=8.1.7", ("click", "8.1.7")),
        ("moto[server]>=5.2.4", ("moto", "5.2.4")),
        ("a>=65,<81", ("a", "65")),
    ],
)
def test_a_requirement_has_a_lower_bound(requirement: str, bound: tuple[str, str]) -> None:
    assert lowest.bound(requirement) == bound


def test_all_that_users_install_has_a_lower_bound() -> None:
    names = {*lowest.constraints()}
    assert {"troposphere", "cfn-lint", "moto", "botocore", "awscli", "resvg-py"} <= names
    assert not {"mypy", "hypothesis", "matplotlib", "sphinx", "twine"} & names


def test_of_two_lower_bounds_the_higher_one_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowest, "requirements", lambda: iter(["click>=8.2", "click>=8.10.1", "click>=8.9"]))
    assert lowest.constraints() == {"click": "8.10.1"}


def test_the_page_on_the_installation_counts_the_packages_of_every_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")  # as a script has it
    settings = configparser.ConfigParser()
    settings.read(lowest.SETTINGS, encoding="utf-8")
    extras = {*settings["options.extras_require"]} - {*lowest.OTHERS}
    assert {*import_module("release").stated()} == {"", *extras}


def test_the_benchmarks_have_a_figure_for_every_row_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    starts = import_module("figures").ROWS
    table = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("| measured |")[2].partition("\n\n")[0]
    )
    rows = table.splitlines()[2:]
    assert [next(start for start in starts if row.startswith(f"| {start}")) for row in rows] == [*starts]


def test_what_the_page_says_of_checkov_s_findings_is_compared_with_its_answer() -> None:
    page = checkov_findings.documented((ROOT / "docs" / "stacks.md").read_text(encoding="utf-8"))
    templates = {path.stem for path in (ROOT / "templates").iterdir()}
    assert page.templates["CKV_AWS_117"] == {"batch-fan-out", "batch-with-lambda"}
    assert set().union(*page.templates.values()) <= templates
    failed = [
        {"check_id": rule, "file_path": "/batch-job-notification.yaml"}
        for rule in ("CKV_AWS_26", "CKV_AWS_999")
    ]
    report = {"results": {"failed_checks": failed}, "summary": {"passed": 7}}
    checkov = checkov_findings.answered(report)
    told = list(checkov_findings.differences(page, checkov))
    assert told[0] == f"the page counts {page.findings} of {page.answers}, checkov 2 of 9"
    assert told[-1] == "CKV_AWS_999: the page names [], checkov ['batch-job-notification']"
    assert not any(line.startswith("CKV_AWS_26:") for line in told)
    assert list(checkov_findings.differences(page, page)) == []


@pytest.fixture
def mutants(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "tools")  # as a script has it
    return import_module("mutants")


def test_mutants_are_drawn_from_every_module_that_decides(mutants: Any) -> None:
    """A module that is new is among them, and has tests."""
    every = mutants.modules()
    assert {"cfngen.iam.merge", "cfngen.asl.rules", "cfngen.tasks.grants", "cfngen.workflow"} <= {*every}
    assert not {"cfngen.tasks.batch", "cfngen.views.service_names", "cfngen.local.server"} & {*every}
    tests = {path for module in every for path in mutants.tests_of(module)}
    assert [path for path in tests if not (ROOT / path).exists()] == []
    assert all(mutants.tests_of(module) for module in every)
    assert mutants.tests_of("cfngen.iam.merge") == ["tests/iam"]


def test_mutants_of_a_room_are_those_of_its_modules(mutants: Any) -> None:
    assert mutants.modules(["core.problems", "cfngen.core.walk"]) == [
        "cfngen.core.problems",
        "cfngen.core.walk",
    ]
    rules = [name for name in mutants.modules() if name.startswith("cfngen.asl.rules")]
    assert mutants.modules(["asl.rules"]) == rules
    with pytest.raises(LookupError, match=r"asl\.rule$"):
        mutants.modules(["asl.rule"])


def test_every_mutant_changes_one_place(mutants: Any) -> None:
    module = "cfngen.iam.evaluate"
    source = ast.unparse(ast.parse((ROOT / "cfngen/iam/evaluate.py").read_text(encoding="utf-8")))
    drawn = [mutants.mutant_of(module, number) for number in range(mutants.faults(module))]
    texts = [ast.unparse(mutant.tree) for mutant in drawn]
    assert source not in texts
    assert len({*texts}) == len(texts)
    changed = [Counter(text.splitlines()) - Counter(source.splitlines()) for text in texts]
    assert {lines.total() for lines in changed} == {1}
    assert all(mutant.line in mutant.lines for mutant in drawn)


def test_every_mutant_that_changes_nothing_is_of_a_line_that_there_is(mutants: Any) -> None:
    for module, text, _ in mutants.EQUIVALENT:
        path = ROOT / f"{module.replace('.', '/')}.py"
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        assert text in lines, (module, text)


def test_of_mutants_that_count_a_share_is_caught(mutants: Any, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = iter(mutants.Outcome)
    tests = SimpleNamespace(outcome=lambda mutant, folders: next(outcomes))
    drawn = [mutants.mutant_of("cfngen.iam.merge", number) for number in range(5)]
    assert mutants.report(drawn, tests, inf) == (
        0.5,
        "2 of 4 were caught, 50.0%; at least 95% must; 1 were caught by running without end; 1 cannot be imported",
    )
    assert capsys.readouterr().out.splitlines() == [
        f"got through: {drawn[0]}",
        f"got through, no test of its room runs it: {drawn[1]}",
    ]


@pytest.mark.slow
def test_a_mutant_is_caught_by_the_tests_that_run_it() -> None:
    command = [sys.executable, "tools/mutants.py", "--seed", "2", "--count", "1", "history.values"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1] == "1 of 1 were caught, 100.0%; at least 95% must", ended
