"""The width of texts in an unknown font, and how they are wrapped into lines.

A browser draws a picture with a font of its machine. The widths here are upper bounds: the greatest of
DejaVu Sans and Liberation Sans, plain and bold, which are wider than the fonts of user interfaces, and for
other scripts the width of the widest letter in fonts that have them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from cfngen.core.installation import install_command

_MAX_WIDTHS: Final = (
    (36, " 'ijl"),
    (42, ",-./:;I\\|"),
    (48, "!()[]ft"),
    (53, '"*`r°'),
    (58, "J_§\u2013"),
    (62, "?csz"),
    (68, "Laekvxy"),
    (72, "$0123456789EFTbdghnopqu{}€ßøð"),
    (76, "CPSYZ"),
    (84, "#+<=>ABDGHKNRUVX^~"),
    (88, "&OQØ"),
    (94, "w"),
    (105, "%@Mm—…æ"),
    (117, "WÆœŒ"),
)
_WIDTH_OF: Final = {letter: width for width, letters in _MAX_WIDTHS for letter in letters}
_EAST_ASIAN: Final = 103
_EMOJI: Final = 140
_ALPHABET: Final = 142
"""Of Greek, Cyrillic, Hebrew and Arabic letters."""
_ELSE: Final = 205


def max_width(text: str) -> float:
    """Return an upper bound for the width of a line, in units of its font size.

    Widths are whole hundredths: sums of fractions differ between versions of Python.
    """
    return sum(map(_max_letter_width, text)) / 100


def column_count(text: str) -> int:
    """Return the number of columns that a line has in a terminal."""
    return len(text) if text.isascii() else max(0, int(_terminal_widths().wcswidth(text)))


def clusters(text: str) -> Iterable[str]:
    """Return what a reader takes for letters: each with its marks, a flag, a family of emoji."""
    if text.isascii():
        return text
    parts: Iterable[str] = _terminal_widths().iter_graphemes(text)
    return parts


def wrap(text: str, line_width: float, width: Callable[[str], float], max_lines: int) -> list[str]:
    """Return at most ``max_lines`` lines of at most ``line_width``; the last one may end in an ellipsis.

    Lines are broken at spaces and between letters of East Asian scripts. A word that is longer than a line
    is broken after a sign such as a hyphen or a dot, or else at any letter.
    """
    lines: list[str] = []
    line = ""
    for piece in _breakable_pieces(text):
        joined = line + piece
        if not line or width(joined.rstrip()) <= line_width:
            line = joined
        else:
            lines.append(line.rstrip())
            line = piece
        while width(line.rstrip()) > line_width:
            head = _longest_head(line, line_width, width)
            if head == line:
                break
            lines.append(head)
            line = line[len(head) :]
        if len(lines) > max_lines:
            break
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) <= max_lines:
        return lines
    last = lines[max_lines - 1]
    while last and width(f"{last}…") > line_width:
        last = "".join(list(clusters(last))[:-1])
    return [*lines[: max_lines - 1], f"{last.rstrip()}…"]


def wrap_names(
    text: str, line_width: float, width: Callable[[str], float], max_lines: int, longest: float
) -> list[str]:
    """Wrap a text as ``wrap`` does, in lines of up to ``longest`` where a name in it needs more."""
    names = (width(name) for piece in _breakable_pieces(text) for name in _SIGNED.findall(piece.rstrip()))
    needed = max((line_width, *names))
    return wrap(text, max(line_width, min(longest, needed)), width, max_lines)


def _breakable_pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text between which a line may be broken."""
    piece = ""
    for cluster in clusters(text):
        if piece and (
            (_ends_word(piece) and cluster != " ") or (_begins(cluster[0]) and piece[-1] not in _OPENING)
        ):
            yield piece
            piece = ""
        piece += cluster
    if piece:
        yield piece


_CLOSING: Final = "、。，．！？）］｝」』】〉》・ー…"  # noqa: RUF001
_OPENING: Final = "（［｛「『【〈《"  # noqa: RUF001


def _begins(letter: str) -> bool:
    return _is_wide(letter) and letter not in _CLOSING


def _ends_word(piece: str) -> bool:
    last = piece[-1]
    return last == " " or (_is_wide(last) and last not in _OPENING)


def _longest_head(line: str, line_width: float, width: Callable[[str], float]) -> str:
    """Return as much of a word as fits, up to a sign between its parts if there is one."""
    head = joint = ""
    for cluster in clusters(line):
        if head and width(head + cluster) > line_width:
            return joint or head
        head += cluster
        if cluster in _JOINTS:
            joint = head
    return head


_JOINTS: Final = frozenset("-_/.:,;|&")
_SIGNED: Final = re.compile(r"[^-_/.:,;|&]*[-_/.:,;|&]*")


@lru_cache(maxsize=4096)
def _max_letter_width(letter: str) -> int:
    if letter in _WIDTH_OF:
        return _WIDTH_OF[letter]
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if _is_wide(letter):
        return _EAST_ASIAN if ord(letter) < 0x1F000 else _EMOJI
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _WIDTH_OF:
        return _WIDTH_OF[base]
    return _ALPHABET if 0x250 <= ord(letter) < 0x700 else _ELSE


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F")


def _terminal_widths() -> Any:
    """Return the library that knows the columns of a letter; texts in ASCII do not need it."""
    try:
        import wcwidth
    except ImportError:
        raise ImportError(f"drawing needs wcwidth: {install_command('graph')}") from None
    return wcwidth
