"""What ``pipeline`` deploys, and what it does not; and the workflow that it deploys."""

import subprocess
from pathlib import Path

import pipeline
import pytest

from cfngen.execution import Return, run
from cfngen.template import to_yaml


@pytest.fixture
def deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the commands that the pipeline runs, none of which runs here."""
    commands: list[list[str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda command, check: commands.append(command))
    return commands


def test_the_workflow() -> None:
    mocks = {"Write Report": Return({"Payload": None}), "Tell": Return({"MessageId": "1"})}
    assert run(pipeline.workflow, mocks=mocks).states == ["Write Report", "Tell"]


def test_a_stack_that_nothing_speaks_against_is_deployed(deployed: list[list[str]]) -> None:
    pipeline.main("nightly")
    [command] = deployed
    assert command[:3] == ["aws", "cloudformation", "deploy"]
    assert command[-4:] == ["--stack-name", "nightly", "--template-file", "nightly.yaml"]


def test_a_change_that_allows_less_is_deployed(deployed: list[list[str]]) -> None:
    wide = to_yaml(pipeline.template).replace("lambda:InvokeFunction", "lambda:*")
    Path("deployed.yaml").write_text(wide)
    pipeline.main("nightly", "deployed.yaml")
    assert len(deployed) == 1


def test_a_role_that_allows_too_much_is_not(
    deployed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        pipeline, "to_yaml", lambda template: to_yaml(template).replace("lambda:InvokeFunction", "lambda:*")
    )
    Path("deployed.yaml").write_text(to_yaml(pipeline.template))
    with pytest.raises(SystemExit, match=r"lambda:\* allows more(.|\n)*unneeded-permissions"):
        pipeline.main("nightly", "deployed.yaml")
    assert deployed == []
