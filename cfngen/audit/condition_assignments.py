"""What the conditions of a template can be together.

A policy in one branch of a condition must fit the definition in the same branch, so a role is audited once
for each assignment of true and false to the conditions. Impossible assignments, such as a stage that is
both ``dev`` and ``prod``, are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Final

from cfngen.audit.values import Values
from cfngen.cfn.functions import AND, CONDITION, EQUALS, IF, NOT
from cfngen.cfn.symbolic import Placeholder, SymbolicText, literal
from cfngen.core.declared import Declared, frozen
from cfngen.core.values import sorted_json
from cfngen.core.walk import values_of

_MAX_OPEN: Final = 6


@frozen
class ConditionAssignment(Declared):
    """The truth of each condition, and the values that some placeholders then have."""

    truths: Mapping[str, bool]
    known: Mapping[Placeholder, str]


def enumerate_assignments(
    template: Mapping[str, Any], used: Iterable[Any]
) -> tuple[list[ConditionAssignment], bool]:
    """Return the assignments of the conditions that ``used`` names, and whether those are all.

    Where there are too many, only those are returned in which every comparison is true, in which none is,
    and in which exactly one is.
    """
    section = template.get("Conditions")
    conditions: Mapping[str, Any] = section if isinstance(section, Mapping) else {}
    names = _reachable(conditions, list(_condition_names(used)))
    values = Values(template)
    tests: dict[str, tuple[SymbolicText, SymbolicText] | None] = {}
    for name in names:
        for test in _equality_tests(conditions.get(name)):
            tests.setdefault(sorted_json(test), _compared_texts(test, values))
    open_ = [key for key, compared in tests.items() if _sure_equality(compared) is None]
    open_ += [name for name in names if name not in conditions]
    fixed = {
        key: truth for key, compared in tests.items() if (truth := _sure_equality(compared)) is not None
    }
    all_of_them = len(open_) <= _MAX_OPEN
    assignments: list[ConditionAssignment] = []
    for truths in (
        product((True, False), repeat=len(open_)) if all_of_them else _first_assignments(len(open_))
    ):
        decided = fixed | dict(zip(open_, truths, strict=True))
        known = _known_symbols(tests, decided, values)
        if known is not None:
            assignment = ConditionAssignment(_truths(names, conditions, decided), known)
            if assignment not in assignments:
                assignments.append(assignment)
    return assignments or [ConditionAssignment({}, {})], all_of_them


def _first_assignments(length: int) -> Iterator[tuple[bool, ...]]:
    yield (True,) * length
    yield (False,) * length
    for single in range(length):
        yield tuple(index == single for index in range(length))


def _condition_names(used: Iterable[Any]) -> Iterator[str]:
    """Yield the conditions that values name."""
    seen: set[str] = set()
    for value in values_of(list(used)):
        if isinstance(value, Mapping):
            for name in (value.get(CONDITION), _first(value.get(IF))):
                if isinstance(name, str) and name not in seen:
                    seen.add(name)
                    yield name


def _first(branches: Any) -> Any:
    return branches[0] if isinstance(branches, list) and len(branches) == 3 else None


def _reachable(conditions: Mapping[str, Any], names: list[str]) -> list[str]:
    reachable = list(dict.fromkeys(names))
    for name in reachable:  # which grows as it is walked
        reachable += [other for other in _condition_names([conditions.get(name)]) if other not in reachable]
    return reachable


def _equality_tests(condition: Any) -> Iterator[list[Any]]:
    pending = [condition]
    for value in pending:
        if not isinstance(value, Mapping):
            continue
        for function, argument in value.items():
            if function == EQUALS and isinstance(argument, list) and len(argument) == 2:
                yield argument
            elif isinstance(argument, list):
                pending += argument


def _compared_texts(test: list[Any], values: Values) -> tuple[SymbolicText, SymbolicText] | None:
    one, other = values.text(test[0]), values.text(test[1])
    return None if one is None or other is None else (one, other)


def _sure_equality(compared: tuple[SymbolicText, SymbolicText] | None) -> bool | None:
    if compared is None:
        return None
    one, other = map(literal, compared)
    if one is not None and other is not None:
        return one == other
    return True if compared[0] == compared[1] else None


def _known_symbols(
    tests: Mapping[str, tuple[SymbolicText, SymbolicText] | None],
    decided: Mapping[str, bool],
    values: Values,
) -> Mapping[Placeholder, str] | None:
    """Return what symbols are where comparisons hold, or None where that contradicts itself."""
    known: dict[Placeholder, str] = {}
    unequal: list[tuple[Placeholder, str]] = []
    for key, compared in tests.items():
        for one, other in (compared, compared[::-1]) if compared is not None else ():
            value = literal(other)
            if value is None or len(one) != 1 or not isinstance(one[0], Placeholder):
                continue
            if not decided[key]:
                unequal.append((one[0], value))
            elif known.setdefault(one[0], value) != value:
                return None
    for symbol in {symbol for symbol, _ in unequal}:
        refused = {value for one, value in unequal if one == symbol}
        if known.get(symbol) in refused or refused.issuperset(values.choices(symbol.name) or [None]):
            return None
    return known


def _truths(
    names: list[str], conditions: Mapping[str, Any], decided: Mapping[str, bool]
) -> Mapping[str, bool]:
    truths: dict[str, bool] = {}

    def of_name(name: str) -> bool:
        if name not in truths:
            truths[name] = True  # for one that leads back to itself, which CloudFormation refuses
            truths[name] = of(conditions[name]) if name in conditions else decided[name]
        return truths[name]

    def of(condition: Any) -> bool:
        if not isinstance(condition, Mapping) or len(condition) != 1:
            return True
        [(function, argument)] = condition.items()
        if function == CONDITION and isinstance(argument, str):
            return of_name(argument)
        if not isinstance(argument, list) or not argument:
            return True
        if function == EQUALS:
            return decided.get(sorted_json(argument), True)
        inner = [of(item) for item in argument]
        if function == NOT:
            return not inner[0]
        return all(inner) if function == AND else any(inner)

    for name in reversed(names):  # those that others name stand behind them: no chain is too long
        of_name(name)
    return {name: truths[name] for name in names}
