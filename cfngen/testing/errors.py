"""Errors that end a test, with messages for its author."""

from __future__ import annotations


class StepFunctionsError(Exception):
    """The test cannot continue; the message says why, and lists the visits of the execution."""


class DeployError(StepFunctionsError):
    """The value cannot be deployed."""


class MockError(StepFunctionsError):
    """A mock has no state, was not used, or has too few responses."""


class NotEmulatedError(StepFunctionsError):
    """A task without a mock called a service that is not emulated."""


class StillRunningError(StepFunctionsError):
    """The execution did not end in time, and was stopped."""
