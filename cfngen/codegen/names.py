"""Variables named from what people call their states, in whatever script."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 40
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PYTHON: Final = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins)))


class Names:
    """The names of one module, of which each is given once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*_PYTHON, *taken}
        self._last: dict[str, int] = {}

    def new(self, text: str, otherwise: str) -> str:
        """Return a name like ``text``, or like ``otherwise`` where nothing in it can stand in a name."""
        name = _identifier(text, otherwise)
        if name not in self._taken:
            self._taken.add(name)
            return name
        number = self._last.get(name, 1)
        while True:
            number += 1
            if (numbered := f"{name}_{number}") not in self._taken:
                self._last[name] = number
                self._taken.add(numbered)
                return numbered


def _identifier(text: str, otherwise: str) -> str:
    """Return ``text`` as Python itself would spell it once it is a name: in its compatible characters."""
    spelled = unicodedata.normalize("NFKC", _HUMP.sub("_", text[: 2 * _LONGEST])).lower()
    words = "".join(
        character if f"_{character}".isidentifier() else "_"
        for character in unicodedata.normalize("NFKC", spelled)
    )
    name = re.sub("__+", "_", words).strip("_")[:_LONGEST].rstrip("_")
    if not name:
        return otherwise
    if not name.isidentifier():
        name = f"{otherwise}_{name}"
    return name if name.isidentifier() and unicodedata.is_normalized("NFKC", name) else otherwise
