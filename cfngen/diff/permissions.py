"""What changed about what a role allows and who may take it, as values."""

from __future__ import annotations

from enum import Enum
from typing import Final

from cfngen.core.declared import Declared, frozen


class Direction(Enum):
    """How what the new side allows stands to what the old one does."""

    BROADER = "broader"
    NARROWER = "narrower"
    UNDECIDED = "undecided"

    def mirrored(self) -> Direction:
        """Return how the old side stands to the new one."""
        return _MIRRORED.get(self, self)


_MIRRORED: Final = {Direction.BROADER: Direction.NARROWER, Direction.NARROWER: Direction.BROADER}


@frozen
class PermissionChange(Declared):
    """Actions on a resource that one side allows and the other does not, or that cannot be told.

    ``states`` are those that need it on the side that allows it; where there are none, look twice.
    ``condition`` is that of the statement, as JSON. ``denied`` says that it is about a Deny.
    """

    direction: Direction
    role: str
    actions: tuple[str, ...]
    resource: str
    condition: str = ""
    states: tuple[str, ...] = ()
    denied: bool = False

    def mirrored(self) -> PermissionChange:
        """Return the change from the new side to the old one."""
        return PermissionChange(
            self.direction.mirrored(),
            self.role,
            self.actions,
            self.resource,
            self.condition,
            self.states,
            self.denied,
        )


@frozen
class TrustChange(Declared):
    """Who may take the role on one side only: ``added`` says that it is the new one."""

    principal: str
    condition: str
    added: bool

    def mirrored(self) -> TrustChange:
        """Return the change from the new side to the old one."""
        return TrustChange(self.principal, self.condition, not self.added)


@frozen
class RoleChanges(Declared):
    """What changed about the role of a machine.

    ``lost`` are permissions that the old definition needs and only the old role has. ``compared`` are the
    pointers of the policies that were compared by meaning. ``notes`` tell of what could not be compared.
    """

    permissions: tuple[PermissionChange, ...] = ()
    trust: tuple[TrustChange, ...] = ()
    lost: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
