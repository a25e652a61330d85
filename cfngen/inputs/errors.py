"""What goes wrong with what a command works on."""

from __future__ import annotations


class TargetError(Exception):
    """A target that cannot be used; the message is for its user."""
