"""Measure which faults the tests would see: change one thing in a module, and run the tests of its room.

    python tools/mutants.py [--seed N] [--count N] [--seconds N] [MODULE ...]

A random sample is drawn; its seed is printed, and given again draws the same. No file is changed: the tests
run in a child process in which the module is loaded with its fault. It ends with 1 when fewer than the
least share are caught, those aside that change nothing that anyone could see.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import resource
import sys
import time
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
LEAST: Final = 0.95
MAX_SECONDS: Final = 60
"""Of the processor, for the tests of one mutant: one that runs for ever is caught."""

TESTS: Final = {
    "cfngen.asl.graph": [
        "asl/test_flow.py",
        "asl/test_branches.py",
        "asl/test_renaming.py",
        "asl/test_read.py",
    ],
    "cfngen.asl.jsonpath": ["asl/test_expressions.py", "asl/test_cases.py"],
    "cfngen.audit.condition_assignments": ["audit/test_conditions.py", "audit/test_undecided.py"],
    "cfngen.audit.excess": [
        "audit/test_undecided.py",
        "audit/test_same.py",
        "audit/test_faults.py",
        "audit/test_evidence.py",
        "audit/test_sam.py",
    ],
    "cfngen.diff.allowed": ["diff/test_permissions.py"],
    "cfngen.history.visits": ["history/test_history.py"],
    "cfngen.iam.cases": ["iam/test_cases.py", "iam/test_workflow_policy.py"],
    "cfngen.iam.evaluate": ["iam/test_evaluate.py"],
    "cfngen.iam.granting": ["iam/test_naming.py", "iam/test_resources.py", "iam/test_workflow_policy.py"],
    "cfngen.iam.matching": ["iam/test_texts.py", "iam/test_evaluate.py"],
    "cfngen.iam.merge": ["iam/test_merge.py", "iam/test_workflow_policy.py"],
    "cfngen.iam.naming": ["iam/test_naming.py", "iam/test_resources.py", "iam/test_workflow_policy.py"],
    "cfngen.iam.tokens": ["iam/test_texts.py", "iam/test_evaluate.py"],
    "cfngen.template.yaml_text": ["template/test_template.py"],
}
"""The tests of each module, the quick ones first: a mutant that all of them let pass got through."""

EQUIVALENT: Final[dict[tuple[str, str, str], str]] = {
    (
        "cfngen.asl.graph",
        "@dataclass(slots=True, eq=False, repr=False)",
        "True -> False",
    ): "slots save memory",
    **dict.fromkeys(
        (
            ("cfngen.asl.graph", "@dataclass(slots=True, eq=False, repr=False)", "False -> True"),
            (
                "cfngen.asl.graph",
                "@dataclass(frozen=True, slots=True, eq=False, repr=False)",
                "False -> True",
            ),
        ),
        "nobody compares them, or shows one",
    ),
    (
        "cfngen.iam.evaluate",
        "if verdict > NO and statement.condition:",
        "Gt -> GtE",
    ): "there is nothing less than NO",
    (
        "cfngen.audit.excess",
        "return resource[int(index)] if index.isdecimal() and int(index) < len(resource) else entry.text",
        "Lt -> LtE",
    ): "a pointer leads to what is there",
    (
        "cfngen.template.yaml_text",
        'return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" '
        'if code < 0x10000 else f"\\U{code:08X}"',
        "Lt -> LtE",
    ): "U+0100 and U+10000 can be printed",
    ("cfngen.iam.evaluate", "break", "break -> continue"): "there is nothing better than YES",
    (
        "cfngen.iam.tokens",
        'return len(after) == 1 and after <= {None, ":", "/"} and before <= {":", "/", "-"}',
        "LtE -> Lt",
    ): "two places have at most two characters before or after them",
    ("cfngen.asl.jsonpath", "if end < 0:", "0 -> 1"): "a bracket that opens stands before one that closes",
    ("cfngen.iam.tokens", "if close >= 0:", "0 -> 1"): "two characters stand before a closing brace",
    ("cfngen.iam.tokens", "if close >= 0:", "GtE -> Gt"): "two characters stand before a closing brace",
    (
        "cfngen.asl.jsonpath",
        "if end < 0:",
        "Lt -> LtE",
    ): "a bracket that opens stands before one that closes",
}
"""Why a mutant changes nothing: by module, line and change."""

_COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_VERDICTS: Final = {"YES": "UNKNOWN", "NO": "UNKNOWN", "UNKNOWN": "YES", "ASSUMED": "YES"}


class Mutant(NamedTuple):
    """A module with one fault."""

    module: str
    line: int
    text: str
    change: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.module.replace('.', '/')}.py:{self.line}: {self.change}    {self.text}"

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells it from others wherever its line stands."""
        return self.module, self.text, self.change


def main() -> None:
    """Draw mutants, try each, and print those that got through."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", default=list(TESTS), help="such as iam.merge"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the sample")
    parser.add_argument("--count", type=int, default=100, help="mutants at most (100)")
    parser.add_argument("--seconds", type=float, default=600, help="after which no other is tried (600)")
    options = parser.parse_args()
    modules = [name if name.startswith("cfngen.") else f"cfngen.{name}" for name in options.modules]
    if unknown := set(modules) - set(TESTS):
        parser.error(f"{', '.join(sorted(unknown))}: there is no such module in TESTS")
    _prepare()
    every = [(module, number) for module in modules for number in range(_changed(_source(module), -1)[2])]
    drawn = random.Random(options.seed).sample(every, min(options.count, len(every)))
    print(
        f"seed {options.seed}: {len(drawn)} of {len(every)} mutants of {len(modules)} modules", flush=True
    )
    for module in modules:
        if not passes(module, None):
            sys.exit(f"the tests of {module} fail without a mutant")
    print(_report(drawn, time.monotonic() + options.seconds))


def _report(drawn: Sequence[tuple[str, int]], deadline: float) -> str:
    tried = caught = equivalent = 0
    for module, number in drawn:
        if time.monotonic() > deadline:
            break
        mutant = mutant_of(module, number)
        if mutant.key in EQUIVALENT:
            equivalent += 1
            continue
        tried += 1
        if passes(mutant.module, mutant):
            print(f"got through: {mutant}", flush=True)
        else:
            caught += 1
    share = caught / tried if tried else 1.0
    said = f"{caught} of {tried} were caught, {share:.1%}; at least {LEAST:.0%} must"
    said += f"; {equivalent} change nothing" if equivalent else ""
    if share < LEAST:
        sys.exit(said)
    return said


# --- mutants -------------------------------------------------------------------------------------


def mutant_of(module: str, number: int) -> Mutant:
    """Return the mutant of a module with one of its faults."""
    source = _source(module)
    tree, (line, change), _ = _changed(source, number)
    return Mutant(module, line, source.split("\n")[line - 1].strip(), change, tree)


def _changed(source: str, number: int) -> tuple[ast.Module, tuple[int, str], int]:
    mutation = _Mutation(number)
    tree: ast.Module = mutation.visit(ast.parse(source))
    return ast.fix_missing_locations(tree), mutation.done, mutation.count


class _Mutation(ast.NodeTransformer):
    """Makes the change of a number, and counts them all."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.count = 0
        self.done = (0, "")

    def _is_next(self, node: ast.expr | ast.stmt, change: str) -> bool:
        self.count += 1
        if self.count - 1 != self.number:
            return False
        self.done = (node.lineno, change)
        return True

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node  # an annotation changes nothing

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.args = self.visit(node.args)
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        self.generic_visit(node)
        if self._is_next(node, "if -> if not"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if self._is_next(node, "if -> if not in an expression"):
            node.body, node.orelse = node.orelse, node.body
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        for index, test in enumerate(node.ifs):
            if self._is_next(test, "the condition of a comprehension is gone"):
                del node.ifs[index]
                break
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for index, operator in enumerate(node.ops):
            other = _COMPARED[type(operator)]
            if self._is_next(node, f"{type(operator).__name__} -> {other.__name__}"):
                node.ops[index] = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        is_and = isinstance(node.op, ast.And)
        if self._is_next(node, "and -> or" if is_and else "or -> and"):
            node.op = ast.Or() if is_and else ast.And()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._is_next(node, "not is gone"):
            return node.operand
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = _OPERATORS.get(type(node.op))
        if other and self._is_next(node, f"{type(node.op).__name__} -> {other.__name__}"):
            node.op = other()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            if self._is_next(node, f"{node.value} -> {not node.value}"):
                node.value = not node.value
        elif isinstance(node.value, int) and self._is_next(node, f"{node.value} -> {node.value + 1}"):
            node.value += 1
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        other = _VERDICTS.get(node.id)
        if other and isinstance(node.ctx, ast.Load) and self._is_next(node, f"{node.id} -> {other}"):
            node.id = other
        return node

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return ast.copy_location(ast.Break(), node) if self._is_next(node, "continue -> break") else node

    def visit_Break(self, node: ast.Break) -> ast.AST:
        return ast.copy_location(ast.Continue(), node) if self._is_next(node, "break -> continue") else node


# --- tests ---------------------------------------------------------------------------------------


def _prepare() -> None:
    """Import what all tests import and no mutant is in, once; and nothing of cfngen."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import awacs.aws
    import pytest
    import troposphere
    import yaml

    _ = awacs, pytest, troposphere, yaml


def passes(module: str, mutant: Mutant | None) -> bool:
    """Run the tests of a module in a child process, with a mutant in its place."""
    child = os.fork()
    if not child:
        if mutant is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        os._exit(_tested(TESTS[module], mutant))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _tested(tests: Sequence[str], mutant: Mutant | None) -> int:
    import pytest

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    beyond = "not (emulator or browser or npm or index)"
    # pytest would load the modules by itself to rewrite their assertions, and so without their faults
    options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-m", beyond]
    return int(pytest.main([*options, *(f"tests/{name}" for name in tests)]))


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.mutant.module:
            return None
        file = str(_path(fullname))
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self.mutant.tree))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.tree, self.path, "exec")


def _source(module: str) -> str:
    return _path(module).read_text(encoding="utf-8")


def _path(module: str) -> Path:
    return ROOT / f"{module.replace('.', '/')}.py"


if __name__ == "__main__":
    main()
