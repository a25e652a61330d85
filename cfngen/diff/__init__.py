"""What a change deploys: the flow, executions under way, permissions, resources."""

from __future__ import annotations

from cfngen.diff.comparison import Comparison, Kind, MachineChanges, compare
from cfngen.diff.sides import Side, SideError, side

__all__ = ["Comparison", "Kind", "MachineChanges", "Side", "SideError", "compare", "side"]
