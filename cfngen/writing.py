"""The former name of ``cfngen.codegen``, which goes with the next release."""

from __future__ import annotations

import warnings

from cfngen.codegen import written

__all__ = ["written"]

warnings.warn("cfngen.writing is cfngen.codegen now", DeprecationWarning, stacklevel=2)
