"""The emulator: stacks deployed and executions run on this machine, without an AWS account.

Needs the extra ``local``: ``pip install 'cfngen[local]'``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.aws.errors import ServiceError
    from cfngen.aws.executions import Following
    from cfngen.execution.mocks import FailTask, Return, Throw
    from cfngen.local.mailbox import Mailbox, Message
    from cfngen.local.mocks import MockConfig, MockConfigError
    from cfngen.local.running import EmulatorError, Running, emulator
    from cfngen.local.time_scale import REAL, TimeScale

__all__ = [
    "REAL",
    "EmulatorError",
    "FailTask",
    "Following",
    "Mailbox",
    "Message",
    "MockConfig",
    "MockConfigError",
    "Return",
    "Running",
    "ServiceError",
    "Throw",
    "TimeScale",
    "emulator",
]

# a command that only talks to AWS needs few of these
__getattr__: Callable[[str], object] = lazy_names(
    __name__,
    {
        "cfngen.execution.mocks": ("FailTask", "Return", "Throw"),
        "cfngen.aws.errors": ("ServiceError",),
        "cfngen.aws.executions": ("Following",),
        "cfngen.local.mailbox": ("Mailbox", "Message"),
        "cfngen.local.mocks": ("MockConfig", "MockConfigError"),
        "cfngen.local.running": ("EmulatorError", "Running", "emulator"),
        "cfngen.local.time_scale": ("REAL", "TimeScale"),
    },
    former={"Pace": "TimeScale"},
)
