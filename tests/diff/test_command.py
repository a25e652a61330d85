"""The command ``cfngen diff`` as people and pipelines run it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cfngen.cli import main
from cfngen.stacks import BatchJobNotification
from cfngen.template import to_yaml

Golden = Callable[[str, str], None]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["diff", *arguments])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.yaml"
    path.write_text(to_yaml(BatchJobNotification().template()), encoding="utf-8")
    return path


def changed(old: Path, *pairs: tuple[str, str]) -> Path:
    text = old.read_text(encoding="utf-8")
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    path = old.with_name("new.yaml")
    path.write_text(text, encoding="utf-8")
    return path


REVIEWED = (
    ("MaxAttempts: 2", "MaxAttempts: 3"),
    ("Next: Notify Success", "Next: Notify All"),
    ("Notify Success:", "Notify All:"),
    ("- batch:SubmitJob", "- batch:*"),
    ("Type: EC2\n", "Type: SPOT\n"),
)


def test_equal_templates_do_not_differ(old: Path) -> None:
    result = run(str(old), str(old))
    assert (result.exit_code, result.stdout) == (0, "no differences\n")


@pytest.mark.parametrize("style", ["text", "markdown", "json", "github"])
def test_a_change_is_told_in_every_format(old: Path, style: str, golden: Golden) -> None:
    new = changed(old, *REVIEWED)
    result = run(str(old), str(new), "--format", style)
    assert result.exit_code == 0
    golden(f"diff/sample.{style}.txt", result.stdout.replace(f"{old.parent}/", ""))


def test_both_forms_of_a_definition_are_equal(old: Path) -> None:
    new = old.with_name("string.yaml")
    new.write_text(to_yaml(BatchJobNotification().template(), definition="string"), encoding="utf-8")
    assert run(str(old), str(new)).stdout == "no differences\n"


def test_a_template_equals_the_python_that_makes_it(old: Path) -> None:
    assert run("batch-job-notification", str(old)).stdout == "no differences\n"


def test_a_definition_is_compared_with_the_machine_of_a_template(old: Path, tmp_path: Path) -> None:
    definition = tmp_path / "m.asl.json"
    definition.write_text(json.dumps(BatchJobNotification().machine().workflow.to_asl()), encoding="utf-8")
    text = run(str(definition), str(old)).stdout
    assert "Resource" in text  # the ARN in which the template leaves the partition open
    assert "resources" not in text


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ("broader-permissions", 1),
        ("unneeded-permissions", 1),
        ("possible-replacement,flow", 1),
        ("replacement", 0),
        ("removal,trust", 0),
    ],
)
def test_a_pipeline_fails_on_the_kinds_that_it_names(old: Path, kinds: str, code: int) -> None:
    assert run(str(old), str(changed(old, *REVIEWED)), "--fail-on", kinds).exit_code == code


def test_a_kind_that_there_is_not_is_refused(old: Path) -> None:
    result = run(str(old), str(old), "--fail-on", "permissions")
    assert result.exit_code == 2
    assert "there is no kind 'permissions'; " in result.stderr
    result = run(str(old), str(old), "--fail-on", "any,Replacements")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "Error: Invalid value for '--fail-on': there is no kind 'Replacements'; did you mean 'replacement'?",
    )


@pytest.mark.parametrize("kinds", ["", " ", ","])
def test_a_pipeline_that_names_no_kind_is_told(old: Path, kinds: str) -> None:
    """Such as one whose variable is not set: it would never fail."""
    result = run(str(old), str(old), "--fail-on", kinds)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "it names no kind: flow, " in result.stderr


def test_what_is_lost_is_annotated_and_nothing_else_is_a_line(old: Path, tmp_path: Path) -> None:
    assert run(str(old), str(old), "--format", "github").stdout == ""
    table = {"Resources": {"T\u202e\n::error::x": {"Type": "AWS::DynamoDB::Table"}}}
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(table), encoding="utf-8")
    after.write_text('{"Resources": {}}', encoding="utf-8")
    [line] = run(str(before), str(after), "--format", "github").stdout.splitlines()
    assert line.startswith("::warning file=")
    assert "T\\u202e ::error::x (AWS::DynamoDB::Table): removed" in line


@pytest.mark.parametrize(
    ("style", "place"),
    [("text", "Comment"), *((style, "Result") for style in ("text", "json", "markdown", "github"))],
)
def test_values_may_be_nested_deeper_than_functions_call_themselves(
    style: str, place: str, tmp_path: Path
) -> None:
    files = []
    for leaf in (1, 2):
        inside = '[{"a":' * 480 + str(leaf) + "}]" * 480
        state = f'{{"Type": "Pass", "{place}": {inside}, "End": true}}'
        files.append(tmp_path / f"{leaf}.json")
        files[-1].write_text(f'{{"StartAt": "S", "States": {{"S": {state}}}}}', encoding="utf-8")
    result = run(*map(str, files), "--format", style)
    assert (result.exit_code, result.exception) == (0, None)
    assert "/a/0/a" in result.stdout or style == "github"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("only.yaml",), "Two sides are compared"),
        (("a.yaml", "b.yaml", "c.yaml"), "Two sides are compared"),
        (("missing.yaml", "missing.yaml"), "missing.yaml"),
        (("git:main", "x.yaml"), "'git:main' is not of the form git:REVISION:PATH"),
    ],
)
def test_misuse_is_told_in_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1, 2]", b"{", b"a: b"])
def test_a_file_that_is_no_machine_is_told(content: bytes, old: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    result = run(str(old), str(path))
    assert result.exit_code == 2
    assert "broken.yaml" in result.stderr


class Repository:
    """A repository with one commit, in which files are changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet")
        self.git("config", "user.email", "a@example.com")
        self.git("config", "user.name", "A")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "--quiet", "-m", "x")


def machine(**states: Any) -> str:
    return json.dumps({"StartAt": next(iter(states)), "States": states})


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    folder = tmp_path / "repo"
    (folder / "infra").mkdir(parents=True)
    repository_of_folder = Repository(folder)
    template = {
        "Resources": {
            "M": {
                "Type": "AWS::Serverless::StateMachine",
                "Properties": {"DefinitionUri": "m.asl.json", "Role": "arn:aws:iam::123456789012:role/r"},
            }
        }
    }
    (folder / "infra" / "template.json").write_text(json.dumps(template))
    (folder / "infra" / "m.asl.json").write_text(machine(A={"Type": "Succeed"}))
    (folder / "infra" / "gone.asl.json").write_text(machine(G={"Type": "Succeed"}))
    (folder / "infra" / "notes.json").write_text("{}")
    repository_of_folder.commit()
    (folder / "infra" / "m.asl.json").write_text(machine(B={"Type": "Fail"}))
    (folder / "infra" / "gone.asl.json").unlink()
    (folder / "infra" / "new.asl.json").write_text(machine(N={"Type": "Succeed"}))
    monkeypatch.chdir(folder)
    return repository_of_folder


def test_a_file_is_compared_with_what_it_was(repository: Repository) -> None:
    result = run("git:HEAD:infra/template.json", "infra/template.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "git:HEAD:infra/template.json -> infra/template.json\n"
        "state machine M\n"
        "  flow\n"
        '    ~ StartAt: "A" -> "B"\n'
        "    + B (Fail)\n"
        "    - A (Succeed)\n"
        "  executions under way\n"
        "    they go on with the old definition; those that are started now have the new one\n"
    )


def test_a_file_of_a_folder_that_can_no_longer_be_read_is_told(repository: Repository) -> None:
    """Or a change that cfngen cannot read would deploy as one that changes nothing."""
    path = repository.folder / "infra" / "template.json"
    text = path.read_text()
    path.write_text(text.replace("{", "{,", 1))
    result = run("--against", "HEAD", "infra")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: infra/template.json:1:2: ")
    repository.commit()
    named = run("--against", "HEAD", "infra/template.json")
    assert named.stderr.startswith("error: HEAD:infra/template.json:1:2: ")
    path.write_text(text)
    result = run("--against", "HEAD", "infra")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "+ the whole state machine" in result.stdout


def test_a_file_of_a_folder_that_is_of_another_kind_now_is_gone(repository: Repository) -> None:
    (repository.folder / "infra" / "template.json").write_text("{}")
    result = run("--against", "HEAD", "infra")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "- the whole state machine" in result.stdout


def test_a_folder_is_compared_with_what_it_was(repository: Repository) -> None:
    result = run("--against", "HEAD", "infra")
    assert (result.exit_code, result.stderr) == (0, "")
    heads = [line for line in result.stdout.splitlines() if " -> infra/" in line]
    assert heads == [
        "HEAD:infra/m.asl.json -> infra/m.asl.json",
        "HEAD:infra/new.asl.json -> infra/new.asl.json",
        "HEAD:infra/template.json -> infra/template.json",
        "HEAD:infra/gone.asl.json -> infra/gone.asl.json",
    ]


@pytest.mark.parametrize(
    ("revision", "path", "said"),
    [
        ("nowhere", "infra/template.json", "git knows no revision 'nowhere'"),
        ("--output=x", "infra/template.json", "git knows no revision '--output=x'"),
        ("HEAD", "infra/other.json", "there is no infra/other.json in HEAD"),
    ],
)
def test_a_revision_that_there_is_not_is_told(
    repository: Repository, revision: str, path: str, said: str
) -> None:
    result = run(f"git:{revision}:{path}", "infra/template.json")
    assert (result.exit_code, result.stderr) == (2, f"error: {said}\n")


def test_what_is_compared_with_a_revision_is_in_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "m.asl.json").write_text(machine(A={"Type": "Succeed"}))
    result = run("--against", "HEAD", "m.asl.json")
    assert result.exit_code == 2
    assert "git rev-parse" in result.stderr


# --- the picture ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["change.svg", "change.html"])
def test_both_sides_are_drawn_with_labels_and_badges(old: Path, name: str) -> None:
    new = changed(old, ("MaxAttempts: 2", "MaxAttempts: 3"))
    added = {"Type": "Pass", "End": True}
    new.write_text(
        new.read_text().replace(
            "          Notify Failure:",
            f"          Give Up: {json.dumps(added)}\n          Notify Failure:",
        )
    )
    result = run(str(old), str(new), "-o", str(old.with_name(name)))
    assert (result.exit_code, result.stderr) == (0, f"{old.with_name(name)}: both sides in one picture\n")
    text = old.with_name(name).read_text(encoding="utf-8")
    for state, mark in (("Submit Batch Job", "changed"), ("Give Up", "added")):
        assert re.search(rf'class="state [^"]*marked {mark}" role="img">\n<title>[^<]*{state}', text)
        assert re.search(rf'class="caption"[^>]*>[^<]*{mark}', text)
    assert text.count('class="badge"') == 2


def test_a_removed_state_is_drawn_where_it_stood(tmp_path: Path) -> None:
    end = {"Type": "Pass", "End": True}
    gone = {"Type": "Wait", "Seconds": 1, "Next": "B"}
    (tmp_path / "old.asl.json").write_text(machine(A={"Type": "Pass", "Next": "W"}, W=gone, B=end))
    (tmp_path / "new.asl.json").write_text(machine(A={"Type": "Pass", "Next": "B"}, B=end))
    result = run(
        *(str(tmp_path / f"{side}.asl.json") for side in ("old", "new")), "-o", str(tmp_path / "c.svg")
    )
    assert result.exit_code == 0
    assert re.search(r'marked removed" role="img">\n<title>[^<]*W', (tmp_path / "c.svg").read_text())


def test_a_machine_is_drawn_beside_what_it_was_in_a_revision(repository: Repository) -> None:
    result = run("--against", "HEAD", "infra", "-o", "c.html", "--machine", "M")
    assert (result.exit_code, result.stderr) == (0, "c.html: both sides in one picture\n")
    page = (repository.folder / "c.html").read_text(encoding="utf-8")
    assert re.search(r'marked removed" role="img">\n<title>[^<]*A', page)
    assert re.search(r'marked added" role="img">\n<title>[^<]*B', page)
    assert "HEAD:infra/template.json -&gt; infra/template.json" in page


def test_one_of_several_machines_is_named_with_its_file(repository: Repository) -> None:
    result = run("--against", "HEAD", "infra", "-o", "c.svg")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: several machines changed: name one of the definition in infra/m.asl.json, "
        "the definition in infra/new.asl.json, M in infra/template.json, "
        "the definition in infra/gone.asl.json with --machine\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "x.png"), "-o takes a FILE.svg or .html"),
        (("-o", "x.svg"), "no state machine changed: there is nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_told(old: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run(str(old), str(old), *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
