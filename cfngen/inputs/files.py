"""The files that a template names, read only where its author may have put them."""

from __future__ import annotations

import os

from cfngen.documents.source import ReadError, read_file

__all__ = ["files_in", "read_beside"]


def read_beside(template: str, name: str) -> tuple[str, str]:
    """Return the path and the text of a file that a template names.

    A template may come from somebody else, and what it names is shown in messages. So a file is read only
    inside the folder of the template, or inside the repository of the working directory. Raises
    ``ReadError``.
    """
    if os.path.isabs(name):
        raise ReadError(f"the path {name!r} is absolute: a template names a file beside it", template)
    folder = os.path.dirname(template)
    path = os.path.normpath(os.path.join(folder, name))
    if not any(_is_inside(path, outer) for outer in (folder or os.curdir, _repository_here()) if outer):
        raise ReadError(
            f"the file {name!r} is neither in the folder of the template nor in the repository of the "
            "working directory, and is not read",
            template,
        )
    if not os.path.isfile(path):
        raise ReadError(f"there is no file {name!r} beside the template", template)
    try:
        return path, read_file(path)
    except OSError as error:
        raise ReadError(f"cannot read {name!r}: {error.strerror}", template) from None


def files_in(folder: str, endings: tuple[str, ...]) -> list[str]:
    """Return the regular files of a folder and those in it, by the endings of their names."""
    paths: list[str] = []
    for each, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "node_modules")))
        inside = (os.path.join(each, name) for name in sorted(names) if name.endswith(endings))
        paths += [path for path in inside if os.path.isfile(path)]
    return paths


def _is_inside(path: str, folder: str) -> bool:
    """Tell whether a path leads into a folder when all symbolic links are followed."""
    inner, outer = os.path.realpath(path), os.path.realpath(folder)
    return inner == outer or inner.startswith(os.path.join(outer, ""))


def _repository_here() -> str:
    """Return the folder of the repository that the working directory is in, or nothing."""
    folder = os.getcwd()
    while not os.path.exists(os.path.join(folder, ".git")):
        outer = os.path.dirname(folder)
        if outer == folder:
            return ""
        folder = outer
    return folder
