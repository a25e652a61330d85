"""What a value of a document is to those who know nothing of it yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def sorted_json(value: Any) -> str:
    """Return a value as JSON with its keys in order: values are equal where this is."""
    return json.dumps(value, sort_keys=True, default=str)
