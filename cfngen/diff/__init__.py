"""What a change deploys: the flow, executions under way, permissions, resources."""

from __future__ import annotations

from cfngen.diff.comparison import Comparison, Kind, MachineChanges, compare
from cfngen.diff.entries import EntryChange
from cfngen.diff.flow import FlowChanges, StateChange, TransitionChange
from cfngen.diff.permissions import Direction, PermissionChange, TrustChange
from cfngen.diff.placed_states import Transition
from cfngen.diff.resource_change import Consequence, Effect, ResourceChange
from cfngen.diff.running import Effects, RunningChange
from cfngen.diff.sides import Side, SideError, side
from cfngen.diff.values import ABSENT, FieldChange

__all__ = [
    "ABSENT",
    "Comparison",
    "Consequence",
    "Direction",
    "Effect",
    "Effects",
    "EntryChange",
    "FieldChange",
    "FlowChanges",
    "Kind",
    "MachineChanges",
    "PermissionChange",
    "ResourceChange",
    "RunningChange",
    "Side",
    "SideError",
    "StateChange",
    "Transition",
    "TransitionChange",
    "TrustChange",
    "compare",
    "side",
]
