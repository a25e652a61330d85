"""What stands in a test's way, said for the one who wrote it."""

from __future__ import annotations


class StepFunctionsError(Exception):
    """The test cannot go on; the message says why, and where the execution was."""


class DeployError(StepFunctionsError):
    """What was given is nothing to deploy, or cannot be deployed."""


class MockError(StepFunctionsError):
    """A mock that fits no state, that was not used, or that has too few answers."""


class NotEmulatedError(StepFunctionsError):
    """A task without a mock calls what nothing emulates."""


class StillRunningError(StepFunctionsError):
    """The execution did not end in time, and was stopped."""


class NotVisitedError(StepFunctionsError, AssertionError, LookupError):
    """The execution did not come by the state, or more often than the test says."""
