"""Audit: whether the role of a state machine in a template allows what its definition needs, and no more.

What cannot be decided from the template is a note, and never a fault. Files are audited by
``cfngen.inputs.auditing``.
"""

from __future__ import annotations

from cfngen.audit.template import Audit

__all__ = ["Audit"]
