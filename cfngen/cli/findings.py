"""The findings of a command: their format, and the exit code that they mean."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import click

from cfngen.cli.exits import fail, print_document
from cfngen.reports.formats import FORMATS

if TYPE_CHECKING:
    from cfngen.cli.targets import Command
    from cfngen.inputs.configuration import Configuration
    from cfngen.reports.findings import Finding


def format_option(command: Command) -> Command:
    """Take the format of the findings; without it, that of the project's configuration."""
    option = click.option(
        "--format",
        "style",
        type=click.Choice([*FORMATS]),
        default=lambda: configured().format or "text",
        show_default="text",
    )
    return option(command)


def selection_options(command: Command) -> Command:
    """Take the rules to ignore, and those whose findings fail nothing."""
    place = "ID, or ID:FILE#/POINTER at one place; may be given again."
    for name, parameter, action in (("--warn", "warned", "Warn of"), ("--ignore", "ignored", "Ignore")):
        command = click.option(
            name, parameter, metavar="ID", multiple=True, help=f"{action} a rule: {place}"
        )(command)
    return command


def configured() -> Configuration:
    """Return the settings of the file that ``--config`` names, or else of the project, read once."""
    from cfngen.inputs.configuration import ConfigurationError, configuration, configuration_in

    root = click.get_current_context().find_root()
    if (known := root.meta.get(__name__)) is not None:
        return cast("Configuration", known)
    path = root.params.get("config")
    try:
        settings = configuration_in(path) if path else configuration()
    except ConfigurationError as error:
        fail([str(error)], 2)
    except OSError as error:
        fail([f"cannot read {error.filename}: {error.strerror}"], 2)
    root.meta[__name__] = settings
    return settings


def select(findings: Sequence[Finding], ignored: Sequence[str], warned: Sequence[str]) -> list[Finding]:
    """Return the findings that the options and the project's configuration leave."""
    from cfngen.reports.findings import selected

    settings = configured()
    ignored, warned = (*settings.ignore, *ignored), (*settings.warn, *warned)
    for entry in (*ignored, *warned):
        _warn_of_unknown(entry.partition(":")[0])
    return selected(findings, ignored, warned)


def _warn_of_unknown(rule: str) -> None:
    """Say that there is no rule of the language of that name: what it was to silence is told."""
    if not rule.startswith("asl-"):
        return  # of others there is no list: cfn-lint and AWS have codes of their own
    from cfngen.asl.rules import catalog
    from cfngen.core.declared import did_you_mean

    known = [each.id for each in catalog()]
    if rule not in known:
        hint = did_you_mean(rule, known)
        click.echo(f"warning: there is no rule {rule!r}{hint and f'; {hint}'}", err=True)


def exit_with_findings(findings: Sequence[Finding], style: str, failing: Sequence[str]) -> None:
    """Print the findings, and end the command with 1 if one has a severity that is ``failing``."""
    if report := FORMATS[style](findings):
        print_document(f"{report}\n")
    if any(finding.problem.severity in failing for finding in findings):
        sys.exit(1)
