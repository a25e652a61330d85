"""JSONata evaluated as Step Functions does: by jsonata-python, with data as bindings.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from cfngen.core.installation import install_command
from cfngen.execution.bindings import Bindings
from cfngen.execution.failures import ExecutionError, QueryError
from cfngen.execution.intrinsic_functions import hexdigest
from cfngen.execution.json_values import MISSING, Json, Missing, parsed, to_text

MAX_MILLISECONDS: Final = 5_000
"""How long one expression may be evaluated, as in the library that Step Functions uses."""

MAX_RANGE: Final = 360_145
"""Elements that ``$range`` makes at most."""

_BEGIN, _END = "{%", "%}"
_NAMES: Final = re.compile(r"\$[^\W\d]\w*(?:\.[^\W\d]\w*)*")
"""An expression that only names fields, which needs no evaluation."""


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

    __slots__ = ("_compiled", "_current", "_fault", "_frames", "_needs_context", "_steps", "source")

    def __init__(self, source: str) -> None:
        library = _library()
        self.source: str = source
        self._fault = ""
        self._needs_context = "context" in source
        self._steps = tuple(source[1:].split(".")) if _NAMES.fullmatch(source) else ()
        self._current: Bindings | None = None
        self._frames = library.Jsonata.Frame
        try:
            self._compiled = library.Jsonata(source)
        except Exception as error:
            self._fault = _message(error)
            return
        if hasattr(self._compiled, "set_output_convert_nulls"):
            self._compiled.set_output_convert_nulls(False)
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
        outer = self._current, getattr(library.Jsonata.CURRENT, "jsonata", None)
        self._current = bindings
        library.Jsonata.CURRENT.jsonata = self._compiled
        environment = self._compiled.environment
        try:
            result = self._compiled.evaluate(None, self._frame(bindings))
        except RecursionError:
            raise self._failure(
                location, "threw an error during evaluation. Stack overflow error"
            ) from None
        except Exception as error:
            raise self._failure(
                location, f"threw an error during evaluation{_message(error, '. ', ': ')}"
            ) from None
        finally:
            self._compiled.environment = environment
            self._current, library.Jsonata.CURRENT.jsonata = outer
        if result is None:
            raise self._failure(location, "returned nothing (undefined).")
        try:
            return _json(result)
        except _CallError:
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
        frame = self._frames(None)
        states: dict[str, Any] = dict(bindings.states)
        if self._needs_context:
            states["context"] = bindings.context
        null = _library().Utils.NULL_VALUE
        frame.bind("states", states)
        for name, value in bindings.variables.items():
            frame.bind(name, null if value is None else value)
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
    try:
        import jsonata
    except ImportError:
        raise ExecutionError(
            f"JSONata is evaluated by jsonata-python, which is not installed: {install_command('jsonata')}"
        ) from None
    return jsonata


def _message(error: BaseException, coded: str = "", other: str = "") -> str:
    """Return what an error of the library says, with its code where it has one."""
    code = getattr(error, "error", "")
    text = str(error) or type(error).__name__
    if not isinstance(code, str) or not code:
        return f"{other}{text}"
    return f"{coded}{code}: {text.removeprefix(code).lstrip(': ')}"


def _json(result: Any) -> Json:
    """Return a result as JSON has it: numbers that JSON lacks are text, as in AWS."""
    if result is None or isinstance(result, (str, bool, int)):
        return result
    if isinstance(result, float):
        if math.isfinite(result):
            return result
        return "NaN" if math.isnan(result) else "Infinity" if result > 0 else "-Infinity"
    if isinstance(result, list):
        return [_json(item) for item in result]
    if isinstance(result, Mapping):
        return {str(key): _json(value) for key, value in result.items()}
    if result is _library().Utils.NULL_VALUE:
        return None
    raise _CallError


def _number(function: str, place: int, value: Any) -> int:
    """Return a number rounded towards zero, as Step Functions does."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _CallError(f'Argument {place} of function "{function}" does not match function signature')
    return int(value)


def _eval(*arguments: Any) -> None:
    """Fail as in Step Functions, which has no ``$eval``."""
    raise _CallError("T1006: Attempted to invoke a non-function")


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
    return _library().Utils.NULL_VALUE if value is None else value
