"""An execution that can start: its names, how it runs, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from random import Random
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cfngen.asl.errors import RUNTIME, TIMEOUT
from cfngen.cfn.arns import AWS, in_partition
from cfngen.execution.bindings import random_uuid
from cfngen.execution.branches import Branch, ExecutionArns, Run
from cfngen.execution.clock import Clock, VirtualClock, seconds_of
from cfngen.execution.compiled_states import CompiledMachine
from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.definitions import load_definition
from cfngen.execution.engine import Engine
from cfngen.execution.failures import ExecutionError, StateError, TerminalError, shown
from cfngen.execution.history import Data, History, NeverEndingError
from cfngen.execution.json_values import MAX_BYTES, Json, copied_json, is_larger
from cfngen.execution.live import StoppedError
from cfngen.execution.machine import compile_machine, states_of
from cfngen.execution.map_runs import MapRun
from cfngen.execution.mocks import Answer, Mock, Mocks, TaskRequest
from cfngen.execution.names import name_problem
from cfngen.execution.pending import Pending
from cfngen.execution.redrives import redriven, taken_up
from cfngen.execution.results import Execution
from cfngen.execution.scheduler import Loop, Steps
from cfngen.execution.states import INSTANT, LASTING

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
"""Child executions of a distributed Map that are kept, of those that failed and of the others."""


class RunOptions(NamedTuple):
    """How an execution runs: the arguments of ``run``, and what its other callers add.

    ``variables`` are those that it begins with. With ``earlier_retries``, its outermost states have been
    retried so often before, and where one would be retried, the execution ends with ``RetryDueError``.
    ``loop`` runs it in place of one whose clock is its own; ``names`` are its ARN and those of its machine
    and role, where they are not made up.
    """

    mocks: Mapping[str, Mock] = EMPTY
    type: str = "STANDARD"
    name: str | None = None
    start: datetime | str | float | None = None
    s3: MutableMapping[tuple[str, str], bytes] | None = None
    context: Mapping[str, Any] = EMPTY
    tasks: Callable[[TaskRequest], Answer | Pending] | None = None
    clock: Clock | None = None
    seed: int = 0
    machine: str = MACHINE
    variables: Mapping[str, Json] = EMPTY
    earlier_retries: int | None = None
    loop: Loop | None = None
    names: ExecutionArns | None = None


def observe(
    definition: object, input_value: Any, options: RunOptions
) -> tuple[Execution, BaseException | None]:
    """Run an execution as ``run`` does; return it also where a task got no answer, and why it got none."""
    return prepare(definition, input_value, options).execute()


def prepare(definition: object, input_value: Any, options: RunOptions) -> Prepared:
    """Return an execution that can start. Raises ``ExecutionError``."""
    document = load_definition(definition)
    if options.type not in TYPES:
        raise ExecutionError(
            f"{shown(options.type)} is no type of a state machine: it is STANDARD or EXPRESS"
        )
    if options.name is not None and not isinstance(options.name, str):
        raise ExecutionError(f"the name of an execution is text, not {shown(options.name)}")
    if options.name is not None and (reason := name_problem(options.name)):
        raise ExecutionError(f"{shown(options.name)} is not a name of an execution: {reason}")
    compiled = compile_machine(document)
    value = _input(input_value)
    started = options.loop.clock.now() if options.loop is not None else seconds_of(options.start)
    clock = options.loop.clock if options.loop is not None else options.clock or VirtualClock(started)
    run = _run_of(options, value, clock)
    details = {"input": Data(value), "roleArn": run.role_arn}
    run.history.add("ExecutionStarted", run.started, 0, details)
    branch = Branch(run)
    branch.variables = options.variables
    return Prepared(document, compiled, options, branch)


class Prepared:
    """An execution that can start; ``run`` has its names, and its history, which grows while it runs."""

    def __init__(
        self, document: dict[str, Any], compiled: CompiledMachine, options: RunOptions, branch: Branch
    ) -> None:
        self._document = document
        self._compiled = compiled
        self.options = options
        self._branch = branch
        self.run: Run = branch.run
        kinds = {state: str(fields.get("Type")) for state, fields in states_of(document)}
        mocks = Mocks(options.mocks, kinds, options.tasks)
        self._engine = Engine(
            options.loop or Loop(self.run.clock),
            mocks.answer,
            {} if options.s3 is None else options.s3,
            REGION,
            ACCOUNT,
            KEPT_CHILDREN,
            INSTANT,
            LASTING,
        )
        self._engine.earlier_retries = options.earlier_retries

    @property
    def map_runs(self) -> Sequence[MapRun]:
        """The runs of distributed Maps that have begun."""
        return self._engine.map_runs

    def execute(self) -> tuple[Execution, BaseException | None]:
        """Run it to its end; return what it came to, and why a task got no answer."""
        outcome = _outcome(self._engine, self._branch, self._compiled, self._until())
        return self._ended(outcome), self._engine.problem

    def fail(self, cause: str) -> Execution:
        """End it where it stands, since what runs it cannot go on."""
        return self._ended(_Outcome("FAILED", error=RUNTIME, cause=cause))

    def redriven(self, options: RunOptions) -> Prepared:
        """Return the execution, which has ended without success, ready to go on where it stood."""
        stopped = self.run.history.records[-1][1]
        loop = options.loop
        clock = loop.clock if loop is not None else options.clock or VirtualClock(stopped)
        random = Random()
        random.setstate(self.run.random.getstate())
        branch = taken_up(self._branch, redriven(self.run, clock, random))
        again = Prepared(self._document, self._compiled, options, branch)
        again._engine.map_runs += self._engine.map_runs
        again._engine.taken |= self._engine.taken
        return again

    def _until(self) -> float:
        """Return when it times out: a redrive begins its ``TimeoutSeconds`` anew, but not its year."""
        begun = self.run.history.records[-1][1]
        timeout = self._compiled.timeout
        longest = self.run.started + MAX_SECONDS[self.options.type]
        return longest if timeout is None else min(longest, begun + timeout)

    def _ended(self, outcome: _Outcome) -> Execution:
        """Note the end in the history, and return what the execution came to."""
        engine, run, now = self._engine, self.run, self._engine.loop.clock.now()
        status, output, error, cause = outcome
        history, previous = run.history, self._branch.previous
        if status == "ABORTED":
            history.end("ExecutionAborted", now, 0, {"error": error, "cause": cause})
        elif status == "SUCCEEDED":
            history.end("ExecutionSucceeded", now, previous, {"output": Data(output)})
        elif status == "TIMED_OUT":
            history.end("ExecutionTimedOut", now, 0, {"error": error})
        else:
            history.end("ExecutionFailed", now, previous, {"error": error, "cause": cause})
        for map_run in engine.map_runs:
            if map_run.status == "RUNNING":
                map_run.abort(now, engine.kept_children)
        is_redrivable = status != "SUCCEEDED" and self.options.type != EXPRESS and self.options.loop is None
        return Execution(
            run,
            status,
            output,
            error,
            cause,
            now,
            self._document,
            engine.map_runs,
            engine.objects,
            self._redrive if is_redrivable else None,
            frozenset(engine.taken),
        )

    def _redrive(self, mocks: Mapping[str, Mock], s3: Mapping[tuple[str, str], bytes]) -> Execution:
        DEADLINE.reset()
        objects = {**self._engine.objects, **s3}
        options = self.options._replace(mocks={**self.options.mocks, **mocks}, s3=objects)
        return raised(*self.redriven(options).execute())


def raised(execution: Execution, problem: BaseException | None) -> Execution:
    """Return an execution, or raise why a task got no answer."""
    __tracebackhide__ = True
    if problem is not None:
        raise problem
    return execution


def _run_of(options: RunOptions, value: Json, clock: Clock) -> Run:
    random = Random(options.seed)
    name = random_uuid(random) if options.name is None else options.name
    return Run(
        name=name,
        machine_name=options.machine,
        names=options.names or made_up_arns(options.machine, name, options.type == EXPRESS),
        input=value,
        history=History(is_limited=options.type != EXPRESS),
        clock=clock,
        random=random,
        extra_context=options.context,
    )


def made_up_arns(machine: str, name: str, is_express: bool) -> ExecutionArns:
    """Return the ARNs of an execution that no account has."""
    prefix = in_partition(AWS, f"states:{REGION}:{ACCOUNT}")
    return ExecutionArns(
        f"{prefix}:{'express' if is_express else 'execution'}:{machine}:{name}",
        f"{prefix}:stateMachine:{machine}",
        in_partition(AWS, f"iam::{ACCOUNT}:role/{machine}"),
    )


class _Outcome(NamedTuple):
    """How an execution ended."""

    status: str
    output: Json = None
    error: str | None = None
    cause: str | None = None


def _outcome(engine: Engine, branch: Branch, machine: CompiledMachine, until: float) -> _Outcome:
    try:
        steps: Steps = engine.walk(branch, machine, branch.run.input)
        is_over, output = engine.loop.run(steps, branch, until=until)
    except (StateError, TerminalError) as failure:
        if isinstance(failure, TerminalError) and failure.previous is not None:
            branch.previous = failure.previous
        status = "TIMED_OUT" if isinstance(failure, NeverEndingError) else "FAILED"
        return _Outcome(status, None, failure.error, failure.cause)
    except StoppedError as stop:
        return _Outcome("ABORTED", None, stop.error, stop.cause)
    return _Outcome("SUCCEEDED", output) if is_over else _Outcome("TIMED_OUT", error=TIMEOUT)


def _input(value: Any) -> Json:
    try:
        copy = copied_json({} if value is EMPTY else value)
    except ValueError as error:
        raise ExecutionError(f"the input is not JSON: {error}") from None
    if is_larger(copy):
        raise ExecutionError(f"the input has more than {MAX_BYTES:,} bytes")
    return copy
