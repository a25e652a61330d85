"""Audit the roles of state machines."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.exits import exit_on_problems, fail, print_document
from cfngen.cli.findings import exit_with_findings, format_option, select, selection_options
from cfngen.cli.progress import progress
from cfngen.cli.targets import load_or_fail
from cfngen.core.installation import install_command

if TYPE_CHECKING:
    from cfngen.reports.findings import Finding


@click.command()
@click.argument("paths", metavar="TEMPLATE|FOLDER|TARGET...", nargs=-1, required=True, type=click.Path())
@format_option
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 1 for warnings too, and warn of permissions that only AWS's pages ask for.",
)
@click.option(
    "--fix", is_flag=True, help="Print policies to replace those of the roles, instead of findings."
)
@selection_options
def audit(
    paths: Sequence[str],
    style: str,
    strict: bool,
    fix: bool,
    ignored: Sequence[str],
    warned: Sequence[str],
) -> None:
    """Audit the roles of the state machines in templates of CloudFormation and SAM, or of TARGETs.

    What a definition needs and its role does not allow is an error; what the role allows beyond need is a
    warning; what is unknown from the template is a note.

    \b
    cfngen audit template.yaml
    cfngen audit infrastructure/ --strict --format github
    cfngen audit template.yaml --fix
    cfngen audit stack.py
    """
    from cfngen.audit import catalogs
    from cfngen.inputs.auditing import audit_file, audit_target
    from cfngen.inputs.checking import files
    from cfngen.inputs.targets import is_target

    if fix:
        _print_fixed(paths, strict, style)
        return
    findings: list[Finding] = []
    try:
        with progress() as at:
            for path, named in at.each([*files(paths)], itemgetter(0)):
                if is_target(path):
                    with exit_on_problems():
                        findings += audit_target(load_or_fail(path), path, strict)
                else:
                    findings += audit_file(path, named, strict)
    except OSError as error:
        fail([f"cannot read {error.filename}: {error.strerror}"], 2)
    if not catalogs.knows_actions():
        needs = "actions that do not exist are only found with the extra 'audit'"
        click.echo(f"warning: {needs}: {install_command('audit')}", err=True)
    exit_with_findings(
        select(findings, ignored, warned),
        style,
        failing=("error", "warning") if strict else ("error",),
    )


def _print_fixed(paths: Sequence[str], strict: bool, style: str) -> None:
    from cfngen.documents.source import ReadError
    from cfngen.inputs.auditing import fixed_file, fixed_source
    from cfngen.inputs.checking import files
    from cfngen.inputs.targets import is_target, source_of

    policies: dict[str, Any] = {}
    as_json = True
    with exit_on_problems(), progress() as at:
        for path, named in at.each([*files(paths)], itemgetter(0)):
            try:
                if is_target(path):
                    documents, is_json = fixed_source(source_of(load_or_fail(path), path), strict), False
                else:
                    documents, is_json = fixed_file(path, named, strict)
            except ReadError as error:
                if named:
                    fail([str(error)], 2)
                continue
            except OSError as error:
                fail([f"cannot read {error.filename}: {error.strerror}"], 2)
            title = "" if len(paths) == 1 and named else f"{path}:"
            policies |= {f"{title}{name}": policy for name, policy in documents.items()}
            as_json = as_json and is_json
    if not policies:
        fail([f"{', '.join(paths)}: there is no role of a state machine"], 2)
    document: Any = policies if len(policies) > 1 else next(iter(policies.values()))
    if as_json or style == "json":
        from cfngen.template import pretty

        print_document(f"{pretty(document)}\n")
    else:
        from cfngen.template.yaml_text import block

        print_document(block(dict(document)))
