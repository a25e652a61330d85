"""Audit the roles of state machines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from cfngen.cli.exits import print_document, reported, stop


@click.command()
@click.argument("paths", metavar="TEMPLATE|FOLDER...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
)
@click.option(
    "--strict", is_flag=True, help="Exit with 1 for excess too, and count as such what AWS's pages print."
)
@click.option(
    "--fix", is_flag=True, help="Print the policies that would replace those of the roles, instead."
)
def audit(paths: Sequence[str], style: str, strict: bool, fix: bool) -> None:
    """Audit the roles of the state machines in templates of CloudFormation and SAM.

    What a definition needs and its role does not allow is an error; what the role allows beyond need is a
    warning; what cannot be told from the template is a note.

    \b
    cfngen audit template.yaml
    cfngen audit infrastructure/ --strict --format github
    cfngen audit template.yaml --fix
    """
    from cfngen.audit import audit_file
    from cfngen.audit import catalogs as known
    from cfngen.inputs.checking import Found, files
    from cfngen.reports import formats as reports

    if fix:
        _print_fixed(paths, strict, style)
        return
    found: list[Found] = []
    try:
        for path, named in files(paths):
            found += audit_file(path, named, strict)
    except OSError as error:
        stop([f"cannot read {error.filename}: {error.strerror}"], 2)
    if not known.knows_actions():
        click.echo(_NO_LIST, err=True)
    if shown := reports.FORMATS[style](found):
        print_document(f"{shown}\n")
    failing = ("error", "warning") if strict else ("error",)
    if any(finding.problem.severity in failing for finding in found):
        sys.exit(1)


_NO_LIST = (
    "warning: actions that do not exist are only found with the extra 'audit': pip install 'cfngen[audit]'"
)


def _print_fixed(paths: Sequence[str], strict: bool, style: str) -> None:
    from cfngen.audit import fixed_file
    from cfngen.documents.source import ReadError
    from cfngen.inputs.checking import files

    found: dict[str, Any] = {}
    as_json = True
    with reported():
        for path, named in files(paths):
            try:
                documents, is_json = fixed_file(path, named, strict)
            except ReadError as error:
                if named:
                    stop([str(error)], 2)
                continue
            except OSError as error:
                stop([f"cannot read {error.filename}: {error.strerror}"], 2)
            title = "" if len(paths) == 1 and named else f"{path}:"
            found |= {f"{title}{name}": document for name, document in documents.items()}
            as_json = as_json and is_json
    if not found:
        stop([f"{', '.join(paths)}: there is no role of a state machine in it"], 2)
    printed: Any = found if len(found) > 1 else next(iter(found.values()))
    if as_json or style == "json":
        from cfngen.template import pretty

        print_document(f"{pretty(printed)}\n")
    else:
        from cfngen.template.yaml_text import block

        print_document(block(dict(printed)))
