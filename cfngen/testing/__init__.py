"""Tests of workflows on this machine: deployed to the emulator, run with given results, and looked at.

With pytest the fixture ``step_functions`` is a ``StepFunctions``. Needs the extra ``testing``:
``pip install 'cfngen[testing]'``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfngen.local.mailbox import Mailbox, Message
    from cfngen.local.mocks import FailTask, Return, Throw
    from cfngen.testing.deployed import Deployed, Machine, StepFunctions
    from cfngen.testing.errors import (
        DeployError,
        MockError,
        NotEmulatedError,
        NotVisitedError,
        StepFunctionsError,
        StillRunningError,
    )
    from cfngen.testing.mocking import CallService
    from cfngen.testing.routes import Attempt, Execution, Route, Visit

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
    "Route",
    "StepFunctions",
    "StepFunctionsError",
    "StillRunningError",
    "Throw",
    "Visit",
]

_LATER = {
    "cfngen.local.mailbox": ("Mailbox", "Message"),
    "cfngen.local.mocks": ("FailTask", "Return", "Throw"),
    "cfngen.testing.deployed": ("Deployed", "Machine", "StepFunctions"),
    "cfngen.testing.mocking": ("CallService",),
    "cfngen.testing.routes": ("Attempt", "Execution", "Route", "Visit"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for: pytest loads the plugin in every run, whether a test uses it or not."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(module), name)
    if name in __all__:
        return getattr(import_module("cfngen.testing.errors"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
