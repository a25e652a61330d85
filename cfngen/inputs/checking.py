"""Check machines where they stand: in files of the language, in templates, or in the user's own Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cfngen.core.problems import Problem
from cfngen.documents.source import ENDINGS, ReadError, Source, read_file
from cfngen.inputs.files import files_in
from cfngen.reports.findings import Finding

if TYPE_CHECKING:
    from cfngen.inputs.machines import UnreadableMachine
    from cfngen.machines import SourceMachine


def files(paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield files, and those in folders that may hold a machine; and whether the file was named itself."""
    for path in paths:
        if os.path.isdir(path):
            yield from ((inner, False) for inner in files_in(path, ENDINGS))
        else:
            yield path, True


def check_file(path: str, named: bool = True, apis: bool = False) -> list[Finding]:
    """Return what is wrong with the machines of a file.

    A file that is not ``named`` but found in a folder may be something else, and is passed over then.
    Raises ``OSError`` as the operating system does, ``ImportError`` when ``apis`` asks for API models that
    are not installed.
    """
    return _file_findings(path, named, apis)[0]


def check_folder(paths: Iterable[str], apis: bool = False) -> list[Finding] | None:
    """Return what is wrong with the machines of the files of a folder; None where there is no machine.

    Raises as ``check_file`` does.
    """
    checked = [_file_findings(path, False, apis) for path in paths]
    if not sum(machines for _, machines in checked):
        return None
    return [finding for findings, _ in checked for finding in findings]


def _file_findings(path: str, named: bool, apis: bool) -> tuple[list[Finding], int]:
    """Return what is wrong with the machines of a file, and how many there are."""
    from cfngen.inputs.machines import read_text

    try:
        source, machines, unreadable_machines = read_text(read_file(path), path)
    except ReadError as error:
        return ([unreadable_finding(path, error)] if named else []), 0
    findings = check_source(source, machines, unreadable_machines, apis)
    return findings, len(machines) + len(unreadable_machines)


def check_source(
    source: Source,
    machines: Sequence[SourceMachine],
    unreadable_machines: Sequence[UnreadableMachine],
    apis: bool = False,
) -> list[Finding]:
    """Return what is wrong with a document, as a template and in its machines, from top to bottom."""
    from cfngen.inputs.machines import is_template

    is_deployed = is_template(source) and (machines or unreadable_machines)
    findings = [
        *(_of_template(source, machines) if is_deployed else ()),
        *(
            finding(machine, problem)
            for machine in machines
            for problem in machine.workflow.check(machine.type, apis=apis)
        ),
        *(unreadable_finding(source.name, each.error, each.name) for each in unreadable_machines),
    ]
    return sorted(
        findings,
        key=lambda each: (
            each.filename != source.name,
            each.filename,
            each.line or 0,
            each.column or 0,
        ),
    )


def check_target(target: Any, name: str, apis: bool = False) -> list[Finding]:
    """Return what is wrong with the template of a target, and with its machines; none has a line.

    Raises ``TargetError`` for what cannot be rendered.
    """
    from cfngen.inputs.machines import machines_of
    from cfngen.inputs.targets import source_of

    source = source_of(target, name)
    return [without_line(each) for each in check_source(source, *machines_of(source), apis)]


def without_line(finding: Finding) -> Finding:
    """Return a finding about what stands in no file."""
    return replace(finding, line=None, column=None)


def _of_template(source: Source, machines: Sequence[SourceMachine]) -> Iterator[Finding]:
    """Yield what keeps a template from being deployed."""
    from cfngen.inputs.parameters import parameter_problems
    from cfngen.template.refusals import refusals

    for problem in (*refusals(source.data), *parameter_problems(source.data, machines)):
        yield Finding(source.name, problem, "", *(source.place(problem.location) or (None, None)))


def unreadable_finding(path: str, error: ReadError, machine: str = "") -> Finding:
    """Return the error as a finding; that a definition lies elsewhere is none, but it is not checked."""
    from cfngen.inputs.machines import ExternalDefinitionError

    if isinstance(error, ExternalDefinitionError):
        problem = Problem("DEFINITION_ELSEWHERE", "", error.message, "", "warning")
    else:
        problem = Problem(error.code, "", error.message)
    return Finding(error.name or path, problem, machine, error.line, error.column)


def finding(machine: SourceMachine, problem: Problem) -> Finding:
    """Return a problem of a machine in the file that holds its definition."""
    line, column = machine.place(problem.location) or (None, None)
    return Finding(machine.path, problem, machine.name, line, column)
