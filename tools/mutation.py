"""A module with one fault."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent

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
    path: str
    line: int
    """The first of what is changed."""
    lines: range
    """Of the statement in which it stands, without those inside of it."""
    in_function: bool
    """Whether it runs when the module is used, and not when it is imported."""
    text: str
    change: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.change}    {self.text}"

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what tells it from others wherever its line stands."""
        return self.module, self.text, self.change


def path_of(module: str) -> str:
    """Return the path of a module below the root."""
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if (ROOT / path).is_dir() else f"{path}.py"


@cache
def faults(module: str) -> int:
    """Return how many faults a module can have."""
    return _mutation(module, -1)[0].count


def mutant_of(module: str, number: int) -> Mutant:
    """Return the mutant of a module with one of its faults."""
    mutation, tree = _mutation(module, number)
    text = _source(module).split("\n")[mutation.line - 1].strip()
    return Mutant(
        module=module,
        path=path_of(module),
        line=mutation.line,
        lines=mutation.lines,
        in_function=mutation.in_function,
        text=text,
        change=mutation.change,
        tree=tree,
    )


def _mutation(module: str, number: int) -> tuple[_Mutation, ast.Module]:
    mutation = _Mutation(number)
    tree: ast.Module = mutation.visit(ast.parse(_source(module)))
    return mutation, ast.fix_missing_locations(tree)


def _source(module: str) -> str:
    return (ROOT / path_of(module)).read_text(encoding="utf-8")


class _Mutation(ast.NodeTransformer):
    """Makes the change of a number, and counts them all."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.count = 0
        self.line = 0
        self.lines = range(0)
        self.in_function = False
        self.change = ""
        self._within: list[ast.stmt] = []

    def _is_next(self, node: ast.expr | ast.stmt, change: str) -> bool:
        self.count += 1
        if self.count - 1 != self.number:
            return False
        self.line, self.change = node.lineno, change
        self.lines = _own_lines(self._within[-1], node)
        self.in_function = any(isinstance(outer, ast.FunctionDef) for outer in self._within)
        return True

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, ast.stmt):
            return super().visit(node)
        self._within.append(node)
        try:
            return super().visit(node)
        finally:
            self._within.pop()

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

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg != "strict":  # of zip: it asserts what is so
            node.value = self.visit(node.value)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        return node  # a decorator says how values are stored

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


def _own_lines(statement: ast.stmt, node: ast.expr | ast.stmt) -> range:
    inside = [
        inner for inner in ast.walk(statement) if isinstance(inner, ast.stmt) and inner is not statement
    ]
    if isinstance(statement, ast.Match) or not inside:
        whole = node if inside else statement
        return range(whole.lineno, (whole.end_lineno or 0) + 1)
    return range(statement.lineno, max(statement.lineno + 1, min(inner.lineno for inner in inside)))
