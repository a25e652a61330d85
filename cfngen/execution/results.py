"""What an execution came to: its status and output, its events, and the states it visited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.execution.failures import ExecutionError
from cfngen.execution.machine import states_of

if TYPE_CHECKING:
    from cfngen import history
    from cfngen.execution.branches import Run
    from cfngen.execution.json_values import Json
    from cfngen.execution.map_runs import MapRun
    from cfngen.execution.mocks import Mock
    from cfngen.execution.steps import ExecutionStep
    from cfngen.execution.visits import Trace, Visit

Redrive: TypeAlias = "Callable[[Mapping[str, Mock], Mapping[tuple[str, str], bytes]], Execution]"


class Execution:
    """An execution that has ended; ``status`` is ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``.

    ``input`` and ``output`` are JSON that has been read. ``machine`` names its state machine. ``s3`` holds
    the objects at the end, by bucket and key, ``steps`` what of the definition it went through.
    """

    def __init__(
        self,
        run: Run,
        status: str,
        output: Json,
        error: str | None,
        cause: str | None,
        stopped: float,
        definition: Mapping[str, Any],
        map_runs: list[MapRun],
        s3: Mapping[tuple[str, str], bytes],
        redrive: Redrive | None = None,
        steps: frozenset[ExecutionStep] = frozenset(),
    ) -> None:
        self._run = run
        self._definition = definition
        self._map_runs = map_runs
        self._redrive = redrive
        self._stopped = stopped
        self.machine: str = run.machine_name
        self.status = status
        self.input: Any = run.input
        self.output: Any = output
        self.error = error
        self.cause = cause
        self.s3 = s3
        self.steps = steps

    @property
    def arn(self) -> str:
        """The ARN of the execution."""
        return self._run.arn

    @property
    def name(self) -> str:
        """The name of the execution."""
        return self._run.name

    @property
    def start(self) -> datetime:
        """When it started, in UTC."""
        return datetime.fromtimestamp(self._run.started, timezone.utc)

    @property
    def stop(self) -> datetime:
        """When it ended, in UTC."""
        return datetime.fromtimestamp(self._stopped, timezone.utc)

    @property
    def duration(self) -> timedelta:
        """How long it took by its clock."""
        return timedelta(seconds=self._stopped - self._run.started)

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """The events, as GetExecutionHistory answers them."""
        return self._run.history.events()

    @cached_property
    def history(self) -> history.ExecutionHistory:
        """What the events tell, with times."""
        from cfngen.history import ExecutionHistory as History

        described = {"executionArn": self.arn, "name": self.name, "status": self.status}
        described["stateMachineArn"] = self._run.machine_arn
        return History.read(described, self.events)

    @cached_property
    def trace(self) -> Trace:
        """The states that were visited, one after another."""
        from cfngen.execution.visits import Trace, traced

        return Trace(sequence=traced(self.history.visits, dict(_branch_counts(self._definition))))

    @property
    def states(self) -> list[str]:
        """The names of the states visited, in order, without those inside Parallels and Maps."""
        return self.trace.states

    @property
    def visits(self) -> tuple[Visit, ...]:
        """All visits: after a Parallel or a Map those inside it."""
        return self.trace.visits

    def of(self, state: str) -> list[Visit]:
        """Return the visits of a state, also inside Parallels and Maps."""
        return self.trace.of(state)

    def __getitem__(self, state: str) -> Visit:
        """Return the one visit of a state. Raises ``NotVisitedError`` for none, or several."""
        __tracebackhide__ = True
        from cfngen.execution.visits import NotVisitedError

        known = dict(states_of(self._definition))
        if state not in known:
            hint = did_you_mean(state, known)
            message = f"no state is named {state!r}" + (f"; {hint}" if hint else "")
            raise NotVisitedError(f"{message}\n{self}")
        visits = self.of(state)
        if len(visits) > 1:
            message = f"{state!r} was visited {len(visits)} times: of({state!r}) returns all visits"
            raise NotVisitedError(f"{message}\n{self}")
        if not visits:
            raise NotVisitedError(f"{state!r} was not visited\n{self}")
        return visits[0]

    def __contains__(self, state: object) -> bool:
        return state in self.trace

    def __str__(self) -> str:
        from cfngen.execution.visits import error_in_brackets, trace_lines

        head = f"{self.machine} {self.status} {error_in_brackets(self.error, self.cause)}".rstrip()
        return "\n".join([head, *trace_lines(self.trace, "  ")])

    def __repr__(self) -> str:
        return f"<{self.machine} {self.status}: {' -> '.join(self.states)}>"

    @property
    def map_runs(self) -> tuple[MapRunResult, ...]:
        """The runs of distributed Maps, in the order in which they began."""
        return tuple(_map_run_result(map_run, self._definition, self.s3) for map_run in self._map_runs)

    @property
    def redrive_count(self) -> int:
        """How often it has been redriven."""
        return self._run.redrive_count

    def redrive(
        self,
        mocks: Mapping[str, Mock] | None = None,
        s3: Mapping[tuple[str, str], bytes] | None = None,
    ) -> Execution:
        """Go on with the states that did not succeed; return the execution as a whole.

        What has succeeded is not run again, also inside Parallels and Maps. Retries, timeouts and lists of
        mocks begin anew. Tasks have the mocks that they had, but for those in ``mocks``. ``s3`` holds
        objects that have come since, or have other contents. Raises ``ExecutionError`` for an execution
        that has succeeded, is express, called services of the emulator or has 24,999 events, and what
        ``run`` raises.
        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
        """
        from cfngen.execution.redrives import is_redrivable
        from cfngen.execution.s3_objects import check_mapping, objects

        if self.status == "SUCCEEDED":
            raise ExecutionError("the execution has succeeded, and is not redriven")
        if self._redrive is None:
            reason = "is express" if ":express:" in self.arn else "called services of the emulator"
            raise ExecutionError(f"the execution {reason}, and is not redriven: start another")
        if not is_redrivable(self._run):
            count = len(self._run.history.records)
            raise ExecutionError(f"an execution of {count:,} events is not redriven: 24,998 are the most")
        if mocks is not None:
            check_mapping("mocks", mocks)
        return self._redrive(mocks or {}, objects(s3))


@frozen(kw_only=True)
class MapRunResult(Declared):
    """A run of a distributed Map; ``executions`` are its first children, and the first that failed."""

    arn: str
    state: str
    status: str
    total: int
    succeeded: int
    failed: int
    redrive_count: int = 0
    executions: tuple[Execution, ...] = ()


def _map_run_result(
    map_run: MapRun, definition: Mapping[str, Any], s3: Mapping[tuple[str, str], bytes]
) -> MapRunResult:
    state = dict(states_of(definition))[map_run.state]
    processor = state.get("ItemProcessor", state.get("Iterator"))
    children = tuple(
        Execution(
            child.run,
            child.status,
            child.output,
            child.error,
            child.cause,
            child.stopped,
            processor,
            [],
            s3,
        )
        for _, child in sorted(map_run.children.items())
    )
    return MapRunResult(
        arn=map_run.arn,
        state=map_run.state,
        status=map_run.status,
        total=map_run.total,
        succeeded=map_run.succeeded,
        failed=map_run.failed,
        redrive_count=map_run.redrive_count,
        executions=children,
    )


def _branch_counts(definition: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for _, state in states_of(definition):
        for number, branch in enumerate(state.get("Branches", ())):
            for name in branch["States"]:
                yield name, number
