"""Check state machines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.exits import exit_on_problems, fail
from cfngen.cli.findings import exit_with_findings, format_option, select, selection_options
from cfngen.cli.progress import progress
from cfngen.cli.targets import load_or_fail, targets_argument

if TYPE_CHECKING:
    from cfngen.reports.findings import Finding


@click.command()
@targets_argument("FILE|FOLDER|TARGET...")
@format_option
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--apis", "models", flag_value="always", hidden=True)
@click.option("--no-apis", "models", flag_value="never", help="Leave out the services' API models.")
@selection_options
def check(
    targets: Sequence[str],
    style: str,
    strict: bool,
    models: str | None,
    ignored: Sequence[str],
    warned: Sequence[str],
) -> None:
    """Check state machines: files in the Amazon States Language, templates, folders of both, or TARGETs.

    The arguments of calls are held against the services' API models where botocore is installed.

    \b
    cfngen check machine.asl.json template.yaml
    cfngen check infrastructure/ --strict --format github
    cfngen check machine.asl.json --ignore asl-choice-has-a-default
    """
    from cfngen.inputs.checking import check_file, check_folder, files
    from cfngen.reports.findings import without_repetitions

    apis = models == "always" or (models is None and _has_models())
    findings: list[Finding] = []
    try:
        with progress() as at:
            for target in targets:
                at.say(target)
                if os.path.isdir(target):
                    inside = [path for path, _ in files([target])]
                    folder_findings, placeholders = (
                        check_folder(at.each(inside), apis),
                        _placeholder_findings(target),
                    )
                    if folder_findings is None and not placeholders:
                        fail([f"there is no state machine in {target}"], 2)
                    findings += [*(folder_findings or ()), *placeholders]
                elif os.path.exists(target) and not target.endswith(".py"):
                    findings += check_file(target, True, apis)
                else:
                    findings += _target_findings(target, apis)
                    file = target if target.endswith(".py") else target.rpartition(":")[0]
                    findings += _placeholder_findings(file) if os.path.isfile(file) else ()
    except OSError as error:
        fail([f"cannot read {error.filename}: {error.strerror}"], 2)
    except ImportError as error:
        fail([str(error)], 2)
    exit_with_findings(
        select(without_repetitions(findings), ignored, warned),
        style,
        failing=("error", "warning", "note") if strict else ("error",),
    )


def _has_models() -> bool:
    from importlib.util import find_spec

    if find_spec("botocore") is not None:
        return True
    from cfngen.core.installation import install_command

    click.echo(
        f"note: the arguments of calls are checked with API models: {install_command('apis')}", err=True
    )
    return False


def _placeholder_findings(path: str) -> Any:
    from cfngen.inputs.placeholders import placeholders

    return placeholders(path)


def _target_findings(target: str, apis: bool) -> Any:
    from cfngen.reports.findings import Finding

    with exit_on_problems():
        from troposphere import Template

        from cfngen.inputs.checking import check_target
        from cfngen.inputs.targets import machine_of

        loaded = load_or_fail(target)
        if isinstance(loaded, Template):
            return check_target(loaded, target, apis)
        machine = machine_of(loaded)
        problems = machine.workflow.check(machine.type, apis=apis)
        return [Finding(target, problem) for problem in problems]
