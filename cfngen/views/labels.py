"""The texts of a picture: what a state does, the errors of a catcher, and the condition of a rule."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cfngen.asl.resources import task_resource
from cfngen.cfn.functions import IMPORT_VALUE, argument_of, is_intrinsic, plain, substitution
from cfngen.cfn.resources import Activity, CalledFunction, Integration
from cfngen.cfn.text import reference_name
from cfngen.views.service_names import SERVICES

_OPERATORS: Final = {
    "Equals": "==",
    "GreaterThan": ">",
    "GreaterThanEquals": ">=",
    "LessThan": "<",
    "LessThanEquals": "<=",
    "Matches": "matches",
}
_COMPARISON: Final = re.compile(r"(Boolean|Numeric|String|Timestamp)(\w+?)(Path)?")
_KINDS: Final = {
    "IsBoolean": "a boolean",
    "IsNull": "null",
    "IsNumeric": "a number",
    "IsPresent": "present",
    "IsString": "a text",
    "IsTimestamp": "a timestamp",
}
_MAX_NESTED_TESTS: Final = 8
"""Tests that are nested deeper are shown as an ellipsis."""


_DECEPTIVE: Final = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""What is not seen, or turns around what follows: a name that is read as another."""


def title(name: object) -> str:
    """Return a name in one line, with symbols for control characters and escapes for what is not seen."""
    text = unicodedata.normalize("NFC", str(name))
    text = "".join(_visible(letter) for letter in " ".join(text.split()))
    return text or "(no name)"


def detail(state: Mapping[str, Any]) -> str:
    """Return in a line what a state does: ``AWS Batch: SubmitJob.sync``."""
    kind = state.get("Type")
    if kind == "Task":
        return _action_label(state.get("Resource"))
    if kind == "Wait":
        return _waits(state)
    if kind == "Fail":
        return _value_label(state.get("Error", state.get("ErrorPath", "")))
    if kind == "Map":
        return _each(state)
    if kind == "Parallel":
        branches = state.get("Branches")
        count = len(branches) if isinstance(branches, (list, tuple)) else 0
        return f"{count} branch{'' if count == 1 else 'es'}"
    return "" if kind in ("Pass", "Choice", "Succeed") else f"of an unknown type: {_value_label(kind)}"


def matched_errors(catcher: Mapping[str, Any]) -> str:
    """Return the names of the errors that a catcher matches."""
    names = catcher.get("ErrorEquals")
    return ", ".join(map(_value_label, names)) if isinstance(names, (list, tuple)) else ""


def condition(rule: Mapping[str, Any]) -> str:
    """Return the condition of a rule of a Choice: ``$.count >= 3 and not ($.done is present)``."""
    if "Condition" in rule:
        return _expression_label(rule["Condition"])
    return title(_test_label(rule, 0))


def plain_json(value: Any) -> Any:
    """Return a value as JSON, also one of troposphere."""
    return plain(value) if is_intrinsic(value) else str(value)


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cc":
        return chr(0x2400 + ord(letter)) if ord(letter) < 32 else "\ufffd"
    if letter in _DECEPTIVE:
        return repr(letter)[1:-1]
    return "\ufffd" if category in ("Cs", "Cn", "Co") or ord(letter) & 0xFFFF >= 0xFFFE else letter


def _value_label(value: Any) -> str:
    """Return a value in one line: a function of CloudFormation by its argument."""
    if isinstance(value, str):
        return title(value) if value else ""
    value = plain(value)
    if name := reference_name(value):
        return title(name)
    if (substituted := substitution(value)) is not None:
        return title(substituted[0])
    if isinstance(export := argument_of(IMPORT_VALUE, value), str):
        return title(export)
    return title(json.dumps(value, ensure_ascii=False, default=plain_json))


def _expression_label(value: Any) -> str:
    text = _value_label(value)
    if text.startswith("{%") and text.endswith("%}"):
        return text[2:-2].strip()
    return text


def _action_label(resource: Any) -> str:
    if resource is None:
        return ""
    target = task_resource(resource)
    if isinstance(target, Integration) and target.service and target.action.isidentifier():
        service = SERVICES.get(target.service.lower(), target.service)
        action = target.action[:1].upper() + target.action[1:]
        return title(f"{service}: {action}{target.suffix}")
    if isinstance(target, CalledFunction):
        return title(f"AWS Lambda: {target.name}")
    if isinstance(target, Activity):
        return title(f"Activity: {target.name}")
    return f"calls {_value_label(resource)}"


def _waits(state: Mapping[str, Any]) -> str:
    for field, shown in (("Seconds", "{} s"), ("SecondsPath", "{} s"), ("Timestamp", "until {}")):
        if field in state:
            return shown.format(_expression_label(state[field]))
    return f"until {_value_label(state['TimestampPath'])}" if "TimestampPath" in state else ""


def _each(state: Mapping[str, Any]) -> str:
    processor = state.get("ItemProcessor")
    config = processor.get("ProcessorConfig") if isinstance(processor, Mapping) else None
    mode = config.get("Mode") if isinstance(config, Mapping) else None
    items = state.get("ItemsPath", state.get("Items"))
    reader = state.get("ItemReader")
    if items is None and isinstance(reader, Mapping):
        items = _action_label(reader.get("Resource"))
    what = f"each of {_expression_label(items)}" if items is not None else "each item"
    return f"{what}, as child executions" if mode == "DISTRIBUTED" else what


def _test_label(test: Mapping[str, Any], depth: int) -> str:
    if depth > _MAX_NESTED_TESTS:
        return "…"
    for operator in ("And", "Or"):
        if isinstance(tests := test.get(operator), Sequence) and not isinstance(tests, str):
            inner = [_test_label(part, depth + 1) if isinstance(part, Mapping) else "…" for part in tests]
            return f" {operator.lower()} ".join(
                f"({part})" if " and " in part or " or " in part else part for part in inner
            )
    if isinstance(negated := test.get("Not"), Mapping):
        return f"not ({_test_label(negated, depth + 1)})"
    variable = _value_label(test.get("Variable", ""))
    for name, operand in test.items():
        if name in _KINDS:
            return f"{variable} is {'' if operand is True else 'not '}{_KINDS[name]}"
        comparison = _COMPARISON.fullmatch(name)
        if comparison and comparison[2] in _OPERATORS:
            quoted = json.dumps(operand, ensure_ascii=False, default=plain_json)
            shown = _value_label(operand) if comparison[3] or not isinstance(operand, str) else quoted
            return f"{variable} {_OPERATORS[comparison[2]]} {shown}".strip()
    return variable
