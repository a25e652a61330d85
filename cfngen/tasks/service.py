"""What the typed tasks have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import ClassVar

from cfngen.asl.states import AnyTask
from cfngen.asl.values import JSONATA, OMIT, Language, Omit, Pattern, PayloadValue, ServiceArn, Text
from cfngen.core.declared import frozen
from cfngen.tasks.grants import Grant

__all__ = ["CallingTask", "ServiceTask"]


@frozen(kw_only=True)
class CallingTask(AnyTask):
    """A call of one action of one service, from which the policy is derived.

    ``resources`` names the ARNs that the call may touch where its arguments are only known at run time,
    so that the policy need not be wider. ``because`` is the reason that the policy's explanation gives.
    ``derive=False`` leaves the call out of the policy, whose author then gives its permissions.
    """

    pattern: Pattern
    resources: Sequence[Text] | None = None
    because: str | None = None
    derive: bool = True

    @classmethod
    def field_hints(cls) -> dict[str, str]:
        """Return the patterns too, of which each call has one."""
        names = " or ".join(pattern.name for pattern in cls.patterns)
        return {**super().field_hints(), "pattern": f"pattern is {names}"}

    def wrong_values(self) -> Iterator[str]:
        """Yield a pattern that is none, and resources that are no list."""
        yield from super().wrong_values()
        chosen_pattern: object = self.pattern
        if not isinstance(chosen_pattern, Pattern):
            choice = ", ".join(pattern.name for pattern in self.patterns)
            yield f"pattern takes one of {choice}, not {chosen_pattern!r}"
        named: object = self.resources
        if named is not None and not isinstance(named, (list, tuple)):
            yield f"resources takes a list of ARNs, not {named!r}"


@frozen(kw_only=True)
class ServiceTask(CallingTask):
    """A call of an optimized integration: the API's arguments are fields beside the state's own.

    A subclass declares ``service`` and ``action`` as they stand in the task's ``Resource``, the
    ``patterns`` that the service supports, and the ``grants`` that a call needs. An argument whose name
    a state's field has already takes a trailing underscore.
    """

    service: ClassVar[str]
    action: ClassVar[str]
    grants: ClassVar[tuple[Grant, ...]]

    @classmethod
    @cache
    def arguments(cls) -> tuple[str, ...]:
        """Return the names of the action's arguments as the class spells them."""
        return tuple(field.name for field in fields(cls) if field.name not in _OWN)

    @property
    def resource(self) -> ServiceArn:
        """Return the integration that is called."""
        return ServiceArn(self.service, self.action, self.pattern)

    def payloads(self, language: Language) -> Mapping[str, PayloadValue | Omit]:
        """Return the arguments where the query language has them."""
        arguments = {
            name.rstrip("_"): value
            for name in self.arguments()
            if (value := getattr(self, name)) is not None
        }
        return {"Arguments" if language == JSONATA else "Parameters": arguments or OMIT}


_OWN = frozenset(field.name for field in fields(ServiceTask))
