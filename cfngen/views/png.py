"""A picture as PNG, drawn from its SVG by resvg with the fonts of the machine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

_SCALE: Final = 2.0
"""Pixels for each pixel of the SVG: for screens that have them, and for print."""
_MOST: Final = 15_000
"""Pixels along a side: what image viewers still open."""
_SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)"')


def png(svg: str) -> bytes:
    """Return a PNG on white. Raises ``ImportError`` without the extra ``graph``."""
    size = _SIZE.search(svg)
    assert size is not None  # every picture has one
    scale = min(_SCALE, _MOST / max(int(size[1]), int(size[2]), 1))
    made: bytes = _engine()(svg_string=svg, zoom=scale, background="#ffffff")
    return made


def unwritten(texts: Iterable[str]) -> list[str]:
    """Return the scripts of which no font on this machine has the letters: ``HANGUL``."""
    letters: dict[str, str] = {}
    for text in texts:
        for letter in text:
            if ord(letter) > 0x24F and unicodedata.category(letter)[0] in "LS":
                letters.setdefault(_script(letter), letter)
    if not letters:
        return []
    nothing = _drawn("\U0010fffe")
    return [script for script, letter in letters.items() if _drawn(letter) == nothing]


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]


def _drawn(letter: str) -> bytes:
    made: bytes = _engine()(
        svg_string='<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">'
        f'<text x="4" y="24" font-size="20" font-family="sans-serif">{letter}</text></svg>'
    )
    return made


def _engine() -> Any:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise ImportError('PNG needs resvg-py: pip install "cfngen[graph]"') from None
    return svg_to_bytes
