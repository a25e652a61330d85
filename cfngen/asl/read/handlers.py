"""Retriers, catchers, and the flows that fields lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.read.problems import brief
from cfngen.asl.read.values import Field, FieldReader, same


def retry(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the retriers of a state."""
    return _handlers(reader, place, given, Retrier, RETRIER, "a retrier")


def catch(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the catchers of a state."""
    return _handlers(reader, place, given, Catcher, CATCHER, "a catcher")


def _handlers(
    reader: FieldReader, place: str, given: Any, made: Any, known: Mapping[str, Field], owner: str
) -> Any:
    if not isinstance(given, list):
        return reader.unsound(place, f"{place[1:]!r} takes a list, not {brief(given)}")
    if not given:
        reader.held = False  # an empty list is left out when it is rendered
    found = []
    for index, entry in enumerate(given):
        inside = f"{place}/{index}"
        if not isinstance(entry, Mapping):
            reader.unsound(inside, f"{owner} is a mapping, not {brief(entry)}")
            continue
        before = reader.sound
        reader.sound = True
        fields = reader.fields(inside, entry, known, owner)
        for name in ("ErrorEquals", "Next") if made is Catcher else ("ErrorEquals",):
            if name not in entry:
                reader.unsound(inside, f"{owner} needs {name!r}")
        if reader.sound:
            found.append(made(**fields))
        reader.sound = reader.sound and before
    return found


def error_names(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the names of errors."""
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return given
    return reader.unsound(place, f"'ErrorEquals' takes a list of error names, not {brief(given)}")


def flow(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the flow that a field leads to."""
    if isinstance(given, str):
        return reader.flows[place[1:]]
    field = place.rpartition("/")[2]
    return reader.unsound(place, f"{field!r} takes the name of a state, not {brief(given)}")


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
