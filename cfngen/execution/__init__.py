"""The Amazon States Language run: a definition and an input become events, in this process.

There is no server, no clock of the wall, and no call of AWS: tasks are answered by mocks.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfngen.execution.clock import Clock, PacedClock, VirtualClock
    from cfngen.execution.executor import run
    from cfngen.execution.failures import ExecutionError
    from cfngen.execution.mocks import Call, FailTask, Return, Throw
    from cfngen.execution.results import Execution
    from cfngen.execution.single_states import StateResult, run_state

__all__ = [
    "Call",
    "Clock",
    "Execution",
    "ExecutionError",
    "FailTask",
    "PacedClock",
    "Return",
    "StateResult",
    "Throw",
    "VirtualClock",
    "run",
    "run_state",
]

_LAZY = {
    "cfngen.execution.clock": ("Clock", "PacedClock", "VirtualClock"),
    "cfngen.execution.failures": ("ExecutionError",),
    "cfngen.execution.mocks": ("Call", "FailTask", "Return", "Throw"),
    "cfngen.execution.results": ("Execution",),
    "cfngen.execution.executor": ("run",),
    "cfngen.execution.single_states": ("StateResult", "run_state"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    for module, names in _LAZY.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
