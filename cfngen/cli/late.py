"""Modules that are imported when somebody takes something from them: a command needs few of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any, Final

EMPTY: Final[Mapping[str, Any]] = {}
_STAND_INS: Final[dict[str, ModuleType]] = {}


def import_when_used(
    name: str,
    *,
    functions: Mapping[str, Any] = EMPTY,
    while_imported: Mapping[str, Any] = EMPTY,
    package: str = "",
) -> None:
    """Put a module in the place of another, which is imported when somebody takes something from it.

    ``functions`` are taken instead of those of the same name, without importing it. ``while_imported`` is
    what a ``package``, by itself the one that holds the module, takes from it while it is imported.
    """
    if name in sys.modules:
        return
    stand_in = ModuleType(name)
    outer, _, inner = name.rpartition(".")
    spec = None if outer else PathFinder.find_spec(name)
    stand_in.__spec__ = spec  # for which each import asks
    is_package = spec is not None and spec.submodule_search_locations is not None

    def get(attribute: str) -> Any:
        if attribute == "__path__" and not is_package:  # for which importing from it asks
            raise AttributeError(attribute)
        if attribute in while_imported and _is_being_imported(package or outer):
            if outer:
                setattr(sys.modules[outer], inner, stand_in)
            return while_imported[attribute]
        return getattr(_imported_module(name), attribute)

    stand_in.__getattr__ = get  # type: ignore[method-assign]  # a module is asked so: PEP 562
    stand_in.__dir__ = lambda: dir(_imported_module(name))  # type: ignore[method-assign]  # the same
    vars(stand_in).update(functions)
    _STAND_INS[name] = sys.modules[name] = stand_in


def _is_being_imported(package: str) -> bool:
    spec = getattr(sys.modules.get(package), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))  # as Python itself asks


def _imported_module(name: str) -> ModuleType:
    if sys.modules.get(name) is _STAND_INS[name]:
        del sys.modules[name]
    return import_module(name)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return one of two messages, which nothing translates."""
    return singular if number == 1 else plural


def cleandoc(text: str) -> str:
    """Do what ``inspect.cleandoc`` does, which is little for a text of one line."""
    if "\n" not in text:
        return text.expandtabs().lstrip()
    cleaned: str = _imported_module("inspect").cleandoc(text)
    return cleaned
