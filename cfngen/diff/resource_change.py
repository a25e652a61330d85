"""What an update does to one resource."""

from __future__ import annotations

from enum import Enum

from cfngen.core.declared import Declared, frozen
from cfngen.diff.values import FieldChange


class Effect(Enum):
    """What an update does to a resource."""

    ADDED = "added"
    REMOVED = "removed"
    UPDATED = "changed in place"
    REPLACED = "replaced"
    PERHAPS_REPLACED = "perhaps replaced"
    RENAMED = "replaced: its logical id is another"
    REFUSED = "refused: a logical id keeps its type"

    def mirrored(self) -> Effect:
        """Return the effect of the update back."""
        return {Effect.ADDED: Effect.REMOVED, Effect.REMOVED: Effect.ADDED}.get(self, self)


class Consequence(Enum):
    """What goes with a replacement or a removal."""

    NAME_IS_TAKEN = (
        "the update fails: the new one is created before the old one is deleted, and both have one name"
    )
    OLD_IS_KEPT = "the old one is kept, outside of the stack"
    OLD_IS_DELETED = "the old one is deleted with what it holds"
    SNAPSHOT_IS_TAKEN = "a snapshot of the old one is taken before it is deleted"


@frozen
class ResourceChange(Declared):
    """A resource that changed: ``old`` and ``new`` are its logical ids, None where there is none.

    ``because`` are the pointers of the properties that force a replacement.
    """

    old: str | None
    new: str | None
    type: str
    effect: Effect
    fields: tuple[FieldChange, ...] = ()
    because: tuple[str, ...] = ()
    consequences: tuple[Consequence, ...] = ()

    @property
    def name(self) -> str:
        """The logical id, the new one where there are two."""
        return self.new if self.new is not None else str(self.old)
