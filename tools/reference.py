"""Write the reference of the site out of the code: what is public, with its fields, kinds and errors.

    python tools/reference.py docs/reference

A module is public if it has ``__all__``, or is one of ``cfngen.tasks``, whose classes are. The pages
are Markdown with the directives of Sphinx, so that its search and its index know every name and option.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import click

import cfngen
from cfngen.asl import values
from cfngen.asl.states import State
from cfngen.cli import COMMANDS, main
from cfngen.tasks.service import CallingTask, ServiceTask

ALIASES: Final = (
    "Text",
    "Dynamic",
    "DynamicText",
    "DynamicMapping",
    "DynamicList",
    "Integer",
    "Number",
    "Boolean",
    "PayloadValue",
)
"""The kinds of values that fields name, in the order in which one leads to another."""


def pages() -> dict[str, str]:
    """Return the pages by the names of their files."""
    below = {"commands.md": commands_page(), "values.md": values_page()}
    below.update((f"{name}.md", module_page(name)) for name in public_modules())
    return {"index.md": index(below), **below}


def index(below: Iterable[str]) -> str:
    """Return the page that leads to the others."""
    tree = "\n".join(name.removesuffix(".md") for name in below)
    return f"""# Names and commands

Every name that has a page here keeps its meaning from one release to the next, or goes with a warning
first; all else is private. These pages are made from the code each time the site is built.

```{{toctree}}
:maxdepth: 1

{tree}
```
"""


# --- modules -------------------------------------------------------------------------------------


@cache
def public_modules() -> dict[str, ModuleType]:
    """Return the public modules by name."""
    names = ["cfngen", *(module.name for module in pkgutil.walk_packages(cfngen.__path__, "cfngen."))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of modules under their former names
        modules = {name: import_module(name) for name in sorted(names) if "__main__" not in name}
    return {name: module for name, module in modules.items() if public_names(module)}


def public_names(module: ModuleType) -> list[str]:
    """Return the public names of a module, none where it is private."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    if not module.__name__.startswith("cfngen.tasks."):
        return []
    return sorted(name for name, value in vars(module).items() if _is_task(value, module))


def module_page(name: str) -> str:
    """Return the page of a module, with all that is public in it."""
    module = public_modules()[name]
    parts = [f"# `{name}`", f"```{{py:module}} {name}\n```", prose(module)]
    for public in public_names(module):
        parts += [f"## `{public}`", _entry(public, getattr(module, public))]
    return "\n\n".join(parts) + "\n"


def _entry(name: str, value: object) -> str:
    """Return what the page of a module says about a name."""
    if isinstance(value, type):
        return _directive("py:class", name, "\n\n".join([prose(value), *_class(value)]))
    if inspect.isroutine(value):
        return _directive(
            "py:function", f"{name}{_call(value)}", "\n\n".join([prose(value), *_parameters(value)])
        )
    return _directive("py:data", name, shown(value))


def _class(value: type) -> Iterator[str]:
    """Yield the fields, the members and the methods of a class."""
    if issubclass(value, ServiceTask) and "action" in vars(value):
        yield from _integration(value)
    elif is_dataclass(value):
        yield from _fields(item for item in fields(value) if item.init)
    elif issubclass(value, Enum):
        yield _table(("member", "value"), ((code(item.name), code(repr(item.value))) for item in value))
    else:
        yield from _parameters(value)
    for name in dir(value):
        if name.startswith("_") or issubclass(value, Enum) or not _is_own(value, name):
            continue
        member = inspect.getattr_static(value, name)
        if isinstance(member, property):
            yield _directive("py:property", name, prose(member))
        elif isinstance(member, (staticmethod, classmethod)) or inspect.isfunction(member):
            function = getattr(value, name)
            yield _directive(
                "py:method",
                f"{name}{_call(function)}",
                "\n\n".join([prose(function), *_parameters(function)]),
            )


def _is_own(value: type, name: str) -> bool:
    """Whether a member is documented in cfngen, and not one of those that all states have."""
    owner = next(base for base in value.__mro__ if name in vars(base))
    return owner.__module__.startswith("cfngen.") and owner not in ServiceTask.__mro__


def _integration(task: type[ServiceTask]) -> Iterator[str]:
    """Yield the arguments of an integration, its patterns, and what a call needs."""
    own = {item.name for item in fields(CallingTask)}
    patterns = ", ".join(code(pattern.name) for pattern in task.patterns)
    yield f"Patterns: {patterns}. The fields that all tasks have are those of {{py:class}}`cfngen.Task`."
    yield from _fields(item for item in fields(task) if item.name not in own)
    rows = (
        (
            ", ".join(code(f"{action.prefix}:{action.action}") for action in grant.actions),
            grant.reason or "",
            _link(grant.page),
        )
        for grant in task.grants
    )
    yield _table(("permission", "why", "source"), rows)


def _fields(items: Iterable[Field[Any]]) -> Iterator[str]:
    """Yield a table of fields; what an option takes is said in words."""
    rows = [
        (code(item.name), _kind(item), _default(item), text(item.metadata.get("help", "")))
        for item in items
    ]
    if not rows:
        return
    helped = any(row[3] for row in rows)
    yield _table(
        ("field", "kind", "default", "what it is")[: 4 if helped else 3],
        (row[: 4 if helped else 3] for row in rows),
    )


def _kind(item: Field[Any]) -> str:
    kind = item.metadata.get("kind")
    return text(kind.description) if kind else code(_annotation(item.type))


def _default(item: Field[Any]) -> str:
    default = item.default if item.default_factory is MISSING else item.default_factory()
    return "required" if default is MISSING else "" if default is values.OMIT else _literal(default)


def _parameters(function: Any) -> Iterator[str]:
    """Yield a table of what a function takes."""
    rows = [
        (
            code(str(parameter).partition(":")[0].partition("=")[0]),
            "" if parameter.annotation is parameter.empty else code(_annotation(parameter.annotation)),
            "required" if parameter.default is parameter.empty else _literal(parameter.default),
        )
        for parameter in _signature(function)
    ]
    if rows:
        yield _table(("parameter", "kind", "default"), rows)


def _signature(function: Any) -> list[inspect.Parameter]:
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # of a base whose arguments are those of its subclasses
        return []
    return [parameter for name, parameter in parameters.items() if name not in ("self", "cls")]


def _call(function: Any) -> str:
    return f"({', '.join(parameter.name for parameter in _signature(function))})"


# --- commands ------------------------------------------------------------------------------------


def commands_page() -> str:
    """Return the page of the commands, with every argument and every option."""
    context = click.Context(main, info_name="cfngen")
    parts = ["# Commands", *_help(main.help or ""), *_options(main, context)]
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context)
        parts += [f"## `cfngen {name}`", f"```{{program}} cfngen {name}\n```"]
        parts += [
            f"```text\n{command.get_usage(own)}\n```",
            *_help(command.help or ""),
            *_options(command, own),
        ]
    return "\n\n".join(parts) + "\n"


def _help(words: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; what click must not wrap is shown as it is."""
    for paragraph in inspect.cleandoc(words).split("\n\n"):
        if paragraph.startswith("\b\n"):
            yield f"```text\n{paragraph[2:]}\n```"
        else:
            yield text(" ".join(paragraph.split()))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:  # an argument stands in the usage
            flags, words = record
            yield _directive("option", flags.replace(" / ", ", "), text(" ".join(words.split())))


# --- values --------------------------------------------------------------------------------------


def values_page() -> str:
    """Return the page of the kinds of values that the fields name."""
    rows = ((code(name), code(_annotation(vars(values)[name]))) for name in ALIASES)
    return f"""# Kinds of values

What the tables of fields call a kind. `Intrinsic` is a function of CloudFormation, such as troposphere's
`Ref`; `Omit` is the type of a field that is left out, where `None` would be JSON's null.

{_table(("kind", "what it takes"), rows)}
"""


# --- text ----------------------------------------------------------------------------------------


def prose(documented: object) -> str:
    """Return the docstring of a value in Markdown."""
    return text(inspect.getdoc(documented) or "")


def first_sentence(documented: object) -> str:
    """Return the first paragraph of a docstring as one line of Markdown."""
    words = " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())
    return words.replace("``", "`")


def text(words: str) -> str:
    """Return the text of a docstring or an option in Markdown."""
    words = re.sub(r":\w+:`([^`]+)`", r"`\1`", words.replace("``", "`"))
    parts = re.split(r"(`[^`]*`|https?://[^\s,;)]*[^\s,;).])", words)
    parts[::2] = [re.sub(r"[*<\[]", r"\\\g<0>", part) for part in parts[::2]]
    parts[1::2] = [part if part.startswith("`") else f"<{part}>" for part in parts[1::2]]
    return "".join(parts)


def code(words: str) -> str:
    """Return text in the letters of code."""
    return f"`{words}`" if words else ""


def shown(value: object) -> str:
    """Return a constant as it is, or of what type it is where that says little."""
    words = str(value) if isinstance(value, Enum) else repr(value)
    return f"`{words}`" if len(words) < 150 and " at 0x" not in words else f"a `{type(value).__name__}`"


def _literal(value: object) -> str:
    if value is values.OMIT:
        return ""
    words = str(value) if isinstance(value, Enum) else repr(value)
    return code(re.sub(r"<.* at 0x\w+>", "...", words))


def _annotation(annotation: object) -> str:
    words = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b_(?=[A-Z])", "", words.strip("'\""))


def _link(page: str | None) -> str:
    return f"[page]({page})" if page else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(words: str) -> str:
    return words.replace("\n", " ").replace("|", "\\|")


def _directive(name: str, argument: str, body: str) -> str:
    """Return a directive, fenced by colons: more of them than the directives in it have."""
    deepest = max((len(fence) for fence in re.findall(r"^:{3,}", body, re.MULTILINE)), default=2)
    fence = ":" * (deepest + 1)
    return f"{fence}{{{name}}} {argument}\n\n{body}\n{fence}"


def _is_task(value: object, module: ModuleType) -> bool:
    return isinstance(value, type) and issubclass(value, State) and value.__module__ == module.__name__


def write(folder: Path) -> None:
    """Write the pages into a folder, and leave those alone that are as they should be."""
    folder.mkdir(parents=True, exist_ok=True)
    new = pages()
    for path in folder.glob("*.md"):
        if path.name not in new:
            path.unlink()
    for name, page in new.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
