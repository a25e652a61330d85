"""Conditions as awacs spells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from awacs import aws
from awacs.aws import Condition

from cfngen.iam.merge import ConditionTest


def awacs_condition(tests: Iterable[ConditionTest]) -> Condition:
    """Return tests that must all hold; awacs has each operator once, with all its keys."""
    operators: dict[str, dict[str, Any]] = {}
    for operator, key, values in tests:
        operators.setdefault(operator, {})[key] = list(values) if len(values) > 1 else values[0]
    return Condition(
        [getattr(aws, operator.replace(":", ""))(keys) for operator, keys in operators.items()]
    )
