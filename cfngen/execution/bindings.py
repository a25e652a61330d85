"""What the expressions of a state can read: its data, the variables, and the context object.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from random import Random
from typing import Any, TypeAlias

from cfngen.execution.failures import RuntimeStateError
from cfngen.execution.json_values import MISSING, Json, to_text
from cfngen.execution.jsonpath import CompiledPath
from cfngen.execution.path_tokens import Found, PathError

Evaluate: TypeAlias = "Callable[[Bindings], Json]"
"""A field made ready: it returns its value for what the state's expressions can read."""


class Bindings:
    """What names stand for in the expressions of a state, at its place in an execution.

    ``root`` is what ``$`` stands for; ``states`` is what ``$states`` holds in JSONata, without its context.
    """

    __slots__ = ("_context", "now", "random", "root", "states", "variables")

    def __init__(
        self,
        root: Json,
        variables: Mapping[str, Json],
        context: Callable[[], dict[str, Any]],
        random: Random,
        now: Callable[[], float],
        states: Mapping[str, Json] | None = None,
    ) -> None:
        self.root: Json = root
        self.variables: Mapping[str, Json] = variables
        self._context = context
        self.random: Random = random
        self.now: Callable[[], float] = now
        self.states: Mapping[str, Json] = states or {}

    def at(self, root: Json, **states: Json) -> Bindings:
        """Return the bindings of other data, in the same place."""
        return Bindings(
            root, self.variables, self._context, self.random, self.now, {**self.states, **states}
        )

    @property
    def context(self) -> dict[str, Any]:
        """The context object."""
        return self._context()

    def find(self, path: CompiledPath) -> Found:
        """Return what a path leads to, or ``MISSING``; a function of it may fail."""
        try:
            if path.is_context:
                return path.find(self.context)
            if path.variable:
                if path.variable not in self.variables:
                    return MISSING
                return path.find(self.variables[path.variable])
            return path.find(self.root)
        except PathError as error:
            raise RuntimeStateError(f"Invalid path '{path.text}': {error}") from None

    def shown(self, path: CompiledPath) -> str:
        """Return the data that a path was looked up in, as messages show it."""
        if path.is_context:
            return to_text(self.context)
        if path.variable:
            return to_text(self.variables.get(path.variable))
        return to_text(self.root)

    def uuid(self) -> str:
        """Return a random UUID of version 4, out of the execution's own numbers."""
        return random_uuid(self.random)


def random_uuid(random: Random) -> str:
    """Return a UUID of version 4."""
    digits = f"{random.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | 0x4 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@lru_cache(maxsize=1024)
def context_timestamp(seconds: float) -> str:
    """Return a time as the context object has it: ``2026-11-28T04:22:04.000Z``."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
