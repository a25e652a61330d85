"""How wide text is, and how it is broken into lines, for fonts that are not known.

A picture is drawn with whatever font its reader has. The widths here are bounds: the greatest of
DejaVu Sans and Liberation Sans, plain and bold, which are wider than the fonts that systems have for user
interfaces, and for other scripts the widest letter of fonts that have them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

_BOUNDS: Final = (
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
_WIDTHS: Final = {letter: width for width, letters in _BOUNDS for letter in letters}
_EAST_ASIAN: Final = 103
_EMOJI: Final = 140
_ALPHABET: Final = 142
"""Of Greek, Cyrillic, Hebrew and Arabic letters."""
_ELSE: Final = 205
_JOINER: Final = "\u200d"


def bounded(text: str) -> float:
    """Return how wide a line is at most, in its font size.

    Widths are whole hundredths: sums of fractions are not the same in every version of Python.
    """
    return sum(map(_bound, text)) / 100


def columns(text: str) -> int:
    """Return how many columns of a terminal a line takes."""
    return sum(map(_columns, text))


def broken(text: str, room: float, width: Callable[[str], float], most: int) -> list[str]:
    """Return lines that are no wider than ``room``, ``most`` of them; an ellipsis tells of more.

    Lines are broken at spaces, after what joins words, and between letters of East Asian scripts; a word
    without any is broken where it must.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        joined = line + piece
        if not line or width(joined.rstrip()) <= room:
            line = joined
        else:
            lines.append(line.rstrip())
            line = piece
        while width(line.rstrip()) > room:
            head = _head(line, room, width)
            if head == line:
                break
            lines.append(head)
            line = line[len(head) :]
        if len(lines) > most:
            break
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(f"{last}…") > room:
        last = "".join(list(_clusters(last))[:-1])
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _pieces(text: str) -> Iterator[str]:
    """Yield what may stand at the beginning of a line, with the spaces after it."""
    piece = ""
    for cluster in _clusters(text):
        if piece and (
            (_ends(piece) and cluster != " ") or (_begins(cluster[0]) and piece[-1] not in _OPENING)
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


def _ends(piece: str) -> bool:
    last = piece[-1]
    return last in " -_/.:,;|&=" or (_is_wide(last) and last not in _OPENING)


def _head(line: str, room: float, width: Callable[[str], float]) -> str:
    """Return as much of a word as fits, and one letter at least."""
    head = ""
    for cluster in _clusters(line):
        if head and width(head + cluster) > room:
            break
        head += cluster
    return head


def _clusters(text: str) -> Iterator[str]:
    """Yield letters with what is drawn onto them."""
    cluster = ""
    for letter in text:
        if cluster and not (_columns(letter) == 0 or cluster[-1] == _JOINER or _is_tone(letter)):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _is_tone(letter: str) -> bool:
    return "\U0001f3fb" <= letter <= "\U0001f3ff"


@lru_cache(maxsize=4096)
def _bound(letter: str) -> int:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if _columns(letter) == 0:
        return 0
    if _is_wide(letter):
        return _EAST_ASIAN if ord(letter) < 0x1F000 else _EMOJI
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _WIDTHS:
        return _WIDTHS[base]
    return _ALPHABET if 0x250 <= ord(letter) < 0x700 else _ELSE


@lru_cache(maxsize=4096)
def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if _is_wide(letter) else 1


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F")
