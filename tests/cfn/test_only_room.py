"""How CloudFormation and ARNs are spelled is known in one room."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.sources import trees

_SPELLED = re.compile(
    r"Fn::|AWS::(Partition|Region|AccountId|NoValue|StackName|URLSuffix)|\$\\?\{|\barn:|^Ref$"
)

_ROOM = "cfn"
_DECLARATIONS = ("stacks", "tasks")
"""Rooms that declare resources and grants: the text of an ARN is read best where it is whole."""

_EXCEPTIONS = {
    "codegen/functions.py": "the class of troposphere, in Python that is written",
    "local/patches/cloudformation.py": "templates of probes, and references, as moto reads them",
}


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the texts of a module, but for docstrings."""
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node


def _spellings() -> Iterator[tuple[str, str]]:
    for name, tree in trees().items():
        if not name.startswith(f"{_ROOM}/"):
            for text in _texts(tree):
                if _SPELLED.search(str(text.value)):
                    yield name, f"{name}:{text.lineno}: {text.value!r}"


@pytest.mark.slow
def test_one_room_knows_how_functions_and_arns_are_spelled() -> None:
    others = [
        shown
        for name, shown in _spellings()
        if name not in _EXCEPTIONS and name.partition("/")[0] not in _DECLARATIONS
    ]
    assert others == []


@pytest.mark.slow
def test_each_exception_is_still_one() -> None:
    assert {name for name, _ in _spellings()}.issuperset(_EXCEPTIONS)
