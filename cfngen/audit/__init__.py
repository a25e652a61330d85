"""Audit: whether the role of a state machine in a template allows what its definition needs, and no more.

What cannot be decided from the template is a note, and never a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.audit.template import Audit
from cfngen.core.problems import errors
from cfngen.documents.source import ReadError, parse, read_file
from cfngen.inputs.checking import unreadable
from cfngen.inputs.machines import is_template, machines_of
from cfngen.reports.findings import Finding

__all__ = ["Audit", "audit_file", "fixed_file"]


def audit_file(path: str, named: bool = True, strict: bool = False) -> list[Finding]:
    """Return what is wrong with the roles of the state machines of a template.

    A file that is not ``named`` but found in a folder may be something else, and is passed over then.
    ``strict`` counts as excess what AWS's pages print beyond need. Raises ``OSError`` as the operating
    system does.
    """
    try:
        source = parse(read_file(path), path)
        if not is_template(source):
            raise ReadError("an audit takes a template, which has 'Resources'", path)
    except ReadError as error:
        return [unreadable(path, error)] if named else []
    machines, unread = machines_of(source)
    findings = [unreadable(path, each.error, each.name) for each in unread]
    audited = []
    for machine in machines:
        problems = errors(machine.workflow.check(machine.type))
        for problem in problems:
            line, column = machine.place(problem.location) or (None, None)
            findings.append(Finding(machine.path, problem, machine.name, line, column))
        if not problems:
            audited.append(machine)
    for name, problem in Audit(source, audited, strict).problems():
        line, column = source.place(problem.location) or (None, None)
        findings.append(Finding(path, problem, name, line, column))
    return sorted(findings, key=lambda finding: (finding.line or 0, finding.column or 0))


def fixed_file(
    path: str, named: bool = True, strict: bool = False
) -> tuple[dict[str, Mapping[str, Any]], bool]:
    """Return the policies that the roles of a template should have, by logical id; and whether it is JSON.

    Raises ``ReadError`` for what ``audit_file`` reports, ``OSError`` as the operating system does.
    """
    source = parse(read_file(path), path)
    if not is_template(source):
        if named:
            raise ReadError("an audit takes a template, which has 'Resources'", path)
        return {}, False
    machines, unread = machines_of(source)
    if unread:
        raise unread[0].error
    for machine in machines:
        machine.workflow.raise_errors(machine.type)
    return Audit(source, machines, strict).fixed(), source.text.lstrip()[:1] == "{"
