"""Where in its input a state puts its result.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultpath.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from cfngen.asl.errors import RESULT_PATH_MATCH_FAILURE
from cfngen.execution.failures import StateError
from cfngen.execution.json_values import Json, to_text
from cfngen.execution.jsonpath import compile_path
from cfngen.execution.path_tokens import Index, Key, PathError

PutResult: TypeAlias = Callable[[Json, Json], Json]
"""Returns a state's input with a result in it; neither is changed."""

_SHOWN: Final = 300


def compile_result_path(text: str | None) -> PutResult:
    """Return what puts a result in its place; None discards it. Raises ``PathError``."""
    if text is None:
        return lambda value, result: value
    path = compile_path(text)
    steps = path.tokens
    if path.is_context or path.variable or not all(isinstance(step, (Key, Index)) for step in steps):
        raise PathError(f"{text!r} is no reference path, which is made of names and numbers")
    if not steps:
        return lambda value, result: result

    def placed(value: Json, result: Json) -> Json:
        around: list[tuple[dict[str, Json] | list[Json], str | int]] = []
        inner: Json = value
        for step in steps:
            if isinstance(step, Key):
                if not isinstance(inner, dict):
                    raise _mismatch(step.name, inner)
                container: dict[str, Json] | list[Json] = dict(inner)
                around.append((container, step.name))
                inner = inner.get(step.name, {})
            elif isinstance(step, Index):
                if not isinstance(inner, list) or not -len(inner) <= step.number < len(inner):
                    raise _mismatch(str(step.number), inner)
                around.append((list(inner), step.number))
                inner = inner[step.number]
        outcome = result
        for container, name in reversed(around):
            container[name] = outcome  # type: ignore[index]
            outcome = container
        return outcome

    return placed


def _mismatch(step: str, value: Json) -> StateError:
    shown = to_text(value)
    return StateError(
        RESULT_PATH_MATCH_FAILURE, f'Unable to apply step "{step}" to input {shown:.{_SHOWN}}'
    )
