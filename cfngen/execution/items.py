"""The items of a Map, and what an iteration is given for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.execution.branches import Branch
from cfngen.execution.json_values import Json
from cfngen.execution.machine import State
from cfngen.execution.scope import Scope

Item = Mapping[str, Any]
"""An item as the context object has it: ``Index``, ``Value``, and ``Key`` where it is of an object."""


def selected(branch: Branch, state: State, effective: Json, item: Item) -> Json:
    """Return what an iteration is given for an item."""
    selector = state.item_selector
    if selector is None:
        value: Json = item["Value"]
        return {"Key": item["Key"], "Value": value} if "Key" in item else value
    scope = branch.scope(effective)

    def context() -> dict[str, Any]:
        return {**branch.context(), "Map": {"Item": dict(item)}}

    inner = Scope(effective, scope.variables, context, scope.random, scope.now, scope.states)
    return selector(inner)


def as_items(value: Json) -> list[Item] | None:
    """Return the items of an array, or of an object by its keys; None for anything else."""
    if isinstance(value, list):
        return [{"Index": index, "Value": item} for index, item in enumerate(value)]
    if isinstance(value, dict):
        return [
            {"Index": index, "Key": key, "Value": item} for index, (key, item) in enumerate(value.items())
        ]
    return None
