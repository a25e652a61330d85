"""A table goes through all its rows, and tells all that fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cfngen.iam.derive import Scope
from tests.rows import each_row


@pytest.fixture
def limit() -> int:
    return 2


@each_row("number", [0, 1])
def test_a_table_has_the_fixtures_of_its_test(number: int, limit: int) -> None:
    assert number < limit


@each_row("scope", Scope)
def test_the_members_of_an_enumeration_are_rows(scope: Scope) -> None:
    assert isinstance(scope, Scope)


def test_all_rows_that_fail_are_told() -> None:
    seen = []

    @each_row("name, number", [("one", 1), pytest.param("two", 2, id="both"), ("three", 3), ("four", 4)])
    def table(name: str, number: int) -> None:
        seen.append(name)
        if number == 2:
            pytest.fail("it is two")
        if number > 2:
            raise ValueError(f"{number} is too large")

    with pytest.raises(AssertionError) as told:
        table()
    assert seen == ["one", "two", "three", "four"]
    assert str(told.value) == (
        "3 of 4 rows fail, the first as above\n"
        "both: Failed: it is two\n"
        "'three'-3: ValueError: 3 is too large\n"
        "'four'-4: ValueError: 4 is too large"
    )


@pytest.mark.parametrize("ids", [str.upper, ["A", "B"], iter("AB")], ids=["function", "list", "iterator"])
def test_a_row_that_fails_is_called_by_its_id(ids: Iterator[str]) -> None:
    @each_row("text", ["a", "b"], ids=ids)
    def table(text: str) -> None:
        assert text != "b", "as it should"

    with pytest.raises(
        AssertionError, match=r"1 of 2 rows fail, the first as above\nB: AssertionError: as it"
    ):
        table()


@each_row("rows", [[], list])
def test_a_table_without_rows_could_not_fail(rows: Any) -> None:
    @each_row("text", rows)
    def table(text: str) -> None:
        """Say nothing."""

    with pytest.raises(AssertionError, match="there are no rows"):
        table()


def test_a_row_has_no_markers_of_its_own() -> None:
    @each_row("text", [pytest.param("a", marks=pytest.mark.slow)])
    def table(text: str) -> None:
        """Say nothing."""

    with pytest.raises(AssertionError, match="a row has no markers"):
        table()
