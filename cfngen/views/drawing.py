"""A drawing of a workflow, in whichever form its reader needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.views.picture import Picture, picture

SUFFIXES: Final = ("svg", "png", "mmd", "dot", "txt", "html")
"""What a drawing can be written as, by the ending of a file's name; ``html`` is a page around it."""


@frozen
class Drawing(Declared):
    """The graph of a definition; the same definition makes the same bytes.

    ``svg``, ``png`` and ``text`` need the extra ``graph`` and raise ``ImportError`` without it, and
    ``LayoutError`` for a graph that is too large to be drawn.
    """

    definition: Mapping[str, Any]

    @cached_property
    def picture(self) -> Picture:
        """What is drawn."""
        return picture(self.definition)

    def svg(self) -> str:
        """Return a picture for any page or document, in light and dark, labelled for screen readers."""
        from cfngen.views.svg import svg

        return svg(self.picture)

    def png(self) -> bytes:
        """Return the picture in pixels, two for each of the SVG's; ``unwritten`` tells what is lost."""
        from cfngen.views.png import png

        return png(self.svg())

    def text(self, width: int | None = None) -> str:
        """Return a drawing for a terminal of ``width`` columns, or one as wide as it needs."""
        from cfngen.views.terminal import text

        return text(self.picture, width)

    def mermaid(self) -> str:
        """Return a text for Mermaid."""
        from cfngen.views.mermaid import mermaid

        return mermaid(self.picture)

    def dot(self) -> str:
        """Return a text for Graphviz."""
        from cfngen.views.dot import dot

        return dot(self.picture)

    def unwritten(self) -> list[str]:
        """Return the scripts in it that no font has, such as ``Hangul``: in a PNG they are empty boxes."""
        from cfngen.views.png import scripts_without_font

        return scripts_without_font(self.svg())

    def written(self, suffix: str) -> str | bytes:
        """Return the drawing as a file of that ending, one of ``SUFFIXES`` but ``html``."""
        forms: dict[str, Callable[[], str | bytes]] = {
            "svg": self.svg,
            "png": self.png,
            "mmd": self.mermaid,
            "dot": self.dot,
            "txt": self.text,
        }
        return forms[suffix]()
