"""An HTML document in one file that loads nothing.

Values of the user can only become text: the data of the page is JSON in which a parser of HTML finds no
tag, the script of the page inserts it as text, and a content security policy allows this script only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, Final

from cfngen.views.svg import asset

text: partial[str] = partial(escape, quote=True)
"""Return a value of the user as text of HTML, or of an attribute."""


def page_document(name: str, header: Sequence[str], main: Sequence[str], data: Mapping[str, Any]) -> str:
    """Return the document: ``data`` is what its script works with."""
    style, script = asset("graph.css") + asset("page.css"), asset("page.js")
    policy = (
        f"default-src 'none'; style-src {_csp_hash(style)}; script-src {_csp_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{text(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="generator" content="cfngen">',
        f"<title>{text(name)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        "<header>",
        '<a class="skip" href="#panel">Skip the graph</a>',
        *header,
        "</header>",
        "<main>",
        *main,
        "<noscript><p>The graph answers to clicks when scripts may run.</p></noscript>",
        "</main>",
        f'<script type="application/json" id="data">{_embedded(data)}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return _SURROGATE.sub("\ufffd", "\n".join(lines) + "\n")


def _csp_hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _embedded(data: Mapping[str, Any]) -> str:
    """Return JSON in which a parser of HTML finds no tag."""
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return content.translate({ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"})


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
