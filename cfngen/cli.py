"""The command ``cfngen``.

Documents go to standard output, everything else to standard error. Exit codes: 0 fine, 1 problems found,
2 unusable input or usage.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from cfngen import samples as catalogue

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from cfngen.asl.problems import Problem

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _complete_target(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the samples, and files."""
    from click.shell_completion import CompletionItem

    slugs = [sample.slug for sample in catalogue.SAMPLES if sample.slug.startswith(typed)]
    return [*map(CompletionItem, slugs), CompletionItem(typed, type="file")]


def _complete_setting(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the options of the stack, or where it cannot be told, those of the samples'."""
    from click.shell_completion import CompletionItem

    from cfngen.stacks import BatchJobNotification
    from cfngen.stacks.options import of

    return [
        CompletionItem(f"{name}=", help=item.metadata["help"])
        for name, item in of(BatchJobNotification).items()
        if name.startswith(typed)
    ]


def _split(ctx: click.Context, param: click.Parameter, given: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [setting.partition("=") for setting in given]
    for name, separator, _ in pairs:
        if not separator:
            raise click.BadParameter(f"{name!r} is not of the form NAME=VALUE", ctx, param)
    return [(name.strip().replace("-", "_"), text) for name, _, text in pairs]


target = click.argument("target", shell_complete=_complete_target)
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    callback=_split,
    shell_complete=_complete_setting,
    metavar="NAME=VALUE",
    help="Set an option of the stack; may be given again. 'cfngen options' lists them.",
)


@click.group("cfngen", context_settings=CONTEXT)
@click.version_option(package_name="cfngen", prog_name="cfngen")
def main() -> None:
    """Turn AWS Step Functions workflows into CloudFormation templates.

    TARGET is a sample's slug ('cfngen samples' lists them), package.module:attribute, or
    path/file.py[:attribute]. The attribute is a stack, a workflow, a template, or a function without
    arguments that returns one.

    Exit codes: 0 fine, 1 problems found, 2 unusable input or usage.
    """


def run() -> None:
    """Run the command as a process of its own, which is too short for the garbage collector to help."""
    gc.disable()
    try:
        main()
    finally:
        gc.freeze()  # or the interpreter would go through everything once more before it exits


@main.command()
@click.argument("text", nargs=-1)
def samples(text: Sequence[str]) -> None:
    """List the samples, or those whose description has every word of TEXT.

    \b
    cfngen samples
    cfngen samples "manage a batch"
    """
    found = catalogue.search(" ".join(text))
    for sample in found:
        click.echo(f"{sample.slug}\n    {sample.title}: {', '.join(sample.services)}\n    {sample.summary}")
    if not found:
        _stop([f"no sample matches {' '.join(text)!r}"], 1)


@main.command()
@target
def options(target: str) -> None:
    """List the options of a stack, what each takes, and its value.

    \b
    cfngen options batch-job-notification
    """
    from cfngen.stacks.options import Stack, of

    with _reported():
        found = _load(target)
        if not isinstance(found, Stack):
            _stop([f"{target} is no stack: it has no options"], 2)
    for name, item in of(type(found)).items():
        given = getattr(found, name)
        shown = "" if given is None or given in ((), {}) else f" = {getattr(given, 'value', given)}"
        click.echo(f"{name}{shown}\n    {item.metadata['help']}; takes {item.metadata['kind'].takes}")


@main.command()
@target
@settings
@click.option("-o", "--output", type=click.Path(), help="Write to this file.")
@click.option("--format", "style", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@click.option(
    "--definition",
    type=click.Choice(["object", "string"]),
    default="object",
    show_default=True,
    help="How the state machine's definition stands in the template.",
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
    from cfngen.template import problems, to_json, to_yaml

    with _reported():
        from cfngen.targets import template_of

        made = template_of(_load(target, settings))
        try:
            body = (to_yaml if style == "yaml" else to_json)(made, definition=definition)
        except (AttributeError, TypeError, ValueError) as error:
            _stop([f"{target} cannot be rendered: {error}"], 1)
        _report(problems(made, body))
    if output is None:
        _print(body)
    else:
        _save(output, body)
        click.echo(f"{output}: {len(made.resources)} resources, {len(body.encode()):,} bytes", err=True)


@main.command()
@target
@settings
def asl(target: str, settings: Sequence[tuple[str, str]]) -> None:
    """Write the definition of TARGET's state machine, in the Amazon States Language.

    References to resources of the stack stay as they are, {"Ref": ...}.

    \b
    cfngen asl batch-job-notification
    cfngen asl workflow.py:workflow
    """
    with _reported():
        from cfngen.targets import machine_of
        from cfngen.template import pretty

        machine = machine_of(_load(target, settings))
        machine.workflow.raise_errors(machine.type)
        _warn(machine.workflow.check(machine.type))
        _print(pretty(machine.workflow.to_asl()) + "\n")


@main.command()
@click.argument(
    "targets", metavar="FILE|TARGET...", shell_complete=_complete_target, nargs=-1, required=True
)
@settings
@click.option(
    "--scope",
    type=click.Choice(["least-privilege", "documented"]),
    help="How tight: as tight as IAM allows, or as AWS's pages print it. Default: the stack's own.",
)
@click.option("--explain", is_flag=True, help="Write who needs each statement, and why, instead.")
@click.option("--format", "style", type=click.Choice(["json", "yaml"]), default="json", show_default=True)
def policy(
    targets: Sequence[str],
    settings: Sequence[tuple[str, str]],
    scope: str | None,
    explain: bool,
    style: str,
) -> None:
    """Write the IAM policy that a state machine needs.

    FILE is a definition, or a template of CloudFormation or SAM. Several state machines make one document
    with a policy for each, by its name.

    \b
    cfngen policy batch-job-notification
    cfngen policy workflow.py --scope documented
    cfngen policy template.yaml --explain
    """
    from cfngen import policies

    with _reported():
        found = policies.policies(targets, settings, scope)
    if explain:
        _print(policies.explained(found))
    else:
        _print(policies.as_yaml(found) if style == "yaml" else policies.as_json(found))


@main.command()
@click.argument(
    "targets", metavar="FILE|TARGET...", shell_complete=_complete_target, nargs=-1, required=True
)
@click.option("--regions", default="us-east-1", show_default=True, help="Separated by commas, or 'all'.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
def lint(targets: Sequence[str], regions: str, style: str) -> None:
    """Ask cfn-lint about templates: files, or what TARGETs make.

    \b
    cfngen lint template.yaml --regions all
    cfngen lint batch-job-notification --format sarif
    """
    from cfngen import lint as linter

    wanted = linter.ALL_REGIONS if regions == "all" else tuple(regions.split(","))
    findings: list[linter.Finding] = []
    for target in targets:
        with _reported():
            try:
                findings += _findings(target, wanted)
            except (ImportError, ValueError) as error:
                _stop([f"{target}: {error}"], 2)
    shown = {"text": linter.as_text, "json": linter.as_json, "sarif": linter.as_sarif}[style](findings)
    _print(shown if not shown or shown.endswith("\n") else f"{shown}\n")
    if findings:
        sys.exit(1)


@main.command()
@click.argument(
    "targets", metavar="FILE|FOLDER|TARGET...", shell_complete=_complete_target, nargs=-1, required=True
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("--apis", is_flag=True, help="Check the arguments of calls against the services' API models.")
def check(targets: Sequence[str], style: str, strict: bool, apis: bool) -> None:
    """Check state machines: files in the Amazon States Language, templates, folders of both, or TARGETs.

    \b
    cfngen check machine.asl.json template.yaml
    cfngen check infrastructure/ --strict --format github
    cfngen check workflow.py:workflow --apis
    """
    from cfngen import reports
    from cfngen.checking import Found, check_file, files

    found: list[Found] = []
    try:
        for target in targets:
            if os.path.exists(target) and not target.endswith(".py"):
                for path, named in files([target]):
                    found += check_file(path, named, apis)
            else:
                found += _check_target(target, apis)
    except OSError as error:
        _stop([f"cannot read {error.filename}: {error.strerror}"], 2)
    except ImportError as error:
        _stop([str(error)], 2)
    shown = {
        "text": reports.as_text,
        "json": reports.as_json,
        "sarif": reports.as_sarif,
        "github": reports.as_github,
    }[style](found)
    if shown:
        _print(f"{shown}\n")
    if any(strict or finding.problem.severity == "error" for finding in found):
        sys.exit(1)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Write the script that completes cfngen's commands, targets and options with Tab.

    \b
    eval "$(cfngen completion bash)"
    cfngen completion fish > ~/.config/fish/completions/cfngen.fish
    """
    from click.shell_completion import get_completion_class

    completer = get_completion_class(shell)
    assert completer is not None  # every shell of the choice has one
    _print(completer(main, {}, "cfngen", "_CFNGEN_COMPLETE").source())


def _findings(target: str, regions: Sequence[str]) -> Any:
    from cfngen import lint as linter

    if os.path.isfile(target) and not target.endswith(".py"):
        return linter.lint_file(target, regions=regions)
    from cfngen.targets import template_of
    from cfngen.template import to_yaml

    return linter.lint(to_yaml(template_of(_load(target))), filename=target, regions=regions)


def _check_target(target: str, apis: bool) -> Any:
    from cfngen.checking import Found

    with _reported():
        from cfngen.targets import machine_of

        machine = machine_of(_load(target))
        problems = machine.workflow.check(machine.type, apis=apis)
        return [Found(target, problem) for problem in problems]


def _load(target: str, settings: Sequence[tuple[str, str]] = ()) -> Any:
    from cfngen.targets import load

    return load(target, settings)


@contextmanager
def _reported() -> Iterator[None]:
    """Turn what is wrong with a target into messages and exit codes, and warnings into lines."""
    from cfngen.asl.problems import ProblemsError
    from cfngen.stacks.options import StackError
    from cfngen.targets import TargetError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except StackError as error:
            _stop(map(str, error.problems), 2)
        except ProblemsError as error:
            _stop(map(str, error.problems), 1)
        except TargetError as error:
            _stop([str(error)], 2)
        finally:
            for warning in caught:
                click.echo(f"warning: {warning.message}", err=True)


def _report(problems: Sequence[Problem]) -> None:
    from cfngen.asl.problems import errors

    _warn(problems)
    if found := errors(problems):
        _stop(map(str, found), 1)


def _warn(problems: Sequence[Problem]) -> None:
    for problem in problems:
        if problem.severity == "warning":
            click.echo(f"warning: {problem}", err=True)


def _stop(messages: Any, code: int) -> NoReturn:
    for message in messages:
        click.echo(f"error: {message}", err=True)
    sys.exit(code)


def _print(document: str) -> None:
    """Write UTF-8 whatever the locale: a template is not text for this terminal alone."""
    click.echo(document.encode(), nl=False)


def _save(path: str, body: str) -> None:
    from cfngen.template import write

    try:
        write(path, body)
    except OSError as error:
        _stop([f"cannot write {path}: {error.strerror or error}"], 2)
