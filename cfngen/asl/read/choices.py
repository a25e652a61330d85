"""The rules of a Choice, and the tests in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.read.handlers import entries
from cfngen.asl.read.problems import kind_or_value
from cfngen.asl.read.values import FieldReader
from cfngen.asl.schema import RULE, TEST
from cfngen.asl.values import OMIT

MAX_TEST_DEPTH: Final = 200


def choices(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the rules of a Choice."""
    from cfngen.asl.conditions import ChoiceRule

    if not isinstance(value, list):
        return reader.untyped(place, f"'Choices' takes a list of rules, not {kind_or_value(value)}")
    return entries(reader, place, value, ChoiceRule, RULE)


def tests(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the tests that ``And`` and ``Or`` join."""
    if not isinstance(value, list):
        field = place.rpartition("/")[2]
        return reader.untyped(place, f"{field!r} takes a list of tests, not {kind_or_value(value)}")
    return [test(reader, f"{place}/{index}", entry) for index, entry in enumerate(value)]


def test(reader: FieldReader, place: str, value: Any) -> Any:
    """Read one test."""
    from cfngen.asl.conditions import DataTest

    if not isinstance(value, Mapping):
        return reader.untyped(place, f"a test is a mapping, not {kind_or_value(value)}")
    if place.count("/") > MAX_TEST_DEPTH:
        return reader.untyped(place, "the tests are nested too deep")
    fields = reader.fields(place, value, TEST)
    return DataTest(**fields) if reader.typed else OMIT
