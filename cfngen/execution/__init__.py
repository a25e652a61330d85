"""The Amazon States Language run: a definition and an input become events, in this process.

There is no server, no clock of the wall, and no call of AWS: tasks are answered by mocks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.execution.clock import Clock, PacedClock, VirtualClock
    from cfngen.execution.executor import run
    from cfngen.execution.failures import ExecutionError
    from cfngen.execution.mocks import FailTask, Return, TaskRequest, Throw
    from cfngen.execution.results import Execution
    from cfngen.execution.single_states import StateResult, run_state

__all__ = [
    "Clock",
    "Execution",
    "ExecutionError",
    "FailTask",
    "PacedClock",
    "Return",
    "StateResult",
    "TaskRequest",
    "Throw",
    "VirtualClock",
    "run",
    "run_state",
]

__getattr__: Callable[[str], object] = lazy_names(
    __name__,
    {
        "cfngen.execution.clock": ("Clock", "PacedClock", "VirtualClock"),
        "cfngen.execution.failures": ("ExecutionError",),
        "cfngen.execution.mocks": ("TaskRequest", "FailTask", "Return", "Throw"),
        "cfngen.execution.results": ("Execution",),
        "cfngen.execution.executor": ("run",),
        "cfngen.execution.single_states": ("StateResult", "run_state"),
    },
    former={"Call": "TaskRequest"},
)
