"""Write the arguments of every integration into its class under ``cfngen/tasks``.

    python tools/arguments.py             write the classes from the listing
    python tools/arguments.py --check     exit 1 if that would change anything
    python tools/arguments.py --listing   write the listing, from the botocore that is installed

What stands between a class's docstring and its ``service = ...`` is written here, all else by hand. The
listing, ``tools/arguments.txt``, is what an API offered when it was written: so the classes change when
somebody wants them to, with a diff to read, and not because a newer botocore was installed.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from pathlib import Path

from cfngen.asl.values import Pattern
from cfngen.tasks import integrations
from cfngen.tasks.service import ServiceTask

ROOT = Path(__file__).parent.parent
LISTING = ROOT / "tools" / "arguments.txt"

# AWS's page of Amazon SQS lists it, without the plural of the API's argument, which stands beside it
MISPRINTED = {"sqs:sendMessage": ("MessageAttribute",)}

TYPES = {
    "any": "PayloadValue",
    "boolean": "Boolean",
    "integer": "Integer",
    "list": "DynamicList",
    "map": "DynamicMapping",
    "number": "Number",
    "structure": "DynamicMapping",
    "text": "DynamicText",
    "timestamp": "DynamicText",
}
OWN = {*dir(ServiceTask), *(field.name for field in fields(ServiceTask))}

Argument = tuple[str, str, bool]
"""The name of an argument, the kind of its shape, and whether it is required."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="exit 1 if a class is not as the listing says")
    how.add_argument("--listing", action="store_true", help="write the listing anew")
    chosen = parser.parse_args(arguments)
    if chosen.listing:
        LISTING.write_text(listing(), encoding="utf-8")
        return 0
    changed = [(path, text) for path, text in modules() if path.read_text(encoding="utf-8") != text]
    for path, text in changed:
        if not chosen.check:
            path.write_text(text, encoding="utf-8")
        verb = "is not as the listing says" if chosen.check else "written"
        print(f"{path.relative_to(ROOT)}: {verb}", file=sys.stderr)
    if changed and chosen.check:
        print("run: python tools/arguments.py", file=sys.stderr)
    return int(bool(changed and chosen.check))


def version() -> str:
    """Return the version of botocore that the listing was written with."""
    return LISTING.read_text(encoding="utf-8").splitlines()[0].rpartition(" ")[2]


def listing() -> str:
    """Return the listing as the installed botocore would have it."""
    import botocore

    lines = [f"# The arguments of the optimized integrations, from botocore {botocore.__version__}"]
    for task in integrations():
        lines.append(f"{task.service}:{task.action}")
        lines += [
            f"  {name} {kind}{' required' if required else ''}"
            for name, kind, required in of_models(task.service, task.action)
        ]
    return "\n".join(lines) + "\n"


def of_models(service: str, action: str) -> Iterator[Argument]:
    """Yield the arguments of an integration as the installed API models have them, required ones first.

    The others are sorted: their order in the models changes from one version to the next.
    """
    from cfngen.apis.arguments import shape_of

    shape = shape_of(service, action)
    if shape is None:
        raise LookupError(f"botocore has no {service}:{action}")
    optional = sorted(shape.members.keys() - set(shape.required))
    for name in [*shape.required, *optional]:
        if name not in MISPRINTED.get(f"{service}:{action}", ()):
            yield name, shape.members[name].kind, name in shape.required


def listed() -> Mapping[str, Sequence[Argument]]:
    """Return the listing, by integration."""
    found: dict[str, list[Argument]] = {}
    arguments: list[Argument] = []
    for line in LISTING.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            name, kind, *required = line.split()
            arguments.append((name, kind, bool(required)))
        elif not line.startswith("#"):
            arguments = found[line] = []
    return found


def modules() -> Iterator[tuple[Path, str]]:
    """Yield each module of ``cfngen/tasks`` that has integrations, and its text as it is to be."""
    arguments = listed()
    for module, tasks in groupby(integrations(), key=lambda task: task.__module__):
        path = ROOT / f"{module.replace('.', '/')}.py"
        text = path.read_text(encoding="utf-8")
        for task in tasks:
            text = written(text, task, arguments[f"{task.service}:{task.action}"])
        yield path, text


def written(text: str, task: type[ServiceTask], arguments: Sequence[Argument]) -> str:
    """Return a module with the arguments in the class of an action; a ``pattern`` in it stays."""
    lines = text.splitlines(keepends=True)
    for declared in ast.parse(text).body:
        if not isinstance(declared, ast.ClassDef):
            continue
        assigned = {
            target.id: statement
            for statement in declared.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        if "action" not in assigned or ast.literal_eval(assigned["action"].value) != task.action:
            continue
        start, end = declared.body[0].end_lineno, assigned["service"].lineno - 1
        assert start is not None
        kept = [line for line in lines[start:end] if line.startswith("    pattern: ")]
        if not kept and task.patterns == (Pattern.REQUEST_RESPONSE,):
            kept = ["    pattern: Pattern = REQUEST_RESPONSE\n"]
        between = ["\n", *map(field, arguments), *kept, "\n"]
        return "".join([*lines[:start], *between, *lines[end:]])
    raise LookupError(f"no class in the module of {task.service} has the action {task.action!r}")


def field(argument: Argument) -> str:
    """Return the line of an argument."""
    name, kind, required = argument
    spelled, annotation = f"{name}_" if name in OWN else name, TYPES[kind]
    if required:
        return f"    {spelled}: {annotation}\n"
    if annotation == "PayloadValue":  # which has None among its values
        return f"    {spelled}: PayloadValue = None\n"
    return f"    {spelled}: {annotation} | None = None\n"


if __name__ == "__main__":
    sys.exit(main())
