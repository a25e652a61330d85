"""Intrinsic functions: the examples of AWS's page, and what was recorded from AWS.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re
from typing import Any

from tests.execution.machines import failure, output
from tests.rows import each_row

NINE = [1, 2, 3, 4, 5, 6, 7, 8, 9]


def called(call: Any, value: Any = None) -> Any:
    return output({"Type": "Pass", "Parameters": {"it.$": call}}, value)["it"]


@each_row(
    ("call", "value", "expected"),
    [
        ("States.Array($.Id)", {"Id": 123456}, [123456]),
        ("States.Array()", {}, []),
        ("States.ArrayPartition($.inputArray,4)", {"inputArray": NINE}, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
        ("States.ArrayContains($.inputArray, $.lookingFor)", {"inputArray": NINE, "lookingFor": 5}, True),
        ("States.ArrayRange(1, 9, 2)", {}, [1, 3, 5, 7, 9]),
        ("States.ArrayGetItem($.inputArray, $.index)", {"inputArray": NINE, "index": 5}, 6),
        ("States.ArrayLength(States.Array(1, States.Array()))", {}, 2),
        ("States.ArrayLength($.inputArray)", {"inputArray": NINE}, 9),
        ("States.ArrayUnique($.inputArray)", {"inputArray": [1, 2, 3, 3, 3, 3, 3, 3, 4]}, [1, 2, 3, 4]),
        ("States.Base64Encode($.input)", {"input": "Data to encode"}, "RGF0YSB0byBlbmNvZGU="),
        # the page has "Decoded data" for it, which has another code
        ("States.Base64Decode($.base64)", {"base64": "RGF0YSB0byBlbmNvZGU="}, "Data to encode"),
        # the page lacks the second 4 after d7
        ("States.Hash($.Data, $.Algorithm)", {"Data": "input data", "Algorithm": "SHA-1"}, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("States.JsonMerge($.json1, $.json2, false)", {"json1": {"a": {"a1": 1, "a2": 2}, "b": 2}, "json2": {"a": {"a3": 1, "a4": 2}, "c": 3}}, {"a": {"a3": 1, "a4": 2}, "b": 2, "c": 3}),
        # the specification's examples, appendix B
        ("States.Format('Your name is {}, we are in the year {}', $.name, 2020)", {"name": "Foo"}, "Your name is Foo, we are in the year 2020"),
        (r"States.Format('Welcome to {} {}\'s playlist.', $.firstName, $.lastName)", {"firstName": "A", "lastName": "B"}, "Welcome to A B's playlist."),
        ("States.StringToJson($.someString)", {"someString": '{"number": 20}'}, {"number": 20}),
        ("States.JsonToString($.someJson)", {"someJson": {"name": "Foo", "year": 2020}}, '{"name":"Foo","year":2020}'),
        ("States.Array('Foo', 2020, $.someJson, null)", {"someJson": {"random": "abcdefg"}}, ["Foo", 2020, {"random": "abcdefg"}, None]),
        # concepts-error-handling.html, on causes of service integrations
        ("States.StringToJson($.Cause)", {"Cause": '{"Status":"FAILED"}'}, {"Status": "FAILED"}),
        # rounded to the nearest, as the page says
        ("States.ArrayPartition($.l, 1.6)", {"l": [1, 2, 3]}, [[1, 2], [3]]),
        ("States.ArrayRange(0.6, 4.4, 1.2)", {}, [1, 2, 3, 4]),
        ("States.MathRandom(0.6, 1.6)", {}, 1),
        ("States.Array($.abc.['def ghi'])", {"abc": {"def ghi": 1}}, [1]),
        ("States.StringToJson($.escapedJsonString)", {"escapedJsonString": '{"foo": "bar"}'}, {"foo": "bar"}),
        ("States.JsonToString($.unescapedJson)", {"unescapedJson": {"foo": "bar"}}, '{"foo":"bar"}'),
        ("States.MathAdd($.value1, $.step)", {"value1": 111, "step": -1}, 110),
        ("States.StringSplit($.inputString, $.splitter)", {"inputString": "1,2,3,4,5", "splitter": ","}, ["1", "2", "3", "4", "5"]),
        ("States.StringSplit($.inputString, $.splitter)", {"inputString": "This.is+a,test=string", "splitter": ".+,="}, ["This", "is", "a", "test", "string"]),
        ("States.Format('Hello, my name is {}.', $.name)", {"name": "Arnav"}, "Hello, my name is Arnav."),
        ("States.Format($.template, $.name)", {"name": "Arnav", "template": "Hello, my name is {}."}, "Hello, my name is Arnav."),
        (
            "States.Format('{}.{}.{}', States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 2), '.'), 0), States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 2), '.'), 1), 'z')",
            {"ImageRecipe": {"Arn": "arn:aws:imagebuilder:r:1:image-recipe/name/1.2.3"}},
            "1.2.z",
        ),
    ],
)  # fmt: skip
def test_the_examples_of_the_page(call: str, value: dict[str, Any], expected: Any) -> None:
    assert called(call, value) == expected


@each_row(
    ("call", "expected"),
    [
        # rounded half up, as Java does: recorded
        ("States.MathAdd(1.49, 1.5)", 3),
        ("States.MathAdd(-1.5, 0)", -1),
        ("States.MathAdd(-1.51, 0)", -2),
        ("States.MathAdd(0.5, 0)", 1),
        # nothing between two delimiters is no element: recorded
        ("States.StringSplit(', , ,', ',')", [" ", " "]),
        ("States.StringToJson('-0')", 0),
        ("States.ArrayRange(0, 10, 3)", [0, 3, 6, 9]),
        ("States.ArrayRange(3, 1, -1)", [3, 2, 1]),
        ("States.ArrayRange(3, 1, 1)", []),
        ("States.ArrayUnique($.mixed)", [1, True, "1", {"a": 1}]),
        ("States.ArrayContains($.mixed, true)", True),
        ("States.Format('{}', $.object)", "{Arg1=1, Arg2=[]}"),  # recorded
        ("States.Format('{}|{}|{}', null, true, 1.50)", "null|true|1.5"),
        (r"States.Format('a \{\} \'{}\' \\', 'b')", r"a {} 'b' " + "\\"),
        ("States.Array('ab', 'Prüfen')", ["ab", "Prüfen"]),
        ("States.JsonToString($.text)", '"Grüße \\"x\\""'),
        ("States.Hash('', 'MD5')", "d41d8cd98f00b204e9800998ecf8427e"),
        ("States.MathRandom(5, 6)", 5),
    ],
)
def test_what_calls_yield(call: str, expected: Any) -> None:
    value = {
        "mixed": [1, True, "1", {"a": 1}, 1.0, {"a": 1.0}],
        "object": {"Arg1": 1, "Arg2": []},
        "text": 'Grüße "x"',
    }
    assert called(call, value) == expected


@each_row(
    ("call", "reason"),
    [
        ("States.Format($.two, 1)", "the number of arguments does not match the occurrences of {}"),
        ("States.ArrayGetItem($.list, 2)", "the index 2 is not one of an array of 2"),
        ("States.ArrayGetItem($.list, 3)", "the index 3 is not one of an array of 2"),
        ("States.ArrayGetItem($.list, -1)", "the index -1 is not one of an array of 2"),
        ("States.ArrayPartition($.list, 0)", "the chunk size is not a positive number"),
        ("States.ArrayRange(1, 2000, 1)", "the range has more than 1000 elements"),
        ("States.ArrayRange(1, 2, 0)", "the step is zero"),
        ("States.ArrayRange(1, 1001, 1)", "the range has more than 1000 elements"),
        ("States.MathAdd(2147483648, 0)", "2147483648 is not between -2147483648 and 2147483647"),
        ("States.MathAdd(0, -2147483649)", "-2147483649 is not between -2147483648 and 2147483647"),
        ("States.Base64Encode($.long)", "the text has more than 10,000 characters"),
        ("States.Base64Decode($.long)", "the text has more than 10,000 characters"),
        ("States.Hash($.long, 'MD5')", "the text has more than 10,000 characters"),
        ("States.ArrayLength($.text)", 'an array is needed, not "x"'),
        ("States.MathAdd($.text, 1)", 'a number is needed, not "x"'),
        ("States.Base64Decode('~')", "the text is not base64"),
        ("States.StringToJson('{')", "it is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("States.StringToJson('[1e999]')", "it is not JSON: 1e999 is larger than all numbers"),
        ("States.JsonMerge($.list, $.list, false)", "both values are to be objects"),
        ("States.Format($.text, 1)", "the number of arguments does not match the occurrences of {}"),
        ("States.Hash('a', $.text)", "there is no algorithm 'x'"),
        ("States.MathRandom(2, 2)", "the end is not greater than the start"),
    ],
)  # fmt: skip
def test_what_fails(call: str, reason: str) -> None:
    message = failure(
        {"Type": "Pass", "Parameters": {"it.$": call}},
        {"list": [1, 2], "text": "x", "two": "{} {}", "long": "A" * 10_001},
    )
    assert message == (
        "States.IntrinsicFailure: An error occurred while executing the state 'It' (entered at the event id #2). "
        f"The function '{call}' had the following error: {reason}"
    )


def test_an_argument_that_is_not_there_is_an_error_of_the_runtime() -> None:
    message = failure({"Type": "Pass", "Parameters": {"it.$": "States.Format('{}', $.nope)"}}, {"other": 1})
    assert message == (
        "States.Runtime: An error occurred while executing the state 'It' (entered at the event id #2). "
        "The function 'States.Format('{}', $.nope)' had the following error: "
        "The JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'"
    )


def test_a_uuid_is_of_version_4() -> None:
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", called("States.UUID()")
    )


def test_random_numbers_of_a_seed_are_the_same() -> None:
    assert called("States.MathRandom(0, 1000000, 7)") == called("States.MathRandom(0, 1000000, 7)")
