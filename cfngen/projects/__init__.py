"""New projects of users: a sample as Python, with tests, a Makefile and its template."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

from cfngen.core.installation import is_from_index, requirement
from cfngen.inputs.placeholders import MARK
from cfngen.stacks.samples.catalog import Sample

_COMMON: Final = {
    "README.md": "README.md",
    "Makefile": "Makefile",
    ".gitignore": "gitignore",
    "requirements.txt": "requirements.txt",
    "pytest.ini": "pytest.ini",
    "tests/test_template.py": "test_template.py",
}
"""The files of every project, and the names of their templates in this package."""

_EXTRAS: Final = ("aws", "graph", "lint", "testing")
"""What a project takes of cfngen."""

_TITLE: Final = re.compile(r"[^\W_][\w .-]*").fullmatch
_MAX_STACK_NAME_CHARACTERS: Final = 100
"""CloudFormation adds characters to the name of a stack in the names of its resources."""


class ProjectError(Exception):
    """The project cannot be created; the message is for the user."""


def create(folder: str, sample: Sample) -> list[str]:
    """Create a project in a new or empty folder, and return the paths of its files.

    All files are written, or none. Raises ``ProjectError`` and ``OSError``.
    """
    target = os.path.abspath(folder)
    _refuse_folder(folder, target)
    texts = contents(sample, os.path.basename(target))
    with tempfile.TemporaryDirectory(prefix=".cfngen-", dir=os.path.dirname(target)) as temporary:
        for name, text in texts.items():
            path = os.path.join(temporary, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text.encode())
        _move_files(temporary, target)
    return list(texts)


def contents(sample: Sample, name: str) -> dict[str, str]:
    """Return the texts of a project's files by their paths; ``name`` is the name of its folder."""
    from cfngen.codegen import to_python
    from cfngen.inputs.targets import load
    from cfngen.template import to_yaml

    stack = load(sample.slug)
    stack_class = type(stack).__name__
    words = {
        "TITLE": name if _TITLE(name) else sample.title,
        "SUMMARY": sample.summary,
        "SAMPLE": sample.title,
        "STACK": _stack_name(name) or sample.slug,
        "REQUIREMENT": _requirement_line(),
        "DEPLOY": f"stack, parameters={_python_literal(sample.parameters)}"
        if sample.parameters
        else "stack",
        "MOCKS": _mocks(sample),
        "RUN": "mocks=MOCKS" if sample.mocks else "",
        "RETURN": "from cfngen.testing import Return\n" if sample.mocks else "",
        "FAILURE": "FAILED" if getattr(stack, "fail_execution", False) else "SUCCEEDED",
        "MARK": f"# {MARK}: the parameters of the template\n" if sample.parameters else "",
        "PARAMETERS": "".join(f" {name}={text}" for name, text in sample.parameters.items()),
    }
    workflow = to_python({"workflow": stack.machine().workflow}, "The workflow, step by step.")
    return {
        **{path: _with_words(source, words) for path, source in _COMMON.items()},
        "workflow.py": workflow,
        "stack.py": _stack_module(sample, stack),
        "template.yaml": to_yaml(stack.template()),
        "tests/test_workflow.py": _with_words(_own_or_common(f"{stack_class}/test_workflow.py"), words),
    }


def _refuse_folder(folder: str, target: str) -> None:
    """Raise ``ProjectError`` for a folder that is not empty or cannot be created."""
    if not folder:
        raise ProjectError("a project needs the name of a folder")
    if os.path.isdir(target):
        if os.listdir(target):
            raise ProjectError(f"the folder {folder!r} is not empty: a project needs a new or empty folder")
    elif os.path.lexists(target):
        raise ProjectError(f"{folder!r} is a file: a project needs a new or empty folder")
    elif not os.path.isdir(os.path.dirname(target)):
        raise ProjectError(f"there is no folder {os.path.dirname(target)!r} for {folder!r}")


def _move_files(temporary: str, target: str) -> None:
    """Move all files of a folder into another, or none; ``target`` may be the current folder."""
    is_new = not os.path.isdir(target)
    if is_new:
        os.mkdir(target)
    moved: list[str] = []
    try:
        for name in sorted(os.listdir(temporary)):
            os.rename(os.path.join(temporary, name), os.path.join(target, name))
            moved.append(os.path.join(target, name))
    except BaseException:
        for path in moved:
            shutil.rmtree(path, ignore_errors=True)
            with suppress(OSError):
                os.unlink(path)
        if is_new:
            with suppress(OSError):
                os.rmdir(target)
        raise


def _own_or_common(source: str) -> str:
    """Return the template of a sample, or that of all samples if it has none."""
    template = files("cfngen.projects").joinpath("files", f"{source}.txt")
    return source if template.is_file() else source.rpartition("/")[2]


def _with_words(source: str, words: Mapping[str, str]) -> str:
    """Return a template of the package with words in place of ``@NAME@``."""
    text = files("cfngen.projects").joinpath("files", f"{source}.txt").read_text(encoding="utf-8")
    return re.sub("@([A-Z]+)@", lambda name: words[name[1]], text)


def _requirement_line() -> str:
    """Return the line of requirements.txt for the installed cfngen, with the place it was installed from.

    A link to a revision is good everywhere, one to a folder or a file on this machine.
    """
    released = f"cfngen[{','.join(_EXTRAS)}]>={version('cfngen')}"
    if is_from_index():
        return released
    return f"# where this cfngen is from; of a release, put here: {released}\n{requirement(*_EXTRAS)}"


def _stack_name(name: str) -> str:
    """Return a name that CloudFormation accepts for a stack, or an empty text if no letter is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return (
        re.sub("[^A-Za-z0-9]+", "-", plain).lstrip("-0123456789")[:_MAX_STACK_NAME_CHARACTERS].rstrip("-")
    )


def _stack_module(sample: Sample, stack: Any) -> str:
    """Return the module of a stack: its class with the options of the sample, and the placeholders."""
    from cfngen.stacks.options import parse_options

    module, _, stack_class = sample.stack.partition(":")
    options = parse_options(type(stack), sample.settings.items())
    options |= {name: getattr(stack, name) for name in sample.placeholders if name not in options}
    lines = list(_option_lines(options, sample.placeholders))
    scopes = [value.name for value in options.values() if isinstance(value, Enum)]
    imports = [f"from cfngen import {', '.join(sorted(scopes))}\n"] if scopes else []
    return "".join(
        (
            '"""The stack around the workflow: what it runs on, and whom it tells."""\n\n',
            *imports,
            f"from {module} import {stack_class}\n\n",
            "from workflow import workflow\n\n",
            f"stack = {stack_class}(\n    workflow=workflow,\n",
            *lines,
            ")\n",
        )
    )


def _mocks(sample: Sample) -> str:
    """Return the statement of a test module that answers for tasks that no emulator runs."""
    from cfngen.codegen.layout import atom, format_statement, group, string_literal

    if not sample.mocks:
        return ""
    answers = [
        (f"{string_literal(name)}: ", atom(f"Return({_python_literal(result)})"))
        for name, result in sample.mocks.items()
    ]
    return "\n" + format_statement("MOCKS = ", group("{", answers, "}"))


def _option_lines(options: Mapping[str, Any], placeholders: Mapping[str, str]) -> Iterator[str]:
    for name, value in options.items():
        mark = f"  # {MARK}: {placeholders[name]}" if name in placeholders else ""
        yield f"    {name}={_python_literal(value)},{mark}\n"


def _python_literal(value: Any) -> str:
    """Return the value of an option as Python on one line."""
    from cfngen.codegen.layout import string_literal

    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        items = (f"{string_literal(key)}: {_python_literal(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_python_literal, value))}]"
    return string_literal(value) if isinstance(value, str) else repr(value)
