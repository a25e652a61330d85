"""Findings about a template in cfn-lint's form, as text, JSON, SARIF and annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from cfngen.reports import sarif
from cfngen.reports.findings import is_meant
from cfngen.reports.formats import annotation, printable

if TYPE_CHECKING:
    from cfngen.core import problems

LintSeverity: TypeAlias = Literal["error", "warning", "informational"]


@dataclass(frozen=True)
class LintFinding:
    """One thing that one cfn-lint rule says about one place in a template.

    Lines and columns count from 1; ``end_column`` is the column after the last character. ``path``
    holds the keys and indices that lead to the place, and is None where the text is not a template.
    ``documentation`` is the address of a page, or empty where cfn-lint names none. ``id`` is
    cfn-lint's, and ``parent`` is the ``id`` of the finding that this one explains.

    https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md
    """

    rule: str
    severity: LintSeverity
    message: str
    filename: str
    line: int
    column: int
    end_line: int
    end_column: int
    path: tuple[str | int, ...] | None
    title: str
    description: str
    documentation: str
    id: str
    parent: str | None = None

    def __str__(self) -> str:
        message = " ".join(line.strip() for line in self.message.splitlines())
        return f"{self.filename}:{self.line}:{self.column}: {message} [{self.rule}]"


def selected(
    findings: Iterable[LintFinding], ignore: Sequence[str], warn: Sequence[str]
) -> list[LintFinding]:
    """Return the findings but those to ``ignore``; those to ``warn`` of become informational.

    An entry is the id of a rule (``E3012``, ``null-value``), at one place if a path follows:
    ``ID:FILE#/POINTER``.
    """
    kept = []
    for finding in findings:
        rules = (finding.rule, finding.rule.lower().replace("_", "-"))
        pointer = "".join(f"/{key}" for key in finding.path or ())
        if is_meant(ignore, rules, finding.filename, pointer):
            continue
        if is_meant(warn, rules, finding.filename, pointer):
            finding = replace(finding, severity="informational")
        kept.append(finding)
    return kept


_RULES_PAGE: Final = "https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md"

_SARIF_LEVELS: Final[Mapping[LintSeverity, problems.Severity]] = {
    "error": "error",
    "warning": "warning",
    "informational": "note",
}


def as_text(findings: Iterable[LintFinding]) -> str:
    """Render one line a finding: ``file:line:column: message [rule]``; control characters are spelled."""
    return "\n".join(printable(str(finding)) for finding in findings)


def as_json(findings: Iterable[LintFinding]) -> str:
    """Render the document that ``cfn-lint --format json`` prints, for tools that read that."""
    return json.dumps([_cfnlint_json(finding) for finding in findings], indent=4)


def as_sarif(findings: Iterable[LintFinding]) -> str:
    """Render a SARIF 2.1.0 log of one run, for code scanning services and editors.

    cfn-lint's own SARIF formatter needs two further packages and lists the rules in random order.

    """
    tool = {
        "name": "cfn-lint",
        "informationUri": "https://github.com/aws-cloudformation/cfn-lint",
        "version": version("cfn-lint"),
    }
    findings = list(findings)
    results = [
        sarif.SarifResult(
            finding.rule,
            _SARIF_LEVELS[finding.severity],
            finding.message,
            finding.filename,
            finding.line,
            finding.column,
            finding.end_line,
            finding.end_column,
        )
        for finding in findings
    ]
    return sarif.log(tool, {finding.rule: _sarif_rule(finding) for finding in findings}, results)


def as_github(findings: Iterable[LintFinding]) -> str:
    """Render workflow commands, which GitHub shows next to the lines of a change."""
    return "\n".join(
        annotation(
            _SARIF_LEVELS[finding.severity],
            finding.filename,
            finding.rule,
            " ".join(finding.message.split()),
            finding.line,
            finding.column,
        )
        for finding in findings
    )


FORMATS: Final[Mapping[str, Callable[[Iterable[LintFinding]], str]]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
"""By the names that commands give them, as those of other findings."""


def _cfnlint_json(finding: LintFinding) -> dict[str, object]:
    return {
        "Filename": finding.filename,
        "Id": finding.id,
        "Level": finding.severity.capitalize(),
        "Location": {
            "End": {"ColumnNumber": finding.end_column, "LineNumber": finding.end_line},
            "Path": finding.path,
            "Start": {"ColumnNumber": finding.column, "LineNumber": finding.line},
        },
        "Message": finding.message,
        "ParentId": finding.parent,
        "Rule": {
            "Description": finding.description,
            "Id": finding.rule,
            "ShortDescription": finding.title,
            "Source": finding.documentation,
        },
    }


def _sarif_rule(finding: LintFinding) -> dict[str, object]:
    return {
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": finding.description},
        "helpUri": finding.documentation or f"{_RULES_PAGE}#{finding.rule}",
    }
