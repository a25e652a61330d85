"""A line on the terminal that says what a command is doing, once that takes over a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

__all__ = ["Progress", "progress"]

T = TypeVar("T")

DELAY_SECONDS: Final = 1.0
_REDRAW_SECONDS: Final = 0.1
_REMOVE: Final = "\r\x1b[K"
"""To the start of the line, and nothing right of it: ECMA-48, which every terminal of today knows."""


class Progress:
    """Where a command has got to."""

    text = ""

    def say(self, text: str) -> None:
        """Say what is being done."""
        self.text = text

    def each(self, items: Sequence[T], name: Callable[[T], str] = str) -> Iterator[T]:
        """Yield items, and say of each its name and how many there are."""
        for number, item in enumerate(items, 1):
            self.say(f"{number} of {len(items)}: {name(item)}" if len(items) > 1 else name(item))
            yield item


@contextmanager
def progress(text: str = "") -> Iterator[Progress]:
    """Show on a terminal what is said in the block, whenever it writes nothing for a second.

    What it writes to standard error takes the place of the line, and the end of the block removes it.
    """
    at = Progress()
    at.say(text)
    stream = sys.stderr
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield at
        return
    terminal = _Terminal(stream)
    done = threading.Event()
    drawing = threading.Thread(target=_keep_drawing, args=(terminal, at, done), daemon=True)
    sys.stderr = terminal
    drawing.start()
    try:
        yield at
    finally:
        sys.stderr = stream
        done.set()
        drawing.join()


class _Terminal:
    """Standard error with a last line that is removed before something else is written."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._shown = ""
        self._is_at_start = True
        self._written = time.monotonic()

    def write(self, text: str) -> int:
        """Write a text in the place of the line."""
        with self._lock:
            self._replace("")
            self._is_at_start = text.endswith("\n") if text else self._is_at_start
            self._written = time.monotonic()
            return int(self._stream.write(text))

    def draw(self, line: str) -> None:
        """Put a line in the place of the one before, unless a text was just written, or half of one."""
        with self._lock:
            is_quiet = time.monotonic() - self._written >= DELAY_SECONDS
            if line != self._shown and (not line or (is_quiet and self._is_at_start)):
                self._replace(line)

    def _replace(self, line: str) -> None:
        if line or self._shown:
            self._stream.write(f"{_REMOVE}{line}")
            self._stream.flush()
        self._shown = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _keep_drawing(terminal: _Terminal, at: Progress, done: threading.Event) -> None:
    import shutil  # which brings all that it can pack

    while not done.wait(_REDRAW_SECONDS):
        terminal.draw(_shortened_line(at.text, shutil.get_terminal_size().columns - 1))
    terminal.draw("")


def _shortened_line(text: str, columns: int) -> str:
    """Return the beginning of a text that surely fits into a line; only ASCII surely takes one column."""
    line = ""
    for character in text:
        columns -= 1 if character.isascii() else 2
        if columns < 0:
            break
        line += character if character.isprintable() else "?"
    return line
