"""Who called the library: the line of a warning."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Final

_PACKAGE: Final = os.path.dirname(os.path.dirname(__file__)) + os.sep


def warn_caller(message: str, category: type[Warning]) -> None:
    """Warn at the line that called the library, however deep in it the reason stands."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    warnings.warn(message, category, stacklevel=depth + 1)
