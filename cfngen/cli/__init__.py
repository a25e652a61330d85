"""The command ``cfngen``: one module a command, imported when it is asked for.

Documents go to standard output, everything else to standard error. Exit codes: 0 fine, 1 problems found,
2 unusable input or usage.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from keyword import iskeyword
from typing import Final

from cfngen.cli.late import cleandoc, import_when_used, ngettext

import_when_used("inspect", functions={"cleandoc": cleandoc})  # click takes no more of it
import_when_used("uuid", while_imported={"UUID": object}, package="click")  # for an annotation
import_when_used("gettext", functions={"gettext": str, "ngettext": ngettext})  # nothing is translated

import click  # noqa: E402  after what it imports

COMMANDS: Final = (
    "samples",
    "options",
    "template",
    "asl",
    "policy",
    "graph",
    "import",
    "new",
    "lint",
    "check",
    "audit",
    "diff",
    "test-state",
    "verify",
    "demo",
    "execute",
    "status",
    "completion",
)
"""In the order of the help; each is the function of its name in the module of its name."""

CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class _Later(click.Group):
    """A group that imports a command when it is run, or when the help lists it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; suggest the nearest one where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from cfngen.core.declared import did_you_mean

            hint = did_you_mean(args[0], COMMANDS) or f"'{ctx.info_name} --help' lists them"
            ctx.fail(f"there is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"{__name__}.{name}"), name)
        return command


@click.group("cfngen", cls=_Later, context_settings=CONTEXT)
@click.version_option(None, "-V", "--version", package_name="cfngen", prog_name="cfngen")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Whether to write colours; auto is on a terminal, unless NO_COLOR is set.",
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(),
    help="Take the settings of this file, instead of [tool.cfngen] in pyproject.toml or setup.cfg.",
)
@click.pass_context
def main(ctx: click.Context, color: str, config: str | None) -> None:
    """Turn AWS Step Functions workflows into CloudFormation templates.

    TARGET is a sample's slug ('cfngen samples' lists them), package.module:attribute, or
    path/file.py[:attribute]. The attribute is a stack, a workflow, a template, or a function without
    arguments that returns one.

    Exit codes: 0 fine, 1 problems found, 2 unusable input or usage.
    """
    ctx.color = {"always": True, "never": False}.get(color)


def run() -> None:
    """Run the command as a process of its own, which is too short for the garbage collector to help."""
    gc.disable()
    import_when_used("cfn_flip")  # and PyYAML with it: troposphere imports it to write YAML as we do not
    import_when_used("troposphere.serverless", while_imported={"Globals": object})  # for an annotation
    try:
        main()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or it would fail again at the exit
        click.echo(f"error: cannot write the output: {error.strerror}", err=True)
        sys.exit(2)
    finally:
        gc.freeze()  # or the interpreter would go through everything once more before it exits
