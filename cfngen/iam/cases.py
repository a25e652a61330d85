"""Whether a call is a case in which a grant is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cfngen.asl.values import Jsonata, Path
from cfngen.cfn.symbolic import NO, UNKNOWN, YES, Verdict
from cfngen.cfn.text import in_sub
from cfngen.iam.arguments import values_at
from cfngen.iam.results import beginning
from cfngen.tasks.grants import AllOf, ArgumentIs, ArgumentMatches, Certainly, HasArgument, Otherwise, When


def case_verdict(case: When, arguments: Mapping[str, Any]) -> Verdict:
    """Tell whether a call with these arguments is the case; what is only known at run time may be any."""
    if isinstance(case, Otherwise):
        return case_verdict(case.case, arguments).denied()
    if isinstance(case, Certainly):
        return YES if case_verdict(case.case, arguments) == YES else NO
    if isinstance(case, AllOf):
        return min(case_verdict(it, arguments) for it in case.cases)
    verdicts = {_of_value(case, value) for value in values_at(arguments, case.argument)}
    return verdicts.pop() if len(verdicts) == 1 else UNKNOWN if verdicts else NO


def _of_value(case: HasArgument | ArgumentIs | ArgumentMatches, value: Any) -> Verdict:
    known = None
    if isinstance(value, (Path, Jsonata)):
        known = beginning(value)
        if not (known and isinstance(case, ArgumentMatches)):
            return UNKNOWN
    if isinstance(case, ArgumentMatches):
        text = (in_sub(value) or "") if known is None else known
        return YES if re.match(case.pattern, text) else NO
    if isinstance(case, ArgumentIs):
        is_equal = value is (case.value == "true") if isinstance(value, bool) else value == case.value
        return YES if is_equal else NO
    return YES
