"""The rules of a Choice, and the tests in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from cfngen.asl.read.handlers import flow
from cfngen.asl.read.problems import brief
from cfngen.asl.read.values import Field, FieldReader, same
from cfngen.asl.values import OMIT

_DEEPEST_TEST: Final = 200


def choices(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the rules of a Choice."""
    from cfngen.asl.conditions import ChoiceRule

    if not isinstance(given, list):
        return reader.unsound(place, f"'Choices' takes a list of rules, not {brief(given)}")
    found = []
    for index, entry in enumerate(given):
        inside = f"{place}/{index}"
        if not isinstance(entry, Mapping):
            reader.unsound(inside, f"a rule is a mapping, not {brief(entry)}")
            continue
        before = reader.sound
        reader.sound = True
        fields = reader.fields(inside, entry, _rule_fields(), "a rule")
        if "Next" not in entry:
            reader.unsound(inside, "a rule needs 'Next'")
        if reader.sound:
            found.append(ChoiceRule(**fields))
        reader.sound = reader.sound and before
    return found


def tests(reader: FieldReader, place: str, given: Any) -> Any:
    """Read the tests that ``And`` and ``Or`` join."""
    if not isinstance(given, list):
        field = place.rpartition("/")[2]
        return reader.unsound(place, f"{field!r} takes a list of tests, not {brief(given)}")
    return [test(reader, f"{place}/{index}", entry) for index, entry in enumerate(given)]


def test(reader: FieldReader, place: str, given: Any) -> Any:
    """Read one test."""
    from cfngen.asl.conditions import DataTest

    if not isinstance(given, Mapping):
        return reader.unsound(place, f"a test is a mapping, not {brief(given)}")
    if place.count("/") > _DEEPEST_TEST:
        return reader.unsound(place, "tests are nested too deep to be told apart")
    fields = reader.fields(place, given, _test_fields(), "a test")
    return DataTest(**fields) if reader.sound else OMIT


@cache
def _test_fields() -> dict[str, Field]:
    from cfngen.asl.conditions import JOINING, OPERATORS

    return {
        "Variable": ("Variable", FieldReader.plain),
        **{
            name: (name, FieldReader.plain if name.endswith("Path") else FieldReader.text)
            for name in OPERATORS
            if name not in JOINING
        },
        **same(tests, "And", "Or"),
        "Not": ("Not", test),
    }


@cache
def _rule_fields() -> dict[str, Field]:
    return {
        **_test_fields(),
        "Condition": ("Condition", FieldReader.text),
        "Next": ("Next", flow),
        "Assign": ("Assign", FieldReader.required_payload),
        "Output": ("Output", FieldReader.payload),
        "Comment": ("Comment", FieldReader.plain),
    }
