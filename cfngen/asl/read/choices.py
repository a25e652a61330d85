"""The rules of a Choice, and the tests in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.asl.read.problems import brief
from cfngen.asl.read.values import FieldReader
from cfngen.asl.schema import RULE, TEST
from cfngen.asl.values import OMIT

MAX_TEST_DEPTH: Final = 200


def choices(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the rules of a Choice."""
    from cfngen.asl.conditions import ChoiceRule

    if not isinstance(value, list):
        return reader.untyped(place, f"'Choices' takes a list of rules, not {brief(value)}")
    rules = []
    for index, entry in enumerate(value):
        inside = f"{place}/{index}"
        if not isinstance(entry, Mapping):
            reader.untyped(inside, f"a rule is a mapping, not {brief(entry)}")
            continue
        before = reader.typed
        reader.typed = True
        fields = reader.fields(inside, entry, RULE)
        if "Next" not in entry:
            reader.untyped(inside, "a rule needs 'Next'")
        if reader.typed:
            rules.append(ChoiceRule(**fields))
        reader.typed = reader.typed and before
    return rules


def tests(reader: FieldReader, place: str, value: Any) -> Any:
    """Read the tests that ``And`` and ``Or`` join."""
    if not isinstance(value, list):
        field = place.rpartition("/")[2]
        return reader.untyped(place, f"{field!r} takes a list of tests, not {brief(value)}")
    return [test(reader, f"{place}/{index}", entry) for index, entry in enumerate(value)]


def test(reader: FieldReader, place: str, value: Any) -> Any:
    """Read one test."""
    from cfngen.asl.conditions import DataTest

    if not isinstance(value, Mapping):
        return reader.untyped(place, f"a test is a mapping, not {brief(value)}")
    if place.count("/") > MAX_TEST_DEPTH:
        return reader.untyped(place, "the tests are nested too deep")
    fields = reader.fields(place, value, TEST)
    return DataTest(**fields) if reader.typed else OMIT
