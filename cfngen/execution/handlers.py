"""The retriers and catchers of a state that fails."""

from __future__ import annotations

from collections.abc import Callable

from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.engine import Engine, StateEnd, StateRun
from cfngen.execution.failures import QueryError, StateError, TerminalError, matches_error
from cfngen.execution.json_values import Json
from cfngen.execution.steps import CATCHER, RETRIER


class RetryDueError(Exception):
    """A state that is run alone would be tried again, after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def handled(
    engine: Engine, branch: Branch, state: CompiledState, value: Json, attempt: Callable[[], StateRun]
) -> StateRun:
    """Try until it succeeds, no retrier has a try left, or a catcher takes the error."""
    is_alone = engine.earlier_retries is not None and branch.parent is None and not branch.run.is_child
    branch.retry_count = engine.earlier_retries or 0 if is_alone else 0
    tries = [branch.retry_count] * len(state.retriers)
    while True:
        try:
            return (yield from attempt())
        except StateError as failure:
            error = failure
        engine.place(branch, state, error)
        branch.assigned = None
        delay = _retry_delay(engine, branch, state, error, tries)
        if delay is not None:
            if is_alone:
                engine.problem = RetryDueError(delay)
                raise TerminalError(error.error, error.cause)
            yield delay
            branch.inside = branch.earlier = None  # all that is inside begins anew
            branch.retry_count += 1
            continue
        before = branch.previous
        _note_failed(engine, branch, state)
        try:
            if outcome := _caught(engine, branch, state, value, error):
                return outcome
        except QueryError as second:
            # AWS shows it from where the state stood before it failed
            branch.previous = before
            engine.place(branch, state, second)
            _note_failed(engine, branch, state)
            raise
        raise error


def _note_failed(engine: Engine, branch: Branch, state: CompiledState) -> None:
    if state.type != "Task":
        engine.note(branch, f"{state.type}StateFailed")


def _retry_delay(
    engine: Engine, branch: Branch, state: CompiledState, failure: StateError, tries: list[int]
) -> float | None:
    """Return the seconds until the next try, or None where there is none."""
    for number, retrier in enumerate(state.retriers):
        if not matches_error(retrier.error_equals, failure):
            continue
        if tries[number] >= retrier.max_attempts:
            return None
        delay = retrier.delay(tries[number])
        tries[number] += 1
        engine.taken.add((RETRIER, state.name, number))
        return branch.run.random.uniform(0, delay) if retrier.has_jitter else delay
    return None


def _caught(
    engine: Engine, branch: Branch, state: CompiledState, value: Json, failure: StateError
) -> StateEnd | None:
    for number, catcher in enumerate(state.catchers):
        if not matches_error(catcher.error_equals, failure):
            continue
        engine.taken.add((CATCHER, state.name, number))
        branch.is_caught = True
        cause = "" if failure.cause is None and failure.error is not None else failure.cause
        error: Json = {"Error": failure.error, "Cause": cause}
        if state.is_jsonata:
            bindings = branch.bindings(value, errorOutput=error)
            engine.assign(branch, catcher.assign, bindings)
            return (error if catcher.output is None else catcher.output(bindings)), catcher.next
        engine.assign(branch, catcher.assign, branch.bindings(error))
        assert catcher.result_path is not None
        return catcher.result_path(value, error), catcher.next
    return None
