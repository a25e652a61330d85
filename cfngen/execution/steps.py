"""The steps that executions of a definition may take: its states, transitions, rules and handlers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from cfngen.execution.machine import states_of

ExecutionStep: TypeAlias = "tuple[str, str, int]"
"""A kind of step, the state that it belongs to, and its number among those of its kind there."""

STATE: Final = "state"
NEXT: Final = "transition"
RULE: Final = "rule"
DEFAULT: Final = "default"
RETRIER: Final = "retrier"
CATCHER: Final = "catcher"


def steps_of(definition: Mapping[str, Any]) -> Iterator[ExecutionStep]:
    """Yield all steps of a definition, state by state."""
    for name, state in states_of(definition):
        yield STATE, name, 0
        if "Next" in state:
            yield NEXT, name, 0
        for kind, field in ((RULE, "Choices"), (RETRIER, "Retry"), (CATCHER, "Catch")):
            yield from ((kind, name, number) for number in range(len(state.get(field, ()))))
        if "Default" in state:
            yield DEFAULT, name, 0


def step_in_words(definition: Mapping[str, Any], step: ExecutionStep) -> str:
    """Return a step as a person would point at it."""
    kind, name, number = step
    state = dict(states_of(definition))[name]
    if kind == STATE:
        return repr(name)
    if kind == NEXT:
        return f"{name!r} -> {state['Next']!r}"
    if kind == DEFAULT:
        return f"{name!r} -> {state['Default']!r} by default"
    if kind == RULE:
        return f"{name!r} -> {state['Choices'][number].get('Next')!r} by rule {number}"
    if kind == RETRIER:
        return f"retrier {number} of {name!r}"
    return f"{name!r} -> {state['Catch'][number].get('Next')!r} by catcher {number}"
