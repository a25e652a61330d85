"""Findings of ``cfngen check`` and ``cfngen audit`` as text for people and as what pipelines read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cfngen.core.problems import Problem, Severity
    from cfngen.reports.findings import Finding


def as_text(findings: Sequence[Finding]) -> str:
    """Return each finding with the line it is about and a caret under the place."""
    lines: dict[str, list[str]] = {}
    parts = []
    for finding in findings:
        parts.append(f"{finding.problem.severity}: {printable(finding.as_sentence())}")
        if finding.line is None:
            continue
        if finding.filename not in lines:
            lines[finding.filename] = _file_lines(finding.filename)
        parts += _line_with_caret(lines[finding.filename], finding.line, finding.column or 1)
    return "\n".join(parts)


def as_json(findings: Sequence[Finding]) -> str:
    """Return a list of objects: file, machine, line, column, severity, code, location, message, hint."""
    return json.dumps([_finding_fields(finding) for finding in findings], indent=2, ensure_ascii=False)


def as_github(findings: Sequence[Finding]) -> str:
    """Return workflow commands, which GitHub shows next to the lines of a change.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(_command(finding) for finding in findings)


def as_sarif(findings: Sequence[Finding]) -> str:
    """Return a SARIF 2.1.0 log of one run."""
    from importlib.metadata import version

    from cfngen.reports import sarif

    tool = {"name": "cfngen", "version": version("cfngen")}
    rules = {finding.problem.id: _rule_description(finding.problem) for finding in findings}
    results = [
        sarif.SarifResult(
            finding.problem.id,
            finding.problem.severity,
            _message(finding),
            finding.filename,
            finding.line,
            finding.column,
        )
        for finding in findings
    ]
    return sarif.log(tool, rules, results)


def _rule_description(problem: Problem) -> dict[str, Any]:
    """Describe a rule, and say where it is explained."""
    text = problem.id.removeprefix("asl-").replace("-", " ").capitalize()
    described: dict[str, Any] = {"name": problem.code, "shortDescription": {"text": text}}
    return (
        {**described, "helpUri": f"{_RULES}#{problem.id}"} if problem.rule.startswith("asl-") else described
    )


_RULES: Final = "https://github.com/cfngen/cfngen/blob/main/docs/rules.md"

FORMATS: Final[Mapping[str, Callable[[Sequence[Finding]], str]]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
}
"""By the names that commands give them."""


def _finding_fields(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "file": finding.filename,
        "machine": finding.machine,
        "line": finding.line,
        "column": finding.column,
        "severity": problem.severity,
        "code": problem.code,
        "rule": problem.id,
        "location": problem.location,
        "message": problem.message,
        "hint": problem.hint,
    }


def annotation(
    severity: Severity,
    filename: str,
    title: str,
    message: str,
    line: int | None = None,
    column: int | None = None,
) -> str:
    """Return a workflow command of GitHub that annotates a file."""
    place = {"file": filename, "line": line, "col": column, "title": title}
    properties = ",".join(
        f"{name}={_escaped_property(str(value), ',:')}"
        for name, value in place.items()
        if value is not None
    )
    command = {"note": "notice"}.get(severity, severity)
    return f"::{command} {properties}::{_escaped_property(printable(message))}"


def _command(finding: Finding) -> str:
    problem = finding.problem
    return annotation(
        problem.severity, finding.filename, problem.code, _message(finding), finding.line, finding.column
    )


def _message(finding: Finding) -> str:
    problem = finding.problem
    where = f"{finding.machine} {problem.location}".strip()
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{where}: {problem.message}{hint}" if where else f"{problem.message}{hint}"


def _escaped_property(text: str, also: str = "") -> str:
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _file_lines(filename: str) -> list[str]:
    try:
        with open(filename, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []


def _line_with_caret(lines: list[str], line: int, column: int) -> list[str]:
    """Return a line, cut where it is long, and a caret under the column."""
    if line > len(lines):
        return []
    start = max(0, column - 60)
    quoted = lines[line - 1][start : start + 100].replace("\t", " ")
    before = printable(quoted[: column - 1 - start])
    return [f"  | {before}{printable(quoted[column - 1 - start :])}", f"  | {' ' * len(before)}^"]


def printable(text: str) -> str:
    """Return text whose control, escape and bidirectional characters are spelled, line breaks kept."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text)
