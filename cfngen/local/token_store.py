"""The tokens of tasks that wait for a message, and the tasks of activities that wait for a worker.

Only the emulator's process imports this.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any, Final

from moto.core.exceptions import AWSError
from moto.stepfunctions.exceptions import InvalidToken


class TokenStore:
    """Messages by token, and tasks by the ARN of their activity; threads share it."""

    def __init__(self) -> None:
        self._messages: dict[str, deque[Mapping[str, Any]]] = {}
        self._closed: set[str] = set()
        self._tasks: defaultdict[str, deque[tuple[str, str]]] = defaultdict(deque)
        self._changed = threading.Condition()

    def open(self, token: str) -> None:
        """Take messages for a token from now on."""
        self._messages[token] = deque()

    def send(self, token: str, message: Mapping[str, Any]) -> None:
        """Keep a message for a task. Raises the errors of ``SendTaskSuccess``."""
        if token in self._closed:
            raise AWSError("Task Timed Out: the task does not wait any more", "TaskTimedOut")
        if token not in self._messages:
            raise InvalidToken
        self._messages[token].append(message)
        if "heartbeat" not in message:
            self._closed.add(token)

    def take(self, token: str) -> Mapping[str, Any] | None:
        """Return the next message for a task: an output, an error and a cause, or a heartbeat."""
        messages = self._messages.get(token)
        return messages.popleft() if messages else None

    def close(self, token: str) -> None:
        """Refuse messages for a token from now on."""
        self._closed.add(token)
        self._messages.pop(token, None)

    def schedule(self, activity_arn: str, token: str, text: str) -> None:
        """Offer a task to the workers of an activity."""
        self.open(token)
        with self._changed:
            self._tasks[activity_arn].append((token, text))
            self._changed.notify_all()

    def next_task(self, activity_arn: str, seconds: float) -> tuple[str, str] | None:
        """Return the token and the input of an activity's next task, waiting for one."""
        with self._changed:
            while self._changed.wait_for(lambda: self._tasks[activity_arn], seconds):
                token, text = self._tasks[activity_arn].popleft()
                if token not in self._closed:
                    return token, text
        return None


TOKENS: Final = TokenStore()
"""Those of all executions in the process of the emulator."""
