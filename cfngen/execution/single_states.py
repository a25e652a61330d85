"""One state run alone, as TestState runs it.

https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from cfngen.core.declared import Declared, frozen
from cfngen.execution.arguments import checked_options
from cfngen.execution.definitions import load_definition
from cfngen.execution.failures import ExecutionError, shown
from cfngen.execution.handlers import RetryDueError
from cfngen.execution.machine import compile_machine, states_of
from cfngen.execution.mocks import Mock, unknown_state
from cfngen.execution.prepared import EMPTY, RunOptions, observe
from cfngen.execution.s3_objects import objects

StateStatus: TypeAlias = Literal["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"]


@frozen(kw_only=True)
class StateResult(Declared):
    """What a state came to; ``sent`` is what its task would have sent.

    ``status`` is ``SUCCEEDED``, ``CAUGHT_ERROR``, ``FAILED``, or ``RETRIABLE``, where it would be tried
    again after ``retry_seconds``. ``next_state`` follows, if any does; ``assigned`` are the variables that
    it sets.
    """

    status: StateStatus
    output: Any = None
    error: str | None = None
    cause: str | None = None
    next_state: str | None = None
    assigned: Mapping[str, Any]
    sent: Any = None
    retry_seconds: float | None = None


def run_state(
    definition: object,
    state: str,
    input: Any = EMPTY,  # noqa: A002  the API's word
    *,
    mock: Mock | None = None,
    mocks: Mapping[str, Mock] | None = None,
    variables: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    retries: int = 0,
    s3: Mapping[tuple[str, str], bytes] | None = None,
    start: datetime | str | float | None = None,
    seed: int = 0,
) -> StateResult:
    """Run one state of a definition, wherever it stands, and nothing that follows it.

    ``mock`` says what its task comes to, ``mocks`` what those inside a Parallel or a Map come to.
    ``retries`` is how often it has been retried before. Raises ``ExecutionError``, and what mocks raise.
    """
    document = load_definition(definition)
    compile_machine(document)
    states = dict(states_of(document))
    if not isinstance(state, str):
        raise ExecutionError(f"a state is named by text, not {shown(state)}")
    if state not in states:
        raise ExecutionError(unknown_state(state, states))
    if isinstance(retries, bool) or not isinstance(retries, int) or retries < 0:
        raise ExecutionError(f"retries= is how often the state has been retried, not {shown(retries)}")
    options = checked_options(
        RunOptions(
            mocks=EMPTY if mocks is None else mocks,
            context=EMPTY if context is None else context,
            s3=objects(s3),
            start=start,
            seed=seed,
            variables=EMPTY if variables is None else variables,
            earlier_retries=retries,
        )
    )
    alone, targets = _alone(document, state, states[state])
    execution, problem = observe(
        alone,
        input,
        options._replace(mocks={**options.mocks, **({} if mock is None else {state: mock})}),
    )
    if problem is not None and not isinstance(problem, RetryDueError):
        raise problem
    visit = execution[state]
    last = visit.attempts[-1] if visit.attempts else None
    is_caught = visit.status == "caught"
    status: StateStatus = "SUCCEEDED" if execution.status == "SUCCEEDED" else "FAILED"
    if problem is not None:
        status = "RETRIABLE"
    return StateResult(
        status="CAUGHT_ERROR" if is_caught else status,
        output=execution.output,
        error=visit.error if is_caught else execution.error,
        cause=visit.cause if is_caught else execution.cause,
        next_state=targets[execution.states[1]] if len(execution.states) > 1 else None,
        assigned=_assigned(execution.events, state),
        sent=last.input if last is not None else None,
        retry_seconds=problem.seconds if problem is not None else None,
    )


def _alone(
    document: Mapping[str, Any], name: str, state: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a machine of one state, where all that follows it ends at once, and the names of those."""
    targets: dict[str, str] = {}

    def end(target: str) -> str:
        ending = f"then {target}"
        while ending == name:
            ending = f"then {ending}"
        targets[ending] = target
        return ending

    alone = dict(state)
    for field in ("Next", "Default"):
        if isinstance(alone.get(field), str):
            alone[field] = end(alone[field])
    for field in ("Choices", "Catch"):
        if field in alone:
            alone[field] = [{**entry, "Next": end(entry["Next"])} for entry in alone[field]]
    endings = {ending: {"Type": "Succeed"} for ending in targets}
    language = {"QueryLanguage": document["QueryLanguage"]} if "QueryLanguage" in document else {}
    return {"StartAt": name, **language, "States": {name: alone, **endings}}, targets


def _assigned(events: list[dict[str, Any]], state: str) -> dict[str, Any]:
    for event in events:
        details = event.get("stateExitedEventDetails", {})
        if details.get("name") == state:
            return {name: json.loads(text) for name, text in details.get("assignedVariables", {}).items()}
    return {}
