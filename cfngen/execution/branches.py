"""Where an execution stands: the execution as a whole, and each line of states in it.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from cfngen.execution.bindings import Bindings, context_timestamp
from cfngen.execution.clock import Clock
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.history import History
from cfngen.execution.json_values import Json


class ExecutionArns(NamedTuple):
    """The ARNs of an execution, its state machine and its role."""

    execution: str
    machine: str
    role: str


class Run:
    """An execution, or a child execution of a distributed Map: its names and its history."""

    __slots__ = (
        "arn",
        "clock",
        "extra_context",
        "history",
        "input",
        "is_child",
        "machine_arn",
        "machine_name",
        "name",
        "random",
        "redrive_count",
        "role_arn",
        "started",
    )

    def __init__(
        self,
        *,
        names: ExecutionArns,
        name: str,
        machine_name: str,
        input: Json,  # noqa: A002  the API's word
        history: History,
        clock: Clock,
        random: Random,
        extra_context: Mapping[str, Any],
        is_child: bool = False,
    ) -> None:
        self.arn: str = names.execution
        self.name: str = name
        self.machine_arn: str = names.machine
        self.machine_name: str = machine_name
        self.role_arn: str = names.role
        self.input: Json = input
        self.history: History = history
        self.clock: Clock = clock
        self.random: Random = random
        self.extra_context: Mapping[str, Any] = extra_context
        self.started: float = clock.now()
        self.redrive_count: int = 0
        self.is_child: bool = is_child

    def copy(self, clock: Clock, random: Random, history: History) -> Run:
        """Return an execution with the same names and input, which starts now."""
        return Run(
            names=ExecutionArns(self.arn, self.machine_arn, self.role_arn),
            name=self.name,
            machine_name=self.machine_name,
            input=self.input,
            history=history,
            clock=clock,
            random=random,
            extra_context=self.extra_context,
            is_child=self.is_child,
        )


class Branch:
    """A line of states: of an execution, of a branch of a Parallel, of an iteration of a Map.

    ``previous`` is the id of the event that the next one follows; ``item`` is the Map's item around it.
    ``inside`` is what runs inside the state that it is in. A line that goes on where one of an execution
    stood that did not succeed has that one as ``earlier``, until it leaves the state.
    """

    __slots__ = (
        "assigned",
        "attempts",
        "earlier",
        "entered_at",
        "entered_id",
        "entered_previous",
        "input",
        "inside",
        "is_caught",
        "item",
        "iteration",
        "parent",
        "previous",
        "retry_count",
        "run",
        "state",
        "token",
        "variables",
    )

    def __init__(self, run: Run, parent: Branch | None = None, previous: int = 0) -> None:
        self.run: Run = run
        self.parent: Branch | None = parent
        self.previous: int = previous
        self.variables: Mapping[str, Json] = {} if parent is None else parent.variables
        self.item: Mapping[str, Any] | None = None if parent is None else parent.item
        self.iteration: tuple[str, int] | None = None
        self.attempts: Counter[str] | None = None
        self.assigned: dict[str, Json] | None = None
        self.state: CompiledState | None = None
        self.input: Json = None
        self.entered_at: float = 0.0
        self.entered_id: int = 0
        self.entered_previous: int = 0
        self.retry_count: int | None = None
        self.token: str | None = None
        self.is_caught: bool = False
        self.inside: object = None  # a RoutineGroup or a MapRun
        self.earlier: Branch | None = None

    def count(self, state: str) -> int:
        """Return how often a state was tried in this line before, and count this time."""
        if self.attempts is None:
            self.attempts = Counter()
        self.attempts[state] += 1
        return self.attempts[state] - 1

    def bindings(self, root: Json, **states: Json) -> Bindings:
        """Return what the expressions of the state that the line is in can read."""
        run = self.run
        return Bindings(
            root, self.variables, self.context, run.random, run.clock.now, {"input": self.input, **states}
        )

    def context(self) -> dict[str, Any]:
        """Return the context object."""
        run = self.run
        state: dict[str, Any] = {
            "Name": self.state.name if self.state else "",
            "EnteredTime": context_timestamp(self.entered_at),
        }
        if self.retry_count is not None:
            state["RetryCount"] = self.retry_count
        context: dict[str, Any] = {
            "Execution": {
                "Id": run.arn,
                "Input": run.input,
                "StartTime": context_timestamp(run.started),
                "Name": run.name,
                "RoleArn": run.role_arn,
                "RedriveCount": run.redrive_count,
            },
            "StateMachine": {"Id": run.machine_arn, "Name": run.machine_name},
            "State": state,
        }
        if self.item is not None:
            context["Map"] = {"Item": dict(self.item)}
        if self.token is not None:
            context["Task"] = {"Token": self.token}
        for name, value in run.extra_context.items():
            known = context.get(name)
            context[name] = (
                {**known, **value} if isinstance(known, dict) and isinstance(value, Mapping) else value
            )
        return context
