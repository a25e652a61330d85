"""A patch of moto: one class, which says, finds and mends one defect."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar


class Patch(ABC):
    """A defect of moto; a subclass in a module of this package is all that a patch takes.

    ``name`` is an identifier in words joined by hyphens, such as ``order-of-deletion``; ``defect`` is the
    sentence that users read, without a full stop.
    """

    name: ClassVar[str]
    defect: ClassVar[str]

    @staticmethod
    @abstractmethod
    def probe() -> bool:
        """Return whether the installed version has the defect."""

    @staticmethod
    @abstractmethod
    def apply() -> None:
        """Replace what is wrong in moto's modules and classes."""
