"""What installs an extra, and what a project requires, name the place that cfngen came from."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path

import pytest

from cfngen import projects
from cfngen.core.installation import install_command, is_from_index, requirement

METADATA = "Metadata-Version: 2.1\nName: cfngen\nVersion: 0.1.0\n"
STANDARD = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
"""Where Python finds its own library, and no distribution."""
COMMIT = "0123456789abcdef0123456789abcdef01234567"
RECORDS = {
    "a clone": {"url": "file:///home/me/cfngen", "dir_info": {"editable": True}},
    "a folder": {"url": "file:///home/me/cfngen", "dir_info": {}},
    "a clone with a blank": {"url": "file:///home/me/my%20clone", "dir_info": {"editable": True}},
    "a repository": {
        "url": "https://github.com/cfngen/cfngen.git",
        "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": COMMIT},
    },
    "a folder of a repository": {
        "url": "https://example.com/all.git",
        "vcs_info": {"vcs": "git", "commit_id": COMMIT},
        "subdirectory": "python",
    },
    "a wheel": {"url": "file:///tmp/cfngen-0.1.0-py3-none-any.whl", "archive_info": {}},
    "an index": None,
}
"""What an installer records of where a package came from."""


@pytest.fixture
def installed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install cfngen from a place, as its metadata has it."""
    folder = tmp_path / "cfngen-0.1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(METADATA)
    if origin := RECORDS[request.param]:
        (folder / "direct_url.json").write_text(json.dumps(origin))
    monkeypatch.setattr("sys.path", [str(tmp_path), *STANDARD])


def from_places(*rows: tuple[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("installed", "text"), rows, indirect=["installed"])


@pytest.mark.usefixtures("installed")
@from_places(
    ("a clone", "pip install --editable '/home/me/cfngen[graph]'"),
    ("a clone with a blank", "pip install --editable '/home/me/my clone[graph]'"),
    ("a folder", "pip install 'cfngen[graph] @ file:///home/me/cfngen'"),
    (
        "a repository",
        f"pip install 'cfngen[graph] @ git+https://github.com/cfngen/cfngen.git@{COMMIT}'",
    ),
    ("a wheel", "pip install 'cfngen[graph] @ file:///tmp/cfngen-0.1.0-py3-none-any.whl'"),
    ("an index", "pip install 'cfngen[graph]'"),
)
def test_the_command_installs_an_extra_from_where_cfngen_is(text: str) -> None:
    assert install_command("graph") == text


@pytest.mark.usefixtures("installed")
@from_places(
    ("a clone", "cfngen[aws,lint] @ file:///home/me/cfngen"),
    ("a repository", f"cfngen[aws,lint] @ git+https://github.com/cfngen/cfngen.git@{COMMIT}"),
    (
        "a folder of a repository",
        f"cfngen[aws,lint] @ git+https://example.com/all.git@{COMMIT}#subdirectory=python",
    ),
    ("an index", "cfngen[aws,lint]"),
)
def test_a_requirement_names_where_cfngen_is_from(text: str) -> None:
    assert requirement("aws", "lint") == text


@pytest.mark.usefixtures("installed")
@from_places(
    ("a clone", "cfngen[aws,graph,lint,testing] @ file:///home/me/cfngen"),
    ("a repository", f"cfngen[aws,graph,lint,testing] @ git+https://github.com/cfngen/cfngen.git@{COMMIT}"),
)
def test_a_project_requires_it_from_there_until_its_owner_takes_a_release(text: str) -> None:
    remark = "# where this cfngen is from; of a release, put here: cfngen[aws,graph,lint,testing]>=0.1.0\n"
    assert projects._requirement_line() == remark + text


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("installed", ["an index"], indirect=True)
def test_a_project_requires_the_version_of_a_release() -> None:
    assert is_from_index()
    assert projects._requirement_line() == "cfngen[aws,graph,lint,testing]>=0.1.0"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("installed", ["a clone"], indirect=True)
def test_the_second_record_of_a_working_tree_does_not_hide_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "tree" / "cfngen.egg-info"
    record.mkdir(parents=True)
    (record / "PKG-INFO").write_text(METADATA)
    monkeypatch.setattr("sys.path", [str(record.parent), str(tmp_path), *STANDARD])
    assert requirement("graph") == "cfngen[graph] @ file:///home/me/cfngen"
