"""Draw workflows."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cfngen.cli.exits import exit_on_problems, fail, print_document, save
from cfngen.cli.targets import file_or_target_argument, load_or_fail, set_options
from cfngen.core.problems import errors
from cfngen.stacks.samples import catalog as samples
from cfngen.workflow import Workflow

if TYPE_CHECKING:
    from cfngen.views.diagram_source import DiagramSource


@click.command()
@file_or_target_argument
@set_options
@click.option(
    "-o", "--output", help="Write FILE.svg, .png, .mmd (Mermaid), .dot (Graphviz), .txt or .html."
)
@click.option(
    "--machine", metavar="LOGICAL-ID", help="Which state machine of a template, where it has several."
)
@click.option(
    "--width",
    type=click.IntRange(20),
    help="Columns of the drawing in the terminal. Default: the terminal's.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open the file, or a page where there is none.")
def graph(
    target: str,
    settings: Sequence[tuple[str, str]],
    output: str | None,
    machine: str | None,
    width: int | None,
    is_opened: bool,
) -> None:
    """Draw the graph of a state machine: in the terminal, or into a file.

    FILE is a definition, or a template of CloudFormation or SAM. An .html file is a page with the graph,
    the definition, the policy and the resources around it.

    \b
    cfngen graph batch-job-notification
    cfngen graph template.yaml -o workflow.svg
    cfngen graph workflow.py:workflow -o page.html
    """
    from cfngen.views.drawing import SUFFIXES
    from cfngen.views.layout import LayoutError

    if is_opened and output is None:
        output = os.path.join(tempfile.mkdtemp(prefix="cfngen-"), "graph.html")
    suffix = "" if output is None else output.rpartition(".")[2].lower()
    if output is not None and suffix not in SUFFIXES:
        known = ", ".join(f".{ending}" for ending in SUFFIXES)
        raise click.BadParameter(f"{output!r} ends in none of {known}", param_hint="-o")
    subject = _subject(target, settings, machine, whole=suffix == "html")
    lost: list[str] = []
    contents: str | bytes
    try:
        if output is None:
            print_document(subject.drawing.text(width or _terminal_columns()))
            return
        if suffix == "html":
            contents = _page_of_source(subject)
        else:
            contents = subject.drawing.file_contents(suffix)
            lost = subject.drawing.scripts_without_font() if suffix == "png" else []
    except (ImportError, LayoutError) as error:
        fail([str(error)], 2)
    save(output, contents)
    if lost:
        click.echo(
            f"warning: no font on this machine has {', '.join(lost)}: {output} shows empty boxes instead. "
            "Install a font that has them, such as Noto, or write an .svg, which its reader's fonts draw",
            err=True,
        )
    shown = _counted(sum(1 for _ in subject.drawing.picture.states()), "state")
    if suffix == "html" and (failures := errors(subject.problems())):
        shown = f"{shown}; it shows {_counted(len(failures), 'error')}"
    click.echo(f"{output}: {shown}", err=True)
    if is_opened:
        click.launch(output)


def _subject(
    target: str, settings: Sequence[tuple[str, str]], machine: str | None, *, whole: bool
) -> DiagramSource:
    """Return what a target names: ``whole`` with what is around it."""
    if os.path.exists(target) and not target.endswith(".py"):
        from cfngen.documents.source import ReadError
        from cfngen.views.diagram_source import DiagramSourceError, from_file

        if settings:
            fail(["--set sets options of a stack: a file has none"], 2)
        try:
            return from_file(target, machine)
        except (ReadError, DiagramSourceError) as error:
            fail([str(error)], 2)
        except OSError as error:
            fail([f"cannot read {target}: {error.strerror or error}"], 2)
    from cfngen.views.diagram_source import DiagramSourceError, from_target, from_workflow

    sample = samples.find(target)
    if sample is not None and not settings and not whole:
        # it is drawn from its definition: troposphere alone takes longer to import than all else
        return from_workflow(Workflow.read(Path(samples.definition_path(sample))), target)
    with exit_on_problems():
        try:
            return from_target(load_or_fail(target, settings), target, machine)
        except DiagramSourceError as error:
            fail([str(error)], 2)


def _page_of_source(source: DiagramSource) -> str:
    from cfngen.views.page import definition_page

    with exit_on_problems():
        return definition_page(source)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _terminal_columns() -> int | None:
    """Return how wide the terminal is, or None where the drawing goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
