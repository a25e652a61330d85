"""Executions of a deployed state machine: what they may be called and given, started, and followed.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final
from uuid import uuid4

from cfngen.asl.values import EXPRESS
from cfngen.local.errors import UNUSABLE, DeniedError, ServiceError, told

LONGEST_INPUT: Final = 262_144
"""Bytes that the input of an execution may have, in UTF-8."""

LONGEST_NAME: Final = 80
_REFUSED: Final = re.compile(
    r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U0010ffff]"
)
_LOOKS: Final = 10
"""Looks at the history for each at the execution itself."""

_OVER: Final = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")


def refused_name(name: str) -> str:
    """Say why Step Functions would refuse a name, or nothing."""
    if not name:
        return "a name has at least one character"
    if len(name) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters, not {len(name)}"
    if found := _REFUSED.search(name):
        return f"a name has no {found[0]!r}: no blanks, brackets, wildcards, special or control characters"
    return ""


def is_tracked(name: str) -> bool:
    """Tell whether CloudWatch can keep metrics of an execution of that name."""
    return name.isascii()


def read_input(given: str) -> str:
    """Return the input of an execution: JSON, or ``@`` and the path of a file that holds it.

    Raises ``ServiceError`` for what Step Functions would refuse, and for a file that cannot be read.
    """
    where, text = "the input", given
    if given.startswith("@"):
        where = given[1:]
        try:
            with open(where, encoding="utf-8-sig") as file:
                text = file.read()
        except OSError as error:
            raise ServiceError(f"cannot read {where}: {error.strerror}", UNUSABLE) from None
        except ValueError:
            raise ServiceError(f"{where} is not UTF-8", UNUSABLE) from None
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_INPUT:
        raise ServiceError(f"{where} has more than {LONGEST_INPUT:,} bytes", UNUSABLE)
    try:
        json.loads(text, parse_constant=_no_constant)
        text.encode()
    except (ValueError, RecursionError) as error:
        hint = "" if given.startswith("@") or "{" in text else "; @FILE reads it from a file"
        raise ServiceError(f"{where} is no JSON: {error}{hint}", UNUSABLE) from None
    return text


def start(client: Any, machine_arn: str, given: str, name: str | None = None) -> str:
    """Start an execution, and return its ARN. Raises ``ServiceError``.

    It is named here where it has no name, so that asking again after a lost answer starts no second one.
    """
    doing = "cannot start an execution"
    with told(doing):
        answer = client.start_execution(stateMachineArn=machine_arn, input=given, name=name or str(uuid4()))
    return str(_part(answer, "executionArn", doing))


def definition_of(client: Any, execution_arn: str) -> str:
    """Return the definition that an execution runs, as text. Raises ``ServiceError``."""
    doing = "cannot read the definition of the execution"
    with told(doing):
        answer = client.describe_state_machine_for_execution(executionArn=execution_arn)
    return str(_part(answer, "definition", doing))


def run_express(client: Any, machine_arn: str, given: str, name: str | None = None) -> Mapping[str, Any]:
    """Run an execution of an express machine, and return what became of it. Raises ``ServiceError``."""
    doing = "cannot run the execution"
    with told(doing):
        answer: Mapping[str, Any] = client.start_sync_execution(
            stateMachineArn=machine_arn, input=given, name=name or str(uuid4())
        )
    _part(answer, "status", doing)
    return answer


def express_definition(client: Any, machine_arn: str) -> str | None:
    """Return the definition of an express machine, or None of a standard one. Raises ``ServiceError``.

    One who may start executions, and not look at the machine, is taken to mean a standard one.
    """
    doing = "cannot look at the state machine"
    try:
        with told(doing):
            answer = client.describe_state_machine(stateMachineArn=machine_arn)
    except DeniedError:
        return None
    return str(_part(answer, "definition", doing)) if answer.get("type") == EXPRESS else None


class Following:
    """An execution that is watched: its events as they come, then what became of it."""

    def __init__(self, client: Any, arn: str, every: float = 0.5) -> None:
        """Watch the execution, looking ``every`` so many seconds."""
        self.arn = arn
        self.described: Mapping[str, Any] = {}
        self.history: list[Mapping[str, Any]] = []
        self._client = client
        self._every = every

    def __iter__(self) -> Iterator[Mapping[str, Any] | None]:
        """Yield each event once, in order, and None after each look, until the execution is over.

        Raises ``ServiceError``.
        """
        for look in count():
            if look % _LOOKS == 0:
                self.described = self._describe()
            yield from self._new_events()
            # the history says when it is over, and is enough to look at in between
            if self._has_ended() and not self._is_over():
                self.described = self._describe()
            if self._is_over():
                yield from self._last_events()
                return
            yield None
            time.sleep(self._every)

    @property
    def status(self) -> str:
        """What Step Functions says of it, such as ``SUCCEEDED``."""
        return str(self.described.get("status", ""))

    def stop(self, cause: str) -> None:
        """Stop the execution. Raises ``ServiceError``."""
        with told("cannot stop the execution"):
            self._client.stop_execution(executionArn=self.arn, cause=cause)

    def _describe(self) -> Mapping[str, Any]:
        doing = "cannot follow the execution"
        with told(doing):
            answer: Mapping[str, Any] = self._client.describe_execution(executionArn=self.arn)
        _part(answer, "status", doing)
        return answer

    def _new_events(self) -> Iterator[Mapping[str, Any]]:
        """Read the history from its end to the last event known: a long one is not read anew each time."""
        doing = "cannot read the history of the execution"
        seen = self.history[-1]["id"] if self.history else 0
        found: dict[int, Mapping[str, Any]] = {}
        page: dict[str, Any] = {}
        while True:
            with told(doing):
                answer = self._client.get_execution_history(
                    executionArn=self.arn, reverseOrder=True, maxResults=1000, **page
                )
            events = _part(answer, "events", doing)
            new = {event["id"]: event for event in events if event["id"] > seen}
            found.update(new)
            if len(new) < len(events) or not answer.get("nextToken"):
                break
            page = {"nextToken": answer["nextToken"]}
        for number in sorted(found):
            self.history.append(found[number])
            yield found[number]

    def _is_over(self) -> bool:
        return self.status not in ("RUNNING", "PENDING_REDRIVE")

    def _has_ended(self) -> bool:
        return bool(self.history) and self.history[-1]["type"] in _OVER

    def _last_events(self) -> Iterator[Mapping[str, Any]]:
        """Wait for the event that ends the history, which may become readable after the status."""
        for _ in range(_LOOKS):
            if self._has_ended():
                return
            time.sleep(self._every)
            yield from self._new_events()


def _part(answer: Mapping[str, Any], name: str, doing: str) -> Any:
    if not isinstance(answer, Mapping) or name not in answer:
        raise ServiceError(f"{doing}: the answer lacks {name}")
    return answer[name]


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
