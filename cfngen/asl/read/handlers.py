"""Retriers, catchers, and the flows that fields lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.read.problems import kind_or_value, owner_name, word
from cfngen.asl.read.values import FieldReader
from cfngen.asl.schema import CATCHER, RETRIER, fields_of

T = TypeVar("T")


def retry(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the retriers of a state."""
    return _read_handlers(reader, place, value, Retrier, RETRIER)


def catch(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the catchers of a state."""
    return _read_handlers(reader, place, value, Catcher, CATCHER)


def _read_handlers(reader: FieldReader, place: str, value: Any, handler_class: Any, owner: str) -> Any:
    if not isinstance(value, list):
        return reader.untyped(place, f"{place[1:]!r} takes a list, not {kind_or_value(value)}")
    if not value:
        reader.lossless = False  # an empty list is left out when it is rendered
    return entries(reader, place, value, handler_class, owner)


def entries(
    reader: FieldReader, place: str, documents: Sequence[Any], entry_class: type[T], owner: str
) -> list[T]:
    """Read the retriers, catchers or rules of a list, without those that no class holds."""
    typed_entries = []
    for index, entry in enumerate(documents):
        inside = f"{place}/{index}"
        if not isinstance(entry, Mapping):
            reader.untyped(inside, f"{owner_name(owner)} is a mapping, not {kind_or_value(entry)}")
            continue
        before = reader.typed
        reader.typed = True
        fields = reader.fields(inside, entry, owner)
        for row in fields_of(owner):
            if row.required and row.name not in entry:
                reader.untyped(inside, f"{owner_name(owner)} needs {row.name!r}")
        if reader.typed:
            typed_entries.append(entry_class(**fields))
        reader.typed = reader.typed and before
    return typed_entries


def error_names(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the names of errors."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    return reader.untyped(place, f"'ErrorEquals' takes a list of error names, not {kind_or_value(value)}")


def flow(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the flow that a field leads to."""
    if isinstance(value, str):
        return reader.flows[place[1:]]
    field = place.rpartition("/")[2]
    message = f"{field!r} takes the name of a state, not {kind_or_value(value)}"
    return reader.untyped(place, message, word(value))
