"""A picture as PNG, drawn from its SVG by resvg.

The font is cfngen's own, so that a picture has its text on every machine and is the same bytes on each.
Letters that this font does not have are drawn with the fonts of the machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from cfngen.core.installation import install_command
from cfngen.views.svg import svg_size

_SCALE: Final = 2.0
"""Pixels for each pixel of the SVG: for screens that have them, and for print."""
_MAX_SIDE_PIXELS: Final = 15_000
"""What image viewers still open."""
_TEXT: Final = re.compile(r"<text[^>]*>([^<]*)</text>")
_FONT_FAMILY: Final = re.compile(r"font-family:[^;]*;")
_FAMILY: Final = "cfngen Sans"
_FONT_FILES: Final = tuple(
    str(Path(__file__).parent / "fonts" / f"cfngen-sans-{style}.ttf") for style in ("regular", "bold")
)
_EMOJI, _SYMBOLS = "emoji", "symbols"
_NO_CHARACTER: Final = "\U0010fffe"
"""Unicode will never assign it: what is drawn for it is what is drawn for any character without a glyph."""


def png(svg: str) -> bytes:
    """Return a PNG on white. Raises ``ImportError`` without the extra ``graph``."""
    scale = min(_SCALE, _MAX_SIDE_PIXELS / max(*svg_size(svg), 1))
    return _render_png(
        _FONT_FAMILY.sub(f'font-family: "{_FAMILY}";', svg),
        system_fonts=bool(_letters_beyond_the_font(svg)),
        zoom=scale,
        background="#ffffff",
    )


def scripts_without_font(svg: str) -> list[str]:
    """Return the scripts in the texts of a picture that no font draws, such as ``Hangul`` or ``emoji``."""
    missing: list[str] = []
    for script, letter in _letters_beyond_the_font(svg):
        if script not in missing and not _has_glyph(letter, system_fonts=True):
            missing.append(script)
    return missing


def _letters_beyond_the_font(svg: str) -> list[tuple[str, str]]:
    """Return what cfngen's font does not draw: one letter for each script, and each symbol."""
    beyond: dict[str, tuple[str, str]] = {}
    for letter in _characters(svg):
        script = _script(letter)
        key = letter if script in (_SYMBOLS, _EMOJI) else script
        if key not in beyond and not _has_glyph(letter, system_fonts=False):
            beyond[key] = script, letter
    return list(beyond.values())


def _characters(svg: str) -> Iterator[str]:
    """Yield the characters of an SVG's texts that leave ink and are not ASCII, each once."""
    texts = "".join(unescape(text) for text in _TEXT.findall(svg))
    for character in dict.fromkeys(texts):
        if not character.isascii() and unicodedata.category(character)[0] in "LNPS":
            yield character


def _script(character: str) -> str:
    if character >= "\U0001f000" and unicodedata.category(character) in ("So", "Sk"):
        return _EMOJI
    if unicodedata.category(character)[0] not in "LM":
        return _SYMBOLS
    name = re.split("[ -]", unicodedata.name(character, "unknown"))[0]
    return name if name == "CJK" else name.capitalize()


def _has_glyph(character: str, *, system_fonts: bool) -> bool:
    """Tell whether a character is drawn as anything else than the box of a character without a glyph."""
    return _sample(character, system_fonts=system_fonts) != _sample(_NO_CHARACTER, system_fonts=False)


@lru_cache(maxsize=1024)
def _sample(character: str, *, system_fonts: bool) -> bytes:
    return _render_png(_SAMPLE.format(escape(character)), system_fonts=system_fonts)


_SAMPLE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">'
    f'<text x="4" y="24" font-size="20" font-family="{_FAMILY}">{{}}</text></svg>'
)


def _render_png(svg: str, *, system_fonts: bool, **options: Any) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise ImportError(f"PNG needs resvg-py: {install_command('graph')}") from None
    pixels: bytes = svg_to_bytes(
        svg_string=svg, skip_system_fonts=not system_fonts, font_files=list(_FONT_FILES), **options
    )
    return pixels
