"""The tasks of the state machines of a template: what can be mocked, or made to fail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cfngen.cfn.functions import substitution
from cfngen.core.declared import Declared, frozen
from cfngen.core.walk import values_of
from cfngen.execution.mocks import unknown_state
from cfngen.local.discovery import MACHINE


@frozen
class TaskStates(Declared):
    """The names of the tasks of a template's state machines, and of their other states."""

    tasks: tuple[str, ...]
    others: tuple[str, ...]

    def problems_of(self, names: Sequence[str]) -> Iterator[str]:
        """Yield for each name that is not a task why it cannot fail."""
        for name in names:
            if name in self.others:
                yield f"{name!r} is not a Task: only Tasks have mocks, or are made to fail"
            elif name not in self.tasks:
                yield unknown_state(name, self.tasks, "the tasks are ")


def task_states(body: str) -> TaskStates:
    """Return the states of a template in JSON, also those of definitions that are strings."""
    is_task: dict[str, bool] = {}
    for resource in json.loads(body).get("Resources", {}).values():
        if resource.get("Type") == MACHINE:
            properties = resource.get("Properties", {})
            definition = properties.get("Definition") or _parsed(properties.get("DefinitionString"))
            _collect_states(definition, is_task)
    return TaskStates(
        tuple(name for name in is_task if is_task[name]),
        tuple(name for name in is_task if not is_task[name]),
    )


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
