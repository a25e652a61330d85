"""A comparison as text for a terminal, Markdown for a pull request, JSON, and annotations of GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from cfngen.diff.comparison import Comparison
from cfngen.diff.json_fields import comparison_fields
from cfngen.diff.permissions import Direction
from cfngen.diff.report import Line, Report, permission_line, report_lines, resource_lines, trust_text
from cfngen.diff.resource_change import Consequence, Effect
from cfngen.views.labels import title

MARKER: Final = "<!-- cfngen diff -->"
"""The first line of the Markdown, by which a comment on a pull request is found again."""

_INDENT: Final = "  "


def as_text(report: Report, *, colours: bool = False) -> str:
    """Return the report for a terminal; ``colours`` takes one that shows them."""
    comparisons = [comparison for comparison in report.comparisons if comparison or comparison.notes]
    return (
        "\n\n".join(_comparison_text(comparison, colours) for comparison in comparisons) or "no differences"
    )


def as_markdown(report: Report, *, colours: bool = False) -> str:
    """Return the report as a comment on a pull request; its first line is ``MARKER``."""
    comparisons = [comparison for comparison in report.comparisons if comparison or comparison.notes]
    head = [MARKER, "### What this change deploys", ""]
    if not comparisons:
        return "\n".join([*head, "Nothing differs."])
    return "\n".join([*head, *(line for comparison in comparisons for line in _markdown(comparison))])


def as_json(report: Report, *, colours: bool = False) -> str:
    """Return a list of objects, one a comparison: old, new, kinds, machines, resources, entries, notes."""
    documents = [comparison_fields(comparison) for comparison in report.comparisons]
    return json.dumps(documents, indent=2, ensure_ascii=False, default=str)


def as_github(report: Report, *, colours: bool = False) -> str:
    """Return annotations for what a reviewer must not miss: permissions, replacements, executions.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(line for comparison in report.comparisons for line in _annotations(comparison))


FORMATS: Final[Mapping[str, Callable[..., str]]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "github": as_github,
}
"""By the names that the command gives them; each takes the comparison and ``colours``."""


def _comparison_text(comparison: Comparison, colours: bool) -> str:
    head = f"{title(comparison.old)} -> {title(comparison.new)}"
    return "\n".join(
        [head, *(_coloured(line) if colours else _plain_line(line) for line in report_lines(comparison))]
    )


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"{_code(comparison.old)} → {_code(comparison.new)}"
    is_open = False
    for line in report_lines(comparison):
        if line.depth == 0:
            if is_open:
                yield "```"
            yield from ("", f"**{_escaped_markdown(line.text)}**", "", "```diff")
            is_open = True
        else:
            sign = {"~": "!", "?": "#"}.get(line.sign, line.sign) or " "
            yield f"{sign} {_INDENT * (line.depth - 1)}{line.text.replace('```', '` ` `')}"
    if is_open:
        yield "```"
    yield ""


def _plain_line(line: Line) -> str:
    sign = f"{line.sign} " if line.sign else ""
    return f"{_INDENT * line.depth}{sign}{line.text}"


_COLOURS: Final = {"+": "32", "-": "31", "~": "33", "!": "1;31", "?": "36"}


def _coloured(line: Line) -> str:
    colour = "1" if line.depth == 0 else _COLOURS.get(line.sign)
    return f"\x1b[{colour}m{_plain_line(line)}\x1b[0m" if colour else _plain_line(line)


def _code(text: str) -> str:
    line = title(text)
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest else f"`{line}`"


def _escaped_markdown(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~@" else sign for sign in text)


_ANNOTATED: Final = {
    Effect.REPLACED: "replacement",
    Effect.RENAMED: "replacement",
    Effect.REFUSED: "replacement",
    Effect.PERHAPS_REPLACED: "possible-replacement",
}


def _annotations(comparison: Comparison) -> Iterator[str]:
    from cfngen.reports.formats import annotation

    file = comparison.new
    for machine in comparison.machines:
        for permission in machine.permissions:
            if permission.direction is Direction.BROADER:
                yield annotation(
                    "warning" if permission.states else "error",
                    file,
                    "broader-permissions",
                    permission_line(permission).text,
                )
        for running in machine.running:
            if running.is_harmful:
                yield annotation("warning", file, "running-executions", str(running))
        for trust in machine.trust:
            yield annotation("warning", file, "trust", trust_text(trust))
    for change in comparison.resources:
        kind = _ANNOTATED.get(change.effect)
        if change.effect is Effect.REMOVED and Consequence.OLD_IS_DELETED in change.consequences:
            kind = "removal"
        if kind is not None:
            yield annotation("warning", file, kind, next(resource_lines(change)).text)
