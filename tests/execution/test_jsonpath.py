"""Paths as Jayway's JSONPath reads them, which Step Functions uses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cfngen.execution.json_values import MISSING
from cfngen.execution.jsonpath import compile_path
from cfngen.execution.path_tokens import PathError
from tests.rows import each_row

STORE: dict[str, Any] = {
    "store": {
        "book": [
            {"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
            {"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
            {"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99},
            {"category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395-19395-8", "price": 22.99},
        ],
        "bicycle": {"color": "red", "price": 19.95},
    },
    "expensive": 10,
}  # fmt: skip
TITLES = [book["title"] for book in STORE["store"]["book"]]
DATA = {
    "foo": 123,
    "bar": ["a", "b", "c"],
    "car": {"cdr": True},
    "list": [0, 10, 20, 30, 40, 50],
    "a": [{"b": 1}, {"b": 2, "c": "x"}, {"b": None}],
    "Prüfen": 7,
    "a\nb": 8,
    "with space": {"in'side": 9},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # https://github.com/json-path/JsonPath#path-examples
        ("$.store.book[*].author", ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]),
        ("$..author", ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]),
        ("$.store.*", [STORE["store"]["book"], STORE["store"]["bicycle"]]),
        ("$.store..price", [8.95, 12.99, 8.99, 22.99, 19.95]),
        ("$..book[2].title", ["Moby Dick"]),
        ("$..[2].title", TITLES),  # Jayway applies what follows to each item of the array
        ("$..book[2]", [STORE["store"]["book"][2]]),
        ("$..book[-2]", [STORE["store"]["book"][2]]),
        ("$..book[0,1]", STORE["store"]["book"][:2]),
        ("$..book[:2]", STORE["store"]["book"][:2]),
        ("$..book[1:2]", STORE["store"]["book"][1:2]),
        ("$..book[-2:]", STORE["store"]["book"][-2:]),
        ("$..book[2:]", STORE["store"]["book"][2:]),
        ("$..book[?(@.isbn)]", STORE["store"]["book"][2:]),
        ("$.store.book[?(@.price < 10)]", [STORE["store"]["book"][0], STORE["store"]["book"][2]]),
        ("$..book[?(@.price <= $['expensive'])]", [STORE["store"]["book"][0], STORE["store"]["book"][2]]),
        ("$..book[?(@.author =~ /.*REES/i)]", [STORE["store"]["book"][0]]),
        ("$..book.length()", 4),
        ("$.store.book.length()", 4),
    ],
)
def test_the_examples_of_jayway(path: str, expected: int | list[Any]) -> None:
    assert compile_path(path).find(STORE) == expected


@each_row(
    ("path", "expected"),
    [
        # https://github.com/json-path/JsonPath#functions
        ("$.list.min()", 0.0),
        ("$.list.max()", 50.0),
        ("$.list.avg()", 25.0),
        ("$.list.stddev()", 17.07825127659933),
        ("$.list.sum()", 150.0),
        ("$.list.sum(1, 2.5)", 153.5),
        ("$.list.length()", 6),
        ("$.car.keys()", ["cdr"]),
        ('$.bar.concat("d")', "abcd"),
        ('$.bar.append("d")', ["a", "b", "c", "d"]),
        ("$.bar.first()", "a"),
        ("$.bar.last()", "c"),
        ("$.bar.index(0)", "a"),
        ("$.bar.index(2)", "c"),
        ("$.bar.index(3)", MISSING),
        ("$.bar.index(-3)", "a"),
        ("$.bar.index(-4)", MISSING),
        # of what is none of its kind
        ("$.foo.length()", None),
        ("$.foo.keys()", None),
        ("$.foo.first()", None),
        ("$.foo.sum(1)", 1.0),
    ],
)
def test_the_functions_of_jayway(path: str, expected: Any) -> None:
    assert compile_path(path).find(DATA) == expected


@each_row(
    ("path", "reason"),
    [
        ("$.bar.sum()", "Aggregation function attempted to calculate value using empty array"),
        ("$.bar.index()", "index() takes a number"),
        ("$.bar.index(true)", "index() takes a number"),
        ('$.bar.index("a")', "index() takes a number"),
        ("$.bar.upper()", "Function with name: upper does not exist."),
    ],
)
def test_functions_of_jayway_that_have_no_value(path: str, reason: str) -> None:
    with pytest.raises(PathError) as raised:
        compile_path(path).find(DATA)
    assert str(raised.value) == reason


@each_row(
    ("path", "expected"),
    [
        # https://states-language.net/spec.html#reference-paths
        ("$.foo", 123),
        ("$.bar", ["a", "b", "c"]),
        ("$.car.cdr", True),
        ("$", DATA),
        # definite paths lead to the value itself
        ("$.a[0].b", 1),
        ("$.a[-1].b", None),
        ("$['car']['cdr']", True),
        ('$["foo"]', 123),
        ("$.nothing", None),
        ("$['foo','bar']", {"foo": 123, "bar": ["a", "b", "c"]}),
        ("$.list.length()", 6),
        ("$.list.max()", 50.0),
        ("$.list.avg()", 25.0),
        # others to a list, of one or of none as well
        ("$.a[*].b", [1, 2, None]),
        ("$.a[?(@.b == 2)].c", ["x"]),
        ("$.a[?(@.b == 2)]", [{"b": 2, "c": "x"}]),
        ("$.a[?(@.b == 9)]", []),
        ("$.a[?(!(@.c))].b", [1, None]),
        ("$.a[?(@.b in [2, 3] && @.c)].b", [2]),
        ("$.a[?(@.b == 1 || @.c == 'x')].b", [1, 2]),
        ("$.a[?(@.b == '2')].b", [2]),
        ("$.a[?(@.c != 'x')].b", [1, None]),
        ("$.a[?(@.b == null)].b", [None]),
        ("$.a[0:1]", [{"b": 1}]),
        ("$.list[3:]", [30, 40, 50]),
        ("$.list[:-4]", [0, 10]),
        ("$.list[-2:]", [40, 50]),
        ("$.list[-3:-1]", [30, 40]),
        ("$.list[1:-1]", []),
        ("$.list[0,-1]", [0, 50]),
        ("$.list[9:]", []),
        ("$..c", ["x"]),
        ("$.absent[*]", []),
        ("$.absent[1:2].b", []),
        ("$..absent", []),
        # names are decoded
        ("$.Prüfen", 7),
        ("$['Prüfen']", 7),
        (r"$['a\nb']", 8),
        (r"$['with space']['in\'side']", 9),
        # and what is not there is not found
        ("$.absent", MISSING),
        ("$.foo.bar", MISSING),
        ("$.bar.foo", MISSING),
        ("$.list[6]", MISSING),
        ("$.list[-7]", MISSING),
        ("$.car[0]", MISSING),
        ("$.nothing.at.all", MISSING),
    ],
)
def test_what_paths_lead_to(path: str, expected: Any) -> None:
    assert compile_path(path).find(DATA) == expected


@each_row(
    "path",
    ["a", "$.", "$[", "$['a", "$.a b", "$.a[?()]", "$.a[b]", "$.a[(@.length - 1)]", "$.a[?(@.b ~ 1)]"],
)
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(PathError):
        compile_path(path).find(DATA)


def test_a_document_may_be_deep() -> None:
    deep = json.loads('{"a":' * 800 + "1" + "}" * 800)
    places: Any = compile_path("$..a").find(deep)
    assert places[-1] == 1
