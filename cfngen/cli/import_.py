"""Write definitions as Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cfngen.cli.exits import exit_on_problems, fail, print_document, save
from cfngen.cli.targets import load_or_fail
from cfngen.core.declared import did_you_mean

if TYPE_CHECKING:
    from cfngen.inputs.machines import UnreadableMachine
    from cfngen.machines import SourceMachine


@click.command("import")
@click.argument("file", metavar="FILE|TARGET", type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="Write to this file.")
@click.option(
    "--machine",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only the machine of this logical id; may be given again. Default: all of the template's.",
)
@click.option("--force", is_flag=True, help="Write a definition that has errors, with them at its top.")
def import_(file: str, output: str | None, names: Sequence[str], force: bool) -> None:
    """Write the workflows of FILE as Python that builds them.

    FILE is a definition in the Amazon States Language, or a template of CloudFormation or SAM, and '-'
    is standard input. It is read and never executed. Its problems are reported, and with errors
    it is written only with --force. What no class can hold is kept as it is, in a RawState.

    \b
    cfngen import machine.asl.json -o workflow.py
    cfngen import template.yaml --machine Nightly -o nightly.py
    """
    from cfngen.documents.source import ReadError

    try:
        machines, unreadable = _chosen_machines(file, names)
    except ReadError as error:
        fail([str(error)], 2)
    except OSError as error:
        fail([f"cannot read {file}: {error.strerror or error}"], 2)
    errors = _report_machines(machines, unreadable)
    if errors and not force:
        fail(["nothing is written: --force writes a definition with errors"], 1)
    with exit_on_problems():
        from cfngen.codegen import to_python

        workflows = {machine.name: machine.workflow for machine in machines}
        types = {machine.name: machine.type for machine in machines}
        text = to_python(workflows, _docstring(file), types, errors)
    if output is None:
        print_document(text)
    else:
        save(output, text)
        count = f"{len(workflows)} workflow{'s' if len(workflows) > 1 else ''}"
        click.echo(f"{output}: {count}, {len(text.encode()):,} bytes", err=True)
    if errors or unreadable:
        sys.exit(1)


def _chosen_machines(
    file: str, names: Sequence[str]
) -> tuple[list[SourceMachine], list[UnreadableMachine]]:
    """Return the machines of these names, or all, and those of them that cannot be read."""
    from cfngen.inputs.machines import load_all, read_all
    from cfngen.inputs.targets import is_target, machines_in

    if file == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        machines, unreadable = read_all(text, "standard input")
    elif is_target(file):
        with exit_on_problems():
            machines, unreadable = machines_in(load_or_fail(file), file), []
    else:
        machines, unreadable = load_all(file)
    known = [*(machine.name for machine in machines), *(each.name for each in unreadable)]
    if not known:
        fail([f"{file} has no state machine"], 2)
    for name in names:
        if name not in known:
            hint = (
                did_you_mean(name, filter(None, known))
                or f"it has {', '.join(known) or 'one without a name'}"
            )
            fail([f"{file} has no machine {name!r}; {hint}"], 2)
    if names:
        machines = [each for each in machines if each.name in names]
        unreadable = [each for each in unreadable if each.name in names]
    if not machines:
        fail([str(each.error) for each in unreadable], 2)
    return machines, unreadable


def _report_machines(
    machines: Sequence[SourceMachine], unreadable: Sequence[UnreadableMachine]
) -> list[str]:
    """Tell what is wrong with the machines, and return the errors; a definition elsewhere has none here."""
    from cfngen.inputs.checking import finding
    from cfngen.inputs.machines import ExternalDefinitionError

    errors: list[str] = []
    for each in unreadable:
        click.echo(f"error: {each.error}", err=True)
        errors += [] if isinstance(each.error, ExternalDefinitionError) else [str(each.error)]
    for machine in machines:
        for problem in machine.workflow.check(machine.type):
            text = str(finding(machine, problem))
            errors += [text] if problem.severity == "error" else []
            click.echo(f"{problem.severity}: {text}", err=True)
    return errors


def _docstring(file: str) -> str:
    """Return what the module says of itself: nothing of a name that could end its documentation."""
    name = os.path.basename(file)
    known = name.isprintable() and len(name) < 60 and not set(name) & set("\"'\\")
    return f"Read from {name}." if known and file != "-" else "Read from a definition."
