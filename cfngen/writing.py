"""The former name of ``cfngen.codegen``, which goes with the next release."""

from __future__ import annotations

import warnings

from cfngen.codegen import to_python as written

__all__ = ["written"]

warnings.warn("cfngen.writing.written is cfngen.codegen.to_python now", DeprecationWarning, stacklevel=2)
