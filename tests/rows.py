"""Tables of rows that one test goes through, where a test for each row would take longer than the row does."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]
Rows = Iterable[Any] | Callable[[], Iterable[Any]]
Ids = Iterable[Any] | Callable[[Any], Any] | None
PARAMETERS = type(pytest.param())


def each_row(names: str | Sequence[str], rows: Rows, ids: Ids = None) -> Callable[[Test], Test]:
    """Call a test with each row, and fail with what is wrong with all rows that fail.

    The arguments are those of ``pytest.mark.parametrize``; rows that take time may be a function, which is called
    when the test runs. Fixtures are the same for all rows: a test that changes one, such as a folder, stays parametrized.
    """
    fields = [name.strip() for name in names.split(",")] if isinstance(names, str) else [*names]

    def table(test: Test) -> Test:
        signature = inspect.signature(test)

        @functools.wraps(test)
        def test_of_all(**fixtures: Any) -> None:
            errors = []
            cases = [_parameters(row, fields) for row in (rows if isinstance(rows, Iterable) else rows())]
            assert cases, "there are no rows"
            for case, label in zip(cases, _labels(cases, ids), strict=True):
                try:
                    test(**fixtures, **dict(zip(fields, case.values, strict=True)))
                except (Exception, pytest.fail.Exception) as error:
                    errors.append((label, error))
            if errors:
                lines = (f"{label}: {type(error).__name__}: {error}" for label, error in errors)
                told = "\n".join([f"{len(errors)} of {len(cases)} rows fail, the first as above", *lines])
                raise AssertionError(told) from errors[0][1]

        fixtures = [value for name, value in signature.parameters.items() if name not in fields]
        test_of_all.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return test_of_all

    return table


def _parameters(row: Any, fields: Sequence[str]) -> Any:
    case = row if isinstance(row, PARAMETERS) else pytest.param(*([row] if len(fields) == 1 else row))
    assert not case.marks, "a row has no markers of its own"
    return case


def _labels(cases: Sequence[Any], ids: Ids) -> list[str]:
    """Return what each row is called where it fails: by its id, or by its values, cut where they are long."""
    if isinstance(ids, Iterable):
        named = [label for _, label in zip(cases, ids, strict=True)]
    else:
        named = [
            "-".join(f"{(ids and ids(value)) or repr(value):.80}" for value in it.values) for it in cases
        ]
    return [str(case.id or label) for case, label in zip(cases, named, strict=True)]
