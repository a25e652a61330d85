"""An execution that failed, taken up again at the state that failed.

The execution is run once more from its start, which takes no time: tasks answer as they did, so that it
takes the same course. Where it failed before, its history goes on with ``ExecutionRedriven``.
https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cfngen.execution.branches import Branch
from cfngen.execution.failures import ExecutionError
from cfngen.execution.mocks import Answer, TaskRequest
from cfngen.execution.pending import Pending

Record = tuple[str, float, int, Any, Any, Any]


class Failing:
    """Where an execution failed: the entry of the state, and the events up to the end."""

    __slots__ = ("entered_id", "records")

    def __init__(self, entered_id: int, records: list[Record]) -> None:
        self.entered_id: int = entered_id
        self.records: list[Record] = records


class Journal:
    """What tasks have answered so far, and where the execution has failed so far."""

    def __init__(self, answers: list[tuple[str, Answer]], failings: list[Failing]) -> None:
        self._replayed = list(answers)
        self._failings = list(failings)
        self._next = 0
        self.answers: list[tuple[str, Answer]] = []

    def answer(self, call: TaskRequest, ask: Callable[[TaskRequest], Answer | Pending]) -> Answer | Pending:
        """Return what a task answered before, or ask for it."""
        __tracebackhide__ = True
        if self._next < len(self._replayed):
            state, replayed = self._replayed[self._next]
            if state != call.state:
                raise ExecutionError(f"the execution takes another course: {call.state!r} is not {state!r}")
            self._next += 1
            answer: Answer | Pending = replayed
        else:
            answer = ask(call)
        if isinstance(answer, Pending):
            return answer  # an execution that services take part in is not run once more
        self.answers.append((call.state, answer))
        return answer

    def take_up(self, branch: Branch, now: float) -> bool:
        """Go on after a failure that has been redriven; tell whether it has."""
        if not self._failings or self._failings[0].entered_id != branch.entered_id or branch.run.is_child:
            return False
        records = branch.run.history.records
        failing = self._failings.pop(0)
        records += failing.records[len(records) :]
        branch.run.redrive_count += 1
        line: Branch | None = branch
        while line is not None:  # retries, and lists of mocks, begin anew
            line.attempts = None
            line = line.parent
        details = {"redriveCount": branch.run.redrive_count}
        branch.previous = branch.run.history.add("ExecutionRedriven", now, len(records), details)
        return True
