"""What an object of a template cannot hold: nulls, and numbers that CloudFormation fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from cfngen.asl.holes import jsonata_of
from cfngen.asl.schema import BATCHER, READER_CONFIG, RETRIER, STATES, WORKFLOW, fields_of
from cfngen.cfn.functions import is_function, plain
from cfngen.cfn.text import Unquoted
from cfngen.core.values import mapping
from cfngen.core.walk import Keys, pointer_of, walk


class PlacedValue(NamedTuple):
    """A value of a definition, by the keys that lead to it."""

    keys: Keys
    value: Any

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value."""
        return pointer_of(self.keys)


_TESTS: Final = ("Numeric", "Boolean", "Is")
"""What the operators of a Choice begin with whose operand is a number or a truth."""


@cache
def _numeric(*owners: str) -> tuple[str, ...]:
    """Return the fields of mappings that hold a number."""
    return tuple({row.name: None for owner in owners for row in fields_of(owner) if row.is_numeric})


def nulls_of_definition(document: Mapping[str, Any]) -> list[PlacedValue]:
    """Return the nulls of a definition, in its order."""
    return [PlacedValue(*place) for place in walk(document) if place[1] is None]


def numbers_of_definition(document: Mapping[str, Any]) -> list[PlacedValue]:
    """Return the numbers and truths of a definition that CloudFormation fills in.

    They stand where the language takes nothing else, or are ``Unquoted`` wherever they stand. A function
    that makes an expression in JSONata is text.
    """
    due = {
        place.keys: place
        for place in number_places(document)
        if is_function(plain(place.value)) and jsonata_of(place.value) is None
    }
    due |= {keys: PlacedValue(keys, value) for keys, value in walk(document) if isinstance(value, Unquoted)}
    return list(due.values())


def number_places(document: Mapping[str, Any]) -> Iterator[PlacedValue]:
    """Yield what stands where the language takes a number or a truth alone."""
    yield from _placed_fields((), document, _numeric(WORKFLOW))
    definitions: list[tuple[Keys, Any]] = [((), document)]
    while definitions:
        keys, definition = definitions.pop()
        for name, state in mapping(mapping(definition).get("States")).items():
            if not isinstance(state, Mapping):
                continue
            at: Keys = (*keys, "States", name)
            yield from _state_values(at, state)
            definitions += [
                ((*at, "Branches", index), branch)
                for index, branch in enumerate(_list_or_empty(state.get("Branches")))
            ]
            definitions += [((*at, field), state.get(field)) for field in ("ItemProcessor", "Iterator")]


def _state_values(at: Keys, state: Mapping[str, Any]) -> Iterator[PlacedValue]:
    yield from _placed_fields(at, state, _numeric(*STATES))
    for index, retrier in enumerate(_list_or_empty(state.get("Retry"))):
        yield from _placed_fields((*at, "Retry", index), mapping(retrier), _numeric(RETRIER))
    yield from _placed_fields((*at, "ItemBatcher"), mapping(state.get("ItemBatcher")), _numeric(BATCHER))
    config = mapping(mapping(state.get("ItemReader")).get("ReaderConfig"))
    yield from _placed_fields((*at, "ItemReader", "ReaderConfig"), config, _numeric(READER_CONFIG))
    tests: list[tuple[Keys, Any]] = [
        ((*at, "Choices", index), rule) for index, rule in enumerate(_list_or_empty(state.get("Choices")))
    ]
    for keys, test in tests:  # which grows as it is walked
        if not isinstance(test, Mapping):
            continue
        yield from _placed_fields(
            keys, test, [key for key in test if key.startswith(_TESTS) and not key.endswith("Path")]
        )
        tests += [
            ((*keys, joint, index), inner)
            for joint in ("And", "Or")
            for index, inner in enumerate(_list_or_empty(test.get(joint)))
        ]
        tests.append(((*keys, "Not"), test.get("Not")))


def _placed_fields(at: Keys, holder: Mapping[str, Any], fields: Any) -> Iterator[PlacedValue]:
    for field in fields:
        if field in holder:
            yield PlacedValue((*at, field), holder[field])


def _list_or_empty(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
