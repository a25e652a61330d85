"""The steps of a JSONPath applied to a document, in Jayway's order.

https://github.com/json-path/JsonPath
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.json_values import Json, Missing
from cfngen.execution.path_functions import call
from cfngen.execution.path_tokens import (
    Filter,
    Index,
    Indexes,
    Key,
    KeyList,
    PathFunction,
    PathStep,
    Scan,
    Slice,
    Wildcard,
)


def values_at_steps(tokens: Sequence[PathStep], model: Json, root: Json) -> list[Json]:
    """Return all values that the steps lead to, in Jayway's order."""
    if tokens and isinstance(tokens[0], Scan) and isinstance(tokens[-1], PathFunction):
        # of all that is found, as Jayway turns $..price.sum() into the sum of $..price
        last = tokens[-1]
        inner = (*tokens[:-1], Wildcard()) if last.name == "length" else tokens[:-1]
        return _function_result(last, values_at_steps(inner, model, root), root)
    values = [model]
    for number, token in enumerate(tokens):
        if isinstance(token, Scan):
            rest = tokens[number + 1 :]
            return [inner for value in values for inner in _scanned(rest, value, root)]
        is_last = number == len(tokens) - 1
        DEADLINE.step()
        values = [inner for value in values for inner in _step(token, value, root, is_last)]
    return values


def _step(token: PathStep, value: Json, root: Json, is_last: bool) -> Sequence[Json]:
    if isinstance(token, Key):
        return [value[token.name]] if isinstance(value, dict) and token.name in value else []
    if isinstance(token, KeyList):
        if not isinstance(value, dict):
            return []
        present = {name: value[name] for name in token.names if name in value}
        return [present] if is_last else list(present.values())
    if isinstance(token, Wildcard):
        if isinstance(value, dict):
            return list(value.values())
        return value if isinstance(value, list) else []
    if isinstance(token, Filter):
        if isinstance(value, dict):
            return [value] if token.accepts(value, root) else []
        return [item for item in value if token.accepts(item, root)] if isinstance(value, list) else []
    if isinstance(token, PathFunction):
        return _function_result(token, value, root)
    return _selected_items(token, value) if isinstance(value, list) else []


def _selected_items(token: PathStep, value: list[Json]) -> list[Json]:
    count = len(value)
    numbers: Sequence[int]
    if isinstance(token, Index):
        numbers = (token.number,)
    elif isinstance(token, Indexes):
        numbers = token.numbers
    elif isinstance(token, Slice):
        numbers = _sliced(token, count)
    else:
        return []
    return [value[number] for number in numbers if -count <= number < count]


def _sliced(token: Slice, count: int) -> range:
    first, last = token
    if last is None:
        first = first or 0
        return range(max(0, first + count if first < 0 else first), count)
    if first is None:
        return range(min(count, last + count if last < 0 else last))
    # two negative numbers, or one of them, are taken as they are
    return range(first, min(count, last))


def _scanned(rest: Sequence[PathStep], value: Json, root: Json) -> Iterator[Json]:
    """Yield what the steps after ``..`` find in a value and in all that it holds, from the outside in."""
    if not rest:
        return
    head, after = rest[0], rest[1:]
    stack = [value]
    while stack:
        DEADLINE.step()
        model = stack.pop()
        if isinstance(model, dict):
            if _has_value(head, model, root):
                yield from values_at_steps(rest, model, root)
            stack += reversed(model.values())
        elif isinstance(model, list):
            if _has_value(head, model, root):
                if after:
                    # Jayway applies what follows to each item, whichever the brackets name
                    for item in model:
                        yield from values_at_steps(after, item, root)
                else:
                    yield from values_at_steps(rest, model, root)
            stack += reversed(model)


def _has_value(token: PathStep, model: Json, root: Json) -> bool:
    if isinstance(token, Key):
        return isinstance(model, dict) and token.name in model
    if isinstance(token, KeyList):
        return isinstance(model, dict)
    if isinstance(token, (Index, Indexes, Slice)):
        return isinstance(model, list)
    if isinstance(token, Wildcard):
        return True
    return isinstance(token, Filter) and token.accepts(model, root)


def _function_result(token: PathFunction, value: Json, root: Json) -> list[Json]:
    arguments = [argument(value, root) if callable(argument) else argument for argument in token.arguments]
    result = call(token.name, value, arguments)
    return [] if isinstance(result, Missing) else [result]
