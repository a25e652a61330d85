"""The findings of a command: their format, and the exit code that they mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cfngen.cli.exits import fail, print_document
from cfngen.reports.formats import FORMATS

if TYPE_CHECKING:
    from cfngen.reports.findings import Finding

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """Take the format of the findings."""
    names = click.Choice([*FORMATS])
    return click.option("--format", "style", type=names, default="text", show_default=True)(command)


def selection_options(command: Command) -> Command:
    """Take the rules to ignore, and those whose errors are warnings."""
    place = "ID, or ID:FILE#/POINTER at one place; may be given again."
    for name, parameter, action in (("--warn", "warned", "Warn of"), ("--ignore", "ignored", "Ignore")):
        command = click.option(
            name, parameter, metavar="ID", multiple=True, help=f"{action} a rule: {place}"
        )(command)
    return command


def select(findings: Sequence[Finding], ignored: Sequence[str], warned: Sequence[str]) -> list[Finding]:
    """Return the findings that the options and the project's configuration leave."""
    from cfngen.inputs.configuration import ConfigurationError, configuration
    from cfngen.reports.findings import selected

    try:
        settings = configuration()
    except (ConfigurationError, OSError) as error:
        fail([str(error)], 2)
    return selected(findings, (*settings.ignore, *ignored), (*settings.warn, *warned))


def exit_with_findings(findings: Sequence[Finding], style: str, failing: Sequence[str]) -> None:
    """Print the findings, and end the command with 1 if one has a severity that is ``failing``."""
    if report := FORMATS[style](findings):
        print_document(f"{report}\n")
    if any(finding.problem.severity in failing for finding in findings):
        sys.exit(1)
