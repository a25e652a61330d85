"""The tasks of the state machines of a template: what can be mocked, or made to fail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cfngen.aws.discovery import MACHINE
from cfngen.cfn.functions import substitution
from cfngen.core.walk import values_of
from cfngen.execution.mocks import unknown_state


def task_problems(body: str, names: Sequence[str]) -> Iterator[str]:
    """Yield for each name that is not a task of a template in JSON why it has no mock and cannot fail."""
    is_task: dict[str, bool] = {}
    for resource in json.loads(body).get("Resources", {}).values():
        if resource.get("Type") == MACHINE:
            properties = resource.get("Properties", {})
            definition = properties.get("Definition") or _parsed(properties.get("DefinitionString"))
            _collect_states(definition, is_task)
    for name in names:
        if name not in is_task:
            yield unknown_state(name, [task for task in is_task if is_task[task]], "the tasks are ")
        elif not is_task[name]:
            yield f"{name!r} is not a Task: only Tasks have mocks, or are made to fail"


def _collect_states(definition: Any, is_task: dict[str, bool]) -> None:
    for value in values_of(definition):
        states = value.get("States") if isinstance(value, Mapping) else None
        if isinstance(states, Mapping):
            for name, state in states.items():
                if isinstance(state, Mapping):
                    is_task[name] = state.get("Type") == "Task" or is_task.get(name, False)


def _parsed(text: Any) -> Any:
    """Return a definition that is a string; variables that CloudFormation replaces stay in it."""
    if isinstance(text, Mapping):
        substituted = substitution(text)
        text = substituted[0] if substituted else None
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
