"""What tasks answer in one execution, as a test or a mock configuration says.

The rules of Step Functions Local hold: a try without an answer ends the execution.
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cfngen.asl.errors import RUNTIME
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.local.mocks import FailTask, MockConfig, MockConfigError, Return, Throw, unknown_states
from cfngen.local.remote_mocks import Question
from cfngen.testing.errors import MockError


@frozen
class CallService(Declared):
    """The emulator calls the service, as it does where there is no mock."""


Answer: TypeAlias = "Return | Throw | FailTask | CallService"
Mock: TypeAlias = "Answer | Sequence[Answer] | Callable[[Any], Answer]"
"""One answer stands for every try; a list has one for each; a function is given what would be sent."""

_ANSWERS: Final = (Return, Throw, FailTask, CallService)
_GIVE: Final = "give Return(...), Throw(...), FailTask() or CallService(), a list of them, or a function"


class Mocks:
    """The mocks of one execution, asked try by try."""

    def __init__(
        self,
        given: Mapping[str, Mock],
        numbered: Mapping[str, Sequence[Answer]],
        states: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Hold ``given`` by a test, and ``numbered`` by a configuration, against the machine's states.

        Raises ``MockError`` for all that fit none, or cannot be answers.
        """
        self.problem: BaseException | None = None
        self._given = given
        self._numbered = {state: answers for state, answers in numbered.items() if state not in given}
        self._asked: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        self._changing = threading.Lock()
        if wrong := [*_wrong({**self._numbered, **given}, states)]:
            raise MockError("\n".join(wrong))

    @property
    def states(self) -> list[str]:
        """The states that have a mock."""
        return [*self._numbered, *self._given]

    def answer(self, question: Question) -> Return | Throw | FailTask | None:
        """Return what a try of a task comes to; None calls the service."""
        __tracebackhide__ = True
        try:
            answer = self._answer(question)
        except BaseException as error:  # it is raised again in the test itself
            if self.problem is None:
                self.problem = error
            return Throw(RUNTIME, "its mock has no answer")
        return None if isinstance(answer, CallService) else answer

    def unused(self) -> str:
        """Say which of a test's own mocks were not asked for, or not for all their answers."""
        told = []
        for state, mock in self._given.items():
            if not self._asked[state]:
                told.append(f"the mock of {state!r} was not used: the state was not visited")
            elif isinstance(mock, Sequence) and self._most[state] < len(mock):
                used, given = self._most[state], len(mock)
                were = "was" if used == 1 else "were"
                told.append(f"the mock of {state!r} has {_answers(given)}, of which {used} {were} used")
        return "\n".join(told)

    def _answer(self, question: Question) -> Answer:
        __tracebackhide__ = True
        state = question.state
        with self._changing:
            counted = self._asked[state]
            self._asked[state] += 1
            self._most[state] = max(self._most[state], question.number + 1)
        if state in self._numbered:
            # those of a configuration count on from one iteration of a Map to the next
            answers = self._numbered[state]
            if counted >= len(answers):
                raise MockError(
                    f"the mock configuration has no response for attempt {counted} of {state!r}; "
                    f"its last one is for attempt {len(answers) - 1}"
                )
            return answers[counted]
        mock = self._given[state]
        if isinstance(mock, Sequence):
            if question.number >= len(mock):
                raise MockError(
                    f"the mock of {state!r} has {_answers(len(mock))}, and the state is tried once more: "
                    "give it one for each try, or a single one for all, without a list"
                )
            return mock[question.number]
        if isinstance(mock, _ANSWERS):
            return mock
        answer = mock(question.arguments)
        if wrong := _wrong_answer(answer):
            raise MockError(f"the function that stands for {state!r} returned {wrong}")
        return answer


def read_case(
    source: str | os.PathLike[str] | Mapping[str, Any], case: str, names: Sequence[str]
) -> Mapping[str, Sequence[Any]]:
    """Return the responses of a test case for a machine that has any of the ``names``.

    ``case`` may name another machine of the configuration: ``Machine#Case``. Raises ``MockError``.
    """
    shown = "the mock configuration" if isinstance(source, Mapping) else os.fspath(source)
    try:
        machines = MockConfig.read(source).machines
    except OSError as error:
        raise MockError(f"cannot read the mock configuration {shown}: {error.strerror}") from None
    except MockConfigError as error:
        raise MockError(f"{shown} is no mock configuration:\n{error}") from None
    machine, _, case = case.rpartition("#")
    cases = machines[_machine(machines, machine, names, shown)]
    if case not in cases:
        hint = did_you_mean(case, cases) or "it has " + (", ".join(map(repr, cases)) or "none")
        raise MockError(f"{shown} has no test case {case!r}; {hint}")
    return cases[case]


def _machine(machines: Mapping[str, Any], named: str, names: Sequence[str], shown: str) -> str:
    if named:
        if named not in machines:
            hint = did_you_mean(named, machines) or "it has " + ", ".join(map(repr, machines))
            raise MockError(f"{shown} has no state machine {named!r}; {hint}")
        return named
    for name in names:
        if name in machines:
            return name
    if len(machines) == 1:
        return next(iter(machines))
    has = "several" if machines else "no"
    hint = f": name one, as in case={next(iter(machines)) + '#...'!r}" if machines else ""
    raise MockError(f"{shown} has {has} state machines, and none is called {names[0]!r}{hint}")


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"


def _wrong(mocks: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    names = [state for state in mocks if isinstance(state, str)]
    yield from (f"a state is named by text, not {state!r}" for state in mocks if state not in names)
    yield from unknown_states({state: mocks[state] for state in names}, [*states])
    for state, mock in mocks.items():
        if state not in states:
            continue
        kind = states[state].get("Type")
        if kind != "Task":
            yield f"{state!r} is a {kind}, and tasks alone are mocked"
        elif isinstance(mock, (list, tuple)):
            if not mock:
                yield f"the mock of {state!r} is an empty list; {_GIVE}"
            for number, answer in enumerate(mock):
                if wrong := _wrong_answer(answer):
                    yield f"answer {number} of the mock of {state!r} is {wrong}"
        elif not (callable(mock) and not isinstance(mock, type)) and (wrong := _wrong_answer(mock)):
            yield f"the mock of {state!r} is {wrong}"


def _wrong_answer(answer: object) -> str:
    if isinstance(answer, Return):
        try:
            json.dumps(answer.result, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            return f"a Return whose result is not JSON: {error}"
        return ""
    if isinstance(answer, Throw):
        texts: tuple[object, ...] = (answer.error, answer.cause)
        is_text = all(isinstance(text, str) for text in texts)
        return "" if is_text else f"{answer!r:.80}, whose error and cause are not both text"
    if isinstance(answer, _ANSWERS):
        return ""
    if isinstance(answer, type) and issubclass(answer, _ANSWERS):
        return f"the class {answer.__name__}: give {answer.__name__}()"
    hint = f"did you mean Return({answer!r:.60})?" if isinstance(answer, (dict, str, int, float)) else _GIVE
    return f"{answer!r:.80}; {hint}"
