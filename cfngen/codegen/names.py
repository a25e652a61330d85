"""Names of variables, made from the names of states in any script."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_MAX_NAME_CHARACTERS: Final = 40
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PYTHON: Final = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins)))


class VariableNames:
    """The names of one module; each is used once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*_PYTHON, *taken}
        self._last_number: dict[str, int] = {}

    def new(self, text: str, otherwise: str) -> str:
        """Return a name like ``text``, or like ``otherwise`` if ``text`` has no letter for a name."""
        name = _identifier(text, otherwise)
        if name not in self._taken:
            self._taken.add(name)
            return name
        number = self._last_number.get(name, 1)
        while True:
            number += 1
            if (numbered := f"{name}_{number}") not in self._taken:
                self._last_number[name] = number
                self._taken.add(numbered)
                return numbered


def _identifier(text: str, otherwise: str) -> str:
    """Return ``text`` as an identifier, in the form (NFKC) in which Python compares identifiers."""
    normalized = unicodedata.normalize("NFKC", _HUMP.sub("_", text[: 2 * _MAX_NAME_CHARACTERS])).lower()
    words = "".join(
        character if f"_{character}".isidentifier() else "_"
        for character in unicodedata.normalize("NFKC", normalized)
    )
    name = re.sub("__+", "_", words).strip("_")[:_MAX_NAME_CHARACTERS].rstrip("_")
    if not name:
        return otherwise
    if not name.isidentifier():
        name = f"{otherwise}_{name}"
    return name if name.isidentifier() and unicodedata.is_normalized("NFKC", name) else otherwise
