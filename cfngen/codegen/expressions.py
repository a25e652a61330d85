"""Values as the expressions that build them: a text of a document becomes a literal, never code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from keyword import iskeyword
from math import isfinite
from typing import Any, Final

from cfngen.asl import errors
from cfngen.asl.flow import Flow
from cfngen.asl.schema import order
from cfngen.asl.states import RawState, State
from cfngen.asl.values import JSONATA, JSONPATH, OMIT, Jsonata, Pattern, ServiceArn
from cfngen.cfn.functions import is_function, is_intrinsic
from cfngen.codegen.functions import arguments_of
from cfngen.codegen.layout import (
    Formatted,
    atom,
    format_statement,
    group,
    lines_literal,
    string_literal,
    text_block,
)
from cfngen.codegen.names import VariableNames
from cfngen.codegen.typed import called_integration
from cfngen.core.declared import Declared
from cfngen.tasks.service import CallingTask, ServiceTask

_MAX_NESTED_GROUPS: Final = 25
"""A deeper expression gets a variable, since Python allows 200 nested brackets."""

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

_Parts = tuple[Sequence[Any], Callable[[Sequence[Formatted]], Formatted]]


class Expressions:
    """The expressions of one module, with their imports and the statements before them.

    ``flow`` returns the expression of a flow.
    """

    def __init__(self, names: VariableNames, flow: Callable[[Flow], Formatted]) -> None:
        self.names = names
        self.flow = flow
        self.imported: dict[str, set[str]] = {}
        self.statements: list[str] = []

    def use(self, module: str, name: str) -> str:
        """Import a name, and return it."""
        self.imported.setdefault(module, set()).add(name)
        return name

    def state(self, state: State) -> Formatted:
        """Return the call that builds a state."""
        return self._build(self._declared(state))

    def call(self, function: str, first: Formatted, fields: Mapping[str, Any]) -> Formatted:
        """Return a call with one argument, and fields by their names."""
        named = [
            (f"{name}=", self._build(self._parts(_constant_of(name, fields[name])))) for name in fields
        ]
        return group(f"{function}(", [("", first), *named], ")")

    def _build(self, parts: _Parts) -> Formatted:
        """Return the expression of a value, without recursion: payloads may have 1,000 levels."""
        pending: list[tuple[_Parts, list[Formatted]]] = [(parts, [])]
        while True:
            (values, combine), expressions = pending[-1]
            if len(expressions) < len(values):
                pending.append((self._parts(values[len(expressions)]), []))
                continue
            pending.pop()
            whole = combine(expressions)
            if not pending:
                return whole
            pending[-1][1].append(self._shallow(whole))

    def _shallow(self, expression: Formatted) -> Formatted:
        """Replace an expression with many levels by a variable."""
        if expression.height < _MAX_NESTED_GROUPS:
            return expression
        name = self.names.new("part", "part")
        self.statements.append(format_statement(f"{name} = ", expression))
        return atom(name)

    def _parts(self, value: Any) -> _Parts:
        """Return the values inside a value, and a function that combines their expressions."""
        if isinstance(value, _Constant):
            return (), _constant_layout(atom(self.use("cfngen", value.name)))
        if isinstance(value, str):
            return (), _constant_layout(atom(string_literal(value)))
        if isinstance(value, _Lines):
            return (), _constant_layout(text_block(lines_literal(value.text)))
        if isinstance(value, _Plain):
            return _mapping_parts(value.fields)
        if value is None or isinstance(value, (bool, int, float)):
            return (), _constant_layout(atom(_number_literal(value)))
        if isinstance(value, Mapping):
            if is_function(value):
                return self._function(value)
            return _mapping_parts(value)
        if isinstance(value, (list, tuple)):
            return value, lambda items: group("[", [("", item) for item in items], "]")
        if isinstance(value, Flow):
            return (), _constant_layout(self.flow(value))
        if isinstance(value, Declared):
            return self._declared(value)
        return self._function(value.to_dict())

    def _declared(self, value: Declared) -> _Parts:
        if is_intrinsic(value):
            return self._function(value.to_dict())  # type: ignore[attr-defined]  # which it then has
        name = type(value).__name__
        module = type(value).__module__
        if isinstance(value, CallingTask):
            package, _, service = module.rpartition(".")
            name = f"{self.use(package, service)}.{name}"
        else:
            self.use("cfngen", name)
        prefixes, values = [], []
        for field in _ordered_fields(value):
            field_value = getattr(value, field.name)
            if field.name == "arguments" and _can_be_named(field_value):
                prefixes += [f"{argument}{'_' if argument in _STATE else ''}=" for argument in field_value]
                values += field_value.values()
                continue
            prefixes.append("" if field.kw_only is False else f"{field.name}=")
            if isinstance(value, RawState) and field.name == "Fields":
                values.append(_Plain(field_value))
                continue
            if isinstance(value, Jsonata) and isinstance(field_value, str) and "\n" in field_value:
                values.append(_Lines(field_value))
                continue
            is_reader = field.name == "Resource" and name in ("ItemReader", "ResultWriter")
            values.append(
                _resource_constant(field_value) if is_reader else _constant_of(field.name, field_value)
            )
        return values, lambda items: group(f"{name}(", list(zip(prefixes, items, strict=True)), ")")

    def _function(self, function_value: Mapping[str, Any]) -> _Parts:
        """Return a function of CloudFormation, as a class of troposphere if that gives the same."""
        call = arguments_of(function_value)
        if call is None:
            self.use("cfngen.asl.read", "Function")
            [(key, argument)] = function_value.items()
            prefix = f"{string_literal(key)}: "
            return [argument], lambda items: group(
                "Function(", [("", group("{", [(prefix, items[0])], "}"))], ")"
            )
        function, arguments = call
        self.use("troposphere", function)
        return arguments, lambda items: group(f"{function}(", [("", item) for item in items], ")")


def _number_literal(value: float | None) -> str:
    """Return a number, a boolean or None as formatters write it; a mapping may contain an infinity."""
    if isinstance(value, float) and not isfinite(value):
        return f'float("{value}")'
    return repr(value).replace("e+", "e")


class _Lines:
    """A text in several lines."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class _Plain:
    """A mapping that is no function, whatever its keys."""

    __slots__ = ("fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields


class _Constant:
    """A constant of ``cfngen``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def _mapping_parts(value: Mapping[str, Any]) -> _Parts:
    keys = [f"{string_literal(key)}: " for key in value]
    return list(value.values()), lambda items: group("{", list(zip(keys, items, strict=True)), "}")


def _constant_layout(expression: Formatted) -> Callable[[Sequence[Formatted]], Formatted]:
    return lambda _: expression


def _constant_of(field: str, value: Any) -> Any:
    """Return the value of a field, with the constants of ``cfngen`` by their names."""
    if isinstance(value, Pattern):
        return _Constant(value.name)
    if field == "ErrorEquals":
        return [_Constant(_ERRORS[name]) if name in _ERRORS else name for name in value]
    if field == "QueryLanguage" and isinstance(value, str) and value in _LANGUAGES:
        return _Constant(_LANGUAGES[value])
    return value


def _ordered_fields(value: Declared) -> Any:
    """Return the fields that differ from their defaults, in the order of the rendered document."""
    arguments = value.arguments() if isinstance(value, ServiceTask) else ()

    def place(field: Any) -> int:
        if field.kw_only is False:
            return -1
        if field.name in arguments:
            return _PLACES["Parameters"]
        return _PLACES.get(_BESIDE.get(field.name, field.name), _PLACES["Parameters"])

    shown = [field for field in fields(value) if field.init and not _is_default(value, field)]  # type: ignore[arg-type]
    return sorted(shown, key=place)


def _can_be_named(arguments: object) -> bool:
    """Return whether the arguments of a call can be keyword arguments."""
    return isinstance(arguments, Mapping) and all(
        _ARGUMENT(name) and not iskeyword(name) and value is not None for name, value in arguments.items()
    )


def _is_default(value: Declared, field: Any) -> bool:
    field_value = getattr(value, field.name)
    if field.name == "arguments" and field_value == {}:
        return True
    if field_value is None or field_value is OMIT or field_value == ():
        return bool(field_value == field.default)
    return type(field_value) is type(field.default) and bool(field_value == field.default)


def _resource_constant(resource: object) -> Any:
    """Return the resource of an ``ItemReader`` or ``ResultWriter`` by its name in ``cfngen``."""
    if isinstance(resource, ServiceArn):
        return _Constant(_READERS[str(resource)])
    target = called_integration(resource)
    return _Constant(_READERS[target.name]) if target and target.name in _READERS else resource
