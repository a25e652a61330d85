"""Tests of workflows on this machine: deployed to the emulator, run with mocks, and inspected.

With pytest the fixture ``step_functions`` is a ``StepFunctions``. Needs the extra ``testing``:
``pip install 'cfngen[testing]'``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.execution.mocks import FailTask, Return, Throw
    from cfngen.execution.single_states import StateResult
    from cfngen.local.mailbox import Mailbox, Message
    from cfngen.testing.deployed import Deployed, StepFunctions
    from cfngen.testing.errors import (
        DeployError,
        MockError,
        NotEmulatedError,
        NotVisitedError,
        StepFunctionsError,
        StillRunningError,
    )
    from cfngen.testing.execution_mocks import CallService
    from cfngen.testing.machine import Machine
    from cfngen.testing.traces import AttemptTrace, ExecutionTrace, Trace, VisitTrace

__all__ = [
    "AttemptTrace",
    "CallService",
    "DeployError",
    "Deployed",
    "ExecutionTrace",
    "FailTask",
    "Machine",
    "Mailbox",
    "Message",
    "MockError",
    "NotEmulatedError",
    "NotVisitedError",
    "Return",
    "StateResult",
    "StepFunctions",
    "StepFunctionsError",
    "StillRunningError",
    "Throw",
    "Trace",
    "VisitTrace",
]

# pytest loads the plugin in every run, whether a test uses it or not
__getattr__ = lazy_names(
    __name__,
    {
        "cfngen.execution.mocks": ("FailTask", "Return", "Throw"),
        "cfngen.execution.single_states": ("StateResult",),
        "cfngen.local.mailbox": ("Mailbox", "Message"),
        "cfngen.testing.deployed": ("Deployed", "StepFunctions"),
        "cfngen.testing.errors": (
            "DeployError",
            "MockError",
            "NotEmulatedError",
            "NotVisitedError",
            "StepFunctionsError",
            "StillRunningError",
        ),
        "cfngen.testing.execution_mocks": ("CallService",),
        "cfngen.testing.machine": ("Machine",),
        "cfngen.testing.traces": ("AttemptTrace", "ExecutionTrace", "Trace", "VisitTrace"),
    },
    former={
        "Attempt": "AttemptTrace",
        "Execution": "ExecutionTrace",
        "Route": "Trace",
        "Visit": "VisitTrace",
    },
)
