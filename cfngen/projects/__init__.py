"""Projects of the user's own: a sample as Python, with tests, a Makefile and its template."""

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
"""What every project has, and the package's own file for it."""

_EXTRAS: Final = ("aws", "graph", "lint", "testing")
"""What a project takes of cfngen."""

_TITLE: Final = re.compile(r"[^\W_][\w .-]*").fullmatch
_LONGEST_NAME: Final = 100
"""Characters of the name of a stack, to which CloudFormation puts others in the names of resources."""


class ProjectError(Exception):
    """A project that cannot be made; the message is for the person who asked for it."""


def create(folder: str, sample: Sample) -> list[str]:
    """Make a project in a folder that is empty or not there yet, and return its files.

    It is written whole or not at all. Raises ``ProjectError``, ``OSError`` as the operating system does.
    """
    target = os.path.abspath(folder)
    _check(folder, target)
    parts = contents(sample, os.path.basename(target))
    with tempfile.TemporaryDirectory(prefix=".cfngen-", dir=os.path.dirname(target)) as made:
        for name, text in parts.items():
            path = os.path.join(made, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text.encode())
        _move(made, target)
    return list(parts)


def contents(sample: Sample, name: str) -> dict[str, str]:
    """Return the files of a project by their paths, of which ``name`` is that of its folder."""
    from cfngen.codegen import written
    from cfngen.inputs.targets import load
    from cfngen.template import to_yaml

    stack = load(sample.slug)
    own = type(stack).__name__
    words = {
        "TITLE": name if _TITLE(name) else sample.title,
        "SUMMARY": sample.summary,
        "SAMPLE": sample.title,
        "STACK": _stack_name(name) or sample.slug,
        "REQUIREMENT": _requirement(),
        "DEPLOY": f"stack, parameters={_spelled(sample.parameters)}" if sample.parameters else "stack",
        "MARK": f"# {MARK}: what the template asks for\n" if sample.parameters else "",
        "PARAMETERS": "".join(f" {name}={text}" for name, text in sample.parameters.items()),
    }
    workflow = written({"workflow": stack.machine().workflow}, "What is done, step by step.")
    return {
        **{path: _filled(source, words) for path, source in _COMMON.items()},
        "workflow.py": workflow,
        "stack.py": _stack(sample, stack),
        "template.yaml": to_yaml(stack.template()),
        "tests/test_workflow.py": _filled(_own_or_common(f"{own}/test_workflow.py"), words),
    }


def _check(folder: str, target: str) -> None:
    """Refuse a folder in which there is something, and one that cannot be made."""
    if not folder:
        raise ProjectError("a project takes a folder with a name")
    if os.path.isdir(target):
        if os.listdir(target):
            raise ProjectError(f"the folder {folder!r} is not empty: a project takes an empty or a new one")
    elif os.path.lexists(target):
        raise ProjectError(f"{folder!r} is a file: a project takes an empty or a new folder")
    elif not os.path.isdir(os.path.dirname(target)):
        raise ProjectError(f"there is no folder {os.path.dirname(target)!r} to make {folder!r} in")


def _move(made: str, target: str) -> None:
    """Move all of a folder into another, which may be the current one and is therefore kept, or nothing."""
    is_new = not os.path.isdir(target)
    if is_new:
        os.mkdir(target)
    moved: list[str] = []
    try:
        for name in sorted(os.listdir(made)):
            os.rename(os.path.join(made, name), os.path.join(target, name))
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
    """Return the file of a sample's own, or where it has none, that of every sample."""
    own = files("cfngen.projects").joinpath("files", f"{source}.txt")
    return source if own.is_file() else source.rpartition("/")[2]


def _filled(source: str, words: Mapping[str, str]) -> str:
    """Return a file of the package, with words in place of ``@NAME@``."""
    text = files("cfngen.projects").joinpath("files", f"{source}.txt").read_text(encoding="utf-8")
    return re.sub("@([A-Z]+)@", lambda found: words[found[1]], text)


def _requirement() -> str:
    """Return the line that asks for the cfngen that is installed, from where it was installed.

    A link to a revision is good everywhere, one to a folder or a file on this machine.
    """
    released = f"cfngen[{','.join(_EXTRAS)}]>={version('cfngen')}"
    if is_from_index():
        return released
    return f"# where this cfngen is from; of a release, put here: {released}\n{requirement(*_EXTRAS)}"


def _stack_name(name: str) -> str:
    """Return what CloudFormation takes as the name of a stack, or nothing if no letter of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub("[^A-Za-z0-9]+", "-", plain).lstrip("-0123456789")[:_LONGEST_NAME].rstrip("-")


def _stack(sample: Sample, stack: Any) -> str:
    """Return the module of a stack: its class with the sample's options, and those to be replaced."""
    from cfngen.stacks.options import parse

    module, _, own = sample.stack.partition(":")
    options = parse(type(stack), sample.settings.items())
    options |= {name: getattr(stack, name) for name in sample.placeholders if name not in options}
    lines = list(_options(options, sample.placeholders))
    scopes = [value.name for value in options.values() if isinstance(value, Enum)]
    imports = [f"from cfngen import {', '.join(sorted(scopes))}\n"] if scopes else []
    return "".join(
        (
            '"""The stack around the workflow: what it runs on, and whom it tells."""\n\n',
            *imports,
            f"from {module} import {own}\n\n",
            "from workflow import workflow\n\n",
            f"stack = {own}(\n    workflow=workflow,\n",
            *lines,
            ")\n",
        )
    )


def _options(options: Mapping[str, Any], placeholders: Mapping[str, str]) -> Iterator[str]:
    for name, value in options.items():
        mark = f"  # {MARK}: {placeholders[name]}" if name in placeholders else ""
        yield f"    {name}={_spelled(value)},{mark}\n"


def _spelled(value: Any) -> str:
    """Return the value of an option as Python spells it on one line."""
    from cfngen.codegen.layout import literal

    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {_spelled(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_spelled, value))}]"
    return literal(value) if isinstance(value, str) else repr(value)
