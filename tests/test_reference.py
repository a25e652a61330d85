"""The reference of the site: every public name, command and option has its place, out of the code."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import click
import pytest

from cfngen.cli import COMMANDS, main
from cfngen.stacks.options import options_of
from cfngen.tasks import integrations
from cfngen.tasks.service import ServiceTask
from tests.rows import each_row
from tools import reference


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    return reference.pages()


@each_row("module", reference.public_modules)
def test_every_public_name_has_its_place(module: str, pages: dict[str, str]) -> None:
    page = pages[f"{module}.md"]
    placed = set(re.findall(r"^## `(\w+)`\n\n:+\{py:\w+\} \1\b", page, re.MULTILINE))
    assert placed == set(reference.public_names(reference.public_modules()[module]))


@each_row("module", reference.public_modules)
def test_every_field_of_a_value_is_in_its_table(module: str, pages: dict[str, str]) -> None:
    namespace = reference.public_modules()[module]
    for name in reference.public_names(namespace):
        value = getattr(namespace, name)
        if isinstance(value, type) and is_dataclass(value) and value not in integrations():
            entry = pages[f"{module}.md"].partition(f"{{py:class}} {name}\n")[2]
            missing = [
                item.name for item in fields(value) if item.init and f"| `{item.name}` |" not in entry
            ]
            assert missing == []


@each_row("task", integrations(), ids=lambda task: f"{task.service}:{task.action}")
def test_every_argument_of_an_integration_is_in_its_table(
    task: type[ServiceTask], pages: dict[str, str]
) -> None:
    entry = pages[f"{task.__module__}.md"].partition(f"{{py:class}} {task.__name__}\n")[2]
    assert [name for name in task.arguments() if f"| `{name}` |" not in entry] == []
    assert all(f"`{pattern.name}`" in entry for pattern in task.patterns)


@each_row("name", COMMANDS)
def test_every_option_of_a_command_has_its_place(name: str, pages: dict[str, str]) -> None:
    section = pages["commands.md"].partition(f"## `cfngen {name}`")[2].partition("\n## ")[0]
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert section.count("{program} ") == 1
    shown = [each for each in command.params if not getattr(each, "hidden", False)]
    options = [option for each in shown for option in each.opts if option.startswith("-")]
    assert [option for option in options if not re.search(rf"{{option}} .*{option}\b", section)] == []


def test_the_first_page_of_the_site_leads_to_pages_that_there_are(pages: dict[str, str]) -> None:
    text = (Path(__file__).parent.parent / "docs" / "index.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(reference/([^)#]+)", text)
    assert linked
    assert {*linked} <= {*pages}


def test_every_option_of_a_stack_says_what_it_takes(pages: dict[str, str]) -> None:
    for module in ("cfngen.stacks", "cfngen.stacks.parts"):
        namespace = reference.public_modules()[module]
        for name in reference.public_names(namespace):
            value = getattr(namespace, name)
            options = options_of(value) if isinstance(value, type) and is_dataclass(value) else {}
            for option, item in options.items():
                row = re.search(rf"^\| `{option}` \| .*$", pages[f"{module}.md"], re.MULTILINE)
                assert row is not None
                assert item.metadata["help"]


def test_the_text_of_a_docstring_has_no_markup_by_accident() -> None:
    assert reference.text("``a`` of *b*, :class:`c`, see https://x.org/A_b.html.") == (
        r"`a` of \*b\*, `c`, see <https://x.org/A_b.html>."
    )
