"""The arguments and options that name what a command works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cfngen.stacks.samples import catalog as samples

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from cfngen.core.problems import Problem

Command = TypeVar("Command", bound=Callable[..., Any])


def load_or_fail(target: str, settings: Sequence[tuple[str, str]] = ()) -> Any:
    """Return the stack, workflow or template that a target names."""
    from cfngen.inputs import targets

    return targets.load(target, settings)


def complete_target(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the samples, and files."""
    from click.shell_completion import CompletionItem

    slugs = [sample.slug for sample in samples.SAMPLES if sample.slug.startswith(typed)]
    return [*map(CompletionItem, slugs), CompletionItem(typed, type="file")]


def _complete_setting(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the options of the stack, or where it is not known, those of the samples'."""
    from click.shell_completion import CompletionItem

    from cfngen.stacks import BatchJobNotification
    from cfngen.stacks.options import options_of

    return [
        CompletionItem(f"{name}=", help=item.metadata["help"])
        for name, item in options_of(BatchJobNotification).items()
        if name.startswith(typed)
    ]


def split_pairs(
    ctx: click.Context, param: click.Parameter, settings: Sequence[str]
) -> list[tuple[str, str]]:
    """Return names and values of settings of the form ``NAME=VALUE``."""
    pairs = [setting.partition("=") for setting in settings]
    for name, separator, _ in pairs:
        if not separator:
            raise click.BadParameter(f"{name!r} is not of the form NAME=VALUE", ctx, param)
    return [(name.strip(), text) for name, _, text in pairs]


def _option_pairs(
    ctx: click.Context, param: click.Parameter, settings: Sequence[str]
) -> list[tuple[str, str]]:
    return [(name.replace("-", "_"), text) for name, text in split_pairs(ctx, param, settings)]


target_argument = click.argument("target", shell_complete=complete_target)
file_or_target_argument = click.argument("target", metavar="FILE|TARGET", shell_complete=complete_target)
set_options = click.option(
    "--set",
    "settings",
    multiple=True,
    callback=_option_pairs,
    shell_complete=_complete_setting,
    metavar="NAME=VALUE",
    help="Set an option of the stack; may be given again. 'cfngen options' lists them.",
)


def targets_argument(metavar: str) -> Callable[[Command], Command]:
    """Take one target or several, shown in the help as ``metavar``."""
    return click.argument(
        "targets", metavar=metavar, shell_complete=complete_target, nargs=-1, required=True
    )


def template_problems(target: Any, plain: Mapping[str, Any], body: str) -> list[Problem]:
    """Return what CloudFormation would refuse of the template of a target, and what it warns of.

    A workflow or a state machine alone may refer to what others add to its template.
    """
    from cfngen.stacks.state_machine import StateMachine
    from cfngen.template.references import UNRESOLVED_REFERENCE, left_to_the_template
    from cfngen.template.refusals import refusals
    from cfngen.workflow import Workflow

    problems = refusals(plain, body)
    if isinstance(target, Workflow) or type(target) is StateMachine:
        own = [problem for problem in problems if problem.code != UNRESOLVED_REFERENCE]
        return [*own, *left_to_the_template(plain)]
    return problems
