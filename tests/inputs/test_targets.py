"""Targets in Python: which value of a file is meant, and templates as the YAML that they are written as."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from awacs.aws import Allow, Statement
from click.testing import CliRunner, Result
from troposphere import Template
from troposphere.sns import Topic

from cfngen import Pass, Workflow
from cfngen.cli import main
from cfngen.stacks import StateMachine
from cfngen.stacks.options import StackError

NIGHTLY = """
from troposphere import Ref
from troposphere.sns import Topic
from cfngen import Workflow
from cfngen.stacks import StateMachine
from cfngen.tasks import sns

workflow = Workflow(sns.Publish("Tell", TopicArn=Ref("Topic"), Message="Done"))
stack = StateMachine(workflow, name="Nightly")
template = stack.template()
template.add_resource(Topic("Topic"))
"""


def cfngen(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nightly.py").write_text(NIGHTLY)
    return tmp_path


def test_the_template_of_a_file_is_meant_before_its_stack() -> None:
    assert "Type: AWS::SNS::Topic" in cfngen("template", "nightly.py").stdout


def test_the_stack_of_a_file_is_meant_before_its_workflow(folder: Path) -> None:
    (folder / "two.py").write_text(NIGHTLY.partition("template =")[0])
    assert "StateMachineName: Nightly" in cfngen("template", "two.py").stdout


def test_several_templates_of_a_file_are_listed(folder: Path) -> None:
    (folder / "two.py").write_text(f"{NIGHTLY}\nother = stack.template()\n")
    result = cfngen("template", "two.py")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: two.py has several of a kind: name one of two.py:template, two.py:other\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["check", "--format", "json"],
        ["policy"],
        ["policy", "--explain"],
        ["audit"],
        ["audit", "--format", "json"],
        ["audit", "--fix"],
        ["graph"],
    ],
)
def test_a_template_in_python_is_what_its_yaml_is(command: list[str], folder: Path) -> None:
    assert cfngen("template", "nightly.py", "-o", "nightly.yaml").exit_code == 0
    of_python, of_yaml = cfngen(*command, "nightly.py:template"), cfngen(*command, "nightly.yaml")
    assert (of_python.exit_code, of_python.stdout) == (of_yaml.exit_code, of_yaml.stdout)


@pytest.mark.parametrize("target", ["nightly.py:template", "nightly.py:stack", "nightly.py:workflow"])
def test_a_target_is_imported_as_the_python_of_its_definition(target: str, folder: Path) -> None:
    result = cfngen("import", target, "-o", "again.py")
    assert result.exit_code == 0
    of_target, again = cfngen("asl", "nightly.py:stack"), cfngen("asl", "again.py")
    assert json.loads(again.stdout) == json.loads(of_target.stdout)


def test_the_definition_of_a_template_in_python_is_written() -> None:
    states = json.loads(cfngen("asl", "nightly.py:template").stdout)["States"]
    assert states["Tell"]["Parameters"] == {"TopicArn": {"Ref": "Topic"}, "Message": "Done"}


def test_a_stack_is_audited(folder: Path) -> None:
    assert cfngen("audit", "nightly.py:stack").exit_code == 0
    extra = 'extra_statements=[Statement(Effect=Allow, Action=[GetObject], Resource=["*"])]'
    broken = "from awacs.aws import Allow, Statement\nfrom awacs.s3 import GetObject\n" + NIGHTLY.replace(
        'name="Nightly"', f'name="Nightly", {extra}'
    )
    (folder / "broken.py").write_text(broken)
    result = cfngen("audit", "broken.py:stack")
    assert result.exit_code == 0
    assert result.stdout.startswith("warning: broken.py:stack: StateMachine /Resources/")


def test_a_file_that_is_not_there_is_still_told(folder: Path) -> None:
    for command in ("audit", "import", "check"):
        assert cfngen(command, "missing.yaml").exit_code == 2


def test_two_machines_of_one_name_are_refused_before_anything_is_added() -> None:
    template = Template()
    template.add_resource(Topic("Topic"))
    StateMachine(Workflow(Pass("A"))).add_to(template)
    before = template.to_dict()
    with pytest.raises(StackError, match="the template already has StateMachine, StateMachineRole") as told:
        StateMachine(Workflow(Pass("B"))).add_to(template)
    assert "logical_id=" in str(told.value)
    assert template.to_dict() == before
    StateMachine(Workflow(Pass("B")), logical_id="Other").add_to(template)


@pytest.mark.parametrize(
    "options",
    [
        {"role_path": "/a/"},
        {"permissions_boundary": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        {"extra_statements": [Statement(Effect=Allow, Action=[], Resource=["*"])]},
        {"scope": "DOCUMENTED"},
        {"narrow": lambda permission: permission},
        {"policy_name": "Own"},
        {"role_logical_id": "Own"},
    ],
)
def test_options_of_a_role_that_is_not_made_are_refused(options: dict[str, object]) -> None:
    from cfngen.iam.derive import DOCUMENTED

    if "scope" in options:
        options = {"scope": DOCUMENTED}
    [name] = options
    with pytest.raises(StackError, match=f"{name}: it is an option of the role that is derived"):
        StateMachine(
            Workflow(Pass("A")),
            role_arn="arn:aws:iam::123456789012:role/r",
            **options,  # type: ignore[arg-type]  # each of its own type
        )


def test_options_of_all_roles_stay_for_the_role_of_a_schedule() -> None:
    role = "arn:aws:iam::123456789012:role/r"
    StateMachine(Workflow(Pass("A")), role_arn=role, role_path="/a/", schedule="rate(1 day)")
