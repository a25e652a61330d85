"""Rules that a project ignores or warns of, everywhere or at one place, and how findings are shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cfngen.asl.rules import catalog
from cfngen.cli import main
from cfngen.inputs import configuration

CHOICE = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "Nowhere"}]}
MACHINE = {"StartAt": "A", "States": {"A": {**CHOICE}}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is a repository and has a machine."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "m.asl.json").write_text(json.dumps(MACHINE))
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def rules(result: Result) -> list[tuple[str, str]]:
    return [(it["severity"], it["rule"]) for it in json.loads(result.stdout)] if result.stdout else []


BOTH = [("warning", "asl-choice-has-a-default"), ("error", "asl-targets-exist")]


@pytest.mark.parametrize(
    ("options", "found", "code"),
    [
        ((), BOTH, 1),
        (("--ignore", "asl-targets-exist"), BOTH[:1], 0),
        (("--ignore", "MISSING_TRANSITION_TARGET"), BOTH[:1], 0),
        (("--warn", "asl-targets-exist"), [BOTH[0], ("warning", "asl-targets-exist")], 0),
        (("--ignore", "asl-targets-exist:/States/A"), BOTH[:1], 0),
        (("--ignore", "asl-targets-exist:/States/B"), BOTH, 1),
        (("--ignore", "asl-targets-exist:m.asl.json"), BOTH[:1], 0),
        (("--ignore", "asl-targets-exist:n*.json"), BOTH, 1),
        (("--ignore", "asl-targets-exist:*.json#/States/A/Choices"), BOTH[:1], 0),
        (("--ignore", "asl-targets-exist:*.json#/States/A/Default"), BOTH, 1),
    ],
)
def test_a_rule_is_ignored_or_warned_of(
    options: tuple[str, ...], found: list[tuple[str, str]], code: int
) -> None:
    result = check("m.asl.json", "--format", "json", *options)
    assert (rules(result), result.exit_code) == (found, code)


def test_a_project_says_it_once(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.cfngen]\nignore = ["asl-targets-exist"]\n')
    assert rules(check("m.asl.json", "--format", "json")) == BOTH[:1]
    (folder / "pyproject.toml").write_text("[tool.cfngen]\nignore = 1\n")
    assert check("m.asl.json").exit_code == 2


def test_sarif_says_where_a_rule_is_explained() -> None:
    run = json.loads(check("m.asl.json", "--format", "sarif").stdout)["runs"][0]
    rule = run["tool"]["driver"]["rules"][1]
    assert (rule["id"], rule["name"]) == ("asl-targets-exist", "MISSING_TRANSITION_TARGET")
    assert rule["helpUri"].endswith("docs/rules.md#asl-targets-exist")
    assert rule["shortDescription"]["text"] == "Targets exist"


def test_what_is_quoted_has_a_mark_and_no_characters_that_a_terminal_obeys(folder: Path) -> None:
    name = "\u202e##[error]\u009b"
    (folder / "m.asl.json").write_text(
        f'{{"StartAt": "A",\n"States": {{"{name}": {{"Type": "Pass", "End": 1}}}}}}'
    )
    for style in ("text", "github"):
        shown = check("m.asl.json", "--format", style).stdout
        assert shown.replace("\n", "").isprintable()
    lines = check("m.asl.json").stdout.splitlines()
    assert all(line.startswith(("error: ", "warning: ", "    hint: ", "  | ")) for line in lines)


def test_a_folder_without_a_machine_is_no_folder_to_check(folder: Path) -> None:
    (folder / "m.asl.json").unlink()
    result = check(".")
    assert (result.exit_code, result.stderr) == (2, "error: there is no state machine in .\n")


def test_a_file_of_a_template_is_told_once(folder: Path) -> None:
    machine = {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": "m.asl.json"}}
    (folder / "t.json").write_text(json.dumps({"Resources": {"M": machine}}))
    assert rules(check(".", "--format", "json")) == BOTH


def test_api_models_are_used_unless_they_are_left_out(folder: Path) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"Mesage": "m"},
        "End": True,
    }
    (folder / "m.asl.json").write_text(json.dumps({"StartAt": "A", "States": {"A": task}}))
    assert {rule for _, rule in rules(check("m.asl.json", "--format", "json"))} == {"api-arguments"}
    assert check("m.asl.json", "--no-apis").output == ""


def test_a_rule_that_there_is_not_is_told_with_the_nearest() -> None:
    result = check("m.asl.json", "--ignore", "asl-target-exist", "--warn", "E3601", "--format", "json")
    assert (
        "warning: there is no rule 'asl-target-exist'; did you mean 'asl-targets-exist'?" in result.stderr
    )
    assert (rules(result), "E3601" in result.stderr) == (BOTH, False)


def test_the_rules_in_the_words_of_the_settings_are_rules() -> None:
    known = {rule.id for rule in catalog()}
    assert set(re.findall("asl-[a-z-]+", configuration.__doc__ or "")) <= known
