"""What changes among the parameters, conditions, mappings and outputs of a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cfngen.core.declared import Declared, frozen
from cfngen.diff.values import ABSENT, field_changes, in_one_form, one_line_json, section_of


@frozen
class EntryChange(Declared):
    """A parameter, an output, a condition or a mapping that changed.

    ``section`` is that of the template. ``export`` is the name by which other stacks import an output.
    """

    section: str
    name: str
    old: Any
    new: Any
    export: str = ""

    def mirrored(self) -> EntryChange:
        """Return the change from the new side to the old one."""
        return EntryChange(self.section, self.name, self.new, self.old, self.export)


def entry_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[EntryChange]:
    """Return what changes among parameters, conditions, mappings and outputs."""
    changes: list[EntryChange] = []
    for section in ("Parameters", "Conditions", "Mappings", "Outputs"):
        before, after = section_of(old, section), section_of(new, section)
        for name in dict.fromkeys((*after, *before)):
            one, other = in_one_form(before.get(name, ABSENT)), in_one_form(after.get(name, ABSENT))
            if one is ABSENT or other is ABSENT or field_changes(one, other):
                attributes = one if one is not ABSENT else other
                export = attributes.get("Export") if isinstance(attributes, Mapping) else None
                exported = export.get("Name") if isinstance(export, Mapping) else None
                text = (
                    exported
                    if isinstance(exported, str)
                    else ""
                    if exported is None
                    else one_line_json(exported)
                )
                changes.append(EntryChange(section, name, one, other, text))
    return changes


def sections(changes: Sequence[EntryChange]) -> Iterator[tuple[str, list[EntryChange]]]:
    """Yield the changes of each section that has some."""
    for section in dict.fromkeys(change.section for change in changes):
        yield section, [change for change in changes if change.section == section]
