"""Check state machines."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from cfngen.cli.exits import print_document, reported, stop
from cfngen.cli.targets import load, targets_argument


@click.command()
@targets_argument("FILE|FOLDER|TARGET...")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--apis", is_flag=True, help="Check the arguments of calls against the services' API models.")
def check(targets: Sequence[str], style: str, strict: bool, apis: bool) -> None:
    """Check state machines: files in the Amazon States Language, templates, folders of both, or TARGETs.

    \b
    cfngen check machine.asl.json template.yaml
    cfngen check infrastructure/ --strict --format github
    cfngen check workflow.py:workflow --apis
    """
    from cfngen.inputs.checking import Found, check_file, files
    from cfngen.reports import formats as reports

    found: list[Found] = []
    try:
        for target in targets:
            if os.path.exists(target) and not target.endswith(".py"):
                for path, named in files([target]):
                    found += check_file(path, named, apis)
                if os.path.isdir(target):
                    found += _placeholders(target)
            else:
                found += _check_target(target, apis)
                if os.path.isfile(file := target if target.endswith(".py") else target.rpartition(":")[0]):
                    found += _placeholders(file)
    except OSError as error:
        stop([f"cannot read {error.filename}: {error.strerror}"], 2)
    except ImportError as error:
        stop([str(error)], 2)
    if shown := reports.FORMATS[style](found):
        print_document(f"{shown}\n")
    if any(strict or finding.problem.severity == "error" for finding in found):
        sys.exit(1)


def _placeholders(path: str) -> Any:
    from cfngen.inputs.placeholders import placeholders

    return placeholders(path)


def _check_target(target: str, apis: bool) -> Any:
    from cfngen.inputs.checking import Found

    with reported():
        from cfngen.inputs.targets import machine_of

        machine = machine_of(load(target))
        problems = machine.workflow.check(machine.type, apis=apis)
        return [Found(target, problem) for problem in problems]
