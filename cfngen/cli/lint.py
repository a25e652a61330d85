"""Lint templates with cfn-lint."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from cfngen.cli.exits import exit_on_problems, fail, print_document
from cfngen.cli.findings import configured, format_option, selection_options
from cfngen.cli.progress import progress
from cfngen.cli.targets import load_or_fail, targets_argument


@click.command()
@targets_argument("FILE|TARGET...")
@click.option("--regions", show_default="us-east-1", help="Separated by commas, or 'all'.")
@format_option
@click.option("--strict", is_flag=True, help="Exit with 1 for informational findings too.")
@selection_options
def lint(
    targets: Sequence[str],
    regions: str | None,
    style: str,
    strict: bool,
    ignored: Sequence[str],
    warned: Sequence[str],
) -> None:
    """Lint templates with cfn-lint: files, or the templates of TARGETs.

    What CloudFormation refuses and cfn-lint does not tell is found too. A rule to warn of does not fail the
    command.

    \b
    cfngen lint template.yaml --regions all
    cfngen lint batch-job-notification --format sarif
    """
    from cfngen.template import lint as linter

    settings = configured()
    names = tuple(regions.split(",")) if regions else settings.regions or ("us-east-1",)
    wanted = linter.ALL_REGIONS if names == ("all",) else names
    findings: list[linter.LintFinding] = []
    with progress() as at:
        for target in at.each(targets):
            with exit_on_problems():
                try:
                    findings += _findings_of_target(target, wanted)
                except (ImportError, ValueError) as error:
                    fail([f"{target}: {error}"], 2)
    findings = linter.selected(findings, (*settings.ignore, *ignored), (*settings.warn, *warned))
    shown = linter.FORMATS[style](findings)
    print_document(shown if not shown or shown.endswith("\n") else f"{shown}\n")
    if any(strict or finding.severity != "informational" for finding in findings):
        sys.exit(1)


def _findings_of_target(target: str, regions: Sequence[str]) -> Any:
    from cfngen.template import lint as linter

    if os.path.isfile(target) and not target.endswith(".py"):
        return linter.lint_file(target, regions=regions)
    from cfngen.inputs.targets import template_of
    from cfngen.template import to_yaml

    return linter.lint(to_yaml(template_of(load_or_fail(target))), filename=target, regions=regions)
