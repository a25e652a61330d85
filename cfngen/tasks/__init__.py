"""Service integrations: one module a service, one class an API action.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING

__all__ = ["integration", "integrations"]

if TYPE_CHECKING:
    from cfngen.tasks.service import ServiceTask


@cache
def integration(service: str, action: str) -> type[ServiceTask] | None:
    """Return the class of an optimized integration as it stands in a ``Resource``, if there is one."""
    from importlib.util import find_spec

    name = service.replace("-", "_")
    module = f"{__name__}.{name}_" if iskeyword(name) else f"{__name__}.{name}"
    if not name.isidentifier() or find_spec(module) is None:
        return None
    for declared in vars(import_module(module)).values():
        if getattr(declared, "service", None) == service and declared.action == action:
            return declared  # type: ignore[no-any-return]  # a module's values have no types
    return None


def integrations() -> list[type[ServiceTask]]:
    """Return the classes of all optimized integrations, ordered by service and action."""
    from pkgutil import iter_modules

    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    classes = [it for module in modules for it in vars(module).values() if isinstance(it, type)]
    declared = {it for it in classes if {"service", "action", "grants"} <= vars(it).keys()}
    return sorted(declared, key=lambda task: (task.service, task.action))
