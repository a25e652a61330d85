"""The items of a Map, and what an iteration is given for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat, starmap
from typing import Any, Final, TypeVar, overload

from cfngen.execution.bindings import Bindings
from cfngen.execution.branches import Branch
from cfngen.execution.compiled_states import CompiledState
from cfngen.execution.json_values import Json

T = TypeVar("T")

STATE_DATA: Final = "STATE_DATA"
"""The ``Source`` of items that a state was given."""

MapItem = Mapping[str, Any]
"""An item as the context object has it: ``Index``, ``Value``, ``Source``, and ``Key`` of an object's."""


def iteration_input(branch: Branch, state: CompiledState, effective: Json, item: MapItem) -> Json:
    """Return what an iteration is given for an item."""
    selector = state.item_selector
    if selector is None:
        value: Json = item["Value"]
        return {"Key": item["Key"], "Value": value} if "Key" in item else value
    bindings = branch.bindings(effective)

    def context() -> dict[str, Any]:
        return {**branch.context(), "Map": {"Item": dict(item)}}

    inner = Bindings(effective, bindings.variables, context, bindings.random, bindings.now, bindings.states)
    return selector(inner)


class MapItems(Sequence[MapItem]):
    """The items of an array, or of an object by its keys; each item is made when it is asked for.

    ``sources`` are the places that they come from, each with how many; otherwise they are of the input.
    """

    __slots__ = ("_is_own", "_keys", "_sources", "_values")

    def __init__(
        self,
        values: list[Json],
        keys: list[str] | None = None,
        sources: list[tuple[str, int]] | None = None,
        *,
        is_own: bool = False,
    ) -> None:
        self._values = values
        self._keys = keys
        self._sources = sources
        self._is_own = is_own

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[MapItem]:
        return self._made(self._values)

    def drained(self) -> Iterator[MapItem]:
        """Yield the items for the last time: where nothing else has the values, each is let go."""
        return self._made(handed_on(self._values) if self._is_own else self._values)

    def _made(self, values: Iterable[Json]) -> Iterator[MapItem]:
        sources = self._sources
        places = repeat(STATE_DATA) if sources is None else chain.from_iterable(starmap(repeat, sources))
        if self._keys is None:
            for index, (value, source) in enumerate(zip(values, places, strict=False)):
                yield {"Index": index, "Value": value, "Source": source}
            return
        for index, (key, value, source) in enumerate(zip(self._keys, values, places, strict=False)):
            yield {"Index": index, "Key": key, "Value": value, "Source": source}

    @overload
    def __getitem__(self, index: int) -> MapItem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MapItem]: ...
    def __getitem__(self, index: int | slice) -> MapItem | Sequence[MapItem]:
        return list(self)[index]


def handed_on(values: list[T]) -> Iterator[T]:
    """Yield the values of a list, which has none left at the end."""
    values.reverse()
    while values:
        yield values.pop()


def as_items(value: Json) -> MapItems | None:
    """Return the items of an array, or of an object by its keys; None for anything else."""
    if isinstance(value, list):
        return MapItems(value)
    if isinstance(value, dict):
        return MapItems(list(value.values()), list(value))
    return None
