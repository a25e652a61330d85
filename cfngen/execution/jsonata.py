"""JSONata evaluated as Step Functions does: by jsonata-python, with data as bindings.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, Final, cast

from cfngen.core.installation import install_command
from cfngen.execution.bindings import Bindings
from cfngen.execution.failures import ExecutionError, QueryError
from cfngen.execution.intrinsic_functions import hexdigest
from cfngen.execution.json_values import MISSING, Json, Missing, parsed, to_text

MAX_MILLISECONDS: Final = 5_000
"""How long one expression may be evaluated, as in the library that Step Functions uses."""

MAX_HELD: Final = 16
"""How many values are kept as expressions have them."""

MAX_RANGE: Final = 360_145
"""Elements that ``$range`` makes at most."""

_BEGIN, _END = "{%", "%}"
_NAMES: Final = re.compile(r"\$[^\W\d]\w*(?:\.[^\W\d]\w*)*")
"""An expression that only names fields, which needs no evaluation."""


_VARIABLE: Final = re.compile(r"\$([^\W\d]\w*)")


class _CallError(Exception):
    """A function that Step Functions adds does not take its arguments."""


def is_expression(value: object) -> bool:
    """Tell whether a text is an expression: nothing stands before ``{%`` or after ``%}``."""
    return isinstance(value, str) and value.startswith(_BEGIN) and value.endswith(_END) and len(value) >= 4


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Return the expression that stands in ``{% %}``. Raises ``ExecutionError`` without jsonata-python."""
    return Expression(text[len(_BEGIN) : -len(_END)].strip())


class Expression:
    """A JSONata expression; one that cannot be read fails where it is evaluated."""

    __slots__ = ("_compiled", "_current", "_fault", "_names", "_needs_context", "_steps", "source")

    def __init__(self, source: str) -> None:
        library = _library()
        self.source: str = source
        self._fault = ""
        self._needs_context = "context" in source
        self._names = frozenset(_VARIABLE.findall(source))
        self._steps = tuple(source[1:].split(".")) if _NAMES.fullmatch(source) else ()
        self._current: Bindings | None = None
        try:
            self._compiled = library.Interpreter(source)
        except Exception as error:
            self._fault = ": ".join(filter(None, library.texts.message_of(error)))
            return
        for name, function in self._functions().items():
            self._compiled.register_lambda(name, function)

    def evaluate(self, bindings: Bindings, location: str) -> Json:
        """Return what the expression yields for the field at ``location``. Raises ``QueryError``."""
        if self._steps:
            value = self._followed(bindings)
            if not isinstance(value, Missing):
                return value
        if self._fault:
            raise self._failure(location, f"threw an error during evaluation. {self._fault}")
        library = _library()
        current = library.Interpreter.CURRENT
        outer = self._current, getattr(current, "jsonata", None)
        self._current = bindings
        current.jsonata = self._compiled
        environment = self._compiled.environment
        try:
            result = self._compiled.evaluate(None, self._frame(bindings))
        except RecursionError:
            raise self._failure(
                location, "threw an error during evaluation. Stack overflow error"
            ) from None
        except Exception as error:
            code, words = library.texts.message_of(error)
            told = f". {code}: {words}" if code else f": {words}"
            raise self._failure(location, f"threw an error during evaluation{told}") from None
        finally:
            self._compiled.environment = environment
            self._current, current.jsonata = outer
        if result is None:
            raise self._failure(location, "returned nothing (undefined).")
        try:
            return cast("Json", library.as_json(result))
        except TypeError:
            raise self._failure(location, "returned an unsupported result type.") from None

    def _followed(self, bindings: Bindings) -> Json | Missing:
        """Return what names lead to, one after another, as long as only objects are on the way."""
        root, *names = self._steps
        value: Json
        if root == "states":
            if not names:
                return MISSING
            name = names.pop(0)
            if name == "context":
                value = bindings.context
            elif name in bindings.states:
                value = bindings.states[name]
            else:
                return MISSING
        elif root in bindings.variables:
            value = bindings.variables[root]
        else:
            return MISSING
        for name in names:
            if not isinstance(value, dict) or name not in value:
                return MISSING
            value = value[name]
        return value

    def _failure(self, location: str, happened: str) -> QueryError:
        cause = f"The JSONata expression '{self.source}' specified for the field '{location}' {happened}"
        return QueryError(cause, location)

    def _frame(self, bindings: Bindings) -> Any:
        frame = _library().Interpreter.Frame(None)
        if "states" in self._names:
            states = {name: _with_nulls(value) for name, value in bindings.states.items()}
            if self._needs_context:
                states["context"] = _with_nulls(bindings.context)
            frame.bind("states", states)
        for name in self._names & bindings.variables.keys():
            frame.bind(name, _with_nulls(bindings.variables[name]))
        frame.set_runtime_bounds(MAX_MILLISECONDS, None)
        return frame

    def _functions(self) -> Mapping[str, Callable[..., Any]]:
        """Return the functions that Step Functions adds, and those that read its clock and its dice."""

        def place() -> Bindings:
            assert self._current is not None
            return self._current

        def now(picture: Any = None, timezone: Any = None) -> Any:
            from jsonata import Functions

            return Functions.datetime_from_millis(int(place().now() * 1000), picture, timezone)

        def random(seed: Any = None) -> float:
            if seed is None:
                return place().random.random()
            from random import Random

            return Random(_number("random", 1, seed)).random()

        def shuffle(items: Any = None) -> Any:
            if not isinstance(items, list):
                return items
            shuffled = list(items)
            place().random.shuffle(shuffled)
            return shuffled

        return {
            "now": now,
            "millis": lambda: int(place().now() * 1000),
            "random": random,
            "shuffle": shuffle,
            "uuid": lambda: place().uuid(),
            "eval": _eval,
            "partition": _partition,
            "range": _range,
            "hash": _hash,
            "parse": _parse,
        }


def type_name(value: Json) -> str:
    """Return the name of a value's type, as messages of JSONata have it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def wrong_type(expression: str, location: str, expected: str, value: Json) -> QueryError:
    """Return the failure of an expression that led to a value of another type."""
    cause = (
        f"The JSONata expression '{expression}' specified for the field '{location}' returned an "
        f"unexpected result type. Expected '{expected}', but was '{type_name(value)}' for value: "
        f"{to_text(value)}"
    )
    return QueryError(cause, location)


@lru_cache(maxsize=1)
def _library() -> Any:
    """Return the module that evaluates, as late as it is needed."""
    try:
        from cfngen.execution import jsonata_reference
    except ImportError:
        raise ExecutionError(
            f"JSONata is evaluated by jsonata-python, which is not installed: {install_command('jsonata')}"
        ) from None
    return jsonata_reference


_HELD: Final[dict[int, tuple[Json, Any]]] = {}
"""Values with nulls that were made last, by the identity of the value, which stays alive here."""

_HELD_LOCK: Final = Lock()


def _with_nulls(value: Json) -> Any:
    """Return a value as expressions have it, made once for all that read it one after another."""
    library = _library()
    if not isinstance(value, (dict, list)):
        return library.with_nulls(value)
    held = _HELD.get(id(value))
    if held is None:
        held = value, library.with_nulls(value)
        with _HELD_LOCK:
            while len(_HELD) >= MAX_HELD:
                del _HELD[next(iter(_HELD))]
            _HELD[id(value)] = held
    return held[1]


def _number(function: str, place: int, value: Any) -> int:
    """Return a number rounded towards zero, as Step Functions does."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _CallError(f'Argument {place} of function "{function}" does not match function signature')
    return int(value)


def _eval(*arguments: Any) -> None:
    """Fail as in Step Functions, which has no ``$eval``."""
    raise _library().jexception.JException("T1006")


def _partition(items: Any = None, size: Any = None) -> Any:
    if items is None or size is None:
        return None
    held = items if isinstance(items, list) else [items]
    step = _number("partition", 2, size)
    if step < 0:
        raise _CallError('Argument 2 of function "partition" is negative')
    if not step or not held:
        return None
    return [list(held[start : start + step]) for start in range(0, len(held), step)]


def _range(first: Any = None, last: Any = None, step: Any = None) -> Any:
    if first is None or last is None or step is None:
        return None
    begin, end, by = (_number("range", place, value) for place, value in enumerate((first, last, step), 1))
    if not by:
        return None
    numbers = range(begin, end + (1 if by > 0 else -1), by)
    if len(numbers) > MAX_RANGE:
        raise _CallError("Expression evaluation memory limit exceeded")
    if not numbers:
        return None
    return numbers[0] if len(numbers) == 1 else list(numbers)


def _hash(text: Any = None, algorithm: Any = None) -> Any:
    if text is None or algorithm is None:
        return None
    if not isinstance(text, str):
        raise _CallError('Argument 1 of function "hash" does not match function signature')
    digest = hexdigest(text, algorithm)
    if digest is None:
        raise _CallError(f"{algorithm} is not an algorithm of $hash")
    return digest


def _parse(text: Any = None) -> Any:
    if text is None:
        return None
    if not isinstance(text, str):
        raise _CallError('Argument 1 of function "parse" does not match function signature')
    value = parsed(text)
    return _library().with_nulls(value)
