"""A drawing of a workflow, in several formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final, Protocol

from cfngen.cfn.arns import integration_arn
from cfngen.core.declared import Declared, frozen
from cfngen.views.picture import Picture, picture

SUFFIXES: Final = ("svg", "png", "mmd", "dot", "txt", "html")
"""The formats of a drawing, by the suffix of a file; ``html`` is a page around it."""


class Drawable(Protocol):
    """A workflow: this module does not import ``cfngen.workflow``, which offers ``graph()``."""

    def rendered(self, service_arn: Callable[[str], Any]) -> Mapping[str, Any]:
        """Return the definition, with an ARN for the part of a service after the account."""


def draw(workflow: Drawable) -> Drawing:
    """Return a drawing of a workflow, also of one with errors."""
    return Drawing(workflow.rendered(integration_arn))


@frozen
class Drawing(Declared):
    """The graph of a definition; the same definition always gives the same bytes.

    ``svg``, ``png`` and ``text`` need the extra ``graph``: they raise ``ImportError`` without it, and
    ``LayoutError`` for a graph that is too large to draw.
    """

    definition: Mapping[str, Any]

    @cached_property
    def picture(self) -> Picture:
        """The boxes and arrows of the drawing."""
        return picture(self.definition)

    def svg(self) -> str:
        """Return an SVG with light and dark colours and labels for screen readers."""
        from cfngen.views.svg import svg

        return svg(self.picture)

    def png(self) -> bytes:
        """Return a PNG with two pixels for each of the SVG; see ``scripts_without_font``."""
        from cfngen.views.png import png

        return png(self.svg())

    def text(self, width: int | None = None) -> str:
        """Return a drawing in characters, of at most ``width`` columns; None does not limit it."""
        from cfngen.views.terminal import terminal_text

        return terminal_text(self.picture, width)

    def mermaid(self) -> str:
        """Return a flowchart for Mermaid."""
        from cfngen.views.mermaid import mermaid

        return mermaid(self.picture)

    def dot(self) -> str:
        """Return a graph for Graphviz."""
        from cfngen.views.dot import dot

        return dot(self.picture)

    def scripts_without_font(self) -> list[str]:
        """Return the scripts that no font has, such as ``Hangul``: a PNG shows boxes for their letters."""
        from cfngen.views.png import scripts_without_font

        return scripts_without_font(self.svg())

    def file_contents(self, suffix: str) -> str | bytes:
        """Return the contents of a file with that suffix, one of ``SUFFIXES`` except ``html``."""
        formats: dict[str, Callable[[], str | bytes]] = {
            "svg": self.svg,
            "png": self.png,
            "mmd": self.mermaid,
            "dot": self.dot,
            "txt": self.text,
        }
        return formats[suffix]()
