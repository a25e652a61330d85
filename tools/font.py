"""Write the font that PNGs are drawn with, ``cfngen/views/fonts``, from DejaVu Sans as matplotlib ships it.

    python tools/font.py

It is DejaVu Sans with fewer characters, without hints, which resvg does not read, and under a name of its
own: so that a machine's DejaVu of another version never stands in for it. The same sources make the same
bytes.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
from fontTools import subset

SOURCES = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FONTS = Path(__file__).parent.parent / "cfngen" / "views" / "fonts"
FAMILY = "cfngen Sans"
FACES = {"Regular": "DejaVuSans.ttf", "Bold": "DejaVuSans-Bold.ttf"}
BLOCKS = (
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x02FF),
    (0x0300, 0x036F),  # marks that are drawn onto letters
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin of Vietnamese and others
    (0x2000, 0x20BF),  # punctuation, superscripts, currencies
    (0x2100, 0x22FF),  # letterlike, fractions, arrows, operators
    (0x2400, 0x243F),  # pictures of control characters
    (0x25A0, 0x25FF),  # shapes
    (0x26A0, 0x26A0),  # a warning, and check marks
    (0x2713, 0x2718),
    (0xFFFD, 0xFFFD),
)


def main() -> None:
    """Write both faces and their licence."""
    FONTS.mkdir(exist_ok=True)
    for style, source in FACES.items():
        options = subset.Options(
            hinting=False, name_IDs=["*"], notdef_outline=True, glyph_names=False, recalc_timestamp=False
        )
        font = subset.load_font(str(SOURCES / source), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for first, last in BLOCKS for code in range(first, last + 1)])
        subsetter.subset(font)
        names = {
            1: FAMILY,
            2: style,
            3: f"{FAMILY} {style}",
            4: f"{FAMILY} {style}",
            6: f"cfngenSans-{style}",
        }
        for record in list(font["name"].names):
            if record.nameID in (16, 17):
                font["name"].removeNames(nameID=record.nameID)
            elif record.nameID in names:
                record.string = names[record.nameID]
        subset.save_font(font, str(FONTS / f"cfngen-sans-{style.lower()}.ttf"), options)
    (FONTS / "LICENSE").write_bytes((SOURCES / "LICENSE_DEJAVU").read_bytes())


if __name__ == "__main__":
    main()
