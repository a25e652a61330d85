"""Bounds of what is read and written, which every room keeps to."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MAX_DEPTH: Final = 1_000
"""The levels of mappings and lists to which a document may be nested."""


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let functions call themselves for a few times as many levels as a document may have."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 10 * MAX_DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
