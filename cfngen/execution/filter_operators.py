"""What the operators of a filter compare, as Jayway's do.

https://github.com/json-path/JsonPath#filter-operators
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cfngen.execution.json_values import Missing, is_equal, is_number
from cfngen.execution.regexes import Regex


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, Missing) or isinstance(right, Missing):
        return left is right
    kinds = {is_number(left), is_number(right)}
    if kinds == {True, False} and (isinstance(left, str) or isinstance(right, str)):
        one, other = _decimal(left), _decimal(right)
        return one is not None and one == other
    return is_equal(left, right)


def _less(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return bool(left < right)
    return isinstance(left, str) and isinstance(right, str) and left < right


def _less_or_equal(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return bool(left <= right)
    return isinstance(left, str) and isinstance(right, str) and left <= right


def _matches_regex(left: Any, right: Any) -> bool:
    value, pattern = (left, right) if isinstance(right, Regex) else (right, left)
    if not isinstance(pattern, Regex) or isinstance(value, (Missing, Regex, dict)) or value is None:
        return False
    texts = value if isinstance(value, list) else [value]
    return any(pattern.fullmatch(item if isinstance(item, str) else json.dumps(item)) for item in texts)


def _is_in(left: Any, right: Any) -> bool:
    return isinstance(right, list) and any(_equal(left, item) for item in right)


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return _is_in(right, left)


def _is_subset(left: Any, right: Any) -> bool:
    return isinstance(left, list) and all(_is_in(item, right) for item in left)


def _share(left: Any, right: Any) -> bool:
    return isinstance(left, list) and any(_is_in(item, right) for item in left)


def _has_size(left: Any, right: Any) -> bool:
    return isinstance(left, (list, str)) and is_number(right) and len(left) == right


def _is_empty(left: Any, right: Any) -> bool:
    return isinstance(left, (list, dict, str)) and (not left) is right


def _has_all(left: Any, right: Any) -> bool:
    return isinstance(right, list) and all(_is_in(item, left) for item in right)


OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<>": lambda left, right: not _equal(left, right),
    "===": is_equal,
    "!==": lambda left, right: not is_equal(left, right),
    "<": _less,
    "<=": _less_or_equal,
    ">": lambda left, right: _less(right, left),
    ">=": lambda left, right: _less_or_equal(right, left),
    "=~": _matches_regex,
    "in": _is_in,
    "nin": lambda left, right: not _is_in(left, right),
    "contains": _contains,
    "subsetof": _is_subset,
    "anyof": _share,
    "noneof": lambda left, right: not _share(left, right),
    "size": _has_size,
    "empty": _is_empty,
    "all": _has_all,
    "type": lambda left, right: False,
}
