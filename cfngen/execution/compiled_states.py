"""A state made ready to run: its paths, payloads and rules compiled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from cfngen.execution.choices import compile_rule
from cfngen.execution.failures import RuntimeStateError, shown
from cfngen.execution.json_values import Json, Missing, is_number
from cfngen.execution.jsonpath import CompiledPath, compile_path
from cfngen.execution.path_tokens import Key
from cfngen.execution.payloads import jsonata_payload, path_or_call, payload_template
from cfngen.execution.result_paths import PutResult, compile_result_path

if TYPE_CHECKING:
    from cfngen.execution.bindings import Bindings, Evaluate

JSONATA: Final = "JSONata"


class CompiledRule:
    """A rule of a Choice: a test, where it leads, and what it assigns and puts out."""

    __slots__ = ("assign", "condition", "expression", "next", "output")

    def __init__(
        self,
        condition: Callable[[Bindings], Any],
        expression: str,
        target: str,
        assign: Evaluate | None,
        output: Evaluate | None,
    ) -> None:
        self.condition: Callable[[Bindings], Any] = condition
        self.expression: str = expression
        self.next: str = target
        self.assign: Evaluate | None = assign
        self.output: Evaluate | None = output


_MAX_DELAY_SECONDS: Final = 99_999_999


class CompiledRetrier:
    """A policy of ``Retry``."""

    __slots__ = ("error_equals", "has_jitter", "interval", "max_attempts", "max_delay", "rate")

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.error_equals: list[str] = _names_to_match(document)
        self.interval: float = _positive_number(document, "IntervalSeconds", 1)
        self.max_attempts: float = _positive_number(document, "MaxAttempts", 3)
        self.rate: float = _positive_number(document, "BackoffRate", 2.0)
        self.max_delay: float = _positive_number(document, "MaxDelaySeconds", _MAX_DELAY_SECONDS)
        self.has_jitter: bool = document.get("JitterStrategy") == "FULL"

    def delay(self, attempt: int) -> float:
        """Return the seconds before a retry, without jitter; ``attempt`` counts from 0."""
        try:
            delay = self.interval * self.rate**attempt
        except OverflowError:
            delay = _MAX_DELAY_SECONDS
        return min(delay, _MAX_DELAY_SECONDS, self.max_delay)


def _names_to_match(document: Mapping[str, Any]) -> list[str]:
    names = document.get("ErrorEquals", [])
    if not isinstance(names, list):
        raise ValueError(f"ErrorEquals is a list of names, not {shown(names)}")
    return names


def _positive_number(document: Mapping[str, Any], field: str, default: float) -> float:
    value = document.get(field, default)
    if not is_number(value) or value < 0:
        raise ValueError(f"{field} is a number that is not negative, not {shown(value)}")
    return min(value, _MAX_DELAY_SECONDS)


class CompiledCatcher:
    """A catcher of ``Catch``."""

    __slots__ = ("assign", "error_equals", "next", "output", "result_path")

    def __init__(self, document: Mapping[str, Any], is_jsonata: bool, number: int) -> None:
        self.error_equals: list[str] = _names_to_match(document)
        self.next: str = document["Next"]
        self.assign: Evaluate | None = _assign(document, is_jsonata, f"Catch[{number}]/Assign")
        self.output: Evaluate | None = None
        self.result_path: PutResult | None = None
        if is_jsonata and "Output" in document:
            self.output = jsonata_payload(document["Output"], f"Catch[{number}]/Output")
        if not is_jsonata:
            self.result_path = compile_result_path(document.get("ResultPath", "$"))


class CompiledState:
    """A state, with what its fields evaluate; a field that is not there is None.

    ``document`` is the state as it is written, for the fields that only one type has.
    """

    __slots__ = (
        "arguments",
        "assign",
        "catchers",
        "document",
        "entered",
        "exited",
        "input_path",
        "is_jsonata",
        "is_plain",
        "item_selector",
        "items",
        "machines",
        "name",
        "next",
        "output",
        "output_path",
        "result_path",
        "result_selector",
        "retriers",
        "rules",
        "type",
        "values",
    )

    def __init__(self, name: str, document: Mapping[str, Any], is_jsonata: bool) -> None:
        self.name: str = name
        self.document: Mapping[str, Any] = document
        self.type: str = document["Type"]
        self.is_jsonata: bool = is_jsonata
        self.entered: str = f"{self.type}StateEntered"
        self.exited: str = f"{self.type}StateExited"
        self.next: str | None = document.get("Next")
        self.machines: list[CompiledMachine] = []
        self.rules: list[CompiledRule] = []
        self.values: dict[str, Evaluate] = {}
        self.input_path: Evaluate | None = None
        self.output_path: Evaluate | None = None
        self.result_path: PutResult | None = None
        self.result_selector: Evaluate | None = None
        self.arguments: Evaluate | None = None
        self.output: Evaluate | None = None
        self.assign: Evaluate | None = _assign(document, is_jsonata, "Assign")
        if is_jsonata:
            if "Arguments" in document:
                self.arguments = jsonata_payload(document["Arguments"], "Arguments")
            if "Output" in document:
                self.output = jsonata_payload(document["Output"], "Output")
        else:
            self._read_paths(document)
        self.retriers: list[CompiledRetrier] = [
            CompiledRetrier(retrier) for retrier in document.get("Retry", ())
        ]
        self.catchers: list[CompiledCatcher] = [
            CompiledCatcher(catcher, is_jsonata, number)
            for number, catcher in enumerate(document.get("Catch", ()))
        ]
        self.items: Evaluate | None = None
        self.item_selector: Evaluate | None = None
        if self.type == "Choice":
            self._read_rules(document)
        elif self.type == "Map":
            self._read_items(document)
        self._read_values(document)
        self.is_plain: bool = not any(
            (self.input_path, self.output_path, self.result_path, self.arguments, self.output, self.assign)
        )

    def _read_paths(self, document: Mapping[str, Any]) -> None:
        self.input_path = _data_path(document, "InputPath")
        self.output_path = _data_path(document, "OutputPath")
        if "Parameters" in document and self.type != "Map":
            self.arguments = payload_template(document["Parameters"])
        if "ResultSelector" in document:
            self.result_selector = payload_template(document["ResultSelector"])
        if self.type in ("Task", "Pass", "Parallel", "Map") and document.get("ResultPath", "$") != "$":
            self.result_path = compile_result_path(document["ResultPath"])

    def _read_rules(self, document: Mapping[str, Any]) -> None:
        for number, rule in enumerate(document["Choices"]):
            place = f"Choices[{number}]"
            assign = _assign(rule, self.is_jsonata, f"{place}/Assign")
            if not self.is_jsonata:
                self.rules.append(CompiledRule(compile_rule(rule), "", rule["Next"], assign, None))
                continue
            condition = rule["Condition"]
            output = jsonata_payload(rule["Output"], f"{place}/Output") if "Output" in rule else None
            evaluate = jsonata_payload(condition, f"{place}/Condition")
            self.rules.append(CompiledRule(evaluate, _source(condition), rule["Next"], assign, output))

    def _read_items(self, document: Mapping[str, Any]) -> None:
        selector = document.get("ItemSelector", document.get("Parameters"))
        if self.is_jsonata:
            if "Items" in document:
                self.items = jsonata_payload(document["Items"], "Items")
            if selector is not None:
                self.item_selector = jsonata_payload(selector, "ItemSelector")
            return
        if document.get("ItemsPath", "$") != "$":
            self.items = path_or_call(document["ItemsPath"], "ItemsPath")
        if selector is not None:
            self.item_selector = payload_template(selector)

    def _read_values(self, document: Mapping[str, Any]) -> None:
        """Compile the fields that hold one value: seconds, errors, limits."""
        for field in _VALUES[self.type]:
            if self.is_jsonata:
                if field in document:
                    self.values[field] = jsonata_payload(document[field], field)
            elif f"{field}Path" in document:
                self.values[f"{field}Path"] = path_or_call(document[f"{field}Path"], f"{field}Path")
            elif field in document:
                constant = document[field]
                self.values[field] = lambda bindings, constant=constant: constant  # type: ignore[misc]

    def source(self, field: str) -> str:
        """Return the expression of a field of JSONata."""
        return _source(self.document.get(field))


class CompiledMachine:
    """The states of a state machine, of a branch, or of a processor."""

    __slots__ = ("start", "states", "timeout")

    def __init__(self, start: str, timeout: float | None) -> None:
        self.start: str = start
        self.timeout: float | None = timeout
        self.states: dict[str, CompiledState] = {}


def _assign(document: Mapping[str, Any], is_jsonata: bool, location: str) -> Evaluate | None:
    assign = document.get("Assign")
    if not assign:
        return None
    if not isinstance(assign, Mapping):
        raise TypeError(f"'Assign' is a mapping, not {assign!r:.80}")
    return jsonata_payload(dict(assign), location) if is_jsonata else payload_template(dict(assign))


def _data_path(document: Mapping[str, Any], field: str) -> Evaluate | None:
    """Return what evaluates InputPath or OutputPath; None for the whole."""
    text = document.get(field, "$")
    if text == "$":
        return None
    if text is None:
        return lambda bindings: {}
    path = compile_path(text)

    def evaluate(bindings: Bindings) -> Json:
        value = bindings.find(path)
        if isinstance(value, Missing):
            raise RuntimeStateError(f"Invalid path '{text}' : {_not_found(path, bindings)}")
        return value

    return evaluate


def _not_found(path: CompiledPath, bindings: Bindings) -> str:
    """Say what is missing, in Jayway's words (recorded for a name at the end of a path)."""
    steps = path.tokens

    def before(count: int) -> CompiledPath:
        return CompiledPath("", path.is_context, path.variable, steps[:count])

    def is_missing(count: int) -> bool:
        return isinstance(bindings.find(before(count)), Missing)

    counts = range(1, len(steps))
    for count in counts[bisect_left(counts, True, key=is_missing) :]:
        if isinstance(steps[count - 1], Key):
            return f"Missing property in path {before(count).normalized}"
    return f"No results for path: {path.normalized}"


def _source(value: object) -> str:
    return value[2:-2].strip() if isinstance(value, str) else ""


_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "Task": ("TimeoutSeconds", "HeartbeatSeconds"),
    "Wait": ("Seconds", "Timestamp"),
    "Fail": ("Error", "Cause"),
    "Map": ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"),
    "Pass": (),
    "Choice": (),
    "Succeed": (),
    "Parallel": (),
}
