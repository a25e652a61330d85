"""Calls that are alike, so that what they need is found once.

What a call needs follows from the arguments that are asked for on the way to it, and from nothing else. A
call that passes the same in all of those needs the same, whatever else it passes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cfngen.asl.states import Task
from cfngen.asl.values import OMIT, is_intrinsic
from cfngen.iam.merge import Permission
from cfngen.tasks.service import CallingTask, ServiceTask


class Asked(Mapping[str, Any]):
    """Arguments that note which of them were asked for; ``asked`` is None once all were gone through."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._arguments = arguments
        self.asked: dict[str, None] | None = {}

    def __getitem__(self, name: str) -> Any:
        if self.asked is not None:
            self.asked[name] = None
        return self._arguments[name]

    def __iter__(self) -> Iterator[str]:
        self.asked = None
        return iter(self._arguments)

    def __len__(self) -> int:
        self.asked = None
        return len(self._arguments)


class Group:
    """What calls that are alike need, and the states that make them."""

    __slots__ = ("permissions", "states")

    def __init__(self, permissions: list[Permission], state: str) -> None:
        self.permissions, self.states = permissions, [state]

    def merged(self) -> Iterator[Permission]:
        """Yield the permissions with every state as a reason."""
        for permission in self.permissions:
            [(_, because, page, chosen)] = permission.because
            yield replace(
                permission, because=tuple((state, because, page, chosen) for state in self.states)
            )


class Likeness:
    """The calls met so far: by what is called, by the arguments that were asked for, by what they held."""

    def __init__(self) -> None:
        self._met: dict[Hashable, dict[tuple[str, ...], dict[Hashable, Group]]] = {}

    def group(self, state: object) -> Group | None:
        """Return the group of the calls like that of a state, if there were any."""
        if (call := _call(state)) is None or (known := self._met.get(call[0])) is None:
            return None
        for names, groups in known.items():
            if found := groups.get(_values(call[1], names)):
                return found
        return None

    def add(self, state: object, asked: Asked, group: Group) -> None:
        """Let other calls join a group: those that pass the same where this one was asked."""
        if (call := _call(state)) is not None and asked.asked is not None:
            names = _fields(state, asked.asked)
            groups = self._met.setdefault(call[0], {}).setdefault(names, {})
            groups[_values(call[1], names)] = group


def _call(state: object) -> tuple[Hashable, Mapping[str, Any]] | None:
    """Return what is called beside its arguments, and the arguments, where that is cheap to tell."""
    own = vars(state)
    if own.get("Credentials") is not None:
        return None
    if isinstance(state, ServiceTask):
        return (type(state), state.pattern, state.derive, state.because, _value(state.resources)), own
    if isinstance(state, CallingTask) and isinstance(passed := own.get("arguments"), Mapping):
        called = (own["service"], own["action"], state.pattern)
        return (*called, state.derive, state.because, _value(state.resources)), passed
    if type(state) is Task and type(state.Resource) is str:
        passed = state.Arguments if state.Parameters is OMIT else state.Parameters
        if isinstance(passed, Mapping):
            return state.Resource, passed
    return None


def _fields(state: object, names: Iterable[str]) -> tuple[str, ...]:
    """Return where a state holds its arguments; some take an underscore to be told from its own fields."""
    if not isinstance(state, ServiceTask):
        return tuple(names)
    fields = {name.rstrip("_"): name for name in type(state).arguments()}
    return tuple(fields.get(name, name) for name in names)


def _values(arguments: Mapping[str, Any], names: tuple[str, ...]) -> Hashable:
    return tuple([_value(arguments.get(name)) for name in names])


def _value(given: Any) -> Hashable:
    """Return what tells a value from others; the same value under another type is another."""
    if type(given) is str or given is None:
        return given
    return type(given), repr(given.to_dict() if is_intrinsic(given) else given)
