"""Modules that stand in for others until something is taken from them."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from cfngen.cli import late

PROGRAM = """\
import sys
import cfngen.cli
stand_in = sys.modules["inspect"]
assert stand_in.cleandoc(" one line ") == "one line "
assert sys.modules["inspect"] is stand_in
{use}
import inspect
assert inspect is not stand_in
assert inspect.__spec__.name == "inspect"
assert stand_in.signature is inspect.signature
"""


@pytest.mark.parametrize(
    "use",
    [
        "from inspect import signature",
        "import inspect; inspect.getsource",
        "import importlib.util, inspect; assert importlib.util.find_spec('inspect').origin; inspect.ismodule",
        "assert stand_in.cleandoc('a\\n  b') == 'a\\nb'",
    ],
)
def test_a_module_is_imported_when_something_is_taken_from_it(use: str) -> None:
    code = PROGRAM.format(use=use)
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env=environment()
    )
    assert ran.stderr == ""


CLICK = """\
import sys
import cfngen.cli
assert "platform" not in sys.modules and "locale" not in sys.modules
import gettext, uuid
assert gettext.ngettext("%d file", "%d files", 1) == "%d file"
assert gettext.ngettext("%d file", "%d files", 2) == "%d files"
assert gettext.gettext("one") == "one"
assert str(uuid.UUID(int=1)).endswith("1")
import click
assert click.UUID.convert("00000000-0000-0000-0000-000000000001", None, None) == uuid.UUID(int=1)
assert callable(gettext.translation)
"""


def test_what_click_imports_and_no_command_uses_is_imported_when_it_is_used() -> None:
    code = [sys.executable, "-S", "-c", CLICK]
    ran = subprocess.run(code, capture_output=True, text=True, env=environment())
    assert ran.stderr == ""


SERVERLESS = """\
import sys
from cfngen.cli.late import import_when_used
import_when_used("troposphere.serverless", while_imported={{"Globals": object}})
import troposphere
assert "troposphere.s3" not in sys.modules
{use}
template = troposphere.Template()
template.set_transform("AWS::Serverless-2016-10-31")
template.set_globals(Globals())
assert "Globals" in template.to_dict()
"""


@pytest.mark.parametrize(
    "use",
    [
        "from troposphere.serverless import Globals",
        "import troposphere.serverless; Globals = troposphere.serverless.Globals",
        "import troposphere.serverless as sam; assert 'Function' in dir(sam); Globals = sam.Globals",
    ],
)
def test_what_a_package_names_in_an_annotation_is_imported_when_it_is_used(use: str) -> None:
    code = SERVERLESS.format(use=use)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stderr == ""


def environment() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(path for path in sys.path if path)}


@pytest.mark.parametrize("text", ["", "a", "  a ", "\ta\tb", "a\n  b\n\n    c\n", "\n a"])
def test_a_help_is_cleaned_as_python_does(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late, "_imported_module", {"inspect": inspect}.get)
    assert late.cleandoc(text) == inspect.cleandoc(text)


def test_what_is_imported_already_stays() -> None:
    late.import_when_used("inspect")
    assert sys.modules["inspect"] is inspect
