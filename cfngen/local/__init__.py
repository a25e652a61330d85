"""The emulator: stacks deployed and executions run on this machine, without an AWS account.

Needs the extra ``local``: ``pip install 'cfngen[local]'``.
"""

from __future__ import annotations

from cfngen.local.mocks import FailTask, MockConfigError, Return, Throw
from cfngen.local.running import EmulatorError, Running, emulator

__all__ = [
    "EmulatorError",
    "FailTask",
    "MockConfigError",
    "Return",
    "Running",
    "Throw",
    "emulator",
]
