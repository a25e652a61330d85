"""The way back: Python that builds the workflows of definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfngen.core.lazy import lazy_names

if TYPE_CHECKING:
    from cfngen.codegen.module import to_python

__all__ = ["to_python"]

__getattr__: Callable[[str], object] = lazy_names(
    __name__, {"cfngen.codegen.module": ("to_python",)}, former={"written": "to_python"}
)
