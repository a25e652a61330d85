"""Options of a stack: what each takes, how a command line spells it, what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import Field, field, fields
from typing import TYPE_CHECKING, Any, Final

from troposphere import Parameter, Template

from cfngen.asl.rules.fields import brief
from cfngen.asl.values import is_intrinsic
from cfngen.core.declared import Declared, frozen, unknown_field
from cfngen.core.problems import Problem, ProblemsError

if TYPE_CHECKING:
    from cfngen.stacks.state_machine import StateMachine


class StackError(ProblemsError):
    """Options that cannot be, alone or together; ``location`` of each problem is the option's name."""


@frozen
class Kind(Declared):
    """What an option takes: in words, as a test, and from the text of a command line."""

    takes: str
    accepts: Callable[[Any], bool]
    parse: Callable[[str], Any]


def option(kind: Kind, default: Any, *, help: str) -> Any:  # noqa: A002  click's word
    """Declare a field of a stack."""
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=described(kind, help))
    return field(default=default, metadata=described(kind, help))


def described(kind: Kind, help: str) -> dict[str, Any]:  # noqa: A002  click's word
    """Return the metadata that makes a field an option."""
    return {"kind": kind, "help": help}


def of(stack: type) -> dict[str, Field[Any]]:
    """Return the options of a stack by name."""
    return {item.name: item for item in fields(stack) if "kind" in item.metadata}


def parse(stack: type, settings: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of options given as text; raises ``StackError`` for all that are wrong."""
    known = of(stack)
    values: dict[str, Any] = {}
    problems = []
    for name, text in settings:
        if name not in known:
            problems.append(Problem("UNKNOWN_OPTION", name, unknown_field(stack.__name__, name, known)))
            continue
        kind = known[name].metadata["kind"]
        if not text and known[name].default is None:
            values[name] = None
            continue
        try:
            values[name] = kind.parse(text)
        except ValueError:
            problems.append(wrong(name, kind, text))
        else:
            if not kind.accepts(values[name]):
                problems.append(wrong(name, kind, text))
    if problems:
        raise StackError(problems)
    return values


def wrong(name: str, kind: Kind, given: object) -> Problem:
    """Return the problem of an option that holds what it does not take."""
    return Problem("INVALID_OPTION", name, f"takes {kind.takes}, not {brief(given)}")


@frozen(kw_only=True)
class Stack(Declared):
    """Base of the stacks: options are checked when the value is made, all at once.

    Raises ``TypeError`` for an option that does not exist, ``StackError`` for those that cannot be.
    """

    def __post_init__(self) -> None:
        """Check each option by itself, then what the stack says of their combination."""
        problems = list(self._wrong())
        if not problems:
            problems = list(self.impossible())
        if problems:
            raise StackError(problems)

    def template(self) -> Template:
        """Return the template of the stack."""
        raise NotImplementedError(f"{type(self).__name__} has no template")

    def machine(self) -> StateMachine:
        """Return the state machine at the heart of the stack."""
        raise NotImplementedError(f"{type(self).__name__} has no state machine")

    def impossible(self) -> Iterator[Problem]:
        """Yield the combinations of options that cannot be."""
        yield from ()

    def _wrong(self) -> Iterator[Problem]:
        for name, item in of(type(self)).items():
            kind, given = item.metadata["kind"], getattr(self, name)
            if not (given is None and item.default is None) and not kind.accepts(given):
                yield wrong(name, kind, given)


def impossible(name: str, message: str, hint: str = "") -> Problem:
    """Return the problem of an option that cannot be so beside the others."""
    return Problem("IMPOSSIBLE_OPTION", name, message, hint)


def integer(least: int, most: int | None = None, among: Iterable[int] = ()) -> Kind:
    """A whole number in a range, or one of a list."""
    choices = tuple(among)
    if choices:
        takes = "one of " + ", ".join(map(str, choices))
    else:
        takes = f"a whole number from {least}" + ("" if most is None else f" to {most}")

    def accepts(given: Any) -> bool:
        if not isinstance(given, int) or isinstance(given, bool):
            return False
        return given in choices if choices else given >= least and (most is None or given <= most)

    return Kind(takes, accepts, int)


def number(least: float) -> Kind:
    """A number, whole or not."""

    def accepts(given: Any) -> bool:
        fits = isinstance(given, (int, float)) and not isinstance(given, bool)
        return fits and least <= given < float("inf")

    def parsed(text: str) -> float:
        return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)

    return Kind(f"a number from {least}", accepts, parsed)


def choice(*values: str) -> Kind:
    """One of a few words, in any case on the command line."""

    def parsed(text: str) -> str:
        return next((value for value in values if value.lower() == text.lower()), text)

    return Kind("one of " + ", ".join(values), lambda given: given in values, parsed)


def _truth(text: str) -> bool:
    try:
        return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
    except KeyError:
        raise ValueError(text) from None


BOOLEAN: Final = Kind("true or false", lambda given: isinstance(given, bool), _truth)


def text(takes: str = "text", pattern: str = r"(?s).+") -> Kind:
    """Text that cannot be an intrinsic, such as a logical id."""
    return Kind(takes, lambda given: isinstance(given, str) and bool(re.fullmatch(pattern, given)), str)


def reference(takes: str = "text", pattern: str = r"(?s).+") -> Kind:
    """Text, or an intrinsic that yields it."""
    plain = text(takes, pattern)
    return Kind(f"{takes}, or an intrinsic", lambda given: _refers(given) or plain.accepts(given), str)


PARAMETER: Final = "parameter"
"""In place of a value: ask for it with a parameter of the template."""


def asked(takes: str, pattern: str) -> Kind:
    """Text, an intrinsic, or a CloudFormation parameter: one of troposphere's, or ``"parameter"``."""
    given_or_intrinsic = reference(takes, pattern)

    def accepts(given: Any) -> bool:
        return isinstance(given, Parameter) or given == PARAMETER or given_or_intrinsic.accepts(given)

    return Kind(f"{takes}, an intrinsic, or '{PARAMETER}' to ask for it", accepts, str)


def asked_list(takes: str, pattern: str) -> Kind:
    """A list of texts or intrinsics, one intrinsic that yields it, or a CloudFormation parameter."""
    items = references(takes, pattern)

    def accepts(given: Any) -> bool:
        return isinstance(given, Parameter) or given == PARAMETER or _refers(given) or items.accepts(given)

    def parsed(line: str) -> Any:
        return line if line == PARAMETER else items.parse(line)

    return Kind(f"{items.takes}, or '{PARAMETER}' to ask for it", accepts, parsed)


def references(takes: str, pattern: str = r"(?s).*") -> Kind:
    """A list of texts or intrinsics; on the command line as JSON, or separated by commas."""

    def accepts(given: Any) -> bool:
        return (
            isinstance(given, (list, tuple))
            and bool(given)
            and all(
                _refers(item) or (isinstance(item, str) and re.fullmatch(pattern, item)) for item in given
            )
        )

    def parsed(line: str) -> Any:
        return json.loads(line) if line.lstrip().startswith("[") else line.split(",")

    return Kind(takes, accepts, parsed)


def mapping(takes: str, pattern: str = r"(?s).+", most: float = float("inf")) -> Kind:
    """A mapping of names to texts or intrinsics; on the command line as JSON, or ``A=1,B=2``."""

    def accepts(given: Any) -> bool:
        return (
            isinstance(given, Mapping)
            and len(given) <= most
            and all(
                isinstance(name, str)
                and re.fullmatch(pattern, name)
                and (isinstance(item, str) or _refers(item))
                for name, item in given.items()
            )
        )

    def parsed(line: str) -> Any:
        if line.lstrip().startswith("{"):
            return json.loads(line)
        pairs = [pair.partition("=") for pair in line.split(",")]
        if not all(separator for _, separator, _ in pairs):
            raise ValueError(line)
        return {name: value for name, _, value in pairs}

    return Kind(takes, accepts, parsed)


def value(takes: str, kind: type | tuple[type, ...], parsed: Callable[[str], Any] | None = None) -> Kind:
    """A value of Python's, which the command line cannot give unless it can be ``parsed``."""

    def only_python(line: str) -> Any:
        raise ValueError(line)

    return Kind(takes, lambda given: isinstance(given, kind), parsed or only_python)


def _refers(given: Any) -> bool:
    return is_intrinsic(given) and not isinstance(given, (Parameter, type))
