"""What moto gets wrong where cfngen depends on it: a patch for each defect, applied from outside.

A patch is applied only where its probe finds the defect in the version that is installed.
"""

from __future__ import annotations

from typing import Final

from cfngen.local.patches import (
    batch,
    cloudformation,
    failed_resources,
    iam,
    kms,
    machines,
    sns,
    stack_deletion,
)
from cfngen.local.patches.patch import Patch

_MODULES: Final = (
    batch,
    iam,
    sns,
    kms,
    cloudformation,
    failed_resources,
    stack_deletion,
    machines,
)

PATCHES: Final[tuple[type[Patch], ...]] = tuple(
    member
    for module in _MODULES
    for member in vars(module).values()
    if isinstance(member, type) and issubclass(member, Patch) and member is not Patch
)
"""In the order in which they are applied."""


def apply_needed() -> tuple[list[type[Patch]], list[tuple[type[Patch], Exception]]]:
    """Apply the patches that this version needs; return them, and those whose probe or change failed."""
    applied: list[type[Patch]] = []
    failed: list[tuple[type[Patch], Exception]] = []
    for patch in PATCHES:
        try:
            if patch.probe():
                patch.apply()
                applied.append(patch)
        except Exception as error:
            failed.append((patch, error))
    return applied, failed
