"""A Parallel state: branches beside each other."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledMachine, CompiledState
from cfngen.execution.engine import Engine, StateEnd
from cfngen.execution.failures import StateError, TerminalError
from cfngen.execution.json_values import Json
from cfngen.execution.redrives import begin, progress_of
from cfngen.execution.scheduler import Routine, RoutineGroup, Steps, WaitFor


def attempt(
    engine: Engine, branch: Branch, state: CompiledState, value: Json
) -> Generator[WaitFor, Any, StateEnd]:
    """Run all branches once, after a redrive those that did not succeed."""
    progress = progress_of(branch)
    effective = engine.effective_input(branch, state, value)
    arguments = effective if state.arguments is None else state.arguments(branch.bindings(effective))
    started = engine.note(branch, "ParallelStateStarted") if progress is None else branch.previous
    ended: list[Branch] = []

    def start() -> Iterator[tuple[Steps | None, Any]]:
        for number, machine in enumerate(state.machines):
            if progress is not None and number in progress.outputs:
                yield None, progress.outputs[number]
                continue
            inner = begin(branch, started, number, progress)
            yield line(engine, inner, machine, arguments, ended), inner

    group = branch.inside = RoutineGroup(start(), len(state.machines) or 1, aborted=broken_off(engine))
    try:
        results = yield group
    finally:
        branch.previous = ended[-1].previous if ended else started
    engine.aside(branch, "ParallelStateSucceeded")
    return engine.finish(branch, state, value, results)


def line(
    engine: Engine, inner: Branch, machine: CompiledMachine, value: Json, ended: list[Branch]
) -> Steps:
    """Go through the states of a branch; ``ended`` keeps the branches in the order in which they ended."""
    try:
        output = yield from engine.walk(inner, machine, value)
    except StateError as failure:
        engine.fail_in_branch(inner, failure)
        ended.append(inner)
        raise
    ended.append(inner)
    return output


def broken_off(engine: Engine) -> Any:
    """Return what notes the end of a branch that is broken off, and of all inside it."""

    def aborted(task: Routine, error: BaseException) -> None:
        if isinstance(error, TerminalError) or not isinstance(error, StateError):
            return
        inside = [task]
        for outer in inside:  # which grows as it is walked
            if outer.inner is not None:
                inside += [inner for inner in outer.inner.live if isinstance(inner.owner, Branch)]
        for ending in reversed(inside):
            engine.abort(ending.owner)

    return aborted
