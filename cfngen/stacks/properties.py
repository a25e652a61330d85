"""Properties as troposphere takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import Tag, Tags


def without_none(**properties: Any) -> dict[str, Any]:
    """Return the properties that are not ``None``: what is not set is not in the template."""
    return {name: value for name, value in properties.items() if value is not None}


def tag_list(tags: Mapping[str, Any]) -> Tags | None:
    """Return tags in their own order, where troposphere would sort them."""
    return Tags(*(Tag(key, value) for key, value in tags.items())) if tags else None


def tag_map(tags: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return tags for the services that take a mapping."""
    return dict(tags) or None
