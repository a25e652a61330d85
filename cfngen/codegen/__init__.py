"""The way back: workflows as the Python that builds them."""

from __future__ import annotations

from cfngen.codegen.module import written

__all__ = ["written"]
