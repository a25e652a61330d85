"""How a command ends: documents on standard output, messages on standard error, and an exit code."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from cfngen.core.problems import Problem


@contextmanager
def exit_on_problems() -> Iterator[None]:
    """End the command with the problems of a target as messages, and write warnings as lines."""
    from cfngen.core.problems import ProblemsError
    from cfngen.inputs.errors import TargetError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except ProblemsError as error:
            from cfngen.stacks.options import StackError

            fail(map(str, error.problems), 2 if isinstance(error, StackError) else 1)
        except TargetError as error:
            fail([str(error)], 2)
        finally:
            for warning in caught:
                click.echo(f"warning: {warning.message}", err=True)


@contextmanager
def exit_on_service_error() -> Iterator[None]:
    """End the command with the message and the exit code of a service that refuses or fails."""
    from cfngen.aws.errors import ServiceError

    try:
        yield
    except ServiceError as error:
        fail([str(error)], error.code)


def report(problems: Sequence[Problem]) -> None:
    """Write the warnings, and end the command if there are errors."""
    from cfngen.core.problems import errors

    warn(problems)
    if failures := errors(problems):
        fail(map(str, failures), 1)


def warn(problems: Sequence[Problem]) -> None:
    """Write the warnings."""
    for problem in problems:
        if problem.severity == "warning":
            click.echo(f"warning: {problem}", err=True)


def fail(messages: Any, code: int) -> NoReturn:
    """End the command with what is wrong, a line each."""
    for message in messages:
        click.echo(f"error: {message}", err=True)
    sys.exit(code)


def has_colours() -> bool:
    """Tell whether to write colours: as ``--color`` says, else on a terminal without ``NO_COLOR``.

    https://no-color.org
    """
    ctx = click.get_current_context(silent=True)
    if ctx is not None and ctx.color is not None:
        return ctx.color
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_document(document: str) -> None:
    """Write UTF-8 whatever the locale: a template is not text for this terminal alone.

    Half a character, which JSON takes as an escape, is written as that escape.
    """
    click.echo(document.encode(errors="backslashreplace"), nl=False)


def save(path: str, body: str | bytes) -> None:
    """Write a file whole or not at all; end the command if it cannot be."""
    from cfngen.template import write

    try:
        write(path, body)
    except OSError as error:
        fail([f"cannot write {path}: {error.strerror or error}"], 2)
