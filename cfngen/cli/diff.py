"""Compare two templates or definitions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from cfngen.cli.exits import exit_on_problems, fail, has_colours, print_document, save
from cfngen.cli.progress import progress

if TYPE_CHECKING:
    from cfngen.diff.comparison import ComparedSides
    from cfngen.diff.report import Report

_KINDS = (
    "flow",
    "running-executions",
    "broader-permissions",
    "unneeded-permissions",
    "narrower-permissions",
    "undecided-permissions",
    "trust",
    "replacement",
    "possible-replacement",
    "removal",
    "any",
)


def _kinds(ctx: click.Context, param: click.Parameter, value: str | None) -> list[str]:
    names = [name.strip() for name in (value or "").split(",") if name.strip()]
    if value is not None and not names:  # as from a variable that is not set, and nothing would ever fail
        raise click.BadParameter(f"it names no kind: {', '.join(_KINDS)}", ctx, param)
    for name in names:
        if name not in _KINDS:
            from cfngen.core.declared import did_you_mean

            hint = did_you_mean(name.lower(), _KINDS) or f"there are {', '.join(_KINDS)}"
            raise click.BadParameter(f"there is no kind {name!r}; {hint}", ctx, param)
    return names


@click.command()
@click.argument("targets", metavar="OLD NEW", nargs=-1, required=True)
@click.option(
    "--against", metavar="REV", help="Compare files or a folder with what they were in a revision of git."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown", "github"]),
    default="text",
    show_default=True,
)
@click.option(
    "--fail-on",
    callback=_kinds,
    metavar="KIND,...",
    help=f"Exit with 1 for a difference of these kinds: {', '.join(_KINDS)}.",
)
@click.option("-o", "--output", help="Draw both sides of a machine in one picture: FILE.svg or .html.")
@click.option("--machine", metavar="LOGICAL-ID", help="Which machine to draw, where several changed.")
def diff(
    targets: Sequence[str],
    against: str | None,
    style: str,
    fail_on: list[str],
    output: str | None,
    machine: str | None,
) -> None:
    """Say what a change deploys: flow, executions under way, permissions, resources.

    OLD and NEW are definitions, templates of CloudFormation or SAM, TARGETs of Python, or files of a
    revision of git, git:REV:PATH. With --against, files and folders are compared with what they were.

    \b
    cfngen diff old.yaml new.yaml
    cfngen diff git:main:template.yaml template.yaml
    cfngen diff --against main infrastructure/ --format markdown
    cfngen diff --against main template.yaml --fail-on replacement,trust
    cfngen diff --against main infrastructure/ -o change.svg --machine Orders
    """
    from cfngen.core.limits import deep_recursion
    from cfngen.diff.formats import FORMATS
    from cfngen.diff.report import Report

    if against is None and len(targets) != 2:
        raise click.UsageError("Two sides are compared: OLD and NEW, or --against REV and files of now.")
    if output is not None and not output.endswith((".svg", ".html")):
        raise click.UsageError("-o takes a FILE.svg or .html.")
    with progress() as at:
        compared = list(
            _compared_pair(targets[0], targets[1])
            if against is None
            else _against(against, targets, at.say)
        )
    report = Report(tuple(each.comparison for each in compared))
    colours = style == "text" and has_colours()
    with deep_recursion():
        text = FORMATS[style](report, colours=colours)
    if text:
        print_document(f"{text}\n")
    if output is not None:
        _draw_changes(output, compared, report, machine)
    kinds = {kind.value for each in compared for kind in each.comparison.kinds()}
    if kinds.intersection(fail_on):
        sys.exit(1)


def _draw_changes(
    output: str, compared: Sequence[ComparedSides], report: Report, machine: str | None
) -> None:
    from cfngen.diff.formats import as_text
    from cfngen.diff.picture import PictureError, drawn, page
    from cfngen.views.layout import LayoutError

    try:
        drawing = drawn(compared, machine)
    except (ImportError, LayoutError, PictureError) as error:
        fail([str(error)], 2)
    save(output, page(drawing, as_text(report)) if output.endswith(".html") else drawing)
    click.echo(f"{output}: both sides in one picture", err=True)


def _compared_pair(old: str, new: str) -> Iterator[ComparedSides]:
    """Yield two targets and their comparison."""
    from cfngen.diff import compare, side
    from cfngen.diff.comparison import ComparedSides
    from cfngen.diff.sides import is_python

    with ExitStack() as stack:
        stack.enter_context(_readable())
        if is_python(old) or is_python(new):
            stack.enter_context(exit_on_problems())
        sides = side(old), side(new)
        yield ComparedSides(*sides, compare(*sides))


def _against(
    revision: str, targets: Sequence[str], begin: Callable[[str], object]
) -> Iterator[ComparedSides]:
    from cfngen.diff.revisions import compare_with_revision

    with _readable():
        yield from compare_with_revision(revision, targets, begin)


@contextmanager
def _readable() -> Iterator[None]:
    """Turn what cannot be read into a message and an exit code."""
    from cfngen.diff import SideError
    from cfngen.documents.source import ReadError

    try:
        yield
    except (SideError, ReadError) as error:
        fail([str(error)], 2)
    except OSError as error:
        fail([f"cannot read {error.filename}: {error.strerror}"], 2)
