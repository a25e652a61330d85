"""What a change does to the flow of a state machine: its states, where they lead, how they handle errors.

States are matched by name in the whole machine, which is how Step Functions tells them apart. A state
that is gone and one that is new are the same under another name where all else about them is equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cfngen.asl.schema import FIELDS, FieldKind
from cfngen.core.declared import Declared, frozen
from cfngen.core.walk import Keys
from cfngen.diff.placed_states import INSIDE, PlacedState, Transition, placed_states, without_field
from cfngen.diff.values import FieldChange, field_changes, in_one_form, one_line_json

_PAYLOADS: Final = frozenset(
    name for row in FIELDS if row.kind in (FieldKind.PAYLOAD, FieldKind.STATIC) for name in row.names()
)


@frozen
class TransitionChange(Declared):
    """A transition that leads elsewhere; a side is None where the transition is not there."""

    field: str
    old: Transition | None
    new: Transition | None

    @property
    def when(self) -> str:
        """The errors or the test that lead there, empty for a plain ``Next``."""
        side = self.new if self.new is not None else self.old
        return "" if side is None else side.when

    def mirrored(self) -> TransitionChange:
        """Return the change from the new side to the old one."""
        return TransitionChange(self.field, self.new, self.old)


@frozen
class StateChange(Declared):
    """A state that changed: ``old`` and ``new`` are its names, None where there is none.

    ``types`` are its types and ``paths`` lead to it in either definition, empty where it is not.
    ``fields`` are those of the state itself, by pointers inside it; ``transitions`` are where it leads;
    ``scopes`` are where it stands, if that changed: ``Both > Branches/0``, empty for the machine itself.
    """

    old: str | None
    new: str | None
    types: tuple[str, str]
    paths: tuple[Keys, Keys]
    fields: tuple[FieldChange, ...] = ()
    transitions: tuple[TransitionChange, ...] = ()
    scopes: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The name of the state, the new one where there are two."""
        return self.new if self.new is not None else str(self.old)

    @property
    def type(self) -> str:
        """The type of the state, the new one where there are two."""
        return self.types[1] or self.types[0]

    @property
    def is_renamed(self) -> bool:
        """Whether the state goes on under another name."""
        return self.old is not None and self.new is not None and self.old != self.new

    @property
    def is_wording(self) -> bool:
        """Whether the state does what it did: no more than its comment changed."""
        unchanged = self.old == self.new and not self.transitions and self.scopes is None
        return unchanged and all(_is_comment(change.path) for change in self.fields)

    def mirrored(self) -> StateChange:
        """Return the change from the new side to the old one."""
        return StateChange(
            self.new,
            self.old,
            (self.types[1], self.types[0]),
            (self.paths[1], self.paths[0]),
            tuple(change.mirrored() for change in self.fields),
            tuple(change.mirrored() for change in self.transitions),
            None if self.scopes is None else (self.scopes[1], self.scopes[0]),
        )


def _is_comment(path: str) -> bool:
    """Tell whether a field of a state is a comment, and no key of that name in a payload."""
    *outer, name = path.split("/")
    return name == "Comment" and not _PAYLOADS.intersection(outer)


@frozen
class FlowChanges(Declared):
    """What changed in a definition: its own fields (``StartAt``, ``TimeoutSeconds``), and its states."""

    fields: tuple[FieldChange, ...] = ()
    states: tuple[StateChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.states)

    @property
    def is_wording(self) -> bool:
        """Whether the machine does what it did: no more than comments changed."""
        return all(change.path == "/Comment" for change in self.fields) and all(
            change.is_wording for change in self.states
        )

    def mirrored(self) -> FlowChanges:
        """Return the changes from the new side to the old one."""
        return FlowChanges(
            tuple(change.mirrored() for change in self.fields),
            tuple(change.mirrored() for change in self.states),
        )


def flow_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> FlowChanges:
    """Return what changed between two definitions, the states in the order of the new one."""
    before, after = placed_states(old), placed_states(new)
    names = _matched(before, after)
    back = {name: former for former, name in names.items()}
    states: list[StateChange] = []
    is_renamed = any(name != latter for name, latter in names.items())
    for name, state in after.items():
        if name in back:
            if not is_renamed and before[name].is_same(state):
                continue
            change = _state_change(before[back[name]], state, names)
            if change is not None:
                states.append(change)
        else:
            states.append(StateChange(None, state.name, ("", _state_type(state)), ((), state.path)))
    removed = [
        StateChange(state.name, None, (_state_type(state), ""), (state.path, ()))
        for name, state in before.items()
        if name not in names
    ]
    own = [
        change
        for change in field_changes(_own_fields(old), _own_fields(new))
        if not (
            change.path == "/StartAt"
            and isinstance(change.old, str)
            and names.get(change.old) == change.new
        )
    ]
    return FlowChanges(tuple(own), (*states, *removed))


def _own_fields(definition: Mapping[str, Any]) -> Any:
    return in_one_form({key: value for key, value in definition.items() if key != "States"})


def _matched(before: Mapping[str, PlacedState], after: Mapping[str, PlacedState]) -> dict[str, str]:
    """Return the new name of each state that is still there."""
    names = {name: name for name in before if name in after}
    gone = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    if not gone or not added:
        return names

    def likeness(state: PlacedState) -> str:
        fields = [transition.field for transition in state.transitions]
        return one_line_json([without_field(state.body, "Comment"), fields], 1_000_000_000)

    new_by_likeness: dict[str, list[str]] = {}
    for name in added:
        new_by_likeness.setdefault(likeness(after[name]), []).append(name)
    old_by_likeness: dict[str, list[str]] = {}
    for name in gone:
        old_by_likeness.setdefault(likeness(before[name]), []).append(name)
    for body, former in old_by_likeness.items():
        latter = new_by_likeness.get(body, [])
        if len(former) == len(latter):  # or which is which cannot be told
            names.update(zip(former, latter, strict=True))
    return names


def _state_change(old: PlacedState, new: PlacedState, names: Mapping[str, str]) -> StateChange | None:
    fields = field_changes(old.body, new.body)
    transitions = tuple(_transition_changes(old, new, names))
    moved = (
        None
        if _renamed_scope(old.scope, names) == _renamed_scope(new.scope, {})
        else (old.scope, new.scope)
    )
    if not fields and not transitions and moved is None and old.name == new.name:
        return None
    return StateChange(
        old.name,
        new.name,
        (_state_type(old), _state_type(new)),
        (old.path, new.path),
        tuple(fields),
        transitions,
        moved,
    )


def _renamed_scope(scope: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the state that a scope is inside of, by its new name, and the field that holds it."""
    owner, _, field = scope.partition(INSIDE)
    return names.get(owner, owner), "ItemProcessor" if field == "Iterator" else field


def _transition_changes(
    old: PlacedState, new: PlacedState, names: Mapping[str, str]
) -> Iterator[TransitionChange]:
    """Yield the transitions that lead to another state, a state under a new name being the same."""
    before = {transition.field: transition for transition in old.transitions}
    after = {transition.field: transition for transition in new.transitions}
    for field in dict.fromkeys((*before, *after)):
        one, other = before.get(field), after.get(field)
        if one is not None and other is not None and names.get(one.target, one.target) == other.target:
            continue
        yield TransitionChange(field, one, other)


def _state_type(state: PlacedState) -> str:
    return str(state.body.get("Type", ""))
