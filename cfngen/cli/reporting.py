"""The page of an execution, for every command that shows one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from cfngen.cli.exits import fail, save
from cfngen.core.installation import install_command

if TYPE_CHECKING:
    from cfngen.cli.targets import Command


def _usable(ctx: click.Context, param: click.Parameter, path: str | None) -> str | None:
    """Refuse a file that cannot be written, before an execution has run for an hour."""
    if path is None:
        return None
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise click.BadParameter(f"there is no folder {folder!r}", ctx, param)
    if os.path.isdir(path):
        raise click.BadParameter(f"{path!r} is a folder", ctx, param)
    if find_spec("graphlay") is None:
        raise click.BadParameter(
            f"the page needs the extra 'graph': {install_command('graph')}", ctx, param
        )
    return path


def report_option(command: Command) -> Command:
    """Take the file that the page of the execution is written to."""
    return click.option(
        "--report", metavar="FILE", callback=_usable, help="Write the page of the execution to this file."
    )(command)


def write_report(
    path: str | None,
    definition: Callable[[], str],
    described: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Write the page of an execution, where there is a path; ``definition`` is asked for only then."""
    if path is None:
        return
    from cfngen.documents.source import ReadError
    from cfngen.history import ExecutionHistory, HistoryError
    from cfngen.views.layout import LayoutError
    from cfngen.views.page import execution_page
    from cfngen.workflow import Workflow

    try:
        page = execution_page(Workflow.read(definition()), ExecutionHistory.read(described, events))
    except (HistoryError, LayoutError, ReadError) as error:
        fail([f"there is no page of the execution: {error}"], 1)
    save(path, page)
    click.echo(f"{path}: the page of the execution", err=True)
