"""Write a template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from cfngen.cli.exits import exit_on_problems, fail, print_document, report, save
from cfngen.cli.targets import load_or_fail, set_options, target_argument, template_problems


@click.command()
@target_argument
@set_options
@click.option("-o", "--output", type=click.Path(), help="Write to this file.")
@click.option("--format", "style", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@click.option(
    "--definition",
    type=click.Choice(["auto", "object", "string"]),
    default="auto",
    show_default=True,
    help="How the state machine's definition stands in the template; auto is an object where that deploys.",
)
def template(
    target: str, settings: Sequence[tuple[str, str]], output: str | None, style: str, definition: Any
) -> None:
    """Write the CloudFormation template of TARGET.

    \b
    cfngen template batch-job-notification -o template.yaml
    cfngen template batch-job-notification --set compute=FARGATE --set vcpus=0.5
    cfngen template my_project.stacks:nightly --format json
    cfngen template workflow.py
    """
    from cfngen.template import rendered, string_reasons, to_json, to_yaml

    with exit_on_problems():
        from cfngen.inputs.targets import template_of

        loaded = load_or_fail(target, settings)
        document = template_of(loaded)
        try:
            plain = rendered(document, definition)
            body = (to_yaml if style == "yaml" else to_json)(plain)
            reasons = string_reasons(document)
        except (AttributeError, TypeError, ValueError) as error:
            fail([f"{target} cannot be rendered: {error}"], 1)
        if reasons and definition == "auto":
            more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
            first = f"{reasons[0].location}: {reasons[0].message}{more}"
            click.echo(f"note: the definition is written as a string: {first}", err=True)
        report(template_problems(loaded, plain, body))
    if output is None:
        print_document(body)
    else:
        save(output, body)
        click.echo(f"{output}: {len(document.resources)} resources, {len(body.encode()):,} bytes", err=True)
