"""Create a project."""

from __future__ import annotations

import os
import shlex

import click

from cfngen.cli.exits import exit_on_problems, fail
from cfngen.stacks.samples import catalog as samples


@click.command()
@click.argument("folder", type=click.Path())
@click.option(
    "--sample",
    "slug",
    type=click.Choice([sample.slug for sample in samples.SAMPLES]),
    metavar="SAMPLE",
    default=samples.SAMPLES[0].slug,
    show_default=True,
    help="The sample to start from; cfngen samples lists them.",
)
def new(folder: str, slug: str) -> None:
    """Create a project of your own in FOLDER, which must be empty or new.

    It has the sample's workflow and stack as Python, tests that run it on this machine, the template, and
    a Makefile. What you must replace is marked with REPLACE-ME; 'cfngen check FOLDER' names what is left.

    \b
    cfngen new nightly
    cfngen new nightly --sample batch-job-notification-fargate
    """
    from cfngen.inputs.placeholders import placeholders
    from cfngen.projects import ProjectError, create

    sample = samples.find(slug)
    assert sample is not None  # it is one of the choice
    with exit_on_problems():
        try:
            files = create(folder, sample)
        except ProjectError as error:
            fail([str(error)], 2)
        except (OSError, ValueError) as error:
            fail([f"cannot create {folder}: {getattr(error, 'strerror', None) or error}"], 2)
    for name in files:
        click.echo(f"  {os.path.join(folder, name)}", err=True)
    left = len(placeholders(folder))
    click.echo(f"{left} placeholders are marked with REPLACE-ME.", err=True)
    click.echo(f"Next: make -C {shlex.quote(folder)} test", err=True)
