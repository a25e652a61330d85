"""Check machines where they stand: in files of the language, in templates, or in the user's own Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cfngen.core.problems import Problem
from cfngen.documents.source import ENDINGS, ReadError, Source, parse, read_file
from cfngen.reports.findings import Finding

if TYPE_CHECKING:
    from cfngen.inputs.machines import SourceMachine


def files(paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield files, and those in folders that may hold a machine; and whether the file was named itself."""
    for path in paths:
        if not os.path.isdir(path):
            yield path, True
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "node_modules")))
            for name in sorted(names):
                if name.endswith(ENDINGS):
                    yield os.path.join(folder, name), False


def check_file(path: str, named: bool = True, apis: bool = False) -> list[Finding]:
    """Return what is wrong with the machines of a file.

    A file that is not ``named`` but found in a folder may be something else, and is passed over then.
    Raises ``OSError`` as the operating system does, ``ImportError`` when ``apis`` asks for API models that
    are not installed.
    """
    from cfngen.inputs.machines import is_template, read_source

    try:
        source = parse(read_file(path), path)
        machines, unreadable_machines = read_source(source)
    except ReadError as error:
        return [unreadable(path, error)] if named else []
    is_deployed = is_template(source) and (machines or unreadable_machines)
    return [
        *(_of_template(source, machines) if is_deployed else ()),
        *(finding for machine in machines for finding in _in(machine, path, apis)),
        *(unreadable(path, each.error, each.name) for each in unreadable_machines),
    ]


def _of_template(source: Source, machines: Sequence[SourceMachine]) -> Iterator[Finding]:
    """Yield what keeps a template from being deployed."""
    from cfngen.inputs.parameters import parameter_problems
    from cfngen.template.limits import null_problems
    from cfngen.template.references import unresolved_references

    for problem in (
        *null_problems(source.data),
        *unresolved_references(source.data),
        *parameter_problems(source.data, machines),
    ):
        yield Finding(source.name, problem, "", *(source.place(problem.location) or (None, None)))


def unreadable(path: str, error: ReadError, machine: str = "") -> Finding:
    """Return the error as a finding; that a definition lies elsewhere is none, but it is not checked."""
    from cfngen.inputs.machines import ExternalDefinitionError

    if isinstance(error, ExternalDefinitionError):
        problem = Problem("DEFINITION_ELSEWHERE", "", error.message, "", "warning")
    else:
        problem = Problem(error.code, "", error.message)
    return Finding(path, problem, machine, error.line, error.column)


def _in(machine: SourceMachine, path: str, apis: bool) -> Iterator[Finding]:
    problems = machine.workflow.check(machine.type, apis=apis)
    for problem in problems:
        line, column = machine.place(problem.location) or (None, None)
        yield Finding(path, problem, machine.name, line, column)
