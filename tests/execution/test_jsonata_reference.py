"""JSONata as its reference has it: nulls, numbers, and what errors say.

What AWS was seen to answer is in floci#2664, #2668, #2736 and #2737; a test of the validators asks the reference itself.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.execution.machines import failure, output

DATA = {"nul": None, "nulls": [1, None, "x"], "two": 2.0, "objects": [{"k": "p", "v": None}, {"k": "q"}]}


def evaluated(expression: str) -> Any:
    return output({"Type": "Pass", "Output": f"{{% {expression} %}}"}, DATA, QueryLanguage="JSONata")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$lookup($states.input, 'nul')", None),  # seen in AWS
        ("$map($states.input.nulls, function($v) { $v })", [1, None, "x"]),
        ("$map($states.input.nulls, $string)", ["1", "null", "x"]),
        ("$states.input.nulls[$ = null]", None),
        ("$states.input.nulls.($)", [1, None, "x"]),
        ("$states.input.nulls#$i.{'i': $i, 'v': $}[1]", {"i": 1, "v": None}),
        ("null in $states.input.nulls", True),
        ("$states.input.nulls = [1, null, 'x']", True),
        ("$count($states.input.nul)", 1),
        ("$sort($states.input.nul)", [None]),
        ("$zip(null, false)", [[None, False]]),
        ("$states.input.objects.v", None),
        ("$parse('[null]').($type($))", "null"),
        ("1 in [true]", False),
        ("{'a': 1} in [{'a': 1}]", False),
        ("$distinct([1, true, 1.0])", [1, True]),
        ("5.5 % 2", 1.5),
        ("-7 % 3", -1),
        ("[1..$states.input.two]", [1, 2]),
        ("[1/0, -1/0, 0/0]", ["Infinity", "-Infinity", "NaN"]),  # the first is seen in AWS
        ("{'k': 1/0}", {"k": "Infinity"}),  # seen in AWS
        ("1e308 * 10", "Infinity"),  # seen in AWS
        ("$parseInteger('', '0')", "NaN"),
        ("12345678901234567890", 12345678901234567000),
        ("1e300", 1e300),
        ("$string(1e15)", "1000000000000000"),
        ("$string(1e21) & 1e-7 & 0.00001 & -0 & 1/3", "1e+211e-70.0000100.333333333333333"),
        ("$string([1.10, {'a': null, 'b': $sum}, 'é'])", '[1.1,{"a":null,"b":""},"é"]'),
        ("$string({'a': [1, {}]}, true)", '{\n  "a": [\n    1,\n    {}\n  ]\n}'),
        ("$number('0b11') + $number('0x1F') + $number('1e2')", 134),
        ("$toMillis('2018-03')", 1519862400000),
        ("$toMillis('2018-03-21T10:00:00.12Z')", 1521626400120),
        ("$toMillis('2018-03-21T10:00:00-01:30')", 1521631800000),
        ("$decodeUrl('a%20b%2F')", "a b%2F"),
        ("$decodeUrlComponent('a%20b%2F')", "a b/"),
    ],
)
def test_values(expression: str, expected: Any) -> None:
    value = evaluated(expression)
    assert (value, type(value)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("$sum(['a'])", 'T0412: Argument 1 of function "sum" must be an array of "numbers"'),  # seen in AWS
        (
            "$abs('a')",
            'T0410: Argument 1 of function "abs" does not match function signature',
        ),  # seen in AWS
        (
            "$substring('a', 'b')",
            'T0410: Argument 2 of function "substring" does not match function signature',
        ),
        (
            "$contains(null, 'a')",
            'T0410: Argument 1 of function "contains" does not match function signature',
        ),
        ("'a' + 1", 'T2001: The left side of the "+" operator must evaluate to a number'),
        ("1 - 'a'", 'T2002: The right side of the "-" operator must evaluate to a number'),
        (
            "1 < 'a'",
            'T2009: The values 1 and "a" either side of operator "<" must be of the same data type',
        ),
        ("$number(' 1 ')", 'D3030: Unable to cast value to a number: " 1 "'),
        ("$number('1_000')", 'D3030: Unable to cast value to a number: "1_000"'),
        ("$number('nan')", 'D3030: Unable to cast value to a number: "nan"'),
        (
            "$toMillis('nope')",
            'D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given "nope"',
        ),
        ("$decodeUrl('%')", 'D3140: Malformed URL passed to $decodeUrl(): "%"'),
        ("$error('no')", "D3137: no"),
        ("$assert(false, 'no')", "D3141: no"),
        ("-'a'", 'D1002: Cannot negate a non-numeric value: "a"'),
        (
            "$power(10, 400)",
            "D3061: The power function has resulted in a value that cannot be represented as a JSON number: "
            "base=10, exponent=400",
        ),
        (
            "$formatNumber(1, 'x')",  # seen in AWS
            "D3086: The sub-picture must not contain a passive character that is preceded by an active character "
            "and that is followed by another active character",
        ),
        ("$string(1/0)", "D3001: Attempting to invoke string function on Infinity or NaN"),
        ("$replace('a', '', 'b')", "D3010: Second argument of replace function cannot be an empty string"),
    ],
)
def test_messages(expression: str, message: str) -> None:
    cause = failure({"Type": "Pass", "Output": f"{{% {expression} %}}"}, DATA, QueryLanguage="JSONata")
    assert cause.endswith(f"specified for the field 'Output' threw an error during evaluation. {message}")
