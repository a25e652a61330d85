"""The former name of ``cfngen.template.lint``, which goes with the next release."""

from __future__ import annotations

import warnings

from cfngen.template.lint import lint

__all__ = ["lint"]

warnings.warn("cfngen.lint is cfngen.template.lint now", DeprecationWarning, stacklevel=2)
