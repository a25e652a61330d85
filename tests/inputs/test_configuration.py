"""What a project says once: which file counts, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfngen.inputs.configuration import (
    Configuration,
    ConfigurationError,
    configuration,
    configuration_in,
)

TOML = '[tool.cfngen]\nignore = ["asl-a", "asl-b:x.json#/States/A"]\nregions = ["eu-west-1"]\nformat = "json"\n'
INI = "[tool:cfngen]\nignore =\n    asl-a\n    asl-b:x.json#/States/A\nregions = eu-west-1, us-east-1\nformat = json\n"


def test_pyproject_and_setup_cfg_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text(INI)
    read = configuration(tmp_path)
    assert (read.ignore, read.regions, read.format) == (
        ("asl-a", "asl-b:x.json#/States/A"),
        ("eu-west-1", "us-east-1"),
        "json",
    )
    (tmp_path / "pyproject.toml").write_text(TOML)
    assert configuration(tmp_path) == Configuration(
        ignore=("asl-a", "asl-b:x.json#/States/A"),
        regions=("eu-west-1",),
        format="json",
        path=str(tmp_path / "pyproject.toml"),
    )


def test_a_file_without_a_section_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "cfngen"\n')
    (tmp_path / "setup.cfg").write_text(INI)
    assert configuration(tmp_path).path == str(tmp_path / "setup.cfg")


def test_the_nearest_folder_counts_up_to_that_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "flows"
    inner.mkdir(parents=True)
    (tmp_path / "setup.cfg").write_text(INI)
    assert configuration(inner).path == str(tmp_path / "setup.cfg")
    (tmp_path / "repository" / ".git").mkdir()
    assert configuration(inner) == Configuration()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pyproject.toml", "[tool.cfngen]\nignroe = []\n", "has no field 'ignroe'; did you mean 'ignore'?"),
        (
            "pyproject.toml",
            '[tool.cfngen]\nignore = "asl-a"\n',
            "'ignore' takes a list of texts, not 'asl-a'",
        ),
        (
            "pyproject.toml",
            "[tool.cfngen]\nformat = 1\n",
            "'format' takes text, json, sarif, github, not 1",
        ),
        ("pyproject.toml", "[tool]\ncfngen = 1\n", "[tool.cfngen] is a table"),
        ("pyproject.toml", "[tool.cfngen\n", "Expected ']'"),
        ("pyproject.toml", b"[tool.cfngen]\xff", "'utf-8' codec can't decode byte 0xff"),
        ("setup.cfg", "[tool:cfngen]\n[tool:cfngen]\n", "section 'tool:cfngen' already exists"),
        ("setup.cfg", "[tool:cfngen]\nformats = json\n", "has no field 'formats'; did you mean 'format'?"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, name: str, text: str | bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError) as refused:
        configuration(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / name}: ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("own.toml", TOML), ("own.cfg", INI), ("own.cfg", INI.replace("tool:cfngen", "tool.cfngen"))],
)
def test_a_file_that_is_named_counts_whatever_its_name(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    read = configuration_in(str(tmp_path / name))
    assert (read.format, read.path) == ("json", str(tmp_path / name))


def test_a_file_that_is_named_has_settings(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[tool.other]\n")
    with pytest.raises(ConfigurationError, match=r"own\.toml: there is no \[tool\.cfngen\]$"):
        configuration_in(str(tmp_path / "own.toml"))
