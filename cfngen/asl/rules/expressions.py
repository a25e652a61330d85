"""The expressions of a state, wherever they stand, and rules about what they read.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfngen.asl.graph import Graph, Node
from cfngen.asl.handlers import Catcher, Retrier
from cfngen.asl.holes import is_known, jsonata_of, parse_jsonata, text_of
from cfngen.asl.rules import paths
from cfngen.asl.rules.fields import brief, schema_problem
from cfngen.asl.rules.payloads import call_payloads
from cfngen.asl.schema import FIELDS, TASK, FieldKind, fields_of
from cfngen.asl.states import AnyTask, RawState
from cfngen.asl.values import JSONATA, JSONPATH, Jsonata, Language, Omit, Path, query_language
from cfngen.cfn.functions import is_intrinsic
from cfngen.core.declared import Declared, did_you_mean
from cfngen.core.limits import MAX_DEPTH
from cfngen.core.problems import Problem

if TYPE_CHECKING:
    from cfngen.asl.jsonata import JsonataReads

STATES: Final = ("input", "result", "errorOutput", "context")
_FALLIBLE: Final = ("Task", "Parallel", "Map")
_RESULT_FIELDS: Final = ("Assign", "Output")
_PAYLOADS: Final = frozenset(row.name for row in FIELDS if row.kind is FieldKind.PAYLOAD)
_WITHOUT_EXPRESSIONS: Final = frozenset(
    (
        *("Name", "Type", "Comment", "QueryLanguage", "Next", "End", "Default", "target", "Retry"),
        *("Result", "Branches", "ItemProcessor", "Iterator", "ErrorEquals"),
    )
)
"""Fields that hold no expression, or those of other states."""


class PlacedExpression(NamedTuple):
    """An expression in its place; ``field`` is the state's own field it stands in.

    ``tests_presence`` tells that a test asks whether there is a value, and ``by_hand`` that it is text and
    no value; ``fixed`` is the name of the fixed field that holds it, outside of payloads.
    """

    location: str
    text: str
    field: str
    language: Language
    fixed: str = ""
    tests_presence: bool = False
    by_hand: bool = False


def reserved_variable_is_read_where_it_is(node: Node, graph: Graph) -> Iterator[Problem]:
    """Access to ``$states.result`` or ``$states.errorOutput`` where they are not accessible is refused.

    The result is there for ``Assign`` and ``Output`` of Task, Parallel and Map, the error for those of
    their catchers.
    """
    if node.language != JSONATA and not isinstance(node.state, RawState):
        return
    for expression in expressions(node):
        read = reading(expression)
        if read is None:
            continue
        for name in filter(is_known, read.states):
            if problem := _not_there(node, expression, name):
                yield problem
        for key in read.context:
            if key not in paths.CONTEXT and is_known(key):
                yield paths.unknown_context(
                    expression.location, expression.text.strip(), key, "SCHEMA_VALIDATION_FAILED"
                )


def raw_expressions_are_sound(node: Node, graph: Graph) -> Iterator[Problem]:
    """The fields of a ``RawState`` hold expressions as text; they MUST be what the field takes."""
    if not isinstance(node.state, RawState):
        return
    for expression in expressions(node, broken=True):
        if not expression.by_hand:
            continue  # a value, which the payload's own rule looks at
        if expression.language == JSONATA:
            yield from paths.delimited(expression.location, expression.text)
        elif expression.fixed == "ResultPath":
            yield from paths.result_path(expression.location, expression.text)
        elif expression.fixed in ("ErrorPath", "CausePath"):
            yield from paths.path_to_text(expression.location, Path(expression.text))
        elif not expression.fixed:
            yield from paths.check_expression(expression.location, Path(expression.text))
        elif expression.fixed in _REFERENCES:
            yield from paths.check_reference(expression.location, expression.text)
        else:
            yield from paths.path_field(expression.location, expression.text)


_REFERENCES: Final = frozenset(f"{row.name}Path" for row in FIELDS if row.dynamic == "Path")


_KNOWN: Final = frozenset(name for row in FIELDS for name in row.names())
"""Inside a field that the language is not known to have, keys mean what nobody knows."""


def expressions(node: Node, *, broken: bool = False) -> Iterator[PlacedExpression]:
    """Yield every expression of a state, not those of the states inside it.

    Text is an expression in JSONata between ``{%`` and ``%}``; with ``broken`` also when one is missing.
    """
    state = node.state
    language = _language(node)
    if isinstance(state, RawState):
        yield from _walk_fields(node.location, state.Fields, language, raw=True, broken=broken)
        return
    own: Mapping[str, Any] = vars(state)
    if isinstance(state, AnyTask):  # whose arguments may have the names of other states' fields
        own = {**{name: own.get(name) for name in _TASK_FIELDS}, **call_payloads(node)}
    yield from _walk_fields(node.location, own, language, raw=False, broken=False)


_TASK_FIELDS: Final = (
    *(row.name for row in fields_of(TASK) if row.kind is FieldKind.PATH or row.dynamic == "Path"),
    "Catch",
)


def reading(expression: PlacedExpression) -> JsonataReads | None:
    """Return what an expression in JSONata reads, or nothing where it cannot be told."""
    if expression.language != JSONATA:
        return None
    from cfngen.asl.jsonata import JsonataReads

    read = parse_jsonata(expression.text)
    return read if isinstance(read, JsonataReads) else None


def may_hold(node: Node) -> bool:
    """Tell quickly whether a state may hold an expression or assign a variable; most do neither."""
    own = vars(node.state)
    if node.language == JSONATA:
        return True
    for value in own.values():
        kind: type = type(value)
        if kind not in _PLAIN and _may_nest(kind):
            if kind is not list and kind is not tuple:
                return True
            for item in value:
                if type(item) not in _PLAIN and not _is_plain_handler(item):
                    return True
    return any(
        isinstance(own.get(name), str) or is_intrinsic(own.get(name))
        for name in ("InputPath", "OutputPath", "ItemsPath")
    )


_EMPTY: Final = frozenset((int, float, bool, type(None), Omit))
_PLAIN: Final = _EMPTY | {str}


@cache
def _may_nest(kind: type) -> bool:
    return issubclass(kind, (Mapping, Declared, list, tuple)) and not hasattr(kind, "to_dict")


def _is_plain_handler(item: object) -> bool:
    if isinstance(item, Retrier):
        return True
    return isinstance(item, Catcher) and item.Assign is None and type(item.Output) in _PLAIN


_NO_FIELDS: Final[Mapping[str, Any]] = {}


def _walk_fields(
    location: str, own_fields: Mapping[str, Any], language: Language, *, raw: bool, broken: bool
) -> Iterator[PlacedExpression]:
    """Walk the fields of a state, and payloads, whose keys are not fixed."""
    items: list[tuple[str, str, Any, bool, int]] = [(location, "", own_fields, True, 0)]
    while items:
        place, top, item, fixed, depth = items.pop()
        if depth > MAX_DEPTH:
            return  # of what is nested too deep, or in itself, the payload's own rule speaks
        own: Any = _NO_FIELDS
        if type(item) is dict:
            own = item
        elif isinstance(item, (Path, Jsonata)):
            own_language = JSONPATH if isinstance(item, Path) else JSONATA
            text = text_of(item.expression)
            if text is not None and language == own_language and not text.lstrip().startswith("{%"):
                yield PlacedExpression(place, text, top, language)
        elif is_intrinsic(item):
            inner_expression = jsonata_of(item) if language == JSONATA else None
            if inner_expression is not None and (text := text_of(inner_expression.expression)) is not None:
                yield PlacedExpression(place, text, top, language)
        elif isinstance(item, str):
            whole = item.startswith("{%") and item.endswith("%}") and len(item) > 3
            if language == JSONATA and broken:
                if whole or item.startswith("{%") or item.endswith("%}"):
                    yield PlacedExpression(place, item, top, language, by_hand=True)
            elif language == JSONATA and whole:
                yield PlacedExpression(place, item[2:-2], top, language, by_hand=True)
        elif isinstance(item, (list, tuple)):
            items += [
                (f"{place}/{index}", top, item[index], fixed, depth + 1)
                for index in reversed(range(len(item)))
            ]
        elif isinstance(item, Mapping):
            own = item
        elif isinstance(item, Declared):
            own, fixed = vars(item), True
        passed_over = _EMPTY if fixed or raw or language == JSONATA else _PLAIN
        for key in reversed(own):
            child = own[key]
            if type(child) in passed_over:
                continue
            if not isinstance(key, str) or (fixed and key in _WITHOUT_EXPRESSIONS):
                continue
            if language == JSONPATH and (isinstance(child, str) or is_intrinsic(child)):
                if not ((fixed and (key == "Variable" or key.endswith("Path"))) or key.endswith(".$")):
                    continue
                child = text_of(child) or ""
                if fixed and (key == "Variable" or key.endswith("Path")):
                    tests_presence = own.get("IsPresent") is not None
                    yield PlacedExpression(
                        f"{place}/{key}", child, top or key, language, key, tests_presence, True
                    )
                elif raw:
                    yield PlacedExpression(f"{place}/{key}", child, top or key, language, by_hand=True)
                continue
            suffix = ""
            if isinstance(child, Path):
                suffix = ".$" if not fixed or key in _PAYLOADS else "Path"
            inner = fixed and key not in _PAYLOADS and (key in _KNOWN or not raw)
            items.append((f"{place}/{key}{suffix}", top or key, child, inner, depth + 1))


def _language(node: Node) -> Language:
    if isinstance(node.state, RawState):
        return query_language(node.state.Fields.get("QueryLanguage"), node.language, node.state.Fields)
    return node.language


def _not_there(node: Node, expression: PlacedExpression, name: str) -> Problem | None:
    shown = brief(expression.text.strip())
    if name not in STATES:
        return schema_problem(
            expression.location,
            f"{shown} reads '$states.{name}', which does not exist",
            did_you_mean(f"$states.{name}", [f"$states.{known}" for known in STATES], prefix="$states.")
            or "the fields are " + ", ".join(f"$states.{known}" for known in STATES),
        )
    type_ = node.state.Fields.get("Type") if isinstance(node.state, RawState) else node.state.Type
    if name == "result" and not (expression.field in _RESULT_FIELDS and type_ in _FALLIBLE):
        return schema_problem(
            expression.location,
            f"{shown} reads '$states.result', which is not available here",
            "only 'Assign' and 'Output' of a Task, Parallel or Map can read it, not their catchers",
        )
    if name == "errorOutput" and expression.field != "Catch":
        return schema_problem(
            expression.location,
            f"{shown} reads '$states.errorOutput', which only catchers have",
            "only 'Assign' and 'Output' of a Catcher can read it",
        )
    return None
