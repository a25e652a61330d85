"""Audit the roles of the state machines in template files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.audit import Audit
from cfngen.core.callers import warn_caller
from cfngen.core.problems import errors
from cfngen.documents.source import ReadError, Source, parse, read_file
from cfngen.inputs.checking import finding, unreadable_finding, without_line
from cfngen.inputs.machines import is_template, machines_of
from cfngen.reports.findings import Finding
from cfngen.workflow import PolicyWarning

__all__ = ["audit_file", "audit_source", "audit_target", "fixed_file", "fixed_source"]

_NO_TEMPLATE = "an audit takes a template, which has 'Resources'"


def audit_file(path: str, named: bool = True, strict: bool = False) -> list[Finding]:
    """Return what is wrong with the roles of the state machines of a template.

    A file that is not ``named`` but found in a folder may be something else, and is passed over then.
    ``strict`` counts as excess what AWS's pages print beyond need. Raises ``OSError`` as the operating
    system does.
    """
    try:
        return audit_source(parse(read_file(path), path), strict)
    except ReadError as error:
        return [unreadable_finding(path, error)] if named else []


def audit_source(source: Source, strict: bool = False) -> list[Finding]:
    """Return what is wrong with the roles of a template, as ``audit_file``.

    Raises ``ReadError`` for what is not a template.
    """
    if not is_template(source):
        raise ReadError(_NO_TEMPLATE, source.name)
    machines, unread = machines_of(source)
    findings = [unreadable_finding(source.name, each.error, each.name) for each in unread]
    audited = []
    for machine in machines:
        problems = errors(machine.workflow.check(machine.type))
        findings += [finding(machine, problem) for problem in problems]
        if not problems:
            audited.append(machine)
    for name, problem in Audit(source, audited, strict).problems():
        line, column = source.place(problem.location) or (None, None)
        findings.append(Finding(source.name, problem, name, line, column))
    return sorted(findings, key=lambda each: (each.line or 0, each.column or 0))


def audit_target(target: Any, name: str, strict: bool = False) -> list[Finding]:
    """Return what is wrong with the roles of the template of a target; raises ``TargetError``."""
    from cfngen.inputs.targets import source_of

    return [without_line(each) for each in audit_source(source_of(target, name), strict)]


def fixed_file(
    path: str, named: bool = True, strict: bool = False
) -> tuple[dict[str, Mapping[str, Any]], bool]:
    """Return the policies that the roles of a template should have, by logical id; and whether it is JSON.

    Raises ``ReadError`` for what ``audit_file`` reports, ``WorkflowError`` for machines with errors,
    ``OSError`` as the operating system does.
    """
    source = parse(read_file(path), path)
    if not is_template(source) and not named:
        return {}, False
    return fixed_source(source, strict), source.text.lstrip()[:1] == "{"


def fixed_source(source: Source, strict: bool = False) -> dict[str, Mapping[str, Any]]:
    """Return the policies that the roles of a template should have; raises as ``fixed_file`` does.

    Warns with ``PolicyWarning`` of what they leave out, because it cannot be read.
    """
    if not is_template(source):
        raise ReadError(_NO_TEMPLATE, source.name)
    machines, unread = machines_of(source)
    if unread:
        raise unread[0].error
    for machine in machines:
        machine.raise_errors()
    audit = Audit(source, machines, strict)
    for sentence in audit.left_out():
        warn_caller(f"{source.name}: {sentence}", PolicyWarning)
    return audit.fixed()
