"""Who may import whom: each room only those that stand below it, and no modules in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from tests.rows import each_row
from tests.sources import trees

ORDER: Final = (
    {"core"},
    {"cfn", "reports"},
    {"documents"},  # which know the tags of CloudFormation's functions
    {"asl", "template", "history"},
    {"execution", "apis"},
    {"aws"},  # which shows what an execution did
    {"tasks"},
    {"iam"},
    {"workflow"},  # the facade over all of the above
    {"machines"},  # workflows in files
    {""},  # the package itself: its public names
    {"stacks", "audit", "codegen", "local"},
    {"inputs"},
    {"views", "testing", "projects"},
    {"diff"},
    {"cli"},
    {"__main__", "lint", "writing"},  # the entry point, and names of before
)
"""The rooms from the ground up. A room may import those in the lines above its own, and itself."""

UPWARD: Final = {
    "cfngen.workflow": {"cfngen.views.drawing": "workflow.graph() is how users draw; it is imported then"},
}
"""The imports that go up, and why each is there. A line that is no longer needed fails the test."""

CIRCLES: Final = {
    ("cfngen.asl.flow", "cfngen.asl.handlers", "cfngen.asl.states"): (
        "the language is recursive: a state has handlers, which lead to a flow of states"
    ),
}
"""The circles of modules, and why each is there."""


@cache
def modules() -> dict[str, ast.Module]:
    """Return the modules of the package by their names."""
    named = {}
    for path, tree in trees().items():
        if not path.startswith("projects/files/"):
            parts = ("cfngen", *path.removesuffix(".py").split("/"))
            named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = tree
    return named


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports: at its top, in functions, for types alone, and by a name as text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports in the package are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node.func) == "import_module":
            yield from (str(name.value) for name in node.args if isinstance(name, ast.Constant))


def _called(function: ast.expr) -> str | None:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


@cache
def graph() -> dict[str, list[str]]:
    """Return the modules of the package that each module imports."""
    return {
        module: sorted({module_of(name) for name in imported(tree) if is_ours(name)} - {module})
        for module, tree in modules().items()
    }


def is_ours(name: str) -> bool:
    return name.partition(".")[0] == "cfngen"


def module_of(name: str) -> str:
    """Return the module that a dotted name is or stands in."""
    while name not in modules():
        name = name.rpartition(".")[0]
    return name


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def level(module: str) -> int:
    return next(number for number, rooms in enumerate(ORDER) if room(module) in rooms)


def circles() -> list[tuple[str, ...]]:
    """Return the modules that reach each other, by what each reaches."""
    reached: dict[str, set[str]] = {}
    for module in graph():
        todo, seen = [module], set[str]()
        while todo:
            new = [target for target in graph()[todo.pop()] if target not in seen]
            seen.update(new)
            todo += new
        reached[module] = seen
    found = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in graph()
        if module in reached[module]
    }
    return sorted(found)


def test_a_module_imports_only_what_stands_below_its_room() -> None:
    upward = {
        module: targets
        for module, imports in graph().items()
        if (
            targets := [
                target
                for target in imports
                if room(target) != room(module) and level(target) >= level(module)
            ]
        )
    }
    assert upward == {module: sorted(targets) for module, targets in UPWARD.items()}


def test_the_page_about_the_architecture_has_each_room_once_from_the_ground_up() -> None:
    page = Path(__file__).parent.parent / "docs" / "architecture.md"
    rows = re.findall(r"^\| (`.*`) \|", page.read_text(encoding="utf-8"), re.M)
    told = [name for row in rows for name in re.findall(r"`(\w+)(?:/|\.py)`", row)]
    of_no_room = {"", "__main__", "lint", "writing"}
    assert sorted(told) == sorted(set().union(*ORDER) - of_no_room)
    levels = [level(f"cfngen.{name}") for name in told]
    assert levels == sorted(levels)


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles() == sorted(CIRCLES)


def at_import(tree: ast.Module) -> Iterator[str]:
    """Yield what is imported with a module, not in its functions and not for types alone."""
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from imported(node)
        elif isinstance(node, ast.Try) or (isinstance(node, ast.If) and not for_types(node)):
            pending += ast.iter_child_nodes(node)


def for_types(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def in_functions(tree: ast.Module) -> set[str]:
    """Return what is imported only when a function is called."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    statements = (node for function in functions for node in body(function))
    return {
        name
        for node in statements
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in imported(node)
    }


def body(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements in a statement; expressions import nothing."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield child
            yield from body(child)


def offers_names(tree: ast.Module) -> bool:
    """Tell whether a module imports its names when they are asked for."""
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    names = {ast.unparse(node.target) for node in tree.body if isinstance(node, ast.AnnAssign)}
    return "__getattr__" in functions | names


def test_an_import_in_a_function_keeps_the_start_fast() -> None:
    """What comes with the module in any case is imported at its top."""
    first = {
        name: {module_of(target) for target in at_import(tree) if is_ours(target)}
        for name, tree in modules().items()
    }
    lazy = {name for name, tree in modules().items() if offers_names(tree)}
    needless = {}
    for name, tree in modules().items():
        loaded = set[str]()
        pending = [*first[name]]
        while pending:
            parts = pending.pop().split(".")
            packages = {".".join(parts[:end]) for end in range(1, len(parts) + 1)} - loaded
            loaded |= packages
            pending += [target for package in packages for target in first.get(package, ())]
        late = {module_of(target) for target in in_functions(tree) if is_ours(target)} - lazy
        above = {name, *(name[: at.start()] for at in re.finditer(r"\.", name))}
        if both := sorted(late & loaded - above):
            needless[name] = both
    assert needless == {}


def test_every_room_has_its_place_in_the_order() -> None:
    listed = [name for rooms in ORDER for name in rooms if name != "execution"]
    assert sorted(listed) == sorted({room(module) for module in modules()} - {"execution"})


@each_row(
    ("source", "expected"),
    [
        ("import cfngen.core.problems", ["cfngen.core.problems"]),
        ("def f():\n    from cfngen.core import problems", ["cfngen.core.problems"]),
        ("if TYPE_CHECKING:\n    from cfngen.asl.flow import Flow", ["cfngen.asl.flow.Flow"]),
        ("import_module('cfngen.iam.derive')", ["cfngen.iam.derive"]),
        ("importlib.import_module(f'{__name__}.{name}')", []),
    ],
)
def test_every_form_of_import_is_seen(source: str, expected: list[str]) -> None:
    assert list(imported(ast.parse(source))) == expected
