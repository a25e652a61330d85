"""The two sides of a comparison: files, targets of Python, and files as they were in a revision of git."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cfngen.core.declared import Declared, frozen
from cfngen.documents.source import ENDINGS, ReadError, Source, parse, read_file
from cfngen.inputs.machines import UnreadableMachine, is_template, machines_of, read_all
from cfngen.machines import SourceMachine

GIT = "git:"
"""What a side begins with that is read from a revision: ``git:REVISION:PATH``."""


class SideError(Exception):
    """A side cannot be read; the message says why."""


@frozen
class Side(Declared):
    """One side: its machines, and the template around them, or None for a definition alone.

    ``machines`` have the logical ids of the template as their names. ``unread`` are those of which the
    definition is not to be had. ``source`` is None for a template that Python makes.
    """

    label: str
    machines: tuple[SourceMachine, ...]
    template: Mapping[str, Any] | None = None
    unread: tuple[UnreadableMachine, ...] = ()
    source: Source | None = None


def side(target: str) -> Side:
    """Return what a target names. Raises ``SideError``, ``ReadError``, ``TargetError``, ``OSError``."""
    if target.startswith(GIT):
        revision, _, path = target.removeprefix(GIT).partition(":")
        if not revision or not path:
            raise SideError(f"{target!r} is not of the form git:REVISION:PATH")
        with checked_out(revision, path) as place:
            return of_file(place, target)
    return of_python(target) if is_python(target) else of_file(target, target)


def is_python(target: str) -> bool:
    """Tell whether a target is one of Python, and neither a file to read nor one of a revision."""
    if target.startswith(GIT):
        return False
    return target.endswith(".py") or not (os.path.exists(target) or target.endswith(ENDINGS))


def of_file(path: str, label: str) -> Side:
    """Return the side that a file holds, a template or a definition; errors name it by its label."""
    try:
        return _side_of_file(path, label)
    except ReadError as error:
        if error.name != path:
            raise
        raise type(error)(error.message, label, error.line, error.column) from None


def _side_of_file(path: str, label: str) -> Side:
    source = parse(read_file(path), path)
    if is_template(source):
        machines, unread = machines_of(source)
        return Side(label, tuple(machines), source.data, tuple(unread), source)
    machines, unread = read_all(source.text, path)
    return Side(label, tuple(machines), None, tuple(unread), source)


def of_python(target: str) -> Side:
    """Return the side that a target of Python makes: its template is compared."""
    from cfngen.inputs.targets import load, machine_of
    from cfngen.template import to_json

    loaded = load(target)
    if not hasattr(loaded, "to_dict"):
        stack = loaded if hasattr(loaded, "template") else machine_of(loaded)
        loaded = stack.template()
    source = parse(to_json(loaded), target)
    machines, unread = machines_of(source)
    return Side(target, tuple(machines), source.data, tuple(unread), source)


def nothing(label: str) -> Side:
    """Return the side of a file that is not there."""
    return Side(label, ())


@contextmanager
def checked_out(revision: str, path: str) -> Iterator[str]:
    """Write the definitions and templates of a revision into a folder, and yield where ``path`` is.

    All of them, because a template may name a definition that stands elsewhere. Raises ``SideError``.
    """
    top = repository(os.path.dirname(path) or ".")
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")
    if inside.startswith("../"):
        raise SideError(f"{path} is not in the repository {top}")
    commit = commit_of(revision, top)
    if inside not in files_of(commit, top):
        raise SideError(f"there is no {inside} in {revision}")
    with revision_folder(commit, top) as place:
        yield os.path.join(place, *inside.split("/"))


@contextmanager
def revision_folder(commit: str, top: str) -> Iterator[str]:
    """Write the definitions and templates of a commit into a folder that is gone afterwards."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="cfngen-diff-") as place:
        blobs = list(_blobs(commit, top))
        content = _git("cat-file", "--batch", folder=top, stdin="".join(f"{blob}\n" for _, blob in blobs))
        offset = 0
        for name, _ in blobs:
            head = content.index(b"\n", offset)
            size = int(content[offset:head].split()[-1])
            target = os.path.join(place, *name.split("/"))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content[head + 1 : head + 1 + size])
            offset = head + size + 2
        yield place


def repository(folder: str) -> str:
    """Return the top of the repository that a folder is in. Raises ``SideError``."""
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder) or "."
    return _git("rev-parse", "--show-toplevel", folder=folder).decode().strip()


def commit_of(revision: str, folder: str) -> str:
    """Return the commit that a revision names. Raises ``SideError``."""
    name = f"{revision}^{{commit}}"
    try:
        commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", name, folder=folder)
    except SideError:
        raise SideError(f"git knows no revision {revision!r}") from None
    return commit.decode().split()[-1]


def files_of(commit: str, top: str) -> list[str]:
    """Return the files of a commit that may hold a machine, in their order."""
    return [name for name, _ in _blobs(commit, top)]


def _blobs(commit: str, top: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a commit that may hold a machine, no links, each with the name of its content."""
    for entry in _git("ls-tree", "-r", "-z", "--full-tree", commit, folder=top).split(b"\0"):
        what, _, name = entry.decode("utf-8", "surrogateescape").partition("\t")
        if name.endswith(ENDINGS) and what.startswith("100"):
            yield name, what.split()[2]


def _git(*arguments: str, folder: str, stdin: str = "") -> bytes:
    """Return what git answers to ``stdin``. Raises ``SideError``."""
    import subprocess

    try:
        ran = subprocess.run(
            ["git", *arguments], cwd=folder, input=stdin.encode(), capture_output=True, check=False
        )
    except FileNotFoundError:
        raise SideError("a revision takes git, which is not installed") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SideError(f"git {arguments[0]}: {said[0] if said else f'exit code {ran.returncode}'}")
    return ran.stdout
