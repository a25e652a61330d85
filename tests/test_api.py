"""The public names: ``docs/api.md`` lists them all, each with what its documentation says first.

A module is public if it has ``__all__``, or is one of ``cfngen.tasks``, whose classes are. ``make goldens``
writes the page.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
import warnings
from collections.abc import Iterator
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import cfngen
from cfngen.asl.states import State

PAGE = Path(__file__).parent.parent / "docs" / "api.md"
HEAD = """# Public names

Every name that stands here keeps its meaning from one release to the next, or goes with a warning first. All else
is private, and may change at any time. `help(cfngen.Map)` shows the fields of a value.
"""


@cache
def public_modules() -> dict[str, ModuleType]:
    names = ["cfngen", *(module.name for module in pkgutil.walk_packages(cfngen.__path__, "cfngen."))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of modules under their former names
        modules = {name: import_module(name) for name in sorted(names) if "__main__" not in name}
    return {name: module for name, module in modules.items() if public_names(module)}


def public_names(module: ModuleType) -> list[str]:
    if hasattr(module, "__all__"):
        return list(module.__all__)
    if not module.__name__.startswith("cfngen.tasks."):
        return []
    return sorted(name for name, value in vars(module).items() if is_task(value, module))


def is_task(value: object, module: ModuleType) -> bool:
    return isinstance(value, type) and issubclass(value, State) and value.__module__ == module.__name__


def page() -> str:
    return "\n".join((HEAD, *(line for name in public_modules() for line in section(name))))


def section(name: str) -> Iterator[str]:
    module = public_modules()[name]
    yield f"## `{name}`\n\n{first_sentence(module)}\n"
    for public in public_names(module):
        value = getattr(module, public)
        yield f"- `{public}`: {first_sentence(value) if is_documented(value) else shown(value)}"
    yield ""


def is_documented(value: object) -> bool:
    return isinstance(value, type) or inspect.isroutine(value)


def shown(value: object) -> str:
    text = str(value) if isinstance(value, Enum) else repr(value)
    return f"`{text}`" if len(text) < 150 and " at 0x" not in text else f"a `{type(value).__name__}`"


def first_sentence(documented: object) -> str:
    text = " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())
    return text.replace("``", "`")


def test_the_page_of_public_names_is_that_of_the_code(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--goldens"):
        PAGE.write_bytes(page().encode())
    assert page() == PAGE.read_bytes().decode()


@pytest.mark.parametrize("name", public_modules())
def test_a_public_name_is_there_and_says_what_it_is(name: str) -> None:
    module = public_modules()[name]
    undocumented = [
        public
        for public in public_names(module)
        if is_documented(value := getattr(module, public)) and not first_sentence(value)
    ]
    assert (undocumented, first_sentence(module) != "") == ([], True)


@pytest.mark.parametrize("name", public_modules())
def test_public_names_are_in_order_and_not_private(name: str) -> None:
    names = public_names(public_modules()[name])
    assert len(names) == len(set(names))
    assert not [public for public in names if public.startswith("_")]


def test_what_the_documentation_imports_is_public() -> None:
    root = PAGE.parent.parent
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in [root / "README.md", *PAGE.parent.glob("*.md")]
    )
    imported = {
        (module, name.partition(" as ")[0].strip())
        for module, names in re.findall(r"^from (cfngen[\w.]*) import \(?([^()\n]+)", text, re.MULTILINE)
        for name in names.split(",")
        if name.strip()
    }
    modules = public_modules()
    private = {
        f"{module}.{name}"
        for module, name in imported
        if f"{module}.{name}" not in modules and name not in public_names(import_module(module))
    }
    assert private == set()
