"""All values of a document, however deep: one walk for whoever looks for something in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Keys", "pointer_of", "values_of", "walk"]

Keys = tuple[Any, ...]
"""The keys and indexes that lead to a value."""


def pointer_of(keys: Keys) -> str:
    """Return the JSON pointer of keys, whose slashes stay as they are."""
    return "".join(f"/{key}" for key in keys)


def walk(document: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Yield each value and the keys that lead to it, in the order of the document, parts after their whole.

    ``keys`` lead to the document itself.
    """
    pending: list[tuple[Keys, Any]] = [(keys, document)]
    while pending:
        place = pending.pop()
        yield place
        where, value = place
        if isinstance(value, Mapping):
            pending += [((*where, key), value[key]) for key in reversed(list(value))]
        elif isinstance(value, (list, tuple)):
            pending += [((*where, index), value[index]) for index in reversed(range(len(value)))]


def values_of(document: Any) -> Iterator[Any]:
    """Yield each value in the order of the document, a value before its parts."""
    pending = [document]
    while pending:
        value = pending.pop()
        yield value
        if isinstance(value, Mapping):
            pending += [value[key] for key in reversed(list(value))]
        elif isinstance(value, (list, tuple)):
            pending += reversed(value)
