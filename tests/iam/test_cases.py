"""The cases in which a grant is needed, held against calls: what is only known at run time may be any."""

from __future__ import annotations

from typing import Any

from troposphere import Sub

from cfngen import Jsonata, Path
from cfngen.cfn.functions import plain
from cfngen.cfn.symbolic import NO, UNKNOWN, YES, Verdict
from cfngen.iam.cases import case_verdict
from cfngen.tasks.grants import AllOf, ArgumentIs, ArgumentMatches, Certainly, HasArgument, Otherwise, When
from tests.rows import each_row

ALIAS = ArgumentMatches("Key", "alias/")


@each_row(
    ("case", "key", "expected"),
    [
        (HasArgument("Key"), "a", YES),
        (HasArgument("Key"), Path("$.key"), UNKNOWN),
        (HasArgument("Other"), "a", NO),
        (HasArgument("Keys[]"), "a", NO),
        (ArgumentIs("Key", "a"), "a", YES),
        (ArgumentIs("Key", "a"), "b", NO),
        (ArgumentIs("Key", "a"), Path("$.key"), UNKNOWN),
        (ArgumentIs("Key", "true"), True, YES),
        (ArgumentIs("Key", "true"), False, NO),
        (ArgumentIs("Key", "false"), False, YES),
        (ALIAS, "alias/a", YES),
        (ALIAS, "my-alias/a", NO),
        (ALIAS, Path("$.key"), UNKNOWN),
        (ALIAS, Path("States.Format('alias/{}', $.key)"), YES),
        (ALIAS, Path("States.Format('key/{}', $.key)"), NO),
        (ALIAS, Jsonata("'alias/' & $key"), YES),
        (ALIAS, plain(Sub("alias/${Name}")), YES),
        (ALIAS, plain(Sub("key/${Name}")), NO),
        (ALIAS, {"Fn::ImportValue": "key"}, NO),
        (Otherwise(ALIAS), "alias/a", NO),
        (Otherwise(ALIAS), "key", YES),
        (Otherwise(ALIAS), Path("$.key"), UNKNOWN),
        (Certainly(ALIAS), "alias/a", YES),
        (Certainly(ALIAS), "key", NO),
        (Certainly(ALIAS), Path("$.key"), NO),
        (AllOf((HasArgument("Key"), ALIAS)), "alias/a", YES),
        (AllOf((HasArgument("Key"), ALIAS)), "key", NO),
        (AllOf((ALIAS, ArgumentIs("Key", "alias/a"))), Path("States.Format('alias/{}', $.key)"), UNKNOWN),
    ],
    ids=str,
)
def test_a_call_is_the_case(case: When, key: Any, expected: Verdict) -> None:
    assert case_verdict(case, {"Key": key}) == expected


def test_items_that_differ_leave_it_open() -> None:
    case = ArgumentMatches("Keys[]", "alias/")
    assert case_verdict(case, {"Keys": ["alias/a", "alias/b"]}) == YES
    assert case_verdict(case, {"Keys": ["alias/a", "key"]}) == UNKNOWN
    assert case_verdict(case, {"Keys": ["a", "b"]}) == NO
