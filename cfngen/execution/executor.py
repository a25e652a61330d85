"""An execution from its definition and input to its events, in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cfngen.execution.arguments import checked_options
from cfngen.execution.clock import Clock
from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.mocks import Answer, Mock, TaskRequest
from cfngen.execution.prepared import EMPTY, MACHINE, RunOptions, observe, raised
from cfngen.execution.results import Execution
from cfngen.execution.s3_objects import objects


def run(
    definition: object,
    input: Any = EMPTY,  # noqa: A002  the API's word
    *,
    mocks: Mapping[str, Mock] | None = None,
    type: str = "STANDARD",  # noqa: A002  the API's word
    name: str | None = None,
    start: datetime | str | float | None = None,
    s3: Mapping[tuple[str, str], bytes] | None = None,
    context: Mapping[str, Any] | None = None,
    tasks: Callable[[TaskRequest], Answer] | None = None,
    clock: Clock | None = None,
    seed: int = 0,
    machine: str = MACHINE,
) -> Execution:
    """Run an execution to its end, and return what it came to.

    ``definition`` is a Workflow, a stack, a mapping, JSON or YAML text, or a path; ``input`` any JSON, an
    empty object where it is not given. ``mocks`` say by the name of a state what its task comes to: an
    answer for all tries, a list with one for each, or a function of what would be sent; ``tasks`` answers
    for those without one. ``start`` is when it starts, now where it is not given: with it, two runs are the
    same to the byte. ``s3`` holds objects by bucket and key; ``context`` adds to the context object.
    ``clock`` is another clock than one on which nothing takes time. ``seed`` begins the random numbers.

    Raises ``ExecutionError`` for what cannot run, for a task that nothing answers for, and for a mock that
    fits no state or has too few answers; and what a mock or ``tasks`` raises.
    """
    __tracebackhide__ = True
    DEADLINE.reset()
    options = RunOptions(
        mocks=EMPTY if mocks is None else mocks,
        type=type,
        name=name,
        start=start,
        s3=objects(s3),
        context=EMPTY if context is None else context,
        tasks=tasks,
        clock=clock,
        seed=seed,
        machine=machine,
    )
    return raised(*observe(definition, input, checked_options(options)))
