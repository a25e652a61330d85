"""Payloads filled in: templates of JSONPath with keys that end in ``.$``, and JSONata in any text.

A template is compiled once; what holds nothing to fill in is handed on as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cfngen.cfn.functions import substitution as substitution_of
from cfngen.cfn.text import parse_sub
from cfngen.execution.failures import RuntimeStateError
from cfngen.execution.intrinsics import compile_call
from cfngen.execution.json_values import Json, Missing
from cfngen.execution.jsonpath import compile_path

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings, Evaluate

_DYNAMIC: Final = ".$"


def payload_template(template: Json) -> Evaluate:
    """Return what fills in a payload template of JSONPath. Raises ``PathError``."""
    evaluate = _evaluate_template(template)
    return evaluate if evaluate is not None else lambda bindings: template


def jsonata_payload(template: Json, location: str) -> Evaluate:
    """Return what evaluates all expressions in a value; ``location`` is the field it stands in."""
    evaluate = _evaluate_jsonata(template, location)
    return evaluate if evaluate is not None else lambda bindings: template


def path_or_call(text: str, field: str) -> Evaluate:
    """Return what evaluates a path or a call of an intrinsic function. Raises ``PathError``."""
    if text.startswith("States."):
        return compile_call(text)
    path = compile_path(text)

    def evaluate(bindings: Bindings) -> Json:
        value = bindings.find(path)
        if isinstance(value, Missing):
            raise RuntimeStateError(
                f"The JSONPath '{text}' specified for the field '{field}' could not be found in the input "
                f"'{bindings.shown(path)}'"
            )
        return value

    return evaluate


def number_field(
    document: Mapping[str, Any], field: str, location: str, bindings: Bindings, is_jsonata: bool
) -> Json:
    """Return what a field that takes a number has: by its path, by its expression, or as it stands."""
    value: Json = document.get(field)
    if f"{field}Path" in document:
        value = path_or_call(document[f"{field}Path"], f"{field}Path")(bindings)
    elif is_jsonata and value is not None:
        value = jsonata_payload(value, f"{location}/{field}")(bindings)
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def _evaluate_template(template: Any) -> Evaluate | None:
    """Return what fills in a template, or None where there is nothing to fill in."""
    if isinstance(template, dict):
        entries: list[tuple[str, Any, Evaluate | None]] = []
        for key, value in template.items():
            text = _expression_text(value) if key.endswith(_DYNAMIC) else None
            if text is not None:
                entries.append((key[: -len(_DYNAMIC)], None, path_or_call(text, key)))
            else:
                entries.append((key, value, _evaluate_template(value)))
        return _evaluate_object(entries)
    if isinstance(template, list):
        return _evaluate_array([(item, _evaluate_template(item)) for item in template])
    return None


def _expression_text(value: Any) -> str | None:
    """Return the text of a path or a call; what CloudFormation fills in stands there by its name."""
    if isinstance(value, str):
        return value
    substitution = substitution_of(value)
    if substitution is None:
        return None
    return "".join(piece if isinstance(piece, str) else piece.name for piece in parse_sub(substitution[0]))


def _evaluate_jsonata(template: Any, location: str) -> Evaluate | None:
    if isinstance(template, str):
        from cfngen.execution.jsonata import compile_expression, is_expression

        if not is_expression(template):
            return None
        expression = compile_expression(template)
        return lambda bindings: expression.evaluate(bindings, location)
    if isinstance(template, dict):
        return _evaluate_object(
            [(key, value, _evaluate_jsonata(value, f"{location}/{key}")) for key, value in template.items()]
        )
    if isinstance(template, list):
        return _evaluate_array(
            [(item, _evaluate_jsonata(item, f"{location}[{place}]")) for place, item in enumerate(template)]
        )
    return None


def _evaluate_object(entries: list[tuple[str, Any, Evaluate | None]]) -> Evaluate | None:
    if all(evaluate is None for _, _, evaluate in entries):
        return None

    def evaluated(bindings: Bindings) -> Json:
        filled: dict[str, Json] = {}
        for key, value, evaluate in entries:
            filled[key] = value if evaluate is None else evaluate(bindings)
        return filled

    return evaluated


def _evaluate_array(items: list[tuple[Any, Evaluate | None]]) -> Evaluate | None:
    if all(evaluate is None for _, evaluate in items):
        return None

    def evaluated(bindings: Bindings) -> Json:
        filled: list[Json] = []
        for value, evaluate in items:
            filled.append(value if evaluate is None else evaluate(bindings))
        return filled

    return evaluated
