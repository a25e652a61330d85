"""JSONPath evaluated as Step Functions does, whose dialect is that of the library Jayway JsonPath.

A definite path leads to one value. What may lead to several (a wildcard, a slice, a filter, ``..``, several
names or numbers) yields a list, which is empty where nothing is found.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
https://github.com/json-path/JsonPath
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from cfngen.asl.jsonpath import SyntaxFault
from cfngen.asl.jsonpath import parse as check
from cfngen.execution.json_values import MISSING, Json, Missing

Found: TypeAlias = "Json | Missing"

_VARIABLE: Final = re.compile(r"[^\W\d]\w*")
_NAME: Final = re.compile(r"""(?:\\.|[^\s.\[\]()'",\\])+""", re.DOTALL)
_QUOTED: Final = re.compile(r"""'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)\"""", re.DOTALL)
_REGEX: Final = re.compile(r"=~\s*/(?:\\.|[^/\\])*/", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class PathError(ValueError):
    """What is no path, or a function of a path that cannot be called."""


class Key(NamedTuple):
    """``.name`` or ``['name']``."""

    name: str


class Keys(NamedTuple):
    """``['one','other']``: at the end of a path an object of both, elsewhere one after the other."""

    names: tuple[str, ...]


class Index(NamedTuple):
    """``[0]``; a negative number counts from the end."""

    number: int


class Indexes(NamedTuple):
    """``[0,2]``."""

    numbers: tuple[int, ...]


class Slice(NamedTuple):
    """``[1:3]``; a step is read and ignored."""

    first: int | None
    last: int | None


class Wildcard(NamedTuple):
    """``*``."""


class Scan(NamedTuple):
    """``..``."""


class Filter(NamedTuple):
    """``[?(@.price < 10)]``."""

    accepts: Callable[[Json, Json], bool]


class Function(NamedTuple):
    """``.length()`` and the like."""

    name: str
    arguments: tuple[Any, ...]


Token: TypeAlias = "Key | Keys | Index | Indexes | Slice | Wildcard | Scan | Filter | Function"


class JsonPath:
    """A path to evaluate; ``is_context`` tells of ``$$``, ``variable`` is the name in ``$name``."""

    __slots__ = ("_keys", "is_context", "is_definite", "text", "tokens", "variable")

    def __init__(self, text: str, is_context: bool, variable: str, tokens: Sequence[Token]) -> None:
        self.text: str = text
        self.is_context: bool = is_context
        self.variable: str = variable
        self.tokens: tuple[Token, ...] = tuple(tokens)
        last = len(self.tokens) - 1
        self.is_definite: bool = all(
            isinstance(token, (Key, Index, Function)) or (isinstance(token, Keys) and number == last)
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
        values = _selected(self.tokens, root, root)
        if self.is_definite:
            return values[0] if values else MISSING
        if isinstance(self.tokens[-1], Function) and isinstance(self.tokens[0], Scan):
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
def compile_path(text: str) -> JsonPath:
    """Return a path to evaluate. Raises ``PathError`` for what is none."""
    fault = check(text)
    if isinstance(fault, SyntaxFault):
        raise PathError(f"{text!r} is no JSONPath: {fault}")
    at = 1
    variable = ""
    is_context = text.startswith("$$")
    if is_context:
        at = 2
    elif named := _VARIABLE.match(text, 1):
        variable = named.group()
        at = named.end()
    tokens, _ = _tokens(text, at)
    return JsonPath(text, is_context, variable, tokens)


def compile_relative(text: str) -> JsonPath:
    """Return a path of a filter, which begins with ``@`` or ``$``."""
    tokens, end = _tokens(text, 1)
    if text[end:].strip():
        raise PathError(f"{text!r} is no path of a filter")
    return JsonPath(text, False, "", tokens)


def unescape(text: str) -> str:
    r"""Return text without its escapes: ``\n``, ``\u00fc``, ``\'``."""
    if "\\" not in text:
        return text

    def replacement(matched: re.Match[str]) -> str:
        escape = matched[1]
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(replacement, text)


def _tokens(text: str, at: int) -> tuple[list[Token], int]:
    """Return the steps of a path from ``at`` on, and where it ends."""
    tokens: list[Token] = []
    while at < len(text) and text[at] in ".[":
        if text[at] == "[":
            token, at = _bracket(text, at)
            tokens.append(token)
            continue
        if text.startswith("..", at):
            tokens.append(Scan())
            at += 2
        else:
            at += 1
        if text.startswith("[", at):
            continue
        named = _NAME.match(text, at)
        if not named:
            raise PathError(f"a name is missing in {text!r}")
        at = named.end()
        if text.startswith("(", at):
            end = _closing(text, at)
            tokens.append(Function(named.group(), _arguments(text[at + 1 : end - 1])))
            at = end
        elif named.group() == "*":
            tokens.append(Wildcard())
        else:
            tokens.append(Key(unescape(named.group())))
    return tokens, at


def _bracket(text: str, start: int) -> tuple[Token, int]:
    end = _closing(text, start)
    inside = text[start + 1 : end - 1].strip()
    if inside[:1] in ("'", '"'):
        names = [unescape(quoted[1] or quoted[2] or "") for quoted in _QUOTED.finditer(inside)]
        return (Key(names[0]) if len(names) == 1 else Keys(tuple(names))), end
    if inside == "*":
        return Wildcard(), end
    if inside.startswith("?"):
        from cfngen.execution.path_filters import compile_filter

        return Filter(compile_filter(inside[1:].strip())), end
    if ":" in inside:
        first, last, *_ = [*inside.split(":"), ""]
        return Slice(_number(first), _number(last)), end
    try:
        numbers = [int(number) for number in inside.split(",")]
    except ValueError:
        raise PathError(f"{text!r} has {inside!r} in brackets, which is not evaluated") from None
    return (Index(numbers[0]) if len(numbers) == 1 else Indexes(tuple(numbers))), end


def _number(text: str) -> int | None:
    return int(text) if text.strip() else None


def _closing(text: str, start: int) -> int:
    """Return where the bracket at ``start`` has been closed."""
    depth = 0
    at = start
    while at < len(text):
        char = text[at]
        if char in "'\"" and (quoted := _QUOTED.match(text, at)):
            at = quoted.end()
            continue
        if char == "=" and (regex := _REGEX.match(text, at)):
            at = regex.end()
            continue
        depth += char in "[("
        depth -= char in "])"
        at += 1
        if not depth:
            return at
    raise PathError(f"a bracket is not closed in {text!r}")


def _arguments(text: str) -> tuple[Any, ...]:
    if not text.strip():
        return ()
    from cfngen.execution.path_filters import compile_arguments

    return compile_arguments(text)


def _selected(tokens: Sequence[Token], model: Json, root: Json) -> list[Json]:
    """Return all values that the steps lead to, in Jayway's order."""
    if tokens and isinstance(tokens[0], Scan) and isinstance(tokens[-1], Function):
        # of all that is found, as Jayway turns $..price.sum() into the sum of $..price
        last = tokens[-1]
        inner = (*tokens[:-1], Wildcard()) if last.name == "length" else tokens[:-1]
        return _called(last, _selected(inner, model, root), root)
    values = [model]
    for number, token in enumerate(tokens):
        if isinstance(token, Scan):
            rest = tokens[number + 1 :]
            return [selected for value in values for selected in _scanned(rest, value, root)]
        is_last = number == len(tokens) - 1
        values = [selected for value in values for selected in _step(token, value, root, is_last)]
    return values


def _step(token: Token, value: Json, root: Json, is_last: bool) -> Sequence[Json]:
    if isinstance(token, Key):
        return [value[token.name]] if isinstance(value, dict) and token.name in value else []
    if isinstance(token, Keys):
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
    if isinstance(token, Function):
        return _called(token, value, root)
    return _items(token, value) if isinstance(value, list) else []


def _items(token: Token, value: list[Json]) -> list[Json]:
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


def _scanned(rest: Sequence[Token], value: Json, root: Json) -> Iterator[Json]:
    """Yield what the steps after ``..`` find in a value and in all that it holds, from the outside in."""
    if not rest:
        return
    head, after = rest[0], rest[1:]
    stack = [value]
    while stack:
        model = stack.pop()
        if isinstance(model, dict):
            if _may_hold(head, model, root):
                yield from _selected(rest, model, root)
            stack += reversed(model.values())
        elif isinstance(model, list):
            if _may_hold(head, model, root):
                if after:
                    # Jayway applies what follows to each item, whichever the brackets name
                    for item in model:
                        yield from _selected(after, item, root)
                else:
                    yield from _selected(rest, model, root)
            stack += reversed(model)


def _may_hold(token: Token, model: Json, root: Json) -> bool:
    if isinstance(token, Key):
        return isinstance(model, dict) and token.name in model
    if isinstance(token, Keys):
        return isinstance(model, dict)
    if isinstance(token, (Index, Indexes, Slice)):
        return isinstance(model, list)
    if isinstance(token, Wildcard):
        return True
    return isinstance(token, Filter) and token.accepts(model, root)


def _called(token: Function, value: Json, root: Json) -> list[Json]:
    from cfngen.execution.path_filters import call

    arguments = [argument(value, root) if callable(argument) else argument for argument in token.arguments]
    result = call(token.name, value, arguments)
    return [] if isinstance(result, Missing) else [result]
