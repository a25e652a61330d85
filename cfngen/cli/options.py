"""List the options of a stack."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from textwrap import wrap

import click

from cfngen.cli.exits import exit_on_problems, fail
from cfngen.cli.targets import load_or_fail, target_argument


@click.command()
@target_argument
def options(target: str) -> None:
    """List the options of a stack, what each takes, and its value.

    \b
    cfngen options batch-job-notification
    """
    from cfngen.stacks.options import options_of
    from cfngen.stacks.state_machine import Stack

    with exit_on_problems():
        stack = load_or_fail(target)
        if not isinstance(stack, Stack):
            fail([f"{target} is not a stack, so it has no options"], 2)
    rows = []
    for name, item in options_of(type(stack)).items():
        value = getattr(stack, name)
        shown = "" if value is None or value in ((), {}) else f"{getattr(value, 'value', value)}"
        rows.append((name, shown, f"{item.metadata['help']}; takes {item.metadata['kind'].description}"))
    click.echo(in_columns(rows, shutil.get_terminal_size().columns))


def in_columns(rows: Sequence[tuple[str, str, str]], width: int) -> str:
    """Return rows in columns that fit a terminal; the last column is broken between words."""
    first, second = (min(max(len(row[index]) for row in rows), most) for index, most in ((0, 24), (1, 16)))
    indent = first + second + 4
    lines = []
    for name, value, text in rows:
        head = f"{name:{first}}  {value:{second}}  "
        broken = wrap(text, max(width - indent, 30))
        if len(head) > indent:
            lines.append(head.rstrip())
            head = " " * indent
        lines += [f"{head if index == 0 else ' ' * indent}{line}" for index, line in enumerate(broken)]
    return "\n".join(lines)
