"""Bounds of what is read and written, which every room keeps to."""

from __future__ import annotations

from typing import Final

MAX_DEPTH: Final = 1_000
"""The levels of mappings and lists to which a document may be nested."""
