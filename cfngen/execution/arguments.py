"""The arguments that callers give to an execution, held to what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cfngen.execution.clock import seconds_of
from cfngen.execution.failures import ExecutionError, shown
from cfngen.execution.json_values import copied_json
from cfngen.execution.mocks import Answer, TaskRequest, UnusableMockError, wrong_answer
from cfngen.execution.pending import Pending
from cfngen.execution.prepared import RunOptions
from cfngen.execution.s3_objects import check_mapping


def checked_options(options: RunOptions) -> RunOptions:
    """Return the options that a caller gave, with copies of what may change. Raises ``ExecutionError``."""
    tasks, clock = options.tasks, options.clock
    check_mapping("mocks", options.mocks)
    if not isinstance(options.machine, str):
        raise ExecutionError(f"machine= is the name of a state machine, not {shown(options.machine)}")
    if isinstance(options.seed, bool) or not isinstance(options.seed, int):
        raise ExecutionError(f"seed= is a whole number, not {shown(options.seed)}")
    if clock is not None:
        if not callable(getattr(clock, "now", None)) or not callable(getattr(clock, "advance", None)):
            raise ExecutionError(f"clock= is a clock such as VirtualClock(0), not {shown(clock)}")
        if not isinstance(clock.now(), (int, float)):
            raise ExecutionError(f"a clock tells seconds since 1970, not {shown(clock.now())}")
        seconds_of(clock.now())
    if tasks is not None and not callable(tasks):
        raise ExecutionError(f"tasks= is a function that answers tasks, not {shown(tasks)}")

    def asked(call: TaskRequest) -> Answer | Pending:
        __tracebackhide__ = True
        assert tasks is not None
        answer = tasks(call)
        if not isinstance(answer, Pending) and (wrong := wrong_answer(answer)):
            raise UnusableMockError(f"tasks= returned for {call.state!r} {wrong}")
        return answer

    return options._replace(
        tasks=None if tasks is None else asked,
        context=_json_mapping("context", options.context),
        variables=_json_mapping("variables", options.variables),
    )


def _json_mapping(name: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    check_mapping(name, value)
    try:
        copy = copied_json(dict(value)) if value else value
    except ValueError as error:
        raise ExecutionError(f"{name}= is not JSON: {error}") from None
    assert isinstance(copy, Mapping)
    return copy
