"""The site: ``make docs`` builds it into ``docs/_build/html``."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parent
REPOSITORY = "https://github.com/cfngen/cfngen/"
ELSEWHERE = {"examples": "examples/README.md", "changes": "CHANGELOG.md"}
"""Pages whose text stands outside docs/, where readers of the repository look for it."""
sys.path.insert(0, str(DOCS.parent))

project = "cfngen"
author = "The authors of cfngen"
version = release = installed_version("cfngen")
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"cfngen {version}"
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "docs/",
}


def lead_out(app: Sphinx, name: str, source: list[str]) -> None:
    """Let links to files beside ``docs/`` lead to the repository, and take the text of pages from there."""
    folder = (DOCS / name).parent
    if name in ELSEWHERE:
        page = DOCS.parent / ELSEWHERE[name]
        source[0], folder = page.read_text(encoding="utf-8"), page.parent
    source[0] = re.sub(
        r"(!?)\[([^\]]*)\]\((?!\w+:)([^)#\s]+)(#[^)]*)?\)", lambda link: _link(link, folder), source[0]
    )


def _link(link: re.Match[str], folder: Path) -> str:
    image, words, path, anchor = link.groups()
    target = (folder / path).resolve()
    if target.is_relative_to(DOCS) or not target.exists():
        return link[0]
    below_root = target.relative_to(DOCS.parent).as_posix()
    if image:
        return f"![{words}](../{below_root})"
    kind = "tree" if target.is_dir() else "blob"
    return f"[{words}]({REPOSITORY}{kind}/main/{below_root}{anchor or ''})"


def write_reference(app: Sphinx) -> None:
    """Make the pages of the reference out of the code."""
    from tools import reference

    reference.write(DOCS / "reference")


def setup(app: Sphinx) -> None:
    """Tell Sphinx of the two, and to show as text what GitHub draws."""
    app.add_lexer("mermaid", TextLexer)
    app.connect("builder-inited", write_reference)
    app.connect("source-read", lead_out)
