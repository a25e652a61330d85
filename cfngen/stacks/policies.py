"""How long a policy is to IAM, which counts its characters without white space.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from awacs.aws import Statement
from troposphere import encode_to_dict

from cfngen.cfn import functions
from cfngen.cfn.text import filled

INLINE: Final = 10_240
"""Characters that all inline policies of a role may have together."""

MANAGED: Final = 6_144
"""Characters that a managed policy may have."""

ATTACHED: Final = 10
"""Managed policies that a role takes, unless the account's quota was raised."""

_MAX_LENGTHS: Final = {"AWS::Partition": 10, "AWS::Region": 14, "AWS::AccountId": 12, "AWS::StackName": 128}
_REFERENCE: Final = 140  # what most ARNs stay below; how long one will be is only known when it is deployed
_AROUND: Final = len('{"Version":"2012-10-17","Statement":[]}')


def split_statements(statements: Sequence[Statement], limit: int = MANAGED) -> list[list[Statement]]:
    """Return the statements, in their order, in as few policies of at most ``limit`` as keep that order.

    A statement that is longer alone becomes several that allow the same.
    """
    policies: list[list[Statement]] = []
    room = 0
    for statement in statements:
        for part in _statement_parts(statement, limit - _AROUND):
            length = _json_length(_statement_json(part)) + 1
            if not policies or length > room:
                policies.append([])
                room = limit - _AROUND
            policies[-1].append(part)
            room -= length
    return policies


def policy_size(statements: Iterable[Statement]) -> int:
    """Return the characters of a policy; what is only known when it is deployed counts at its longest."""
    return _AROUND + sum(_json_length(_statement_json(statement)) + 1 for statement in statements)


def _statement_parts(statement: Statement, limit: int) -> list[Statement]:
    plain = _statement_json(statement)
    if _json_length(plain) + 1 <= limit:
        return [statement]
    for key in ("Resource", "Action"):
        items = statement.properties.get(key)
        if isinstance(items, list) and len(items) > 1:
            half = len(items) // 2
            halves = [
                Statement(**{**statement.properties, key: part}) for part in (items[:half], items[half:])
            ]
            return [part for one in halves for part in _statement_parts(one, limit)]
    return [statement]


def _statement_json(statement: Statement) -> Any:
    return encode_to_dict(statement)


def _json_length(value: Any) -> int:
    """Return the length of JSON, with an intrinsic as long as what it may become."""
    if call := functions.function_call(value):
        if substitution := functions.substitution(value):
            return len(filled(substitution[0], _longest)) + 2
        return _MAX_LENGTHS.get(str(call[1]), _REFERENCE) + 2
    if isinstance(value, Mapping):
        inside = sum(len(json.dumps(key)) + 2 + _json_length(item) for key, item in value.items())
        return 2 + inside - bool(value)  # no comma stands behind the last
    if isinstance(value, (list, tuple)):
        return 2 + sum(_json_length(item) + 1 for item in value) - bool(value)
    return len(json.dumps(value, ensure_ascii=False))


def _longest(name: str) -> str | None:
    return None if name.startswith("!") else "x" * _MAX_LENGTHS.get(name, _REFERENCE)
