"""Files and folders of now, compared with what they were in a revision of git."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from cfngen.diff.comparison import ComparedSides, compare
from cfngen.diff.sides import (
    Side,
    SideError,
    commit_of,
    files_of,
    nothing,
    of_file,
    repository,
    revision_folder,
)
from cfngen.documents.source import ReadError
from cfngen.inputs.checking import files
from cfngen.inputs.machines import NoMachineError


def compare_with_revision(
    revision: str, paths: Sequence[str], begin: Callable[[str], object] = str
) -> Iterator[ComparedSides]:
    """Yield what differs in each file, those of folders that hold no machine left out.

    ``begin`` is told each file before it is read. A file that is only on one side is compared with nothing.
    Raises ``SideError``, ``OSError``, and ``ReadError`` for a file that is named itself or could be read
    before.
    """
    top = repository(paths[0] if os.path.isdir(paths[0]) else os.path.dirname(paths[0]) or ".")
    commit = commit_of(revision, top)
    before = files_of(commit, top)
    with revision_folder(commit, top) as place:
        for path, named in _files_of_both(paths, top, before):
            begin(path)
            inside = os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")
            label = f"{revision}:{inside}"
            former = os.path.join(place, *inside.split("/"))
            is_there = inside in before, os.path.exists(path)
            if not any(is_there):
                raise SideError(f"there is no file {path!r}, neither now nor in {revision}")
            old, unread = _side_or_error(former, label) if is_there[0] else (None, None)
            new, error = _side_or_error(path, path) if is_there[1] else (None, None)
            if named and (either := unread or error) is not None:
                raise either
            if error is not None and old is not None and not isinstance(error, NoMachineError):
                raise error  # or a change that cannot be read would be none
            if old is None and new is None:
                continue
            sides = _or_nothing(old, label, new), _or_nothing(new, path, old)
            comparison = compare(*sides)
            if comparison or named:
                yield ComparedSides(*sides, comparison)


def _side_or_error(path: str, label: str) -> tuple[Side | None, ReadError | None]:
    try:
        return of_file(path, label), None
    except ReadError as error:
        return None, error


def _or_nothing(side: Side | None, label: str, other: Side | None) -> Side:
    if side is not None:
        return side
    return nothing(label) if other is None or other.template is None else Side(label, (), {"Resources": {}})


def _files_of_both(paths: Sequence[str], top: str, before: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield the files of now and those that are gone, and whether a file was named itself."""
    for path in paths:
        if not os.path.isdir(path):
            yield path, True
            continue
        now = [name for name, _ in files([path])]
        inside = os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")
        below = "" if inside == "." else f"{inside}/"
        gone = [
            os.path.join(path, *name[len(below) :].split("/")) for name in before if name.startswith(below)
        ]
        for name in dict.fromkeys((*now, *gone)):
            yield name, False
