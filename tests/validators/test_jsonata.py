"""JSONata agrees with its reference implementation, in values, codes and words.

Not asked: ``$eval``, which Step Functions lacks; the functions that it adds; base64 beyond ASCII, where the reference
depends on what runs it; dates and digits out of range, which are text for "not a date" there.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from cfngen.execution import run
from tests import npm

HERE: Final = Path(__file__).parent
DRAWN: Final = 900
INPUT: Final = {
    "s": "Hello World",
    "n": 42,
    "half": -2.5,
    "a": [3, 1, 2],
    "e": [],
    "o": {"k": "p", "v": 1},
    "os": [{"k": "p", "v": 1}, {"k": "q", "v": 2}, {"k": "p", "v": 3}],
    "nul": None,
    "nulls": [1, None, "x"],
    "lacks": [{"k": "p", "v": None}, {"k": "q"}, {"k": "r", "v": 2}],
    "deep": {"a": [{"b": [1, 2]}, {"b": [3]}, {"c": None}]},
}
VALUES: Final = (
    *(f"$states.input.{name}" for name in (*INPUT, "missing", "os.k", "os[0]", "lacks.v", "deep.a.b")),
    *(
        "'x,y'",
        "'abc'",
        "''",
        "'12'",
        "'2018-03-21'",
        "'a b+c/d?'",
        "'#,##0.00'",
        "'[Y]-[M01]'",
        "'%'",
        "'%2F'",
    ),
    *(
        "0",
        "1",
        "2",
        "-1",
        "1.5",
        "5.5",
        "-7",
        "1e20",
        "1e-7",
        "12345678901234567",
        "true",
        "false",
        "null",
    ),
    *("[]", "[1,2,3]", "['b','a']", "[1,null,2]", "[1,[2,3]]", "{}", "{'a':1}", "{'x':null}"),
)
ONE: Final = [
    "string",
    "length",
    "uppercase",
    "lowercase",
    "trim",
    "number",
    "abs",
    "floor",
    "ceil",
    "sqrt",
    "sum",
    "max",
    "min",
    "average",
    "boolean",
    "not",
    "exists",
    "count",
    "reverse",
    "distinct",
    "keys",
    "spread",
    "merge",
    "sort",
    "type",
    "encodeUrlComponent",
    "encodeUrl",
    "decodeUrl",
    "decodeUrlComponent",
    "zip",
    "assert",
    "single",
    "each",
    "toMillis",
    "round",
]
TWO: Final = [
    "substring",
    "substringBefore",
    "substringAfter",
    "contains",
    "split",
    "join",
    "append",
    "lookup",
    "zip",
    "power",
]
THREE: Final = ["substring", "pad", "replace", "split", "zip"]
AROUND: Final = (
    "$map(%s, function($v) { $v })",
    "$map(%s, $string)",
    "$filter(%s, function($v) { $v = null })",
    "$reduce(%s, function($a, $b) { $a & $b }, 'z')",
    "$sift(%s, function($v, $k) { $k = 'k' })",
    "$each(%s, function($v, $k) { $k & ':' & $string($v) })",
    *(
        "%s^($)",
        "%s^(>k)",
        "%s{k: v}",
        "%s.{'x': k}",
        "%s.[k]",
        "%s[k = 'p']",
        "%s[-1]",
        "%s[[0, 1]]",
        "%s.*",
        "%s.**",
    ),
    *(
        "%s[]",
        "(%s)@$x.$x",
        "%s#$i.$i",
        "[%s]",
        "{'r': %s}",
        "%s ~> $string",
        "-%s",
        "($y := %s; $y)",
        "[1..%s]",
    ),
    *("%s.$string()", "%s ? 1 : 2", "%s ~> |$|{'w': k}|"),
)
OPERATORS: Final = ("+", "-", "*", "/", "%", "&", "=", "!=", "<", ">", "<=", ">=", "and", "or", "in", "~>")


def drawn(chance: random.Random, depth: int = 0) -> str:
    kind = chance.random() if depth < 3 else 0.0
    if kind < 0.3:
        return chance.choice(VALUES)
    names, count = ((ONE, 1), (TWO, 2), (THREE, 3))[min(2, int((kind - 0.3) / 0.15))]
    if kind < 0.7:
        arguments = ", ".join(drawn(chance, depth + 1) for _ in range(count))
        return f"${chance.choice(names)}({arguments})"
    if kind < 0.85:
        return chance.choice(AROUND) % drawn(chance, depth + 1)
    return f"({drawn(chance, depth + 1)} {chance.choice(OPERATORS)} {drawn(chance, depth + 1)})"


def ours(expression: str) -> dict[str, Any]:
    state = {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}
    execution = run({"StartAt": "A", "QueryLanguage": "JSONata", "States": {"A": state}}, INPUT)
    if execution.status == "SUCCEEDED":
        value = execution.output
        return {"value": None if value in ("NaN", "Infinity", "-Infinity") else value}
    return {"error": (execution.cause or "").partition("' specified for the field 'Output' ")[2]}


def agree(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether we answer as the reference, whose errors without a code may be worded otherwise."""
    if "value" in one or "value" in other:
        return one == other
    return str(one["error"]) in str(other["error"])


def test_expressions_agree_with_the_reference(npm_packages: Path) -> None:
    chance = random.Random(206)
    expressions = sorted({drawn(chance) for _ in range(DRAWN)})
    answers = npm.ask(HERE / "jsonata.js", npm_packages, {"expressions": expressions, "input": INPUT})
    said = [
        (expression, answer, ours(expression))
        for expression, answer in zip(expressions, answers, strict=True)
    ]
    assert [it for it in said if not agree(it[1], it[2])] == []
    assert sum("value" in answer for answer in answers) > 250
    assert sum(bool(answer.get("error")) for answer in answers) > 200
