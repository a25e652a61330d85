"""The emulator: stacks deployed and executions run on this machine, without an AWS account.

Needs the extra ``local``: ``pip install 'cfngen[local]'``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfngen.local.errors import ServiceError
    from cfngen.local.executions import Following
    from cfngen.local.mailbox import Mailbox, Message
    from cfngen.local.mocks import FailTask, MockConfig, MockConfigError, Return, Throw
    from cfngen.local.running import EmulatorError, Running, emulator
    from cfngen.local.time_scale import REAL, Pace

__all__ = [
    "REAL",
    "EmulatorError",
    "FailTask",
    "Following",
    "Mailbox",
    "Message",
    "MockConfig",
    "MockConfigError",
    "Pace",
    "Return",
    "Running",
    "ServiceError",
    "Throw",
    "emulator",
]

_LATER = {
    "cfngen.local.executions": ("Following",),
    "cfngen.local.errors": ("ServiceError",),
    "cfngen.local.mailbox": ("Mailbox", "Message"),
    "cfngen.local.mocks": ("FailTask", "MockConfig", "MockConfigError", "Return", "Throw"),
    "cfngen.local.time_scale": ("REAL", "Pace"),
    "cfngen.local.running": ("EmulatorError", "Running", "emulator"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for, since a command that only talks to AWS needs little of it."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
