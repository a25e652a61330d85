"""The states of a definition by name, each with where it stands and where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from cfngen.core.declared import Declared, frozen
from cfngen.core.walk import Keys
from cfngen.diff.values import in_one_form

_SCOPES: Final = ("ItemProcessor", "Iterator")
_TARGETS: Final = ("Next", "Default")
INSIDE: Final = " > "
"""Between a state and the field of it that holds the scope."""


@frozen
class Transition(Declared):
    """Where a state leads: by which field (``Catch/0/Next``), in whose words, and to which state.

    ``when`` is empty for a plain ``Next``, else the errors or the test that lead there.
    """

    field: str
    when: str
    target: str


class PlacedState:
    """A state in its definition; most are the same on both sides, and are asked for nothing more."""

    def __init__(self, name: str, path: Keys, scope: str, state: Mapping[str, Any]) -> None:
        self.name = name
        self.path = path
        self.scope = scope
        self.state = state

    def is_same(self, other: PlacedState) -> bool:
        """Tell whether both surely are the same, as most are; that they are not is no answer.

        Equal values may not be: ``1`` and ``true``. What has states inside is compared by these.
        """
        if self.scope != other.scope or any(_inner_scopes(self.state)):
            return False
        return self.state == other.state and repr(self.state) == repr(other.state)

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """What it says of itself."""
        return _body(self.state)

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """Where it leads."""
        return tuple(_placed_transitions(self.state))


def placed_states(definition: Mapping[str, Any]) -> dict[str, PlacedState]:
    """Return the states of a definition by name, those inside maps and branches included.

    A name that stands twice, which Step Functions refuses, keeps its first state; the others are found
    under their paths.
    """
    states: dict[str, PlacedState] = {}
    scopes: list[tuple[Keys, str, Any]] = [((), "", definition)]
    for inside, owner, scope in scopes:  # which grows as it is walked
        members = scope.get("States") if isinstance(scope, Mapping) else None
        for name, state in members.items() if isinstance(members, Mapping) else ():
            if not isinstance(state, Mapping):
                continue
            path = (*inside, "States", name)
            key = name if name not in states else "/".join(map(str, path))
            states[key] = PlacedState(name, path, owner, state)
            scopes += [
                ((*path, *field), f"{name}{INSIDE}{'/'.join(map(str, field))}", inner)
                for field, inner in _inner_scopes(state)
            ]
    return states


def _inner_scopes(state: Mapping[str, Any]) -> Iterator[tuple[Keys, Any]]:
    branches = state.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield ("Branches", index), branch
    for field in _SCOPES:
        if field in state:
            yield (field,), state[field]


def _body(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a state says of itself, in one form: not where it leads, nor the states inside."""
    body: dict[str, Any] = {}
    for field, value in state.items():
        if field in _TARGETS or field == "End":
            continue
        if field == "Branches" and isinstance(value, list):
            body[field] = [_scope_fields(branch) for branch in value]
        elif field in _SCOPES:
            body["ItemProcessor"] = _scope_fields(value)  # as which the language reads an Iterator
        elif field in ("Choices", "Catch") and isinstance(value, list):
            body[field] = [without_field(entry, "Next") for entry in value]
        else:
            body[field] = value
    form = in_one_form(body)
    assert isinstance(form, dict)
    return form


def _scope_fields(scope: Any) -> Any:
    """Return the fields of a scope that are not states."""
    return without_field(scope, "States")


def without_field(value: Any, name: str) -> Any:
    """Return an object without a field; anything else as it is."""
    return (
        {key: item for key, item in value.items() if key != name} if isinstance(value, Mapping) else value
    )


def _placed_transitions(state: Mapping[str, Any]) -> Iterator[Transition]:
    from cfngen.views.labels import condition, matched_errors

    for field in _TARGETS:
        if isinstance(target := state.get(field), str):
            yield Transition(field, "by default" if field == "Default" else "", target)
    for field, label in (("Choices", condition), ("Catch", matched_errors)):
        entries = state.get(field)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, Mapping) and isinstance(target := entry.get("Next"), str):
                yield Transition(f"{field}/{index}/Next", label(entry), target)
