"""JSONPath evaluated as Step Functions does, whose dialect is that of the library Jayway JsonPath.

A definite path leads to one value. What may lead to several (a wildcard, a slice, a filter, ``..``, several
names or numbers) yields a list, which is empty where nothing is found.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
https://github.com/json-path/JsonPath
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from cfngen.asl.jsonpath import MATCHING, NAME, QUOTED, VARIABLE, SyntaxFault
from cfngen.asl.jsonpath import parse_literal_path as check
from cfngen.execution.deadlines import DEADLINE, TooLongError
from cfngen.execution.json_values import MISSING, Json
from cfngen.execution.path_filters import compile_arguments, compile_filter
from cfngen.execution.path_steps import values_at_steps
from cfngen.execution.path_tokens import (
    Filter,
    Found,
    Index,
    Indexes,
    Key,
    KeyList,
    PathError,
    PathFunction,
    PathStep,
    Scan,
    Slice,
    Wildcard,
    unescape,
)


class CompiledPath:
    """A path to evaluate; ``is_context`` tells of ``$$``, ``variable`` is the name in ``$name``."""

    __slots__ = ("_keys", "is_context", "is_definite", "text", "tokens", "variable")

    def __init__(self, text: str, is_context: bool, variable: str, tokens: Sequence[PathStep]) -> None:
        self.text: str = text
        self.is_context: bool = is_context
        self.variable: str = variable
        self.tokens: tuple[PathStep, ...] = tuple(tokens)
        last = len(self.tokens) - 1
        self.is_definite: bool = all(
            isinstance(token, (Key, Index, PathFunction)) or (isinstance(token, KeyList) and number == last)
            for number, token in enumerate(self.tokens)
        )
        # most paths are names one after another
        names = [token.name for token in self.tokens if isinstance(token, Key)]
        self._keys = tuple(names) if len(names) == len(self.tokens) else None

    def find(self, root: Json) -> Found:
        """Return what the path leads to in a document, or ``MISSING``. Raises ``PathError``."""
        if self._keys is not None:
            value = root
            for name in self._keys:
                if not isinstance(value, dict) or name not in value:
                    return MISSING
                value = value[name]
            return value
        if self.is_definite:
            values = values_at_steps(self.tokens, root, root)
            return values[0] if values else MISSING
        try:
            with DEADLINE.begun():
                values = values_at_steps(self.tokens, root, root)
        except TooLongError:
            raise PathError("it takes too long to evaluate") from None
        if isinstance(self.tokens[-1], PathFunction) and isinstance(self.tokens[0], Scan):
            return values[0] if values else MISSING
        return values

    @property
    def normalized(self) -> str:
        """The path in brackets, as Jayway's messages show it."""
        shown = []
        for token in self.tokens:
            if isinstance(token, Key):
                shown.append(f"['{token.name}']")
            elif isinstance(token, Index):
                shown.append(f"[{token.number}]")
            else:
                return self.text
        return "$" + "".join(shown)


@lru_cache(maxsize=4096)
def compile_path(text: str) -> CompiledPath:
    """Return a path to evaluate. Raises ``PathError`` for what is none."""
    fault = check(text)
    if isinstance(fault, SyntaxFault):
        raise PathError(f"{text!r} is no JSONPath: {fault}")
    at = 1
    variable = ""
    is_context = text.startswith("$$")
    if is_context:
        at = 2
    elif named := VARIABLE.match(text, 1):
        variable = named.group()
        at = named.end()
    tokens, _ = _tokens(text, at)
    return CompiledPath(text, is_context, variable, tokens)


def _relative(text: str) -> Callable[[Json], Found]:
    """Return what evaluates a path of a filter, which begins with ``@`` or ``$``."""
    tokens, end = _tokens(text, 1)
    if text[end:].strip():
        raise PathError(f"{text!r} is no path of a filter")
    return CompiledPath(text, False, "", tokens).find


def _tokens(text: str, at: int) -> tuple[list[PathStep], int]:
    """Return the steps of a path from ``at`` on, and where it ends."""
    tokens: list[PathStep] = []
    while at < len(text) and text[at] in ".[":
        if text[at] == "[":
            token, at = _compile_bracket(text, at)
            tokens.append(token)
            continue
        if text.startswith("..", at):
            tokens.append(Scan())
            at += 2
        else:
            at += 1
        if text.startswith("[", at):
            continue
        named = NAME.match(text, at)
        if not named:
            raise PathError(f"a name is missing in {text!r}")
        at = named.end()
        if text.startswith("(", at):
            end = _closing(text, at)
            tokens.append(PathFunction(named.group(), _function_arguments(text[at + 1 : end - 1])))
            at = end
        elif named.group() == "*":
            tokens.append(Wildcard())
        else:
            tokens.append(Key(unescape(named.group())))
    return tokens, at


def _compile_bracket(text: str, start: int) -> tuple[PathStep, int]:
    end = _closing(text, start)
    inside = text[start + 1 : end - 1].strip()
    if inside[:1] in ("'", '"'):
        names = [unescape(quoted[1] or quoted[2] or "") for quoted in QUOTED.finditer(inside)]
        return (Key(names[0]) if len(names) == 1 else KeyList(tuple(names))), end
    if inside == "*":
        return Wildcard(), end
    if inside.startswith("?"):
        return Filter(compile_filter(inside[1:].strip(), _relative)), end
    if ":" in inside:
        first, last, *_ = [*inside.split(":"), ""]
        return Slice(_slice_bound(first), _slice_bound(last)), end
    try:
        numbers = [int(number) for number in inside.split(",")]
    except ValueError:
        raise PathError(f"{text!r} has {inside!r} in brackets, which is not evaluated") from None
    return (Index(numbers[0]) if len(numbers) == 1 else Indexes(tuple(numbers))), end


def _slice_bound(text: str) -> int | None:
    return int(text) if text.strip() else None


def _closing(text: str, start: int) -> int:
    """Return where the bracket at ``start`` has been closed."""
    depth = 0
    at = start
    while at < len(text):
        char = text[at]
        if char in "'\"" and (quoted := QUOTED.match(text, at)):
            at = quoted.end()
            continue
        if char == "=" and (regex := MATCHING.match(text, at)):
            at = regex.end()
            continue
        depth += char in "[("
        depth -= char in "])"
        at += 1
        if not depth:
            return at
    raise PathError(f"a bracket is not closed in {text!r}")


def _function_arguments(text: str) -> tuple[Any, ...]:
    if not text.strip():
        return ()
    return compile_arguments(text, _relative)
