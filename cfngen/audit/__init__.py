"""Audit: whether the role of a state machine in a template allows what its definition needs, and no more.

What cannot be decided from the template is a note, and never a fault. Files are audited by
``cfngen.inputs.auditing``.
"""

from __future__ import annotations

import warnings

from cfngen.audit.template import Audit

__all__ = ["Audit"]


def __getattr__(name: str) -> object:
    """Return what audits files, which goes with the next release."""
    if name in ("audit_file", "fixed_file"):
        from importlib import import_module

        message = f"cfngen.audit.{name} is cfngen.inputs.auditing.{name} now"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        value: object = getattr(import_module("cfngen.inputs.auditing"), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
