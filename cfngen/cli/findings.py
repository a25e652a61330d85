"""The findings of a command: their format, and the exit code that they mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cfngen.cli.exits import print_document
from cfngen.reports.formats import FORMATS

if TYPE_CHECKING:
    from cfngen.reports.findings import Finding

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(command: Command) -> Command:
    """Take the format of the findings."""
    names = click.Choice([*FORMATS])
    return click.option("--format", "style", type=names, default="text", show_default=True)(command)


def exit_with_findings(findings: Sequence[Finding], style: str, failing: Sequence[str]) -> None:
    """Print the findings, and end the command with 1 if one has a severity that is ``failing``."""
    if report := FORMATS[style](findings):
        print_document(f"{report}\n")
    if any(finding.problem.severity in failing for finding in findings):
        sys.exit(1)
