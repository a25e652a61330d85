"""An execution from its definition and input to its events, in this process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from random import Random
from types import MappingProxyType
from typing import Any, Final

from cfngen.asl.errors import TIMEOUT
from cfngen.cfn.arns import AWS, in_partition
from cfngen.execution.branches import Branch, Run
from cfngen.execution.clock import Clock, VirtualClock
from cfngen.execution.definitions import load
from cfngen.execution.engine import Engine
from cfngen.execution.failures import ExecutionError, StateError, TerminalError
from cfngen.execution.history import Data, History, NeverEndingError
from cfngen.execution.json_values import MAX_BYTES, Json, is_larger, plain
from cfngen.execution.machine import CompiledMachine, compile_machine, states_of
from cfngen.execution.mocks import Answer, Call, Mock, Mocks
from cfngen.execution.redrives import Failing, Journal
from cfngen.execution.results import Execution
from cfngen.execution.scheduler import Loop, Steps
from cfngen.execution.scope import random_uuid
from cfngen.execution.states import INSTANT, LASTING
from cfngen.execution.timestamps import nanoseconds

REGION: Final = "us-east-1"
ACCOUNT: Final = "123456789012"
MACHINE: Final = "StateMachine"
EXPRESS: Final = "EXPRESS"
TYPES: Final = ("STANDARD", EXPRESS)

EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
"""The input that is not given: an empty object."""

MAX_SECONDS: Final = {"STANDARD": 365 * 86_400, EXPRESS: 300}
"""How long an execution may take."""

KEPT_CHILDREN: Final = 1_000
"""Child executions of a distributed Map whose histories are kept, besides all that failed."""


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
    tasks: Callable[[Call], Answer] | None = None,
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
    outcome = observe(
        definition,
        input,
        mocks=mocks,
        type=type,
        name=name,
        start=start,
        s3=s3,
        context=context,
        tasks=tasks,
        clock=clock,
        seed=seed,
        machine=machine,
    )
    return _raised(*outcome)


def observe(
    definition: object,
    input: Any = EMPTY,  # noqa: A002  the API's word
    *,
    mocks: Mapping[str, Mock] | None = None,
    type: str = "STANDARD",  # noqa: A002  the API's word
    name: str | None = None,
    start: datetime | str | float | None = None,
    s3: Mapping[tuple[str, str], bytes] | None = None,
    context: Mapping[str, Any] | None = None,
    tasks: Callable[[Call], Answer] | None = None,
    clock: Clock | None = None,
    seed: int = 0,
    machine: str = MACHINE,
    variables: Mapping[str, Json] | None = None,
    earlier_retries: int | None = None,
) -> tuple[Execution, BaseException | None]:
    """Run an execution as ``run`` does; return it also where a task got no answer, and why it got none.

    ``variables`` are those that it begins with. With ``earlier_retries``, its outermost states have been
    retried so often before, and where one would be retried, the execution ends with ``RetryDueError``.
    """
    document = load(definition)
    if type not in TYPES:
        raise ExecutionError(f"{type!r} is no type of a state machine: it is STANDARD or EXPRESS")
    if name is not None and not isinstance(name, str):
        raise ExecutionError(f"the name of an execution is text, not {name!r:.80}")
    compiled = compile_machine(document)
    value = _input(input)
    kinds = {state: str(fields.get("Type")) for state, fields in states_of(document)}
    started = clock.now() if clock is not None else _seconds(start)
    limit = min(MAX_SECONDS[type], compiled.timeout if compiled.timeout is not None else math.inf)

    def execute(
        asked: Mapping[str, Mock], earlier: list[tuple[str, Answer]], failings: list[Failing], timer: Clock
    ) -> tuple[Execution, BaseException | None]:
        journal = Journal(earlier, failings)
        answers = Mocks(asked, kinds, tasks)
        run_ = _run(machine, type, name, value, timer, Random(seed), context or {})

        def answer(call: Call) -> Answer:
            __tracebackhide__ = True
            return journal.answer(call, answers.answer)

        engine = Engine(
            Loop(timer), answer, dict(s3 or {}), REGION, ACCOUNT, KEPT_CHILDREN, journal, INSTANT, LASTING
        )

        def redrive(entered_id: int) -> Callable[[Mapping[str, Mock]], Execution]:
            points = [*failings, Failing(entered_id, run_.history.records)]
            return lambda again: _raised(*execute(again, journal.answers, points, VirtualClock(started)))

        again = None if type == EXPRESS else redrive
        engine.earlier_retries = earlier_retries
        branch = Branch(run_)
        branch.variables = variables or {}
        return _executed(engine, branch, compiled, limit, document, again), engine.problem

    return execute(mocks or {}, [], [], clock or VirtualClock(started))


def _raised(execution: Execution, problem: BaseException | None) -> Execution:
    __tracebackhide__ = True
    if problem is not None:
        raise problem
    return execution


def _run(
    machine: str,
    kind: str,
    name: str | None,
    value: Json,
    clock: Clock,
    random: Random,
    context: Mapping[str, Any],
) -> Run:
    run_name = random_uuid(random) if name is None else name
    prefix = in_partition(AWS, f"states:{REGION}:{ACCOUNT}")
    return Run(
        arn=f"{prefix}:{'express' if kind == EXPRESS else 'execution'}:{machine}:{run_name}",
        name=run_name,
        machine_arn=f"{prefix}:stateMachine:{machine}",
        machine_name=machine,
        role_arn=in_partition(AWS, f"iam::{ACCOUNT}:role/{machine}"),
        input=value,
        history=History(is_limited=kind != EXPRESS),
        clock=clock,
        random=random,
        extra_context=context,
    )


def _executed(
    engine: Engine,
    branch: Branch,
    machine: CompiledMachine,
    limit: float,
    definition: Mapping[str, Any],
    redrive: Callable[[int], Callable[[Mapping[str, Mock]], Execution]] | None,
) -> Execution:
    execution = branch.run
    history, clock = execution.history, engine.loop.clock
    details = {"input": Data(execution.input), "roleArn": execution.role_arn}
    history.add("ExecutionStarted", execution.started, 0, details)
    status, output, error, cause, entered_id = "SUCCEEDED", None, None, None, 0
    try:
        steps: Steps = engine.walk(branch, machine, execution.input)
        is_over, output = engine.loop.run(steps, branch, until=execution.started + limit)
        if not is_over:
            status, error = "TIMED_OUT", TIMEOUT
    except (StateError, TerminalError) as failure:
        status, error, cause = "FAILED", failure.error, failure.cause
        entered_id = failure.entered_id
        if isinstance(failure, NeverEndingError):
            status = "TIMED_OUT"
        if isinstance(failure, TerminalError) and failure.previous is not None:
            branch.previous = failure.previous
    now = clock.now()
    if status == "SUCCEEDED":
        history.end("ExecutionSucceeded", now, branch.previous, {"output": Data(output)})
    elif status == "TIMED_OUT":
        history.end("ExecutionTimedOut", now, 0, {"error": error})
    else:
        history.end("ExecutionFailed", now, branch.previous, {"error": error, "cause": cause})
    again = redrive(entered_id) if redrive is not None and entered_id else None
    return Execution(
        execution,
        status,
        output,
        error,
        cause,
        now,
        definition,
        engine.map_runs,
        engine.objects,
        again,
        frozenset(engine.taken),
    )


def _input(value: Any) -> Json:
    try:
        copy = plain({} if value is EMPTY else value)
    except ValueError as error:
        raise ExecutionError(f"the input is not JSON: {error}") from None
    if is_larger(copy):
        raise ExecutionError(f"the input has more than {MAX_BYTES:,} bytes")
    return copy


def _seconds(start: datetime | str | float | None) -> float:
    """Return a time in seconds since 1970, in whole milliseconds."""
    if start is None:
        return math.floor(time.time() * 1000) / 1000
    if isinstance(start, datetime):
        aware = start if start.tzinfo else start.replace(tzinfo=timezone.utc)
        return aware.timestamp()
    if isinstance(start, str):
        nanos = nanoseconds(start)
        if nanos is None:
            raise ExecutionError(f"{start!r:.80} is no time: it reads 2026-11-28T04:22:04Z")
        return nanos / 1e9
    if isinstance(start, bool) or not isinstance(start, (int, float)) or not math.isfinite(start):
        raise ExecutionError(f"{start!r:.80} is no time: give a datetime, a text or seconds since 1970")
    return float(start)
