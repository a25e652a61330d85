"""A machine run: states one after another, with what goes into them, comes out, and goes wrong.

https://states-language.net/spec.html
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

from cfngen.execution.bindings import Bindings, Evaluate
from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledMachine, CompiledState
from cfngen.execution.failures import (
    DataLimitError,
    QueryError,
    RuntimeStateError,
    StateError,
    TaskError,
    TerminalError,
    at_state,
)
from cfngen.execution.history import FEW_STATES, LASTING_STATES
from cfngen.execution.json_values import MAX_BYTES, Json, is_larger
from cfngen.execution.map_runs import MapRun
from cfngen.execution.mocks import Answer, TaskRequest
from cfngen.execution.path_tokens import PathError
from cfngen.execution.pending import Pending
from cfngen.execution.scheduler import Loop, Steps, WaitFor
from cfngen.execution.steps import NEXT, STATE, ExecutionStep

StateEnd: TypeAlias = "tuple[Json, str | None]"
"""The output of a state, and the state after it, None at the end."""

StateRun: TypeAlias = "Generator[WaitFor, Any, StateEnd]"

TOO_LARGE: Final = "returned a result with a size exceeding the maximum number of bytes service limit."

MAX_VARIABLES: Final = 10 * 1024 * 1024
"""Bytes of all variables, each of at most ``MAX_BYTES``; AWS's page does not say which error it is."""

Instant: TypeAlias = "Callable[[Engine, Branch, CompiledState, Json], StateEnd]"
Lasting: TypeAlias = "Callable[[Engine, Branch, CompiledState, Json], StateRun]"

_ABORTABLE: Final = ("Task", "Wait", "Parallel", "Map")


class Engine:
    """What all branches of an execution share: the loop, the answers of tasks, the objects in S3.

    ``instant`` and ``lasting`` run the states that take no time and those that may, by their types.
    """

    def __init__(
        self,
        loop: Loop,
        answer: Callable[[TaskRequest], Answer | Pending],
        objects: MutableMapping[tuple[str, str], bytes],
        region: str,
        account: str,
        kept_children: int,
        instant: Mapping[str, Instant],
        lasting: Mapping[str, Lasting],
    ) -> None:
        self.loop = loop
        self.answer = answer
        self.objects = objects
        self.region = region
        self.account = account
        self.kept_children = kept_children
        self.instant = instant
        self.lasting = lasting
        self.map_runs: list[MapRun] = []
        self.problem: BaseException | None = None  # why a task got no answer
        self.earlier_retries: int | None = None  # of a state that is run alone
        self.taken: set[ExecutionStep] = set()
        self._checked: Json = None  # the value that was found small enough last

    def walk(self, branch: Branch, machine: CompiledMachine, value: Json) -> Steps:
        """Go from state to state; return the output of the last one.

        A branch that goes on where an earlier one stood is in a state already. Raises ``StateError`` for a
        state that fails, and ``TerminalError`` with the id of the last event.
        """
        if branch.state is None:
            state = machine.states[machine.start]
            self.enter(branch, state, value)
        else:
            state, value = branch.state, branch.input
            if state.type == "Fail":  # says AWS's page on redrives
                self.enter(branch, state, value)
        few = max(FEW_STATES, len(machine.states))
        while True:
            try:
                simple = self.instant.get(state.type)
                if simple is not None:
                    output, following = simple(self, branch, state, value)
                else:
                    output, following = yield from self.lasting[state.type](self, branch, state, value)
                self.exit(branch, state, output)
            except (TerminalError, PathError) as error:  # of a path that is read when it is met
                ending = error if isinstance(error, TerminalError) else RuntimeStateError(str(error))
                self._place_terminal(branch, state, ending)
                raise ending from None
            except StateError as error:
                self.place(branch, state, error)
                raise
            if following is None:
                return output
            if following == state.next and not branch.is_caught:
                self.taken.add((NEXT, state.name, 0))
            few -= 1
            if few < 0:
                states = LASTING_STATES if simple is None else 1
                branch.run.history.went_on(states, self.loop.clock.now() - branch.entered_at)
            value = output
            state = machine.states[following]
            self.enter(branch, state, value)

    # -- in and out ---------------------------------------------------------------------------------------

    def enter(self, branch: Branch, state: CompiledState, value: Json) -> None:
        """Note that a state is entered."""
        now = self.loop.clock.now()
        self.taken.add((STATE, state.name, 0))
        branch.state = state
        branch.input = value
        branch.entered_at = now
        branch.retry_count = None
        branch.is_caught = False
        branch.token = None
        branch.entered_previous = branch.previous
        branch.previous = branch.entered_id = branch.run.history.add(
            state.entered, now, branch.previous, state.name, value
        )

    def exit(self, branch: Branch, state: CompiledState, output: Json) -> None:
        """Note that a state is left, unless it was a Fail."""
        self.check_size(output, state.name)
        assigned = branch.assigned
        if assigned:
            self.check_size(assigned, state.name)
            branch.variables = variables = {**branch.variables, **assigned}
            if len(variables) * MAX_BYTES > MAX_VARIABLES and is_larger(variables, MAX_VARIABLES):
                raise DataLimitError("The variables have a size exceeding the maximum of 10 MiB.")
            branch.assigned = None
        branch.inside = branch.earlier = None
        branch.previous = branch.run.history.add(
            state.exited, self.loop.clock.now(), branch.previous, state.name, output, assigned
        )

    def note(self, branch: Branch, kind: str, details: Mapping[str, Any] | None = None) -> int:
        """Note something else that happened, which later events follow."""
        branch.previous = branch.run.history.add(kind, self.loop.clock.now(), branch.previous, details)
        return branch.previous

    def aside(self, branch: Branch, kind: str, details: Mapping[str, Any] | None = None) -> None:
        """Note something that later events do not follow."""
        branch.run.history.add(kind, self.loop.clock.now(), branch.previous, details)

    def check_size(self, value: Json, name: str) -> None:
        """Raise ``DataLimitError`` for more data than a state may hand on."""
        if value is self._checked:
            return
        if is_larger(value):
            raise DataLimitError(f"The state/task '{name}' {TOO_LARGE}")
        self._checked = value

    # -- what states share --------------------------------------------------------------------------------

    def effective_input(self, branch: Branch, state: CompiledState, value: Json) -> Json:
        """Return the input after InputPath."""
        return value if state.input_path is None else state.input_path(branch.bindings(value))

    def assign(self, branch: Branch, evaluate: Evaluate | None, bindings: Bindings) -> None:
        """Work out what a state assigns, which counts from the next state on."""
        if evaluate is not None:
            assigned = evaluate(bindings)
            assert isinstance(assigned, dict)
            branch.assigned = assigned

    def finish(self, branch: Branch, state: CompiledState, value: Json, result: Json) -> StateEnd:
        """Make the output of a state out of its result."""
        if state.is_jsonata:
            if state.assign is None and state.output is None:
                return result, state.next
            bindings = branch.bindings(value, result=result)
            self.assign(branch, state.assign, bindings)
            return (result if state.output is None else state.output(bindings)), state.next
        if state.assign is not None:
            self.assign(branch, state.assign, branch.bindings(result))
        if state.result_selector is not None:
            result = state.result_selector(branch.bindings(result))
        output = result if state.result_path is None else state.result_path(value, result)
        if state.output_path is not None:
            output = state.output_path(branch.bindings(output))
        return output, state.next

    def place(self, branch: Branch, state: CompiledState, failure: StateError) -> None:
        """Say in a failure's cause where it came up, and note an expression that failed; done once."""
        if failure.is_placed:
            return
        failure.is_placed = True
        if failure.cause is not None:
            failure.cause = at_state(state.name, branch.entered_id, failure.cause)
        if isinstance(failure, QueryError):
            if not failure.after_entry and branch.previous == branch.entered_id:
                branch.previous = branch.entered_previous
            details = {
                "error": failure.error,
                "cause": failure.cause,
                "location": failure.location,
                "state": state.name,
            }
            self.note(branch, "EvaluationFailed", details)

    def _place_terminal(self, branch: Branch, state: CompiledState, error: TerminalError) -> None:
        if error.previous is None:
            error.previous = branch.previous
            if isinstance(error, DataLimitError):  # the state runs again as a whole, says AWS's page
                branch.inside = branch.earlier = None
            if isinstance(error, RuntimeStateError) and error.in_state:
                error.cause = at_state(state.name, branch.entered_id, error.cause or "")

    def abort(self, branch: Branch) -> None:
        """Note that a line is broken off where it is, since another one beside it failed."""
        if isinstance(branch.inside, MapRun) and branch.inside.status == "RUNNING":
            branch.inside.abort(self.loop.clock.now(), self.kept_children)
            self.aside(branch, "MapRunAborted")
        if branch.state is not None and branch.state.type in _ABORTABLE:
            self.aside(branch, f"{branch.state.type}StateAborted")
        if branch.iteration is not None:
            name, index = branch.iteration
            self.aside(branch, "MapIterationAborted", {"name": name, "index": index})

    def fail_in_branch(self, branch: Branch, failure: StateError) -> None:
        """Note what the failure of a task leaves of its state, inside a Parallel or Map."""
        if isinstance(failure, TaskError) and branch.state is not None and branch.state.type == "Task":
            self.aside(branch, "TaskStateAborted")
