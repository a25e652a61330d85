"""Who called the library: the line of a warning, and that of a mistake."""

from __future__ import annotations

import os
import sys
import warnings
from types import TracebackType
from typing import Final, TypeVar

Mistake = TypeVar("Mistake", bound=Exception)

_PACKAGE: Final = os.path.dirname(os.path.dirname(__file__)) + os.sep


def warn_caller(message: str, category: type[Warning]) -> None:
    """Warn at the line that called the library, however deep in it the reason stands."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    warnings.warn(message, category, stacklevel=depth + 1)


def mistake(error: Mistake) -> Mistake:
    """Return an error of the caller's: if nobody catches it, its traceback ends at the caller's line.

    Python leaves no other place for that than ``sys.excepthook``; one that somebody has set is left alone.
    """
    error.__dict__[_MARK] = True
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _show_error
    return error


_MARK: Final = "_is_of_caller"


def _show_error(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    """Show an error as Python does, without what the library did when it is a mistake of the caller."""
    if _MARK in vars(error):
        last, frame = None, frames
        while frame is not None:
            if not frame.tb_frame.f_code.co_filename.startswith(_PACKAGE):
                last = frame
            frame = frame.tb_next
        if last is not None:
            last.tb_next = None
    sys.__excepthook__(kind, error, frames)
