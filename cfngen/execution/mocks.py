"""What tasks answer in place of their services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from cfngen.asl.errors import TASK_FAILED
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.execution.failures import ExecutionError, shown
from cfngen.execution.json_values import Json, copied_json, is_number
from cfngen.execution.pending import Pending


@frozen
class Return(Declared):
    """The task succeeds; ``result`` is what its service would have answered, after ``seconds``."""

    result: Any = None
    seconds: float = 0


@frozen
class Throw(Declared):
    """The task fails, and no service is called; ``error`` and ``cause`` may be None, as a service's may."""

    error: str | None = TASK_FAILED
    cause: str | None = ""
    seconds: float = 0


@frozen
class SubmitFailed(Throw):
    """The service refuses what a task that waits for it submits."""


@frozen
class FailTask(Declared):
    """The task fails as its service would have it.

    An AWS Batch job that is waited for is submitted, and ends as ``FAILED``. Elsewhere the task fails with
    ``States.TaskFailed``.
    """

    cause: str = "made to fail"


Answer: TypeAlias = "Return | Throw | FailTask"
Mock: TypeAlias = "Answer | Sequence[Answer] | Callable[[Any], Answer]"
"""One answer stands for every try; a list has one for each; a function is given what would be sent."""


class TaskRequest(NamedTuple):
    """A try of a task: its state, the number of the try, its resource, and what it sends.

    ``token`` is that of a task that waits for it, ``timeout`` and ``heartbeat`` are in seconds,
    ``execution`` and ``machine`` are ARNs.
    """

    state: str
    number: int
    resource: str
    arguments: Json
    token: str | None = None
    timeout: float | None = None
    heartbeat: float | None = None
    credentials: Json = None
    execution: str = ""
    machine: str = ""


class UnusableMockError(ExecutionError):
    """A mock that fits no state, or has no answer for a try."""


class UnsupportedTaskError(ExecutionError):
    """A task without a mock is reached whose service nothing stands for."""

    def __init__(self, state: str, cause: str) -> None:
        super().__init__(cause)
        self.state = state


class UnmockedTaskError(ExecutionError):
    """A task without a mock is reached, and nothing else answers for it."""


MAX_SECONDS: Final = 1e9
"""The longest time that an answer may take."""

_ANSWERS: Final = (Return, Throw, FailTask)
GIVE: Final = "give Return(...), Throw(...) or FailTask(), a list of them, or a function"


class Mocks:
    """The mocks of one execution, asked try by try; ``service`` answers for tasks without one."""

    def __init__(
        self,
        mocks: Mapping[str, Mock],
        tasks: Mapping[str, str],
        service: Callable[[TaskRequest], Answer | Pending] | None = None,
    ) -> None:
        """Hold mocks against the types of the machine's states. Raises ``UnusableMockError``."""
        self._mocks = mocks
        self._service = service
        self.requests: Counter[str] = Counter()
        if wrong := [*_wrong(mocks, tasks)]:
            raise UnusableMockError("\n".join(wrong))

    def answer(self, call: TaskRequest) -> Answer | Pending:
        """Return what a try comes to.

        Raises ``UnusableMockError``, ``UnmockedTaskError``, and what a mock raises.
        """
        __tracebackhide__ = True
        state = call.state
        if state not in self._mocks:
            if self._service is None:
                raise UnmockedTaskError(
                    f"the task {state!r} has no mock, and is not called: mocks={{{state!r}: Return(...)}}"
                )
            return self._service(call)
        self.requests[state] += 1
        mock = self._mocks[state]
        if isinstance(mock, _ANSWERS):
            return mock
        if isinstance(mock, Sequence):
            if call.number >= len(mock):
                has = "1 answer" if len(mock) == 1 else f"{len(mock)} answers"
                raise UnusableMockError(
                    f"the mock of {state!r} has {has}, and the state is tried once more: "
                    "give it one for each try, or a single one for all, without a list"
                )
            return mock[call.number]
        answer = mock(call.arguments)
        if wrong := wrong_answer(answer):
            raise UnusableMockError(f"the function that stands for {state!r} returned {wrong}")
        return answer


def unknown_state(name: str, known: Collection[str], listed: str = "it has ") -> str:
    """Say that no state has a name, and which one may be meant."""
    hint = did_you_mean(name, known) or listed + ", ".join(map(repr, known))
    return f"no state is named {name!r:.80}; {hint}"


def wrong_answer(answer: object) -> str:
    """Say what is wrong with an answer, or nothing."""
    if isinstance(answer, Return):
        try:
            copied_json(answer.result)
        except ValueError as error:
            return f"a Return whose result is not JSON: {error}"
        return _wrong_seconds(answer.seconds)
    if isinstance(answer, Throw):
        is_text = all(isinstance(text, (str, type(None))) for text in (answer.error, answer.cause))
        return (
            _wrong_seconds(answer.seconds)
            if is_text
            else f"{shown(answer)}, whose error and cause are not both text"
        )
    if isinstance(answer, FailTask):
        return "" if isinstance(answer.cause, str) else f"{shown(answer)}, whose cause is not text"
    if isinstance(answer, type) and issubclass(answer, _ANSWERS):
        return f"the class {answer.__name__}: give {answer.__name__}()"
    return f"{shown(answer)}; {meant_as_result(answer) or GIVE}"


def meant_as_result(answer: object) -> str:
    """Ask whether a value was meant as a result, if it may have been."""
    is_result = isinstance(answer, (dict, str, int, float))
    return f"did you mean Return({shown(answer):.60})?" if is_result else ""


def _wrong_seconds(seconds: object) -> str:
    is_time = is_number(seconds) and 0 <= seconds <= MAX_SECONDS
    return "" if is_time else f"an answer after {shown(seconds)} seconds, which is no time"


def _wrong(mocks: Mapping[Any, Any], states: Mapping[str, str]) -> list[str]:
    wrong: list[str] = []
    for state, mock in mocks.items():
        if not isinstance(state, str):
            wrong.append(f"a state is named by text, not {shown(state)}")
        elif state not in states:
            wrong.append(unknown_state(state, states))
        elif states[state] != "Task":
            wrong.append(f"{state!r} is a {states[state]}, and tasks alone are mocked")
        elif isinstance(mock, (list, tuple)):
            if not mock:
                wrong.append(f"the mock of {state!r} is an empty list; {GIVE}")
            for number, answer in enumerate(mock):
                if reason := wrong_answer(answer):
                    wrong.append(f"answer {number} of the mock of {state!r} is {reason}")
        elif not (callable(mock) and not isinstance(mock, type)) and (reason := wrong_answer(mock)):
            wrong.append(f"the mock of {state!r} is {reason}")
    return wrong
