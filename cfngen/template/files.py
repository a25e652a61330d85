"""Files that are either the old one or the new one, never half of each."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from itertools import count


def write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Replace the file in one step, or leave it as it was: whatever fails, nothing else remains.

    Writes text as UTF-8 with the line ends that it has, keeps the mode of an existing file, writes
    through a symbolic link to its target, and straight into a path that is not a regular file, such as
    ``/dev/stdout``. Raises OSError as the operating system does.
    """
    target = os.path.realpath(path)
    body = content.encode("utf-8") if isinstance(content, str) else content
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        with open(target, "wb") as file:
            file.write(body)
        return
    # what replaces a private file is private from its first byte
    temporary, descriptor = _created_beside(target, 0o666 if mode is None else stat.S_IMODE(mode))
    try:
        with open(descriptor, "wb") as file:
            file.write(body)
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _created_beside(target: str, permissions: int) -> tuple[str, int]:
    # Not tempfile: its files are private (0600), while a new file here is what umask makes of it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for number in count():
        name = os.path.join(os.path.dirname(target), f".cfngen-{os.getpid()}-{number}.tmp")
        with suppress(FileExistsError):
            return name, os.open(name, flags, permissions)
    raise AssertionError("unreachable")
