"""Hold the literal values of a payload against the shape of an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from cfngen.apis.shapes import LONGEST_MATCHED, Shape, ShapeType
from cfngen.asl.rules.fields import brief, schema_problem
from cfngen.asl.values import OMIT, Jsonata, Path
from cfngen.cfn.functions import is_function, is_intrinsic
from cfngen.cfn.text import has_substitution
from cfngen.core.declared import did_you_mean
from cfngen.core.problems import Problem, Severity

_Part: TypeAlias = tuple[str, str, Any, Shape]
"""A place, what it is called there, what it holds, and what it should."""


def mismatches(
    location: str, arguments: Any, shape: Shape, call: str, *, dotted: bool = True
) -> Iterator[Problem]:
    """Yield where ``arguments`` are not of the shape, in the order of the document.

    ``call`` names what takes the arguments at the top; ``dotted`` says that a key may end in ``.$``. What
    is only known later (a path, an expression, an intrinsic of CloudFormation) is passed over. That an
    argument is unknown or missing, or of another type, is an error; a value outside an enumeration, a
    pattern or a range is a warning, since services widen those, and so is text for a number or a truth, a
    number or a truth for text, and each of the three for a mapping, as production has it.
    """
    pending: list[_Part | Problem] = [(location, call, arguments, shape)]
    while pending:
        part = pending.pop()
        if isinstance(part, Problem):
            yield part
            continue
        place, name, value, expected = part
        if expected.kind == "any" or is_dynamic(value):
            continue
        if expected.json and isinstance(value, (Mapping, list, tuple)):
            continue
        if not _is(expected.kind, value):
            severity: Severity = "error" if place == location else _severity(expected.kind, value)
            yield schema_problem(
                place, f"{name} takes {_TYPES[expected.kind]}, not {brief(value)}", "", severity
            )
        elif expected.kind == "structure":
            noun = "argument" if place == location else "field"
            pending += reversed(list(_members(place, name, noun, value, expected, dotted)))
        elif expected.values and value not in expected.values:
            hint = nearest_or_all(value, expected.values)
            yield schema_problem(place, f"{name} has no value {value!r}", hint, "warning")
        else:
            if problem := _out_of_bounds(place, name, value, expected):
                yield problem
            pending += reversed(list(_entry_parts(place, value, expected)))


def is_dynamic(value: Any) -> bool:
    """Tell a value that is only known when the stack is made or the workflow runs."""
    if isinstance(value, str):
        return has_substitution(value) or value.startswith("{%")
    if isinstance(value, Mapping):
        return is_function(value)
    return value is None or value is OMIT or isinstance(value, (Path, Jsonata)) or is_intrinsic(value)


def nearest_or_all(wrong: str, known: Iterable[str]) -> str:
    """Suggest the nearest name, or list what there is."""
    names = list(known)
    for name in names:
        if name.lower() == wrong.lower() or (len(wrong) >= _TELLING and name.startswith(wrong)):
            return f"did you mean {name!r}?"
    if not names:
        return "it takes none"
    shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    return did_you_mean(wrong, names) or f"it has {shown}"


def _members(
    place: str, name: str, noun: str, value: Mapping[Any, Any], expected: Shape, dotted: bool
) -> Iterator[_Part | Problem]:
    """Yield the members given with their shapes, and what is wrong with their names."""
    present = {_argument_name(key, dotted) for key in value}
    present |= {expected.misspelled[other] for other in present & expected.misspelled.keys()}
    if missing := [repr(member) for member in expected.required if member not in present]:
        *others, last = missing
        yield schema_problem(
            place, f"{name} requires {' and '.join(filter(None, [', '.join(others), last]))}"
        )
    if expected.some_of and present.isdisjoint(expected.some_of):
        yield schema_problem(place, f"{name} requires {' or '.join(map(repr, expected.some_of))}")
    for key, item in value.items():
        argument, where = _argument_name(key, dotted), f"{place}/{key}"
        if dotted and isinstance(item, Path):  # which moves its key
            where += ".$"
        member_name = argument if argument in expected.members else expected.misspelled.get(argument)
        if member_name is None:
            hint = nearest_or_all(argument, expected.members)
            yield schema_problem(where, f"{name} has no {noun} {argument!r}", hint)
            continue
        if member_name != argument:
            hint = f"Step Functions spells it {member_name!r}"
            yield schema_problem(where, f"{name} has no {noun} {argument!r}", hint, "warning")
        if (sibling := expected.needs.get(member_name)) and sibling not in present:
            yield schema_problem(where, f"{argument!r} needs {sibling!r} beside it", "", "warning")
        if member_name in expected.deprecated:
            said = expected.deprecated[member_name]
            yield schema_problem(where, f"{argument!r} is deprecated", said, "warning")
        if argument == key:  # 'Key.$' holds a path
            yield where, repr(key), item, expected.members[member_name]


def _entry_parts(place: str, value: Any, expected: Shape) -> Iterator[_Part]:
    """Yield what a list or a map holds; ``Key.$`` holds a path."""
    if expected.inner is None or expected.inner.kind == "any":
        return
    if expected.kind == "list":
        name = place.rpartition("/")[2]
        for index, item in enumerate(value):
            yield f"{place}/{index}", repr(f"{name}/{index}"), item, expected.inner
    else:
        for key, item in value.items():
            if _argument_name(key, dotted=True) == key:
                yield f"{place}/{key}", repr(key), item, expected.inner


def _argument_name(key: Any, dotted: bool) -> str:
    return str(key).removesuffix(".$") if dotted else str(key)


def _is(kind: ShapeType, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, str):
        return kind in ("text", "timestamp")
    if isinstance(value, int):
        return kind in ("integer", "number", "timestamp")
    if isinstance(value, float):
        return kind in ("number", "timestamp") or (kind == "integer" and value.is_integer())
    if isinstance(value, Mapping):
        return kind in ("structure", "map")
    return kind == "list" if isinstance(value, (list, tuple)) else True  # what is no JSON, others report


def _severity(kind: ShapeType, value: Any) -> Severity:
    """Return a warning where Step Functions was seen to take a value of another type."""
    if kind in ("structure", "map"):
        is_taken = isinstance(value, (str, bool, int, float))
    elif isinstance(value, str):
        is_taken = {
            "boolean": value.lower() in ("true", "false"),
            "integer": value.removeprefix("-").isdecimal(),
            "number": value.replace(".", "", 1).removeprefix("-").isdecimal(),
        }.get(kind, False)
    else:
        is_taken = kind == "text" and isinstance(value, (bool, int, float))
    return "warning" if is_taken else "error"


def _out_of_bounds(place: str, name: str, value: Any, expected: Shape) -> Problem | None:
    low, high = expected.least, expected.most
    if low is not None or high is not None:
        measured, unit = _measured(value)
        if (low is not None and measured < low) or (high is not None and measured > high):
            takes = f"{name} takes {_range_text(low, high)}{unit}, not {measured:,}"
            return schema_problem(place, takes, "", "warning")
    if expected.pattern is None or not isinstance(value, str) or len(value) > LONGEST_MATCHED:
        return None
    if expected.pattern.fullmatch(value):
        return None
    takes = f"{name} matches {_shortened_pattern(expected.pattern.pattern)}, which {brief(value)} does not"
    return schema_problem(place, takes, "", "warning")


def _measured(value: Any) -> tuple[float, str]:
    if isinstance(value, (int, float)):
        return value, ""
    return len(value), " characters" if isinstance(value, str) else " entries"


def _range_text(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {high:,}" if low is None else f"at least {low:,}"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _shortened_pattern(pattern: str) -> str:
    return pattern if len(pattern) <= 80 else f"{pattern[:77]}..."


_TELLING: Final = 4  # so many letters tell what is meant
_SHOWN: Final = 12
_TYPES: Final[Mapping[ShapeType, str]] = {
    "structure": "a mapping",
    "map": "a mapping",
    "list": "a list",
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "timestamp": "a time as text",
}
