"""A definition made ready to run: its states with their paths, payloads and rules compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.core.declared import did_you_mean
from cfngen.execution.compiled_states import JSONATA, CompiledMachine, CompiledState
from cfngen.execution.failures import ExecutionError
from cfngen.execution.path_tokens import PathError

JSONPATH: Final = "JSONPath"
TYPES: Final = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
DISTRIBUTED: Final = "DISTRIBUTED"


def compile_machine(definition: Mapping[str, Any]) -> CompiledMachine:
    """Return a definition ready to run. Raises ``ExecutionError`` for what cannot run at all.

    A Workflow's own check and Step Functions refuse more.
    """
    if not isinstance(definition, Mapping):
        raise ExecutionError(f"a definition is a mapping, not {definition!r:.80}")
    language = definition.get("QueryLanguage", JSONPATH)
    whole = _compile_nested(definition, "")
    work = [(whole, definition, "")]
    for machine, document, place in work:  # which grows as it is walked
        for name, state in document["States"].items():
            where = f"{place}/States/{name}"
            machine.states[name] = compiled = _compile_state(name, state, language, where)
            for inner, around in _nested_machines(state, where):
                nested = _compile_nested(inner, around)
                compiled.machines.append(nested)
                work.append((nested, inner, around))
        _check_targets(machine, place)
    return whole


def states_of(definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the states of a definition by name, those inside others included."""
    work: list[Mapping[str, Any]] = [definition]
    for machine in work:  # which grows as it is walked
        for name, state in machine["States"].items():
            yield name, state
            work += (inner for inner, _ in _nested_machines(state, ""))


def _compile_nested(document: Any, place: str) -> CompiledMachine:
    if not isinstance(document, Mapping):
        raise ExecutionError(f"{place or '/'}: a machine is a mapping, not {document!r:.80}")
    states, start = document.get("States"), document.get("StartAt")
    if not isinstance(states, Mapping) or not states:
        raise ExecutionError(f"{place or '/'}: there are no States")
    if not isinstance(start, str) or start not in states:
        raise ExecutionError(f"{place}/StartAt: no state is named {start!r}{_nearest_state(start, states)}")
    timeout = document.get("TimeoutSeconds")
    return CompiledMachine(start, timeout if isinstance(timeout, (int, float)) else None)


def _compile_state(name: str, document: Any, language: str, place: str) -> CompiledState:
    if not isinstance(document, Mapping):
        raise ExecutionError(f"{place}: a state is a mapping, not {document!r:.80}")
    if document.get("Type") not in TYPES:
        raise ExecutionError(f"{place}/Type: {document.get('Type')!r} is no type of a state")
    is_jsonata = document.get("QueryLanguage", language) == JSONATA
    try:
        return CompiledState(name, document, is_jsonata)
    except PathError as error:
        raise ExecutionError(f"{place}: {error}") from None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, ExecutionError):
            raise
        missing = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
        raise ExecutionError(f"{place}: the state cannot be read: {missing}") from None
    except RecursionError:
        raise ExecutionError(f"{place}: the state is nested too deep") from None


def _nested_machines(state: Mapping[str, Any], place: str) -> Iterator[tuple[Any, str]]:
    """Yield the machines inside a Parallel or a Map."""
    if state.get("Type") == "Parallel":
        branches = state.get("Branches")
        if not isinstance(branches, list):
            raise ExecutionError(f"{place}/Branches: branches stand in a list")
        for number, branch in enumerate(branches):
            yield branch, f"{place}/Branches/{number}"
    elif state.get("Type") == "Map":
        name = "ItemProcessor" if "ItemProcessor" in state else "Iterator"
        yield state.get(name), f"{place}/{name}"


def _check_targets(machine: CompiledMachine, place: str) -> None:
    for name, state in machine.states.items():
        targets = [
            state.next,
            *(rule.next for rule in state.rules),
            *(catcher.next for catcher in state.catchers),
        ]
        targets.append(state.document.get("Default"))
        for target in targets:
            if target is not None and not (isinstance(target, str) and target in machine.states):
                near = _nearest_state(target, machine.states)
                raise ExecutionError(f"{place}/States/{name}: no state is named {target!r}{near}")
        if state.next is None and state.type not in _TERMINAL and state.document.get("End") is not True:
            raise ExecutionError(f"{place}/States/{name}: 'Next' or 'End' is missing")


def _nearest_state(name: object, known: Mapping[str, Any]) -> str:
    hint = did_you_mean(name, known) if isinstance(name, str) else ""
    return f"; {hint}" if hint else ""


_TERMINAL: Final = ("Succeed", "Fail", "Choice")
