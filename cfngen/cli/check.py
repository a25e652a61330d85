"""Check state machines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.exits import exit_on_problems, fail
from cfngen.cli.findings import exit_with_findings, format_option
from cfngen.cli.targets import load, targets_argument

if TYPE_CHECKING:
    from cfngen.reports.findings import Finding


@click.command()
@targets_argument("FILE|FOLDER|TARGET...")
@format_option
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--apis", is_flag=True, help="Check the arguments of calls against the services' API models.")
def check(targets: Sequence[str], style: str, strict: bool, apis: bool) -> None:
    """Check state machines: files in the Amazon States Language, templates, folders of both, or TARGETs.

    \b
    cfngen check machine.asl.json template.yaml
    cfngen check infrastructure/ --strict --format github
    cfngen check workflow.py:workflow --apis
    """
    from cfngen.inputs.checking import check_file, files

    findings: list[Finding] = []
    try:
        for target in targets:
            if os.path.exists(target) and not target.endswith(".py"):
                for path, named in files([target]):
                    findings += check_file(path, named, apis)
                if os.path.isdir(target):
                    findings += _placeholders(target)
            else:
                findings += _check_target(target, apis)
                if os.path.isfile(file := target if target.endswith(".py") else target.rpartition(":")[0]):
                    findings += _placeholders(file)
    except OSError as error:
        fail([f"cannot read {error.filename}: {error.strerror}"], 2)
    except ImportError as error:
        fail([str(error)], 2)
    exit_with_findings(findings, style, failing=("error", "warning", "note") if strict else ("error",))


def _placeholders(path: str) -> Any:
    from cfngen.inputs.placeholders import placeholders

    return placeholders(path)


def _check_target(target: str, apis: bool) -> Any:
    from cfngen.reports.findings import Finding

    with exit_on_problems():
        from cfngen.inputs.targets import machine_of

        machine = machine_of(load(target))
        problems = machine.workflow.check(machine.type, apis=apis)
        return [Finding(target, problem) for problem in problems]
