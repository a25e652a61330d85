"""What ``help()`` and ``pydoc`` show: a page of every public name, and of every module."""

from __future__ import annotations

import pkgutil
import pydoc
import re
from importlib import import_module
from types import ModuleType

import pytest

import cfngen
from cfngen.core.declared import Declared
from tests.rows import each_row

# constants of the language are texts, which pydoc takes for names to look up
VALUES = [name for name in cfngen.__all__ if not isinstance(getattr(cfngen, name), str)]


def modules() -> list[str]:
    return sorted(
        module.name
        for module in pkgutil.walk_packages(cfngen.__path__, "cfngen.")
        if not module.name.endswith("__main__")  # which runs the command
    )


def document(thing: object) -> str:
    return pydoc.plain(pydoc.render_doc(thing))


@each_row("name", VALUES)
def test_a_public_name_has_a_page(name: str) -> None:
    value = getattr(cfngen, name)
    assert getattr(value, "__name__", type(value).__name__) in document(value)


@pytest.mark.filterwarnings("ignore:cfngen.* is .* now:DeprecationWarning")
@pytest.mark.slow
def test_every_module_has_a_page() -> None:
    without = []
    for name in modules():
        module: ModuleType = import_module(name)
        try:
            document(module)
        except Exception as error:  # whatever pydoc raises is the fault looked for
            without.append(f"{name}: {error!r}")
    assert without == []


def test_the_page_of_a_state_begins_with_its_fields() -> None:
    page = re.sub(r"[\s|']", "", document(cfngen.Pass))  # Python 3.14 breaks its lines
    assert "Pass(Name:str,*,Comment:TextNone=None," in page


def test_the_base_of_the_values_has_a_page() -> None:
    assert "Base of the values" in document(Declared)
