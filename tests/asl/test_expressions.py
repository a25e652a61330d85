"""Paths, calls and JSONata: what the grammar makes is read, what is broken says where, all of it quickly."""

from __future__ import annotations

import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfngen import JSONATA, Jsonata, Pass, Path, Workflow
from cfngen.asl import intrinsics, jsonata, jsonpath
from cfngen.asl.jsonpath import JsonPath, SyntaxFault
from tests.rows import each_row

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True)
QUOTED = st.text(st.sampled_from('ab ,.:[](){}?*@$"-'), min_size=1, max_size=6).map(
    lambda text: f"'{text}'"
)
INDICES = st.integers(-20, 20).map(str)
SINGLE = st.one_of(
    NAMES.map(".{}".format),
    QUOTED.map("[{}]".format),
    INDICES.map("[{}]".format),
    QUOTED.map(".[ {} ]".format),
)
FILTERS = st.sampled_from(
    [
        "@.a",
        "@.a > 1 && @['b)'] != 'c]'",
        "@.a =~ /[)']+/i",
        "!(@.a in ['x', \"y\"])",
        "@.a[?(@.b)]",
    ]
)
WIDE = st.one_of(
    st.sampled_from(["..a", "..*", "..[0]", "[*]", ".*", "[1:2]", "[:-1]", "[1,2]", ".length()"]),
    FILTERS.map("[?({})]".format),
    st.lists(QUOTED, min_size=2, max_size=3).map(lambda names: f"[{', '.join(names)}]"),
)
ROOTS = st.one_of(st.sampled_from(["$", "$$"]), NAMES.map(lambda name: f"${name.replace('-', '')}"))


def joined(parts: Any) -> Any:
    return st.tuples(ROOTS, st.lists(parts, max_size=5)).map(lambda path: path[0] + "".join(path[1]))


PATHS = joined(st.one_of(SINGLE, WIDE))
LITERALS = st.one_of(
    st.sampled_from(["null", "true", "false", "1e3", "-2.5", "0"]),
    st.text(st.sampled_from('ab ,()[]$"')).map(lambda text: f"'{text}'"),
    st.sampled_from([r"'it\'s'", r"'\{a\}'", r"'\\'"]),
)


def called(arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(arguments, max_size=3).map(lambda given: f"States.Array({', '.join(given)})")


CALLS = st.recursive(called(st.one_of(PATHS, LITERALS)), lambda inner: called(inner | PATHS), max_leaves=8)
MARKS = "[]()'\"{}"


@each_row(
    ("path", "first", "many"),
    [
        ("$.a.b", "a", "None"),
        ("$['a'].b", "a", "None"),
        ("$[0].a", "", "None"),
        ("$a.b", "b", "None"),
        ("$..a.b", "", "'..' at character 2"),
        ("$.*.b", "", "'*' at character 3"),
        ("$.a..b[*]", "a", "'..' at character 4"),
        ("$.a.bc?d", "a", "'?' at character 7"),
        ("$.a[*]..c", "a", "'*' at character 5"),
        ("$[?(1)]", "", "the filter at character 3"),
        ("$[?1]", "", "the filter at character 3"),
        ("$.a[12,0]", "a", "',' at character 7"),
        ("$..length()", "", "'..' at character 2"),
        ("$..['a'].b", "", "'..' at character 2"),
        ("$.['a'].b", "a", "None"),
    ],
)
def test_a_path_begins_with_a_name_and_may_lead_to_several_places(path: str, first: str, many: str) -> None:
    path_read = jsonpath.parse_literal_path(path)
    assert isinstance(path_read, JsonPath)
    assert (path_read.first, str(path_read.many)) == (first, many)


@each_row(
    ("path", "fault", "has_hint"),
    [
        ("$[?()]", "the filter is empty at character 3", False),
        ("$[?(@.a", "')' is missing for '(' at character 4", False),
        ("$.a b", "' ' is not expected at character 4", True),
        ("$.a)", "')' is not expected at character 4", True),
        ("$.a[0]x", "'x' is not expected at character 7", False),
        ("$['a", "the name has no closing quote at character 3", False),
        ("$['a', b]", "a name in quotes is missing at character 8", False),
    ],
)
def test_a_path_that_is_none_is_told_with_what_helps(path: str, fault: str, has_hint: bool) -> None:
    path_read = jsonpath.parse_literal_path(path)
    assert isinstance(path_read, SyntaxFault)
    assert (str(path_read), bool(path_read.hint)) == (fault, has_hint)


@given(PATHS)
@pytest.mark.slow
def test_a_path_of_the_grammar_is_read(path: str) -> None:
    assert isinstance(jsonpath.parse_literal_path(path), jsonpath.JsonPath)


@given(joined(SINGLE))
def test_a_path_of_names_and_indices_leads_to_one_place(path: str) -> None:
    path_read = jsonpath.parse_literal_path(path)
    assert isinstance(path_read, JsonPath)
    assert path_read.many is None


@given(ROOTS, st.lists(SINGLE, max_size=3), WIDE, st.lists(SINGLE, max_size=3))
def test_a_path_with_an_operator_leads_to_several(root: Any, before: Any, wide: Any, after: Any) -> None:
    path = jsonpath.parse_literal_path(root + "".join([*before, wide, *after]))
    assert isinstance(path, JsonPath)
    assert path.many is not None


@given(CALLS)
def test_a_call_of_the_grammar_can_be_made(call: Any) -> None:
    assert isinstance(intrinsics.parse_literal_call(call), intrinsics.FunctionCall)


@given(st.one_of(PATHS, CALLS), st.data())
def test_what_misses_a_mark_is_still_an_expression_or_says_where_it_is_none(
    text: str, data: st.DataObject
) -> None:
    places = [at for at, char in enumerate(text) if char in MARKS]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    broken = text[:at] + text[at + 1 :]
    parse = intrinsics.parse_literal_call if broken.startswith("States.") else jsonpath.parse_literal_path
    read = parse(broken)
    if isinstance(read, SyntaxFault):
        assert 0 <= read.at <= len(broken)


@given(joined(SINGLE).filter(lambda path: "[" in path))
def test_a_path_without_its_last_bracket_is_none(path: str) -> None:
    at = path.rindex("]")
    assert isinstance(jsonpath.parse_literal_path(path[:at] + path[at + 1 :]), SyntaxFault)


@given(CALLS)
def test_a_call_without_its_last_bracket_cannot_be_made(call: Any) -> None:
    assert isinstance(intrinsics.parse_literal_call(call[:-1]), SyntaxFault)


@pytest.mark.parametrize(
    "parse", [jsonpath.parse_literal_path, intrinsics.parse_literal_call, jsonata.parse_literal_jsonata]
)
@given(text=st.text(st.sampled_from("$.@?*'\"[](){}/\\:,~=%` aS1\n")) | st.text())
def test_any_text_is_read_or_faulted(parse: Callable[[str], object], text: str) -> None:
    read = parse(text)
    assert not isinstance(read, SyntaxFault) or 0 <= read.at <= len(text)


@each_row(
    ("expression", "message"),
    [
        (r"'it\'s'", r"\' is no escape at character 4"),
        (r"'\u12'", r"\u is no escape at character 2"),
        ("1 ! 2", "'!' is no operator at character 3"),
        ("$a ~ $b", "'~' is no operator at character 4"),
        ("$sum($a) +", "nothing follows '+' at character 10"),
        ("$match($a, /[a/)", "the regular expression is not closed at character 12"),
        ("/* a", "the comment is not closed at character 1"),
    ],
)
def test_where_jsonata_goes_wrong(expression: str, message: str) -> None:
    fault = jsonata.parse_literal_jsonata(expression)
    assert isinstance(fault, SyntaxFault)
    assert str(fault) == message


@each_row("expression", [r"'\u00e9\\\n'", '"it\'s"', "$a.in / 2", "$match($a, /[/]a/)"])
def test_what_jsonata_takes(expression: str) -> None:
    assert isinstance(jsonata.parse_literal_jsonata(expression), jsonata.JsonataReads)


SLOW = {
    "names": "$" + ".a" * 100_000,
    "brackets": "$" + "[" * 200_000,
    "open filters": "$" + "[?(" * 70_000,
    "quotes": "$['" + "\\'" * 100_000,
    "indices": "$[" + "1," * 100_000,
    "calls": "States.Array(" * 20_000,
    "texts": "States.Array(" + "'a', " * 50_000,
    "braces": "States.Format('" + "{}" * 100_000 + "', 1)",
    "regular expressions": "(" + "/a" * 100_000,
    "comments": "/*" * 100_000,
    "variables": "$a(" * 70_000,
    "functions": "function(" * 20_000,
}


@pytest.mark.long
@each_row("text", SLOW.values(), ids=SLOW)
@each_row(
    "parse", [jsonpath.parse_literal_path, intrinsics.parse_literal_call, jsonata.parse_literal_jsonata]
)
def test_no_text_takes_long(parse: Callable[[str], object], text: str) -> None:
    started = time.process_time()
    parse(text)
    assert time.process_time() - started < 3


@each_row(
    ("expression", "variables"),
    [
        ("$a + $b.c", "a b"),
        ("( $a := 1; $a + $b )", "b"),
        ("$map($all, function($v, $i) { $v + $i + $x })", "all x"),
        ("$all@$one.$two#$three[$one = $two]", "all two"),
        ("'$text' & \"$text\" & `$name` /* $comment */", ""),
        ("$states.input.$a ~> $uppercase", "a"),
        ("$ & $$", ""),
        ("a / 2 / $b", "b"),
        ("$match($a, /$b/)", "a"),
    ],
)
def test_the_variables_that_jsonata_reads(expression: str, variables: str) -> None:
    reading = jsonata.parse_literal_jsonata(expression)
    assert isinstance(reading, jsonata.JsonataReads)
    assert " ".join(reading.variables) == variables


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Stand in for the package of the extra, whether it is installed or not."""

    class Refusing:
        def parse(self, text: str) -> None:
            error: Any = ValueError("Syntax error: b")
            error.error, error.location = "S0201", 3
            raise error

    module: Any = types.ModuleType("jsonata.parser")
    module.Parser = Refusing
    monkeypatch.setitem(sys.modules, "jsonata", types.ModuleType("jsonata"))
    monkeypatch.setitem(sys.modules, "jsonata.parser", module)
    for cached in (jsonata._parser, jsonata.parse_literal_jsonata):
        cached.cache_clear()
    yield Refusing
    for cached in (jsonata._parser, jsonata.parse_literal_jsonata):
        cached.cache_clear()


def problems(expression: Jsonata) -> list[Any]:
    return [
        str(problem) for problem in Workflow(Pass("A", Output=expression), QueryLanguage=JSONATA).check()
    ]


def test_the_parser_of_the_extra_has_the_last_word(parser: Any) -> None:
    assert problems(Jsonata("a b")) == [
        "/States/A/Output: 'a b' is not an expression in JSONata: syntax error: b at character 3"
        " [INVALID_JSONATA_EXPRESSION]"
    ]


@pytest.mark.parametrize("code", ["S0301", "D1001", None])
def test_faults_of_the_parser_other_than_of_syntax_do_not_count(
    parser: Any, monkeypatch: pytest.MonkeyPatch, code: str | None
) -> None:
    def parse(self: Any, text: str) -> None:
        error: Any = RecursionError("too deep")
        error.error = code
        raise error

    monkeypatch.setattr(parser, "parse", parse)
    assert problems(Jsonata("'a' 'b'")) == []


def test_a_message_quotes_the_expression_and_says_where_it_goes_wrong() -> None:
    workflow = Workflow(Pass("A", Parameters={"a": Path("$.jobs[0")}))
    assert [str(problem) for problem in workflow.check()] == [
        "/States/A/Parameters/a.$: '$.jobs[0' is not a JSONPath: ']' is missing for '[' at character 7"
        " [SCHEMA_VALIDATION_FAILED]"
    ]
