"""List the samples."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cfngen.cli.exits import fail
from cfngen.stacks.samples import catalog as catalogue


@click.command()
@click.argument("text", nargs=-1)
def samples(text: Sequence[str]) -> None:
    """List the samples, or those whose description has every word of TEXT.

    \b
    cfngen samples
    cfngen samples "manage a batch"
    """
    matches = catalogue.search(" ".join(text))
    for sample in matches:
        click.echo(f"{sample.slug}\n    {sample.title}: {', '.join(sample.services)}\n    {sample.summary}")
        differs = f", with {sample.differs}" if sample.differs else ""
        author = f"AWS's{differs}: {sample.page}" if sample.page else "cfngen's; AWS publishes none."
        click.echo(f"    The definition is {author}")
    if not matches:
        fail([f"no sample matches {' '.join(text)!r}"], 1)
