"""JSONata evaluated as Step Functions does: by jsonata-python, with data as bindings.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock
from typing import Any, Final, cast

from cfngen.core.installation import install_command
from cfngen.execution.bindings import Bindings
from cfngen.execution.deadlines import DEADLINE
from cfngen.execution.failures import ExecutionError, QueryError
from cfngen.execution.json_values import MISSING, Json, Missing, to_text
from cfngen.execution.jsonata_functions import JsonataCallError, check_memory, check_value, functions

MAX_DEPTH: Final = 100
"""How deep expressions may stand in, and call, one another: measured in AWS by others."""

MAX_CHARACTERS: Final = 50_000
"""How long an expression may be: jsonata-python reads a path in the square of its length."""

MAX_HELD: Final = 16
"""How many values are kept as expressions have them."""

_BEGIN, _END = "{%", "%}"
_TOO_DEEP: Final = (
    "Stack overflow error: Check for non-terminating recursive function.  "
    "Consider rewriting as tail-recursive."
)
_NAMES: Final = re.compile(r"\$[^\W\d]\w*(?:\.[^\W\d]\w*)*")
"""An expression that only names fields, which needs no evaluation."""


_VARIABLE: Final = re.compile(r"\$([^\W\d]\w*)")


class _UnsupportedError(Exception):
    """A result is a function, which is nothing that JSON has."""


def is_expression(value: object) -> bool:
    """Tell whether a text is an expression: nothing stands before ``{%`` or after ``%}``."""
    return isinstance(value, str) and value.startswith(_BEGIN) and value.endswith(_END) and len(value) >= 4


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Return the expression that stands in ``{% %}``. Raises ``ExecutionError`` without jsonata-python."""
    return Expression(text[len(_BEGIN) : -len(_END)].strip())


class Expression:
    """A JSONata expression; one that cannot be read fails where it is evaluated."""

    __slots__ = ("_compiled", "_current", "_fault", "_lock", "_names", "_needs_context", "_steps", "source")

    def __init__(self, source: str) -> None:
        library = _jsonata_library()
        self.source: str = source
        self._fault = ""
        self._needs_context = "context" in source
        self._names = frozenset(_VARIABLE.findall(source))
        self._steps = tuple(source[1:].split(".")) if _NAMES.fullmatch(source) else ()
        self._current: Bindings | None = None
        if len(source) > MAX_CHARACTERS:
            self._fault = f"The expression has more than {MAX_CHARACTERS:,} characters"
            return
        self._lock = Lock()  # the library keeps in its objects where it is
        try:
            self._compiled = library.Interpreter(source)
        except ExecutionError:
            raise
        except Exception as error:
            self._fault = ": ".join(filter(None, library.texts.message_of(error)))
            return
        for name, function in functions(library, self._place).items():
            self._compiled.register_function(name, function)

    def evaluate(self, bindings: Bindings, location: str) -> Json:
        """Return what the expression yields for the field at ``location``. Raises ``QueryError``."""
        if self._steps:
            value = self._followed(bindings)
            if not isinstance(value, Missing):
                return value
        if self._fault:
            raise self._failure(location, f"threw an error during evaluation. {self._fault}")
        try:
            with self._lock, DEADLINE.begun():
                result = self._evaluated(bindings)
        except _UnsupportedError:
            raise self._failure(location, "returned an unsupported result type.") from None
        except RecursionError:
            raise self._failure(
                location, "threw an error during evaluation. Stack overflow error"
            ) from None
        except Exception as error:
            code, words = _jsonata_library().texts.message_of(error)
            detail = f". {code}: {words}" if code else f": {words}"
            raise self._failure(location, f"threw an error during evaluation{detail}") from None
        if isinstance(result, Missing):
            raise self._failure(location, "returned nothing (undefined).")
        return result

    def _evaluated(self, bindings: Bindings) -> Json | Missing:
        library = _jsonata_library()
        current = library.Interpreter.CURRENT
        outer = getattr(current, "jsonata", None)
        self._current = bindings
        current.jsonata = self._compiled
        environment = self._compiled.environment
        try:
            result = self._compiled.evaluate(None, self._frame(bindings))
        finally:
            self._compiled.environment = environment
            current.jsonata = outer
        if result is None:
            return MISSING
        try:
            value = cast("Json", library.result_as_json(result))
        except TypeError:
            raise _UnsupportedError from None
        check_value(value)
        return value

    def _place(self) -> Bindings:
        assert self._current is not None
        return self._current

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
        frame = _jsonata_library().Interpreter.Frame(None)
        if "states" in self._names:
            states = {name: _cached_with_nulls(value) for name, value in bindings.states.items()}
            if self._needs_context:
                states["context"] = _cached_with_nulls(bindings.context)
            frame.bind("states", states)
        for name in self._names & bindings.variables.keys():
            frame.bind(name, _cached_with_nulls(bindings.variables[name]))
        lazy = _jsonata_library().utils.Utils.RangeList
        depth = 0

        def entered(expression: Any, data: Any, environment: Any) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonataCallError(f"{_TOO_DEEP} Depth={depth} max={MAX_DEPTH}")
            DEADLINE.step()

        def left(expression: Any, data: Any, environment: Any, result: Any) -> None:
            nonlocal depth
            depth -= 1
            if isinstance(result, str):
                check_memory(len(result))
            elif type(result) is lazy:  # which counts one too many
                check_memory(8 * (len(result) - 1))
            elif isinstance(result, list):
                check_memory(8 * len(result))

        frame.set_evaluate_entry_callback(entered)
        frame.set_evaluate_exit_callback(left)
        return frame


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
def _jsonata_library() -> Any:
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


def _cached_with_nulls(value: Json) -> Any:
    """Return a value as expressions have it, made once for all that read it one after another."""
    library = _jsonata_library()
    if not isinstance(value, (dict, list)):
        return library.with_nulls(value)
    entry = _HELD.get(id(value))
    if entry is None:
        entry = value, library.with_nulls(value)
        with _HELD_LOCK:
            while len(_HELD) >= MAX_HELD:
                del _HELD[next(iter(_HELD))]
            _HELD[id(value)] = entry
    return entry[1]
