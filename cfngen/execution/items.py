"""The items of a Map, and what an iteration is given for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import State
from cfngen.execution.json_values import Json
from cfngen.execution.scope import Scope

T = TypeVar("T")

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


class Items(Sequence[Item]):
    """The items of an array, or of an object by its keys; each item is made when it is asked for."""

    __slots__ = ("_is_own", "_keys", "_values")

    def __init__(self, values: list[Json], keys: list[str] | None = None, *, is_own: bool = False) -> None:
        self._values = values
        self._keys = keys
        self._is_own = is_own

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Item]:
        if self._keys is None:
            yield from ({"Index": index, "Value": value} for index, value in enumerate(self._values))
            return
        for index, (key, value) in enumerate(zip(self._keys, self._values, strict=True)):
            yield {"Index": index, "Key": key, "Value": value}

    def taken(self) -> Iterator[Item]:
        """Yield the items for the last time: where nothing else has the values, each is let go."""
        if not self._is_own or self._keys is not None:
            return iter(self)
        values = handed_on(self._values)
        return ({"Index": index, "Value": value} for index, value in enumerate(values))

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        return list(self)[index]


def handed_on(values: list[T]) -> Iterator[T]:
    """Yield the values of a list, which has none left at the end."""
    values.reverse()
    while values:
        yield values.pop()


def as_items(value: Json) -> Items | None:
    """Return the items of an array, or of an object by its keys; None for anything else."""
    if isinstance(value, list):
        return Items(value)
    if isinstance(value, dict):
        return Items(list(value.values()), list(value))
    return None
