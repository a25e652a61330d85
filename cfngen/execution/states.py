"""The states, by their types: what each makes of its input, and which state follows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cfngen.asl.errors import NO_CHOICE_MATCHED
from cfngen.execution import maps, parallel, tasks, values
from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.engine import Engine, Instant, Lasting, StateEnd, StateRun
from cfngen.execution.failures import RuntimeStateError, StateError
from cfngen.execution.handlers import handled
from cfngen.execution.json_values import Json
from cfngen.execution.jsonata import wrong_type
from cfngen.execution.steps import DEFAULT, RULE

MAX_WAIT: Final = 99_999_999
"""Seconds that a state may wait."""


class FailStateError(StateError):
    """A Fail state was reached, which passes its error and cause on as they are."""


def _pass(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateEnd:
    document = state.document
    if state.is_jsonata:
        return engine.finish(branch, state, value, value)
    has_result = "Result" in document
    if state.is_plain and not has_result:
        return value, state.next
    result = engine.effective_input(branch, state, value)
    if state.arguments is not None:
        result = state.arguments(branch.bindings(result))
    if has_result:
        result = document["Result"]
    return engine.finish(branch, state, value, result)


def _succeed(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateEnd:
    if state.is_plain:
        return value, None
    return engine.finish(branch, state, value, engine.effective_input(branch, state, value))[0], None


def _fail(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateEnd:
    bindings = branch.bindings(value)
    texts: dict[str, str | None] = {}
    for field in ("Error", "Cause"):
        texts[field] = values.fail_text(state, field, bindings)
    failure = FailStateError(texts["Error"], texts["Cause"])
    failure.is_placed = True
    raise failure


def _choice(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateEnd:
    effective = engine.effective_input(branch, state, value)
    bindings = branch.bindings(effective)
    for number, rule in enumerate(state.rules):
        matched = rule.condition(bindings)
        if state.is_jsonata and not isinstance(matched, bool):
            raise wrong_type(rule.expression, f"Choices[{number}]/Condition", "boolean", matched)
        if matched:
            engine.taken.add((RULE, state.name, number))
            # a rule that matches brings its own; the state's are for when none does
            engine.assign(branch, rule.assign, bindings)
            output = effective if rule.output is None else rule.output(bindings)
            return _choice_output(branch, state, output), rule.next
    default = state.document.get("Default")
    if default is None:
        raise StateError(
            NO_CHOICE_MATCHED,
            "Failed to transition out of the state. The state does not point to a next state.",
        )
    engine.taken.add((DEFAULT, state.name, 0))
    engine.assign(branch, state.assign, bindings)
    output = effective if state.output is None else state.output(bindings)
    return _choice_output(branch, state, output), default


def _choice_output(branch: Branch, state: CompiledState, output: Json) -> Json:
    return output if state.output_path is None else state.output_path(branch.bindings(output))


def _wait(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateRun:
    effective = engine.effective_input(branch, state, value)
    seconds = values.wait_seconds(state, branch.bindings(effective), engine.loop.clock.now())
    if seconds > MAX_WAIT:
        raise RuntimeStateError("Wait state delay is too long")
    if seconds > 0:
        yield seconds
    return engine.finish(branch, state, value, effective)


def _task(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateRun:
    return handled(engine, branch, state, value, lambda: tasks.attempt(engine, branch, state, value))


def _parallel(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateRun:
    return handled(engine, branch, state, value, lambda: parallel.attempt(engine, branch, state, value))


def _map(engine: Engine, branch: Branch, state: CompiledState, value: Json) -> StateRun:
    return handled(engine, branch, state, value, lambda: maps.attempt(engine, branch, state, value))


INSTANT: Final[Mapping[str, Instant]] = {
    "Pass": _pass,
    "Choice": _choice,
    "Succeed": _succeed,
    "Fail": _fail,
}
LASTING: Final[Mapping[str, Lasting]] = {
    "Wait": _wait,
    "Task": _task,
    "Parallel": _parallel,
    "Map": _map,
}
