"""The public names: ``docs/api.md`` lists them all, each with what its documentation says first.

A module is public if it has ``__all__``, or is one of ``cfngen.tasks``, whose classes are. ``make goldens``
writes the page.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_origin

import pytest

from tools.reference import first_sentence, public_modules, public_names, shown

# to import all of cfngen is to import the emulator, too
pytestmark = pytest.mark.slow

PAGE = Path(__file__).parent.parent / "docs" / "api.md"
HEAD = """# Public names

Every name that stands here keeps its meaning from one release to the next, or goes with a warning first. All else
is private, and may change at any time. `help(cfngen.Map)` shows the fields of a value.
"""


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
    # in Python 3.10 Mapping[str, int] is a type, too
    return (isinstance(value, type) and get_origin(value) is None) or inspect.isroutine(value)


def test_the_page_of_public_names_is_that_of_the_code(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--goldens"):
        PAGE.write_bytes(page().encode())
    assert page() == PAGE.read_bytes().decode()


def test_a_public_name_is_there_and_says_what_it_is() -> None:
    undocumented = [
        f"{module.__name__}.{public}"
        for module in public_modules().values()
        for public in public_names(module)
        if is_documented(value := getattr(module, public)) and not first_sentence(value)
    ]
    assert undocumented == []
    assert [name for name, module in public_modules().items() if not first_sentence(module)] == []


def test_public_names_are_in_order_and_not_private() -> None:
    for module in public_modules().values():
        names = public_names(module)
        assert len(names) == len(set(names)), module.__name__
        assert not [public for public in names if public.startswith("_")], module.__name__


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
