"""Retriers, catchers, and the flows that fields lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.read.problems import brief
from cfngen.asl.read.values import Field, FieldReader, same


def retry(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the retriers of a state."""
    return _handlers(reader, place, value, Retrier, RETRIER, "a retrier")


def catch(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the catchers of a state."""
    return _handlers(reader, place, value, Catcher, CATCHER, "a catcher")


def _handlers(
    reader: FieldReader, place: str, value: Any, handler_class: Any, known: Mapping[str, Field], owner: str
) -> Any:
    if not isinstance(value, list):
        return reader.untyped(place, f"{place[1:]!r} takes a list, not {brief(value)}")
    if not value:
        reader.lossless = False  # an empty list is left out when it is rendered
    handlers = []
    for index, entry in enumerate(value):
        inside = f"{place}/{index}"
        if not isinstance(entry, Mapping):
            reader.untyped(inside, f"{owner} is a mapping, not {brief(entry)}")
            continue
        before = reader.typed
        reader.typed = True
        fields = reader.fields(inside, entry, known, owner)
        for name in ("ErrorEquals", "Next") if handler_class is Catcher else ("ErrorEquals",):
            if name not in entry:
                reader.untyped(inside, f"{owner} needs {name!r}")
        if reader.typed:
            handlers.append(handler_class(**fields))
        reader.typed = reader.typed and before
    return handlers


def error_names(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the names of errors."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    return reader.untyped(place, f"'ErrorEquals' takes a list of error names, not {brief(value)}")


def flow(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the flow that a field leads to."""
    if isinstance(value, str):
        return reader.flows[place[1:]]
    field = place.rpartition("/")[2]
    return reader.untyped(place, f"{field!r} takes the name of a state, not {brief(value)}")


RETRIER: Final[dict[str, Field]] = {
    "ErrorEquals": ("ErrorEquals", error_names),
    **same(
        FieldReader.text,
        "IntervalSeconds",
        "MaxAttempts",
        "BackoffRate",
        "MaxDelaySeconds",
        "JitterStrategy",
        "Comment",
    ),
}
CATCHER: Final[dict[str, Field]] = {
    "ErrorEquals": ("ErrorEquals", error_names),
    "Next": ("Next", flow),
    "ResultPath": ("ResultPath", FieldReader.plain_or_null),
    "Assign": ("Assign", FieldReader.required_payload),
    "Output": ("Output", FieldReader.payload),
    "Comment": ("Comment", FieldReader.plain),
}
