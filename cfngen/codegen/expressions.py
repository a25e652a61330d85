"""Values as the expressions that make them: every text of a document is a literal, never code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from math import isfinite
from typing import Any, Final

from cfngen.asl import errors
from cfngen.asl.flow import Flow
from cfngen.asl.schema import order
from cfngen.asl.states import State
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Pattern, ServiceArn
from cfngen.cfn.functions import is_function, is_intrinsic
from cfngen.codegen.functions import arguments_of
from cfngen.codegen.layout import Atom, Expression, atom, group, laid_out, literal
from cfngen.codegen.names import Names
from cfngen.codegen.typed import called
from cfngen.core.declared import Declared
from cfngen.tasks.service import CallingTask, ServiceTask

DEEPEST: Final = 25
"""Groups inside one another; deeper ones get a name of their own, since Python nests 200 at most."""

_ERRORS: Final = {
    getattr(errors, name): name for name in vars(errors) if name.isupper() and name != "RESERVED"
}
_LANGUAGES: Final = {JSONATA: "JSONATA", JSONPATH: "JSONPATH"}
_PLACES: Final = order()
_BESIDE: Final = {
    "service": "Resource",
    "action": "Resource",
    "pattern": "Resource",
    "ProcessorConfig": "ItemProcessor",
}
_STATE: Final = frozenset(field.name for field in fields(CallingTask) if field.name != "Name")
_ARGUMENT: Final = re.compile("[A-Z][A-Za-z0-9]*").fullmatch
_READERS: Final = {
    "s3:getObject": "S3_GET_OBJECT",
    "s3:listObjectsV2": "S3_LIST_OBJECTS_V2",
    "s3:putObject": "S3_PUT_OBJECT",
}

_Parts = tuple[Sequence[Any], Callable[[Sequence[Expression]], Expression]]


class Expressions:
    """The expressions of one module: what they import, and the statements that stand before them.

    ``flow`` returns the expression of a flow, whose states the module names.
    """

    def __init__(self, names: Names, flow: Callable[[Flow], Expression]) -> None:
        self.names = names
        self.flow = flow
        self.imported: dict[str, set[str]] = {}
        self.statements: list[str] = []

    def use(self, module: str, name: str) -> str:
        """Import a name, and return it."""
        self.imported.setdefault(module, set()).add(name)
        return name

    def state(self, given: State) -> Expression:
        """Return the call that makes a state."""
        return self._made(self._declared(given))

    def call(self, function: str, first: Expression, fields: Mapping[str, Any]) -> Expression:
        """Return a call with one argument, and fields by their names."""
        named = [(f"{name}=", self._made(self._parts(_named(name, fields[name])))) for name in fields]
        return group(f"{function}(", [("", first), *named], ")")

    def _made(self, parts: _Parts) -> Expression:
        """Return the expression of a value, without recursion: payloads may be nested a thousand deep."""
        waiting: list[tuple[_Parts, list[Expression]]] = [(parts, [])]
        while True:
            (inner, make), made = waiting[-1]
            if len(made) < len(inner):
                waiting.append((self._parts(inner[len(made)]), []))
                continue
            waiting.pop()
            whole = make(made)
            if not waiting:
                return whole
            waiting[-1][1].append(self._shallow(whole))

    def _shallow(self, made: Expression) -> Expression:
        """Give an expression that is nested deep a name of its own."""
        if made.height < DEEPEST:
            return made
        name = self.names.new("part", "part")
        self.statements.append(laid_out(f"{name} = ", made))
        return atom(name)

    def _parts(self, given: Any) -> _Parts:
        """Return the values inside a value, and what makes its expression of theirs."""
        if isinstance(given, _Constant):
            return (), _fixed(atom(self.use("cfngen", given.name)))
        if isinstance(given, str):
            return (), _fixed(atom(literal(given)))
        if given is None or isinstance(given, (bool, int, float)):
            return (), _fixed(atom(_number(given)))
        if isinstance(given, Mapping):
            if is_function(given):
                return self._function(given)
            keys = [f"{literal(key)}: " for key in given]
            return (
                list(given.values()),
                lambda made: group("{", list(zip(keys, made, strict=True)), "}"),
            )
        if isinstance(given, (list, tuple)):
            return given, lambda made: group("[", [("", item) for item in made], "]")
        if isinstance(given, Flow):
            return (), _fixed(self.flow(given))
        if isinstance(given, Declared):
            return self._declared(given)
        return self._function(given.to_dict())

    def _declared(self, given: Declared) -> _Parts:
        if is_intrinsic(given):
            return self._function(given.to_dict())  # type: ignore[attr-defined]  # which it then has
        name = type(given).__name__
        module = type(given).__module__
        if isinstance(given, CallingTask):
            package, _, service = module.rpartition(".")
            name = f"{self.use(package, service)}.{name}"
        else:
            self.use("cfngen", name)
        words, values = [], []
        for field in _in_order(given):
            value = getattr(given, field.name)
            if field.name == "arguments" and _can_be_named(value):
                words += [f"{argument}{'_' if argument in _STATE else ''}=" for argument in value]
                values += value.values()
                continue
            words.append("" if field.kw_only is False else f"{field.name}=")
            is_reader = field.name == "Resource" and name in ("ItemReader", "ResultWriter")
            values.append(_reader(value) if is_reader else _named(field.name, value))
        return values, lambda made: group(f"{name}(", list(zip(words, made, strict=True)), ")")

    def _function(self, spelled: Mapping[str, Any]) -> _Parts:
        """Return an intrinsic of CloudFormation, as troposphere's where that is the same."""
        found = arguments_of(spelled)
        if found is None:
            self.use("cfngen.asl.read", "Function")
            [(key, argument)] = spelled.items()
            words = f"{literal(key)}: "
            return [argument], lambda made: group(
                "Function(", [("", group("{", [(words, made[0])], "}"))], ")"
            )
        function, arguments = found
        self.use("troposphere", function)
        return arguments, lambda made: group(f"{function}(", [("", item) for item in made], ")")


def _number(given: float | None) -> str:
    """Return a number, a truth value or None as formatters spell it; JSON has no infinity, mappings may."""
    if isinstance(given, float) and not isfinite(given):
        return f'float("{given}")'
    return repr(given).replace("e+", "e")


class _Constant:
    """A value that has a name in ``cfngen``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def _fixed(made: Atom | Expression) -> Callable[[Sequence[Expression]], Expression]:
    return lambda _: made


def _named(field: str, value: Any) -> Any:
    """Return a field's value with what has a name in ``cfngen`` by its name."""
    if isinstance(value, Pattern):
        return _Constant(value.name)
    if field == "ErrorEquals":
        return [_Constant(_ERRORS[name]) if name in _ERRORS else name for name in value]
    if field == "QueryLanguage" and isinstance(value, str) and value in _LANGUAGES:
        return _Constant(_LANGUAGES[value])
    return value


def _in_order(given: Declared) -> Any:
    """Return the fields that differ from their defaults, in the order in which they are rendered."""
    arguments = given.arguments() if isinstance(given, ServiceTask) else ()

    def place(field: Any) -> int:
        if field.kw_only is False:
            return -1
        if field.name in arguments:
            return _PLACES["Parameters"]
        return _PLACES.get(_BESIDE.get(field.name, field.name), _PLACES["Parameters"])

    shown = [field for field in fields(given) if field.init and not _is_default(given, field)]  # type: ignore[arg-type]
    return sorted(shown, key=place)


def _can_be_named(arguments: object) -> bool:
    """Tell whether the arguments of a call can be given by their names."""
    return isinstance(arguments, Mapping) and all(
        _ARGUMENT(name) and value is not None for name, value in arguments.items()
    )


def _is_default(given: Declared, field: Any) -> bool:
    value = getattr(given, field.name)
    if field.name == "arguments" and value == {}:
        return True
    if value is None or value is OMIT or value == ():
        return bool(value == field.default)
    return type(value) is type(field.default) and bool(value == field.default)


def _reader(resource: object) -> Any:
    """Return the resource of an ``ItemReader`` or ``ResultWriter`` by its name in ``cfngen``."""
    if isinstance(resource, ServiceArn):
        return _Constant(_READERS[str(resource)])
    found = called(resource)
    return _Constant(_READERS[found.name]) if found and found.name in _READERS else resource
