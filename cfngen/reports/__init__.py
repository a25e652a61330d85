"""Problems and findings as text, JSON, SARIF, and annotations of GitHub."""

from __future__ import annotations

from cfngen.reports.formats import as_text

__all__ = ["as_text"]
