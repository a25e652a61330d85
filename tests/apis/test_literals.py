"""Values of arguments against the types that an API's model has for them."""

from __future__ import annotations

from typing import Any

from cfngen.apis.literals import mismatches
from cfngen.apis.shapes import Shape
from tests.rows import each_row


@each_row(
    ("kind", "taken", "warned", "refused"),
    [
        ("text", ["", "a"], [1, 1.5, True], [{}, []]),
        ("boolean", [True], ["true", "False"], ["yes", 1, 0.5, {}, []]),
        ("integer", [0, -1, 2.0], ["12", "-3"], [1.5, True, "a", "1.5", {}, []]),
        ("number", [0, 1.5], ["1.5", "-2"], [True, "a", "1.5.1", {}, []]),
        ("timestamp", ["2026", 5, 1.5], [], [True, {}, []]),
        ("structure", [{}], ["a", True, 1, 1.5], [[]]),
        ("map", [{}], ["a", True, 1, 1.5], [[]]),
        ("list", [[], ()], [], ["a", True, 1, {}]),
        ("any", [1, "a", {}, [], None], [], []),
    ],
    ids=str,
)
def test_a_value_of_another_type_is_refused_or_warned_of(
    kind: Any, taken: list[Any], warned: list[Any], refused: list[Any]
) -> None:
    inner = Shape("text") if kind in ("map", "list") else None
    shape = Shape("structure", members={"A": Shape(kind, inner=inner) if inner else Shape(kind)})

    def told(value: Any) -> list[str]:
        return [problem.severity for problem in mismatches("/Arguments", {"A": value}, shape, "the call")]

    assert [value for value in taken if told(value)] == []
    assert [value for value in warned if told(value) != ["warning"]] == []
    assert [value for value in refused if told(value) != ["error"]] == []


@each_row(
    ("fields", "value", "message"),
    [
        ({"least": 1, "most": 3}, 1, None),
        ({"least": 1, "most": 3}, 3, None),
        ({"least": 1, "most": 3}, 0, "'A' takes 1 to 3, not 0"),
        ({"least": 1, "most": 3}, 4, "'A' takes 1 to 3, not 4"),
        ({"most": 3}, 4, "'A' takes at most 3, not 4"),
        ({"least": 3}, 2, "'A' takes at least 3, not 2"),
        ({"least": 3, "most": 3}, 2, "'A' takes 3, not 2"),
        ({"least": 0}, -1, "'A' takes at least 0, not -1"),
    ],
    ids=str,
)
def test_a_number_outside_of_its_bounds_is_warned_of(
    fields: dict[str, Any], value: int, message: str | None
) -> None:
    def told(kind: Any, passed: Any) -> list[str]:
        shape = Shape("structure", members={"A": Shape(kind, **fields)})
        problems = [*mismatches("/Arguments", {"A": passed}, shape, "the call")]
        assert {problem.severity for problem in problems} <= {"warning"}
        return [problem.message for problem in problems]

    assert told("integer", value) == ([] if message is None else [message])
    if value >= 0 and message is not None:
        characters = message.replace(", not", " characters, not")
        assert told("text", "x" * value) == [characters]
