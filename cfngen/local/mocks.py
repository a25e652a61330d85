"""What tasks answer in place of their services: values, and the file of Step Functions Local.

https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cfngen.asl.errors import TASK_FAILED
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.core.problems import Problem, ProblemsError


@frozen
class Return(Declared):
    """The task succeeds; ``result`` is what its service would have answered."""

    result: Any = None


@frozen
class Throw(Declared):
    """The task fails, and no service is called."""

    error: str = TASK_FAILED
    cause: str = ""


@frozen
class FailTask(Declared):
    """The task fails as its service would have it.

    An AWS Batch job that is waited for is submitted, and ends as ``FAILED``. Elsewhere no service is
    called, and the task fails with ``States.TaskFailed``.
    """

    cause: str = "made to fail"


@frozen
class Ask(Declared):
    """Another process, asked at ``url``, answers: see ``cfngen.local.remote_mocks``."""

    url: str


Response: TypeAlias = "Return | Throw | FailTask | Ask"
Responses: TypeAlias = "Mapping[str, Sequence[Response]]"
"""By the name of the state; one for each attempt, of which the last stands for all further ones."""


NOT_EMULATED: Final = "the emulator "
"""What begins the cause of a ``States.Runtime`` where nothing emulates what a task calls."""


class MockConfigError(ProblemsError):
    """A mock configuration that cannot be used; ``location`` is a JSON pointer into it."""


@frozen
class MockConfig(Declared):
    """The test cases of state machines, by the machine's name and the name of the case."""

    machines: Mapping[str, Mapping[str, Responses]]

    @classmethod
    def read(cls, source: Mapping[str, Any] | str | os.PathLike[str]) -> MockConfig:
        """Read a document, or the file at a path, as Step Functions Local reads it.

        Raises ``MockConfigError`` with all that is wrong, and ``OSError`` as the operating system does.
        """
        document = source if isinstance(source, Mapping) else _parsed(source)
        problems = list(_wrong(document))
        if problems:
            raise MockConfigError(problems)
        answers = {
            name: tuple(_expanded(attempts))
            for name, attempts in document.get("MockedResponses", {}).items()
        }
        return cls(
            {
                machine: {
                    case: {state: answers[answer] for state, answer in states.items()}
                    for case, states in described["TestCases"].items()
                }
                for machine, described in document.get("StateMachines", {}).items()
            }
        )


def to_wire(responses: Responses) -> dict[str, list[dict[str, Any]]]:
    """Return responses as JSON that the emulator's process reads."""
    return {state: [as_json(response) for response in given] for state, given in responses.items()}


def from_wire(responses: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Response]]:
    """Return the responses of ``to_wire``."""
    return {state: [from_json(response) for response in given] for state, given in responses.items()}


def as_json(response: Response) -> dict[str, Any]:
    """Return a response as the file spells it, and those that it does not know."""
    if isinstance(response, Return):
        return {"Return": response.result}
    if isinstance(response, Throw):
        return {"Throw": {"Error": response.error, "Cause": response.cause}}
    if isinstance(response, Ask):
        return {"Ask": response.url}
    return {"FailTask": response.cause}


def from_json(response: Mapping[str, Any]) -> Response:
    """Return the response of ``as_json``."""
    if "Return" in response:
        return Return(response["Return"])
    if "Throw" in response:
        return Throw(response["Throw"]["Error"], response["Throw"].get("Cause", ""))
    return Ask(response["Ask"]) if "Ask" in response else FailTask(response["FailTask"])


def unknown_states(responses: Responses, known: Sequence[str]) -> list[str]:
    """Say of each state that the machine does not have which is near."""
    said = []
    for state in responses:
        if state not in known:
            hint = did_you_mean(state, known) or "it has " + ", ".join(map(repr, known))
            said.append(f"no state is named {state!r}; {hint}")
    return said


_RANGE: Final = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def _parsed(path: str | os.PathLike[str]) -> Any:
    with open(path, encoding="utf-8") as file:
        try:
            return json.load(file)
        except (ValueError, RecursionError) as error:
            message = f"{os.fspath(path)} is no JSON: {error}"
            raise MockConfigError([Problem("SCHEMA_VALIDATION_FAILED", "", message)]) from None


def _wrong(document: Any) -> Iterator[Problem]:
    if not isinstance(document, Mapping):
        yield _problem("", "a mock configuration is an object")
        return
    for field in document:
        if field not in ("StateMachines", "MockedResponses"):
            hint = did_you_mean(str(field), ("StateMachines", "MockedResponses"))
            yield _problem(f"/{field}", f"there is no field {field!r}", hint)
    answers = document.get("MockedResponses", {})
    if not isinstance(answers, Mapping):
        yield _problem("/MockedResponses", "is an object, with an entry for each response")
        answers = {}
    machines = document.get("StateMachines", {})
    if not isinstance(machines, Mapping):
        yield _problem("/StateMachines", "is an object, with an entry for each state machine")
        machines = {}
    for machine, described in machines.items():
        yield from _wrong_cases(f"/StateMachines/{machine}", described, answers)
    for name, attempts in answers.items():
        yield from _wrong_attempts(f"/MockedResponses/{name}", attempts)


def _wrong_cases(location: str, described: Any, answers: Mapping[str, Any]) -> Iterator[Problem]:
    cases = described.get("TestCases") if isinstance(described, Mapping) else None
    if not isinstance(cases, Mapping):
        yield _problem(location, "needs TestCases, an object with an entry for each test case")
        return
    for case, states in cases.items():
        place = f"{location}/TestCases/{case}"
        if not isinstance(states, Mapping):
            yield _problem(place, "is an object that names a response for each state")
            continue
        for state, answer in states.items():
            if not isinstance(answer, str) or answer not in answers:
                hint = did_you_mean(answer, answers) if isinstance(answer, str) else ""
                yield _problem(f"{place}/{state}", f"no response is named {answer!r}", hint)


def _wrong_attempts(location: str, attempts: Any) -> Iterator[Problem]:
    if not isinstance(attempts, Mapping) or not attempts:
        yield _problem(location, "is an object with a response for each attempt, from '0' on")
        return
    ranges = []
    for key, response in attempts.items():
        found = _RANGE.fullmatch(str(key))
        if not found:
            yield _problem(
                f"{location}/{key}", "attempts are a number such as '0', or a range such as '1-2'"
            )
        else:
            ranges.append((int(found[1]), int(found[2] or found[1])))
        yield from _wrong_response(f"{location}/{key}", response)
    if len(ranges) == len(attempts):
        expected = 0
        for first, last in sorted(ranges):
            if first != expected or last < first:
                message = f"attempts follow one another from '0' on: {expected} is next, not {first}"
                yield _problem(location, message)
                return
            expected = last + 1


def _wrong_response(location: str, response: Any) -> Iterator[Problem]:
    kinds = set(response) if isinstance(response, Mapping) else set()
    if kinds == {"Return"}:
        return
    thrown = response["Throw"] if kinds == {"Throw"} else None
    if not isinstance(thrown, Mapping) or not isinstance(thrown.get("Error"), str):
        yield _problem(location, "is {'Return': ...} or {'Throw': {'Error': ..., 'Cause': ...}}")
    elif not isinstance(thrown.get("Cause", ""), str):
        yield _problem(f"{location}/Throw/Cause", "is text")


def _problem(location: str, message: str, hint: str = "") -> Problem:
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint)


def _expanded(attempts: Mapping[str, Any]) -> Iterator[Response]:
    ranges = {}
    for key, response in attempts.items():
        first, _, last = key.partition("-")
        ranges[int(first)] = int(last or first) - int(first) + 1, from_json(response)
    for _, (count, answer) in sorted(ranges.items(), key=lambda item: item[0]):
        yield from [answer] * count
