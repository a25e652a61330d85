"""What moto gets wrong where cfngen depends on it: a patch for each defect, applied from outside.

A patch is applied only where its probe finds the defect in the version that is installed.
"""

from __future__ import annotations

from typing import Final

from cfngen.local.patches import (  # noqa: F401  each module has patches
    batch,
    cloudformation,
    failed_resources,
    iam,
    machines,
    sns,
    stack_deletion,
)
from cfngen.local.patches.patch import Patch

PATCHES: Final[tuple[type[Patch], ...]] = tuple(Patch.__subclasses__())
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
