"""The mocks of one execution, from a test or a mock configuration.

The rules of Step Functions Local apply: an attempt without a response ends the execution.
https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.execution.failures import shown
from cfngen.execution.mocks import FailTask, Return, TaskRequest, Throw, meant_as_result, wrong_answer
from cfngen.local.mocks import MockConfig, MockConfigError, unknown_states
from cfngen.testing.errors import MockError


@frozen
class CallService(Declared):
    """The emulator calls the service, as it does without a mock."""


MockResponse: TypeAlias = "Return | Throw | FailTask | CallService"
EmulatorMock: TypeAlias = "MockResponse | Sequence[MockResponse] | Callable[[Any], MockResponse]"
"""One response for all attempts, a list with one for each, or a function of the arguments of the call."""

_RESPONSES: Final = (Return, Throw, FailTask, CallService)
_ALLOWED: Final = "use Return(...), Throw(...), FailTask() or CallService(), a list of them, or a function"


class ExecutionMocks:
    """The mocks of one execution; each attempt of a task requests a response."""

    def __init__(
        self,
        mocks: Mapping[str, EmulatorMock],
        numbered: Mapping[str, Sequence[MockResponse]],
        states: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Check ``mocks`` of a test and ``numbered`` responses of a configuration against the states.

        Raises ``MockError`` for mocks without a state and for invalid responses.
        """
        if not isinstance(mocks, Mapping):
            raise MockError(f"mocks= is a mapping, not {shown(mocks)}")
        self._mocks = mocks
        self._numbered = {state: responses for state, responses in numbered.items() if state not in mocks}
        self._requests: Counter[str] = Counter()
        self._max_attempts: Counter[str] = Counter()
        self._returned: dict[str, list[MockResponse]] = {}
        self._replayed: dict[str, list[MockResponse]] = {}
        if problems := [*_mock_problems({**self._numbered, **mocks}, states)]:
            raise MockError("\n".join(problems))

    @property
    def states(self) -> list[str]:
        """The states that have a mock."""
        return [*self._numbered, *self._mocks]

    def start_again(self) -> None:
        """Begin anew for the same execution: a function is not called again for what it has answered."""
        self._requests.clear()
        self._max_attempts.clear()
        self._replayed, self._returned = self._returned, {}

    def unused(self) -> str:
        """Return a line for each mock of the test that was not used, or not completely."""
        lines = []
        for state, mock in self._mocks.items():
            if not self._requests[state]:
                lines.append(f"the mock of {state!r} was not used: the state was not visited")
            elif isinstance(mock, Sequence) and self._max_attempts[state] < len(mock):
                used = self._max_attempts[state]
                were = "was" if used == 1 else "were"
                lines.append(
                    f"the mock of {state!r} has {_responses(len(mock))}, of which {used} {were} used"
                )
        return "\n".join(lines)

    def response(self, call: TaskRequest) -> MockResponse:
        """Return the response to an attempt of a task. Raises ``MockError``, and what a function raises."""
        __tracebackhide__ = True
        state = call.state
        number = self._requests[state]
        self._requests[state] += 1
        self._max_attempts[state] = max(self._max_attempts[state], call.number + 1)
        if state in self._numbered:
            # a configuration counts the attempts of all iterations of a Map together
            responses = self._numbered[state]
            if number >= len(responses):
                raise MockError(
                    f"the mock configuration has no response for attempt {number} of {state!r}; "
                    f"the last one is for attempt {len(responses) - 1}"
                )
            return responses[number]
        mock = self._mocks[state]
        if isinstance(mock, Sequence):
            if call.number >= len(mock):
                raise MockError(
                    f"the mock of {state!r} has {_responses(len(mock))}, and there is another attempt: "
                    "use one for each attempt, or a single one without a list for all attempts"
                )
            return mock[call.number]
        if isinstance(mock, _RESPONSES):
            return mock
        key = json.dumps([state, call.number, call.arguments], sort_keys=True)
        replayed = self._replayed.get(key)
        response = replayed.pop(0) if replayed else mock(call.arguments)
        if problem := _response_problem(response):
            raise MockError(f"the function that mocks {state!r} returned {problem}")
        self._returned.setdefault(key, []).append(response)
        return response


def read_case(
    source: str | os.PathLike[str] | Mapping[str, Any], case: str, names: Sequence[str]
) -> Mapping[str, Sequence[Any]]:
    """Return the responses of a test case for a machine that has any of the ``names``.

    ``case`` may also name a machine of the configuration: ``Machine#Case``. Raises ``MockError``.
    """
    shown = "the mock configuration" if isinstance(source, Mapping) else os.fspath(source)
    try:
        machines = MockConfig.read(source).machines
    except OSError as error:
        raise MockError(f"cannot read the mock configuration {shown}: {error.strerror}") from None
    except MockConfigError as error:
        raise MockError(f"{shown} is not a mock configuration:\n{error}") from None
    machine, _, case = case.rpartition("#")
    cases = machines[_configured_machine(machines, machine, names, shown)]
    if case not in cases:
        hint = did_you_mean(case, cases) or "it has " + (", ".join(map(repr, cases)) or "none")
        raise MockError(f"{shown} has no test case {case!r}; {hint}")
    return cases[case]


def _configured_machine(machines: Mapping[str, Any], chosen: str, names: Sequence[str], shown: str) -> str:
    if chosen:
        if chosen not in machines:
            hint = did_you_mean(chosen, machines) or "it has " + ", ".join(map(repr, machines))
            raise MockError(f"{shown} has no state machine {chosen!r}; {hint}")
        return chosen
    for name in names:
        if name in machines:
            return name
    if len(machines) == 1:
        return next(iter(machines))
    has = "several" if machines else "no"
    hint = f": select one with case={next(iter(machines)) + '#...'!r}" if machines else ""
    raise MockError(f"{shown} has {has} state machines, and none is named {names[0]!r}{hint}")


def _responses(number: int) -> str:
    return "1 response" if number == 1 else f"{number} responses"


def _mock_problems(mocks: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    names = [state for state in mocks if isinstance(state, str)]
    yield from (
        f"the name of a state must be a string, not {shown(state)}" for state in mocks if state not in names
    )
    yield from unknown_states({state: mocks[state] for state in names}, [*states])
    for state, mock in mocks.items():
        if state not in states:
            continue
        kind = states[state].get("Type")
        if kind != "Task":
            yield f"{state!r} is a {kind}; only a Task can be mocked"
        elif isinstance(mock, (list, tuple)):
            if not mock:
                yield f"the mock of {state!r} is an empty list; {_ALLOWED}"
            for number, response in enumerate(mock):
                if problem := _response_problem(response):
                    yield f"response {number} of the mock of {state!r} is {problem}"
        elif not (callable(mock) and not isinstance(mock, type)) and (problem := _response_problem(mock)):
            yield f"the mock of {state!r} is {problem}"


def _response_problem(response: object) -> str:
    if isinstance(response, Throw) and None in (response.error, response.cause):
        return f"{shown(response)}, whose error and cause are not both text"
    if isinstance(response, (Return, Throw, FailTask)):
        return wrong_answer(response)
    if isinstance(response, CallService):
        return ""
    if isinstance(response, type) and issubclass(response, _RESPONSES):
        return f"the class {response.__name__}: use {response.__name__}()"
    return f"{shown(response)}; {meant_as_result(response) or _ALLOWED}"
