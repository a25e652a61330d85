"""Options of stacks and parts: their kinds, their values from a command line, and their problems."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import Field, field, fields
from enum import Enum
from typing import Any, Final, TypeVar

from troposphere import Parameter

from cfngen.asl.rules.fields import brief
from cfngen.cfn.functions import is_intrinsic
from cfngen.core.callers import mistake
from cfngen.core.declared import Declared, frozen, unknown_field
from cfngen.core.problems import Problem, ProblemsError
from cfngen.stacks.references import as_reference, has_resource


class StackError(ProblemsError):
    """Options that are not valid, alone or together; the ``location`` of a problem is the option's name."""


@frozen
class OptionKind(Declared):
    """What an option takes: in words, as a test, and from the text of a command line.

    ``attribute`` is what it takes of a resource that stands in its place, such as ``Arn``; without one, it
    takes what ``Ref`` returns.
    """

    description: str
    accepts: Callable[[Any], bool]
    parse: Callable[[str], Any]
    attribute: str = ""


def option(kind: OptionKind, default: Any, *, help: str) -> Any:  # noqa: A002  click's word
    """Declare a field that is an option."""
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=option_metadata(kind, help))
    return field(default=default, metadata=option_metadata(kind, help))


def option_metadata(kind: OptionKind, help: str) -> dict[str, Any]:  # noqa: A002  click's word
    """Return the metadata that makes a field an option."""
    return {"kind": kind, "help": help}


def options_of(owner: type) -> dict[str, Field[Any]]:
    """Return the options of a stack or a part by name."""
    return {item.name: item for item in fields(owner) if "kind" in item.metadata}


def parse_options(owner: type, settings: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of options that are set with text; raises ``StackError`` for all that are wrong."""
    known = options_of(owner)
    values: dict[str, Any] = {}
    problems = []
    for name, text in settings:
        if name not in known:
            problems.append(Problem("UNKNOWN_OPTION", name, unknown_field(owner.__name__, name, known)))
            continue
        kind = known[name].metadata["kind"]
        if not text and known[name].default is None:
            values[name] = None
            continue
        try:
            values[name] = kind.parse(text)
        except (ValueError, RecursionError):
            problems.append(invalid_value(name, kind, text))
        else:
            if not kind.accepts(values[name]):
                problems.append(invalid_value(name, kind, text))
    if problems:
        raise StackError(problems)
    return values


@frozen(kw_only=True)
class Options(Declared):
    """Base of stacks and parts: options are checked when the value is made, all at once.

    Raises ``TypeError`` for an option that does not exist, ``StackError`` for options that are not valid.
    """

    def __post_init__(self) -> None:
        """Put references in place of resources; check each option by itself, then all together."""
        for name, item in options_of(type(self)).items():
            if has_resource(value := getattr(self, name)):
                self.__dict__[name] = as_reference(value, item.metadata["kind"].attribute)
        problems = list(self._invalid_values()) or list(self.invalid_combinations())
        if problems:
            raise mistake(StackError(problems))

    def invalid_combinations(self) -> Iterator[Problem]:
        """Yield a problem for each option that is not valid beside the others."""
        yield from ()

    def _invalid_values(self) -> Iterator[Problem]:
        for name, item in options_of(type(self)).items():
            kind, value = item.metadata["kind"], getattr(self, name)
            if not (value is None and item.default is None) and not kind.accepts(value):
                yield invalid_value(name, kind, value)


OptionsT = TypeVar("OptionsT", bound=Options)


def part_of(part: type[OptionsT], options: Options, **own: Any) -> OptionsT:
    """Return a part with the options that it shares with a stack, and its own."""
    known = options_of(type(options)).keys() - own.keys()
    return part(**{name: getattr(options, name) for name in options_of(part) if name in known}, **own)


def invalid_value(name: str, kind: OptionKind, value: object) -> Problem:
    """Return the problem of an option whose value is not of its kind."""
    return Problem(
        "INVALID_OPTION", name, f"takes {kind.description}, not {brief(value)}", _meant(kind, value)
    )


def _meant(kind: OptionKind, value: object) -> str:
    """Return a hint for what the command line would take: ``"2"`` for a number."""
    if isinstance(value, str):
        with suppress(ValueError, TypeError, RecursionError):
            meant = kind.parse(value)
            if kind.accepts(meant):
                return f"in Python that is {meant if isinstance(meant, Enum) else repr(meant)}"
    return ""


def invalid_combination(name: str, message: str, hint: str = "") -> Problem:
    """Return the problem of an option that is not valid beside the others."""
    return Problem("INVALID_COMBINATION", name, message, hint)


def integer(least: int, most: int | None = None, among: Iterable[int] = ()) -> OptionKind:
    """A whole number in a range, or one of a list."""
    choices = tuple(among)
    if choices:
        description = "one of " + ", ".join(map(str, choices))
    else:
        description = f"a whole number from {least}" + ("" if most is None else f" to {most}")

    def accepts(value: Any) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return value in choices if choices else value >= least and (most is None or value <= most)

    return OptionKind(description, accepts, int)


def number(least: float) -> OptionKind:
    """A number, whole or not."""

    def accepts(value: Any) -> bool:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        return fits and least <= value < float("inf")

    def parsed(text: str) -> float:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)

    return OptionKind(f"a number from {least}", accepts, parsed)


def choice(*values: str) -> OptionKind:
    """One of a few words, in any case on the command line."""

    def parsed(text: str) -> str:
        return next((value for value in values if value.lower() == text.lower()), text)

    return OptionKind("one of " + ", ".join(values), lambda value: value in values, parsed)


def _truth(text: str) -> bool:
    try:
        return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
    except KeyError:
        raise ValueError(text) from None


BOOLEAN: Final = OptionKind("true or false", lambda value: isinstance(value, bool), _truth)


def text(description: str = "text", pattern: str = r"(?s).+") -> OptionKind:
    """Text that cannot be an intrinsic, such as a logical id."""
    return OptionKind(description, lambda value: _matches_pattern(pattern, value), str)


def reference(description: str = "text", pattern: str = r"(?s).+", attribute: str = "") -> OptionKind:
    """Text, or an intrinsic that yields it."""
    plain = text(description, pattern)
    return OptionKind(
        f"{description}, or an intrinsic",
        lambda value: refers(value) or plain.accepts(value),
        str,
        attribute,
    )


LOGICAL_ID: Final = text("a logical id (letters and digits, at most 255)", r"[A-Za-z0-9]{1,255}")
PREFIX: Final = text(
    "the beginning of logical ids (letters and digits, at most 200)", r"[A-Za-z0-9]{1,200}"
)


def references(
    description: str, pattern: str = r"(?s).*", attribute: str = "", *, is_text: bool = False
) -> OptionKind:
    """A list of texts or intrinsics, or of texts alone; on the command line as JSON, or with commas."""

    def accepts(value: Any) -> bool:
        return (
            isinstance(value, (list, tuple))
            and bool(value)
            and all((not is_text and refers(item)) or _matches_pattern(pattern, item) for item in value)
        )

    def parsed(line: str) -> Any:
        return json.loads(line) if line.lstrip().startswith("[") else line.split(",") if line else []

    return OptionKind(description, accepts, parsed, attribute)


def mapping(
    description: str, pattern: str = r"(?s).+", values: str = r"(?s).*", most: float = float("inf")
) -> OptionKind:
    """A mapping of names to texts or intrinsics; on the command line as JSON, or ``A=1,B=2``."""

    def accepts(value: Any) -> bool:
        return (
            isinstance(value, Mapping)
            and len(value) <= most
            and all(
                _matches_pattern(pattern, name) and (_matches_pattern(values, item) or refers(item))
                for name, item in value.items()
            )
        )

    def parsed(line: str) -> Any:
        if line.lstrip().startswith("{"):
            return json.loads(line)
        pairs = [pair.partition("=") for pair in line.split(",")]
        if not all(separator for _, separator, _ in pairs):
            raise ValueError(line)
        return {name: value for name, _, value in pairs}

    return OptionKind(description, accepts, parsed)


def value(description: str, kind: type) -> OptionKind:
    """A value of Python's, which the command line cannot give."""
    return OptionKind(description, lambda value: isinstance(value, kind), only_python)


def only_python(line: str) -> Any:
    """Refuse a text of the command line."""
    raise ValueError(line)


_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
"""What no program takes, and halves of characters."""


def _matches_pattern(pattern: str, value: object) -> bool:
    """Tell whether a value is text of a pattern, whose letters are those of ASCII."""
    return (
        isinstance(value, str)
        and not _NO_TEXT.search(value)
        and bool(re.fullmatch(pattern, value, re.ASCII))
    )


def refers(value: Any) -> bool:
    """Tell whether a value is an intrinsic, and no parameter, which stands for one."""
    return is_intrinsic(value) and not isinstance(value, (Parameter, type))
