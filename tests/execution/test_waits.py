"""Wait, Succeed and Fail.

https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

from __future__ import annotations

from typing import Any

from cfngen.execution.timestamps import nanoseconds
from tests.execution.machines import executed, failure, one
from tests.rows import each_row

AT = "An error occurred while executing the state 'It' (entered at the event id #2). "


@each_row(
    ("fields", "value", "seconds"),
    [
        ({"Seconds": 10}, {}, 10),
        ({"SecondsPath": "$.n"}, {"n": 5}, 5),
        ({"Timestamp": "2026-11-28T04:23:04Z"}, {}, 60),
        ({"Timestamp": "2016-03-14T01:59:00Z"}, {}, 0),
        ({"TimestampPath": "$.at"}, {"at": "2026-11-28T05:22:05.900+01:00"}, 1),  # AWS's page: cut off
        ({"QueryLanguage": "JSONata", "Seconds": "{% $states.input.n * 2 %}"}, {"n": 5}, 10),
        (
            {"QueryLanguage": "JSONata", "Timestamp": "{% $states.input.at %}"},
            {"at": "2026-11-28T04:22:05Z"},
            1,
        ),
    ],
)
def test_waits_take_no_time_and_count_in_full(
    fields: dict[str, Any], value: dict[str, Any], seconds: int | float
) -> None:
    execution = executed(one({"Type": "Wait", **fields}), value)
    assert (execution.output, execution.duration.total_seconds()) == (value, seconds)


@each_row(
    ("fields", "value", "message"),
    [
        # recorded
        ({"SecondsPath": "$.n"}, {}, f"States.Runtime: {AT}The SecondsPath parameter does not reference an input value: $.n"),
        ({"SecondsPath": "$.n"}, {"n": -1.5}, f"States.Runtime: {AT}The SecondsPath parameter cannot be parsed as a long value: $.n == -1.5"),
        ({"SecondsPath": "$.n"}, {"n": -1}, f"States.Runtime: {AT}The SecondsPath parameter references a negative value: $.n == -1"),
        ({"TimestampPath": "$.t"}, {"t": "2016-12-05T21:29:29"}, f"States.Runtime: {AT}The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2016-12-05T21:29:29"),
        ({"QueryLanguage": "JSONata", "Timestamp": "{% $states.input.t %}"}, {"t": "05-12-2016T21:29:29Z"}, f"States.QueryEvaluationError: {AT}The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 05-12-2016T21:29:29Z"),
        ({"QueryLanguage": "JSONata", "Seconds": "{% 'x' %}"}, {}, f"States.QueryEvaluationError: {AT}The JSONata expression ''x'' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\""),
        ({"Timestamp": "2999-01-01T00:00:00Z"}, {}, f"States.Runtime: {AT}Wait state delay is too long"),
    ],
)  # fmt: skip
def test_what_cannot_be_waited_for(fields: dict[str, str], value: dict[str, Any], message: str) -> None:
    assert failure({"Type": "Wait", **fields}, value) == message


@each_row(
    ("fields", "error", "cause"),
    [
        ({}, None, None),
        ({"Error": "E", "Cause": "why"}, "E", "why"),
        ({"ErrorPath": "$.e", "CausePath": "States.Format('{}!', $.c)"}, "bad", "very!"),
        ({"QueryLanguage": "JSONata", "Error": "{% $states.input.e %}", "Cause": "{% 'a' & 'b' %}"}, "bad", "ab"),
        ({"ErrorPath": "$.absent"}, "States.Runtime", f"{AT}The JSONPath '$.absent' specified for the field 'ErrorPath' could not be found in the input '{{\"e\":\"bad\",\"c\":\"very\"}}'"),
        ({"ErrorPath": "$"}, "States.Runtime", f'{AT}The ErrorPath field refers to value {{"e":"bad","c":"very"}} which is not a string: $'),
    ],
)  # fmt: skip
def test_fail(fields: dict[str, Any], error: str | None, cause: str | None) -> None:
    execution = executed(
        {"StartAt": "It", "States": {"It": {"Type": "Fail", **fields}}}, {"e": "bad", "c": "very"}
    )
    assert (execution.status, execution.error, execution.cause) == ("FAILED", error, cause)


@each_row(
    ("text", "nanos"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01t00:00z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:00:00.5+00:00", 500_000_000),
        ("1970-01-02T00:00:00Z", 86_400_000_000_000),
        ("1970-01-01T18:00:00+18:00", 0),
        ("1969-12-31T06:00:00-18:00", 0),
        ("1970-01-01T18:00:00+18:01", None),
        ("1970-01-01T24:00:00Z", None),
        ("1970-13-01T00:00:00Z", None),
        ("1970-01-01T00:00:00", None),
        ("\uff11970-01-01T00:00:00Z", None),
        (5, None),
        (None, None),
    ],
    ids=str,
)
def test_a_timestamp_is_an_offset_date_time(text: object, nanos: int | None) -> None:
    assert nanoseconds(text) == nanos
