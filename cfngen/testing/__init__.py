"""Tests of workflows on this machine: deployed to the emulator, run with mocks, and inspected.

With pytest the fixture ``step_functions`` is a ``StepFunctions``. Needs the extra ``testing``:
``pip install 'cfngen[testing]'``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.execution.mocks import FailTask, Return, Throw
    from cfngen.execution.results import Execution
    from cfngen.execution.single_states import StateResult
    from cfngen.execution.visits import Attempt, NotVisitedError, Trace, Visit
    from cfngen.local.mailbox import Mailbox, Message
    from cfngen.testing.deployed import Deployed, StepFunctions
    from cfngen.testing.errors import (
        DeployError,
        MockError,
        NotEmulatedError,
        StepFunctionsError,
        StillRunningError,
    )
    from cfngen.testing.execution_mocks import CallService
    from cfngen.testing.machine import Machine

__all__ = [
    "Attempt",
    "CallService",
    "DeployError",
    "Deployed",
    "Execution",
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
    "Visit",
]

# pytest loads the plugin in every run, whether a test uses it or not
__getattr__: Callable[[str], object] = lazy_names(
    __name__,
    {
        "cfngen.execution.mocks": ("FailTask", "Return", "Throw"),
        "cfngen.execution.results": ("Execution",),
        "cfngen.execution.single_states": ("StateResult",),
        "cfngen.execution.visits": ("Attempt", "NotVisitedError", "Trace", "Visit"),
        "cfngen.local.mailbox": ("Mailbox", "Message"),
        "cfngen.testing.deployed": ("Deployed", "StepFunctions"),
        "cfngen.testing.errors": (
            "DeployError",
            "MockError",
            "NotEmulatedError",
            "StepFunctionsError",
            "StillRunningError",
        ),
        "cfngen.testing.execution_mocks": ("CallService",),
        "cfngen.testing.machine": ("Machine",),
    },
    former={
        "AttemptTrace": "Attempt",
        "ExecutionTrace": "Execution",
        "Route": "Trace",
        "VisitTrace": "Visit",
    },
)
