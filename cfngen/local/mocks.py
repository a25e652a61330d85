"""Mocks of tasks: what a task does in place of its service, and the file of Step Functions Local.

https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from cfngen.aws.errors import UNUSABLE, ServiceError
from cfngen.core.declared import Declared, did_you_mean, frozen
from cfngen.core.problems import Problem, ProblemsError
from cfngen.execution.json_values import parse_json
from cfngen.execution.mocks import FailTask, Return, Throw, unknown_state

Response: TypeAlias = "Return | Throw | FailTask"
Responses: TypeAlias = "Mapping[str, Sequence[Response]]"
"""By the name of the state: one for each attempt; the last is for all further attempts too."""


class MockConfigError(ProblemsError):
    """A mock configuration that cannot be used; ``location`` is a JSON pointer into it."""


@frozen
class MockConfig(Declared):
    """The test cases of state machines, by the name of the machine and that of the case."""

    machines: Mapping[str, Mapping[str, Responses]]

    @classmethod
    def read(cls, source: Mapping[str, Any] | str | os.PathLike[str]) -> MockConfig:
        """Read a document, or the file at a path, as Step Functions Local reads it.

        Raises ``MockConfigError`` with all that is wrong, and ``OSError`` as the operating system does.
        """
        document = source if isinstance(source, Mapping) else _parsed(source)
        problems = list(_problems(document))
        if problems:
            raise MockConfigError(problems)
        responses = {
            name: tuple(_expanded(attempts))
            for name, attempts in document.get("MockedResponses", {}).items()
        }
        return cls(
            {
                machine: {
                    case: {state: responses[name] for state, name in states.items()}
                    for case, states in fields["TestCases"].items()
                }
                for machine, fields in document.get("StateMachines", {}).items()
            }
        )


def responses_to_json(responses: Responses) -> dict[str, list[dict[str, Any]]]:
    """Return responses as JSON for the process of the emulator."""
    return {state: [to_json(response) for response in attempts] for state, attempts in responses.items()}


def responses_from_json(responses: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Response]]:
    """Return the responses of ``responses_to_json``."""
    return {state: [from_json(fields) for fields in attempts] for state, attempts in responses.items()}


def to_json(response: Response) -> dict[str, Any]:
    """Return a response as the file of Step Functions Local has it, which knows the first two."""
    if isinstance(response, Return):
        return {"Return": response.result}
    if isinstance(response, Throw):
        return {"Throw": {"Error": response.error, "Cause": response.cause}}
    return {"FailTask": response.cause}


def from_json(fields: Mapping[str, Any]) -> Response:
    """Return the response of ``to_json``."""
    if "Return" in fields:
        return Return(fields["Return"])
    if "Throw" in fields:
        return Throw(fields["Throw"]["Error"], fields["Throw"].get("Cause", ""))
    return FailTask(fields["FailTask"])


def answers_of(value: Any) -> list[Response]:
    """Return the answers that a value of JSON stands for, one for each attempt.

    ``{"Return": ...}`` and ``{"Throw": {"Error": ..., "Cause": ...}}`` are an answer, a list of them
    one for each attempt; anything else is the result itself. Raises ``ServiceError`` for what is nearly an
    answer: it would be taken for a result.
    """
    if isinstance(value, list) and any(map(_is_meant_as_answer, value)):
        return [_answer(item) for item in value]
    return [_answer(value) if _is_meant_as_answer(value) else Return(value)]


def _answer(value: Any) -> Response:
    is_meant = _is_meant_as_answer(value) and not [*_response_problems("", value)]
    if not is_meant or value.get("Throw", {}).keys() - {"Error", "Cause"}:
        text = json.dumps(value, default=str)
        raise ServiceError(
            f'{text[:80]} is no answer: {{"Return": ...}} is a result, '
            '{"Throw": {"Error": "NAME", "Cause": "TEXT"}} an error',
            UNUSABLE,
        )
    return from_json(value)


def _is_meant_as_answer(value: object) -> bool:
    return isinstance(value, Mapping) and bool(value) and value.keys() <= {"Return", "Throw"}


def unknown_states(responses: Responses, known: Sequence[str]) -> list[str]:
    """Return a message for each state that the machine does not have."""
    return [unknown_state(state, known) for state in responses if state not in known]


_RANGE: Final = re.compile(r"\d{1,6}(-\d{1,6})?")


def _parsed(path: str | os.PathLike[str]) -> Any:
    with open(path, encoding="utf-8") as file:
        try:
            return parse_json(file.read())
        except (ValueError, RecursionError) as error:
            message = f"{os.fspath(path)} is not JSON: {error}"
            raise MockConfigError([Problem("SCHEMA_VALIDATION_FAILED", "", message)]) from None


def _problems(document: Any) -> Iterator[Problem]:
    if not isinstance(document, Mapping):
        yield _problem("", "a mock configuration must be an object")
        return
    sections: dict[str, Any] = {"StateMachines": {}, "MockedResponses": {}}
    for field in document:
        if field not in sections:
            yield _problem(f"/{field}", f"there is no field {field!r}", did_you_mean(str(field), sections))
        elif isinstance(document[field], Mapping):
            sections[field] = document[field]
        else:
            entry = "response" if field == "MockedResponses" else "state machine"
            yield _problem(f"/{field}", f"must be an object with an entry for each {entry}")
    machines, responses = sections.values()
    for machine, fields in machines.items():
        yield from _case_problems(f"/StateMachines/{machine}", fields, responses)
    for name, attempts in responses.items():
        yield from _attempt_problems(f"/MockedResponses/{name}", attempts)


def _case_problems(location: str, fields: Any, responses: Mapping[str, Any]) -> Iterator[Problem]:
    cases = fields.get("TestCases") if isinstance(fields, Mapping) else None
    if not isinstance(cases, Mapping):
        yield _problem(location, "must have TestCases, an object with an entry for each test case")
        return
    for case, states in cases.items():
        case_location = f"{location}/TestCases/{case}"
        if not isinstance(states, Mapping):
            yield _problem(case_location, "must be an object that names a response for each state")
            continue
        for state, name in states.items():
            if not isinstance(name, str) or name not in responses:
                hint = did_you_mean(name, responses) if isinstance(name, str) else ""
                yield _problem(f"{case_location}/{state}", f"no response is named {name!r}", hint)


def _attempt_problems(location: str, attempts: Any) -> Iterator[Problem]:
    if not isinstance(attempts, Mapping) or not attempts:
        yield _problem(location, "must be an object with a response for each attempt, from '0' on")
        return
    invalid = [key for key in attempts if not _RANGE.fullmatch(str(key))]
    for key, response in attempts.items():
        if key in invalid:
            yield _problem(
                f"{location}/{key}",
                "the key of an attempt must be a number such as '0' or a range such as '1-2'",
            )
        yield from _response_problems(f"{location}/{key}", response)
    expected = 0
    for first, last in sorted(map(_range, attempts)) if not invalid else ():
        if first != expected or last < first:
            message = f"attempts must follow one another from '0' on: {expected} is next, not {first}"
            yield _problem(location, message)
            return
        expected = last + 1


def _range(key: str) -> tuple[int, int]:
    first, _, last = key.partition("-")
    return int(first), int(last or first)


def _response_problems(location: str, response: Any) -> Iterator[Problem]:
    kinds = set(response) if isinstance(response, Mapping) else set()
    if kinds == {"Return"}:
        return
    thrown = response["Throw"] if kinds == {"Throw"} else None
    if not isinstance(thrown, Mapping) or not isinstance(thrown.get("Error"), str):
        yield _problem(location, "must be {'Return': ...} or {'Throw': {'Error': ..., 'Cause': ...}}")
    elif not isinstance(thrown.get("Cause", ""), str):
        yield _problem(f"{location}/Throw/Cause", "must be a string")


def _problem(location: str, message: str, hint: str = "") -> Problem:
    return Problem("SCHEMA_VALIDATION_FAILED", location, message, hint)


def _expanded(attempts: Mapping[str, Any]) -> Iterator[Response]:
    for key in sorted(attempts, key=_range):
        first, last = _range(key)
        yield from [from_json(attempts[key])] * (last - first + 1)
