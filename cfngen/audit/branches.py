"""The branches of a template that are taken where each condition has a truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cfngen.cfn.functions import if_branches
from cfngen.cfn.pseudo_parameters import NO_VALUE

DEEPEST: Final = 40
"""How many functions stand within each other at most, which no template has."""


class Branches:
    """What stands in a template where each of ``truths``, by the condition's name, holds."""

    def __init__(self, truths: Mapping[str, bool]) -> None:
        self.truths: Mapping[str, bool] = truths

    def chosen(self, value: Any) -> Any:
        """Return what a value is under this assignment: the branch that is taken."""
        for _ in range(DEEPEST):
            chosen = if_branches(value)
            if chosen is None or not isinstance(chosen[0], str) or chosen[0] not in self.truths:
                break
            value = chosen[1] if self.truths[chosen[0]] else chosen[2]
        return value

    def decided(self, value: Any) -> Any:
        """Return a value with all its branches decided as under this assignment."""
        value = self.chosen(value)
        if isinstance(value, Mapping):
            decided_fields = {key: self.decided(inner) for key, inner in value.items()}
            return {key: inner for key, inner in decided_fields.items() if inner != NO_VALUE}
        if isinstance(value, list):
            return [self.decided(item) for item, _ in self.items(value)]
        return value

    def items(self, value: Any) -> list[tuple[Any, str]]:
        """Return the items of a list under this assignment, and where each stands; no list has one item."""
        value = self.chosen(value)
        if not isinstance(value, list):
            return [] if value in (None, NO_VALUE) else [(value, "")]
        chosen = ((self.chosen(item), f"/{index}") for index, item in enumerate(value))
        return [(item, place) for item, place in chosen if item not in (None, NO_VALUE)]
