"""Pixels: a PNG has its text whatever fonts a machine has, and is the same bytes on each."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops

import cfngen.views
from cfngen.views.drawing import Drawing
from cfngen.views.png import png
from tests.views.machines import chain, one

FONTS = Path(cfngen.views.__file__).parent / "fonts"
ROOT = Path(__file__).parent.parent.parent
TEXT = re.compile(r'<text class="\w+" x="([-\d.]+)" y="([-\d.]+)">([^<]*)</text>')
MACHINES = {
    "without fonts": [],
    "with DejaVu alone": ["DejaVu Sans"],
    "with many": ["Arial", "DejaVu Sans", "Helvetica Neue", "Liberation Sans", "Noto Sans", "Noto Sans KR"],
}
fontconfig = pytest.mark.skipif(
    sys.platform != "linux", reason="it is told by fontconfig, on Linux alone, which fonts a machine has"
)


@pytest.fixture
def machine(tmp_path: Path) -> Any:
    """A machine with fonts of some families, and no others; ``letters`` are Hangul that they have.

    It is a process of its own, since resvg reads the fonts of a machine once.
    """

    def with_fonts(families: Any, letters: str = "") -> Any:
        folder = tmp_path / "-".join(["fonts", *families, letters])
        folder.mkdir()
        for family in families:
            font = TTFont(FONTS / "cfngen-sans-regular.ttf")
            # letters of half the size: they show where one of these is taken in place of cfngen's
            font["head"].unitsPerEm *= 2
            for record in font["name"].names:
                record.string = family
            for table in font["cmap"].tables:
                table.cmap.update({ord(letter): table.cmap[ord("W")] for letter in letters})
            font.save(folder / f"{family}.ttf")
        config = tmp_path / "fonts.conf"
        config.write_text(f"<fontconfig><dir>{folder}</dir></fontconfig>", encoding="utf-8")
        return partial(run, {**os.environ, "FONTCONFIG_FILE": str(config), "PYTHONPATH": str(ROOT)})

    return with_fonts


def run(environment: Any, *svgs: Any) -> list[Any]:
    """Return what a machine draws for each SVG, and the scripts that it lacks."""
    drawn = subprocess.run(
        [sys.executable, "-c", DRAW],
        input=json.dumps(svgs),
        env=environment,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return [Drawn(bytes.fromhex(pixels), scripts) for pixels, scripts in json.loads(drawn.stdout)]


DRAW = """
import json, sys
from cfngen.views.png import png, scripts_without_font
print(json.dumps([(png(svg).hex(), scripts_without_font(svg)) for svg in json.load(sys.stdin)]))
"""


class Drawn(NamedTuple):
    png: bytes
    scripts: list[str]

    @property
    def pixels(self) -> Any:
        return pixels(self.png)


def picture(*texts: Any) -> Any:
    machine = chain(len(texts))
    states = dict(zip(texts, machine["States"].values(), strict=True))
    for state, following in zip(states.values(), texts[1:], strict=False):
        state["Next"] = following
    return Drawing({"StartAt": texts[0], "States": states}).svg()


def pixels(content: bytes) -> Any:
    return Image.open(io.BytesIO(content)).convert("RGB")


def areas(svg: Any) -> Iterator[Any]:
    """Where each text stands in the pixels of a picture: its beginning, or its middle."""
    corner = re.findall(r'viewBox="([-\d.]+) ([-\d.]+) ', svg)[0]
    left, top = map(float, corner)
    for x, y, text in TEXT.findall(svg):
        right, base = int(2 * (float(x) - left)), int(2 * (float(y) - top))
        yield unescape(text), (right, base - 20, right + 16, base + 8)


LATIN = ["Submit Batch Job", "Größe prüfen", "Żółć", "Đặt hàng", "Ελληνικά", "Заказ", "a → b ≥ c ✓"]


@pytest.mark.slow
@fontconfig
@pytest.mark.parametrize("families", MACHINES.values(), ids=MACHINES)
def test_every_text_leaves_ink(machine: Any, families: list[Any]) -> None:
    svg = picture(*LATIN)
    drawn, blank = (each.pixels for each in machine(families)(svg, TEXT.sub("", svg)))
    found = list(areas(svg))
    assert {text for text, _ in found} >= {*LATIN, "Start", "End", "Pass"}
    for text, area in found:
        assert ImageChops.difference(drawn.crop(area), blank.crop(area)).getbbox(), text


@fontconfig
@pytest.mark.slow
def test_the_bytes_are_the_same_on_every_machine(machine: Any) -> None:
    svg = picture(*LATIN)
    assert len({drawn.png for families in MACHINES.values() for drawn in machine(families)(svg)}) == 1


@fontconfig
def test_the_name_of_a_state_is_bold(machine: Any) -> None:
    svg = picture("Only")
    bold, regular = machine([])(svg, svg.replace("font-weight: 600", "font-weight: 400"))
    assert bold.png != regular.png


@fontconfig
def test_a_machine_s_fonts_draw_the_scripts_that_cfngen_s_lacks_and_those_alone(machine: Any) -> None:
    svg = picture("Latin", "안녕")
    [without] = machine([])(svg)
    [with_many] = machine(MACHINES["with many"], letters="안녕")(svg)
    assert (without.scripts, with_many.scripts) == (["Hangul"], [])
    for text, area in areas(svg):
        changed = ImageChops.difference(without.pixels.crop(area), with_many.pixels.crop(area)).getbbox()
        assert bool(changed) == (text == "안녕"), text


@fontconfig
def test_scripts_that_no_font_has_are_named(machine: Any) -> None:
    named = {
        "plain text of ASCII, größer": [],
        "안녕 plain 하세요": ["Hangul"],
        "漢字とかな": ["CJK", "Hiragana"],
        "ᚠᚢ 𐎀": ["Runic", "Ugaritic"],
        "a 🚀 b 🎉": ["emoji"],
        "、⏸": ["symbols"],
        "한 漢 🚀": ["Hangul", "CJK", "emoji"],
    }
    drawn = machine([])(*map(picture, named))
    assert dict(zip(named, (each.scripts for each in drawn), strict=True)) == named


def test_the_font_has_the_alphabets_that_are_written_with_latin_greek_and_cyrillic_letters() -> None:
    codes = [
        *range(0x20, 0x7F),
        *range(0xA0, 0x180),
        *range(0x391, 0x3CF),
        *range(0x400, 0x482),
        *range(0x1EA0, 0x1EFA),
    ]
    for style in ("regular", "bold"):
        has = TTFont(FONTS / f"cfngen-sans-{style}.ttf").getBestCmap()
        lacks = [chr(code) for code in codes if code not in has and unicodedata.category(chr(code)) != "Cn"]
        assert lacks == [], style


def test_the_font_is_given_with_its_licence() -> None:
    licence = (FONTS / "LICENSE").read_text(encoding="utf-8")
    assert "Bitstream Vera Fonts Copyright" in licence
    for style in ("regular", "bold"):
        names = TTFont(FONTS / f"cfngen-sans-{style}.ttf")["name"]
        assert names.getBestFamilyName() == "cfngen Sans"
        assert "Bitstream" in names.getDebugName(0)


def test_a_picture_is_no_larger_than_viewers_open() -> None:
    svg = Drawing(one("W" * 80)).svg().replace(' height="', ' height="9', 1)
    assert max(pixels(png(svg)).size) <= 15_000
