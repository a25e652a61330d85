"""Rules about retriers and catchers.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cfngen.asl import errors
from cfngen.asl.graph import Graph, Node
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.rules.fields import brief, check_numbers, check_text, schema_problem
from cfngen.asl.rules.paths import path_field
from cfngen.asl.schema import RETRIER
from cfngen.asl.states import AnyTask, Fail, FallibleStep
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem

_HTTP: Final = r"States\.Http\.StatusCode\.\d{3}"
"""What a task that calls an HTTP endpoint reports."""

_NEVER_CAUGHT: Final = (errors.RUNTIME,)
_NEVER_IN_TASKS: Final = (
    errors.RUNTIME,
    errors.BRANCH_FAILED,
    errors.EXCEED_TOLERATED_FAILURE_THRESHOLD,
    errors.ITEM_READER_FAILED,
    errors.NO_CHOICE_MATCHED,
    errors.RESULT_WRITER_FAILED,
)


def retriers_are_sound(node: Node, graph: Graph) -> Iterator[Problem]:
    """Retriers MUST contain ``ErrorEquals``; their numbers have bounds."""
    if not isinstance(node.state, FallibleStep):
        return
    for index, retrier in enumerate(node.state.Retry):
        place = f"{node.location}/Retry/{index}"
        yield from _error_name_problems(place, retrier, node.state, last=index == len(node.state.Retry) - 1)
        yield from check_text(f"{place}/Comment", retrier.Comment)
        yield from check_numbers(place, RETRIER, retrier)
        yield from _delay(place, retrier)
        if retrier.JitterStrategy not in (None, "FULL", "NONE"):
            yield schema_problem(
                f"{place}/JitterStrategy",
                f"'JitterStrategy' takes 'FULL' or 'NONE', not {brief(retrier.JitterStrategy)}",
            )


def catchers_are_sound(node: Node, graph: Graph) -> Iterator[Problem]:
    """Catchers MUST contain ``ErrorEquals`` and ``Next``."""
    if not isinstance(node.state, FallibleStep):
        return
    for index, catcher in enumerate(node.state.Catch):
        place = f"{node.location}/Catch/{index}"
        yield from _error_name_problems(place, catcher, node.state, last=index == len(node.state.Catch) - 1)
        yield from check_text(f"{place}/Comment", catcher.Comment)
        yield from path_field(f"{place}/ResultPath", catcher.ResultPath)


def _error_name_problems(
    place: str, handler: Retrier | Catcher, state: FallibleStep, *, last: bool
) -> Iterator[Problem]:
    """The reserved name States.ALL MUST appear alone, and in the last handler."""
    names: object = handler.ErrorEquals
    location = f"{place}/ErrorEquals"
    if isinstance(names, str) or not isinstance(names, Sequence) or not names:
        hint = f"write [{names!r}]" if names and isinstance(names, str) else ""
        yield schema_problem(
            location, f"'ErrorEquals' takes a list of error names, not {brief(names)}", hint
        )
        return
    for index, name in enumerate(names):
        if not isinstance(name, str):
            yield schema_problem(f"{location}/{index}", f"an error name is text, not {brief(name)}")
        elif name not in errors.RESERVED:
            yield from _reserved(f"{location}/{index}", name)
    if errors.ALL in names:
        if len(names) > 1:
            yield schema_problem(
                location, "'States.ALL' must be the only name: it includes every other error"
            )
        if not last:
            yield schema_problem(
                location,
                "'States.ALL' must be in the last entry: the entries after it are never reached",
            )
    else:
        yield from _unseen(location, names, state)


def own_errors_have_names_of_their_own(node: Node, graph: Graph) -> Iterator[Problem]:
    """Errors that authors define MUST NOT have names that begin with ``States.``. AWS accepts it.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
    """
    if isinstance(node.state, Fail) and isinstance(node.state.Error, str):
        yield from _reserved(f"{node.location}/Error", node.state.Error)


def _reserved(location: str, name: str) -> Iterator[Problem]:
    """Yield a warning of a name that begins as those of Step Functions do and is none of them."""
    if name.startswith("States.") and name not in errors.RESERVED and not re.fullmatch(_HTTP, name):
        yield schema_problem(
            location,
            f"there is no error {name!r} in Step Functions",
            did_you_mean(name, sorted(errors.RESERVED), prefix="States.")
            or "names that begin with 'States.' are reserved: give your own error another one",
            "warning",
        )


def _unseen(location: str, names: Sequence[object], state: FallibleStep) -> Iterator[Problem]:
    """States.Runtime errors are not retriable, and always fail the execution; others never reach a task."""
    never = _NEVER_IN_TASKS if isinstance(state, AnyTask) else _NEVER_CAUGHT
    if not all(name in never for name in names):
        return
    listed = " or ".join(map(repr, names))
    yield Problem(
        "SCHEMA_VALIDATION_FAILED",
        location,
        f"a {state.Type} never gets the error {listed}, so this entry has no effect",
        "this error always ends the execution"
        if errors.RUNTIME in names
        else "only other states report that error: a task that fails reports 'States.TaskFailed'",
        "warning",
    )


def _delay(place: str, retrier: Retrier) -> Iterator[Problem]:
    """``MaxDelaySeconds`` MUST be greater than ``IntervalSeconds`` and less than 31622400."""
    longest, interval = retrier.MaxDelaySeconds, retrier.IntervalSeconds
    location = f"{place}/MaxDelaySeconds"
    if isinstance(longest, int) and isinstance(interval, int) and longest <= interval:
        yield schema_problem(
            location, f"'MaxDelaySeconds' of {longest} is not greater than 'IntervalSeconds' of {interval}"
        )
