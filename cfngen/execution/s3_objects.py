"""Objects in S3, as callers give them: contents by bucket and key."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from cfngen.execution.failures import ExecutionError, shown


def objects(value: Any) -> MutableMapping[tuple[str, str], bytes]:
    """Return objects by bucket and key, as a copy. Raises ``ExecutionError``."""
    if value is None:
        return {}
    check_mapping("s3", value)
    for place, body in value.items():
        is_place = isinstance(place, tuple) and len(place) == 2 and all(isinstance(p, str) for p in place)
        if not is_place or not isinstance(body, (bytes, bytearray)):
            raise ExecutionError(
                f"s3= holds bytes by bucket and key, ('bucket', 'key.csv'): b'...', not {shown(place)}: "
                f"{shown(body)}"
            )
    return {place: bytes(body) for place, body in value.items()}


def check_mapping(name: str, value: Any) -> None:
    """Raise ``ExecutionError`` for an argument that is no mapping."""
    if not isinstance(value, Mapping):
        raise ExecutionError(f"{name}= is a mapping, not {shown(value)}")
