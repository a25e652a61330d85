"""Regular expressions of definitions, matched in bounded time and memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, Final

from cfngen.core.installation import install_command
from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.failures import ExecutionError

MAX_PIECES: Final = 20_000
"""Characters and sets that a pattern may have when its repetitions are written out, as ``regex`` does."""

_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)


class RegexError(ValueError):
    """A text is no regular expression, or one that is too large."""


class Regex:
    r"""A regular expression; ``\d``, ``\w`` and ``\s`` mean characters of ASCII, as in JavaScript and Java.

    It has those methods of Python's that jsonata-python calls. Each raises ``TooLongError``.
    """

    __slots__ = ("_compiled",)

    def __init__(self, text: str, flags: str = "") -> None:
        regex = _regex_library()
        known = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL, "x": regex.VERBOSE}
        options = regex.ASCII
        for flag in flags.lower():
            options |= known.get(flag, 0)
        if _expanded_size(text) > MAX_PIECES:
            raise RegexError(f"{text[:80]!r} repeats more than can be matched")
        try:
            self._compiled: Any = regex.compile(text, options)
        except (regex.error, RecursionError) as error:
            raise RegexError(f"{text[:80]!r} is no regular expression: {error}") from None

    def search(self, text: str) -> Any:
        """Return the first match, or None."""
        return _in_time(self._compiled.search, text)

    def fullmatch(self, text: str) -> Any:
        """Return the match of a whole text, or None."""
        return _in_time(self._compiled.fullmatch, text)

    def finditer(self, text: str) -> Iterator[Any]:
        """Yield the matches."""
        try:
            for match in _in_time(self._compiled.finditer, text):
                DEADLINE.step()
                yield match
        except TimeoutError:
            raise DEADLINE.passed() from None

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        """Return the pieces of a text between matches."""
        pieces: list[str] = _in_time(self._compiled.split, text)
        return pieces

    def sub(self, replacement: Any, text: str, count: int = 0) -> str:
        """Return a text with other text, or what a function returns, in place of the matches."""
        replaced: str = _in_time(partial(self._compiled.sub, replacement, count=count), text)
        return replaced


def _in_time(work: Callable[..., Any], text: str) -> Any:
    try:
        # concurrent: other executions go on meanwhile
        return work(text, timeout=DEADLINE.seconds_left(), concurrent=True)
    except TimeoutError:
        raise DEADLINE.passed() from None


def _expanded_size(text: str) -> int:
    """Return how many characters and sets a pattern has with its repetitions written out."""
    sizes = [0]
    last = most = 0
    for piece in _PIECE.finditer(text):
        if piece.group() == "(":
            sizes.append(0)
            last = 0
        elif piece.group() == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif piece[1]:
            times = int(piece[1][:6])
            sizes[-1] += last * (times - 1)
            last *= times
        else:
            last = 1
            sizes[-1] += 1
        most = max(most, *sizes)
    return most


@lru_cache(maxsize=1)
def _regex_library() -> Any:
    try:
        import regex
    except ImportError:
        raise ExecutionError(
            f"they are matched by the package regex, which is not installed: {install_command('jsonata')}"
        ) from None
    return regex
