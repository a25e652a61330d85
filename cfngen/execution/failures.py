"""How a state fails: with an error that handlers may name, or with one that ends the execution.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import Final

from cfngen.asl.errors import (
    ALL,
    DATA_LIMIT_EXCEEDED,
    HEARTBEAT_TIMEOUT,
    QUERY_EVALUATION_ERROR,
    RUNTIME,
    TASK_FAILED,
    TIMEOUT,
)


class ExecutionError(ValueError):
    """What is no definition, no input or no mock, so that nothing can run; the message says which."""


class StateError(Exception):
    """A state fails with an error that its retriers and catchers may take.

    ``cause`` is None where there is none. ``names`` are all names that ``ErrorEquals`` may use
    for it.
    """

    def __init__(self, error: str | None, cause: str | None, *aliases: str) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.names: tuple[str | None, ...] = (error, *aliases)
        self.is_placed = False  # whether the cause says where it came up, or is not to


class TaskError(StateError):
    """The task's service failed; its cause is handed on as it is."""

    def __init__(self, error: str | None, cause: str | None, *aliases: str) -> None:
        super().__init__(error, cause, *aliases)
        self.is_placed = True


class HeartbeatError(TaskError):
    """A task sent no heartbeat in time: AWS was recorded telling of ``States.Timeout``."""

    def __init__(self) -> None:
        super().__init__(TIMEOUT, None, HEARTBEAT_TIMEOUT)


class QueryError(StateError):
    """A JSONata expression failed, or led to what its field does not take.

    ``location`` is the field (``Output/total``); ``after_entry`` tells that AWS shows it after the
    state's entry rather than beside it.
    """

    def __init__(self, cause: str, location: str | None = None, *, after_entry: bool = False) -> None:
        super().__init__(QUERY_EVALUATION_ERROR, cause)
        self.location = location
        self.after_entry = after_entry


class TerminalError(Exception):
    """The execution fails, and no handler may take the error."""

    def __init__(self, error: str | None, cause: str | None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.previous: int | None = None  # the id of the last event before it


class RuntimeStateError(TerminalError):
    """``States.Runtime``: what no retrier and no catcher takes; ``in_state`` says that a state is named."""

    in_state = True

    def __init__(self, cause: str) -> None:
        super().__init__(RUNTIME, cause)


class DataLimitError(TerminalError):
    """A state's input or output is larger than Step Functions hands on."""

    def __init__(self, cause: str) -> None:
        super().__init__(DATA_LIMIT_EXCEEDED, cause)


NEVER_TASK_FAILED: Final = (TIMEOUT, HEARTBEAT_TIMEOUT)
"""The errors for which ``States.TaskFailed`` does not stand."""


def matches_error(error_equals: list[str], failure: StateError) -> bool:
    """Tell whether the names of a retrier or catcher stand for a failure.

    ``States.ALL`` takes ``States.DataLimitExceeded`` of a task, as AWS was recorded doing for both kinds
    of Lambda tasks (March 2024), although its page on errors excludes it.
    """
    for name in error_equals:
        if name == ALL or name in failure.names:
            return True
        if name == TASK_FAILED and failure.error not in NEVER_TASK_FAILED:
            return True
    return False


def shown(value: object) -> str:
    """Return how a message shows a value that a caller gave, whatever its own text does."""
    try:
        return f"{value!r:.80}"
    except Exception:
        return f"a {type(value).__name__}"


def at_state(name: str, entered_id: int, cause: str) -> str:
    """Return a cause that says in which state it came up, in AWS's words."""
    return (
        f"An error occurred while executing the state '{name}' (entered at the event id #{entered_id}). "
        f"{cause}"
    )
