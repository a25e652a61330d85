"""What the code decides on is a value: no sentence is compared, and rewording them changes no behaviour."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "cfngen"
MODULES = sorted(HOUSE.rglob("*.py"))
SENTENCE = re.compile(r"[a-z'] [a-z']")
"""Text of several words, as no name, key or pattern of a document is."""

WORDS_OF_ERRORS = {"message", "msg", "hint", "reason", "problem", "context", "strerror"}
COMPARING = {"startswith", "endswith", "index", "find", "count", "partition", "rpartition", "removeprefix"}
NOT_WORDS = {
    "cfngen/asl/jsonpath.py": {"context"},  # whether a path reads the context object
    "cfngen/asl/rules/paths.py": {"context"},
}


def comparisons(path):
    """Yield the expressions in a module that are compared, or searched for a text."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare):
            operands = (node.left, *node.comparators)
            if not any(isinstance(operand, ast.Constant) and operand.value is None for operand in operands):
                yield from operands
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in COMPARING:
                yield node.func.value
                yield from node.args


def is_sentence(node):
    """Tell whether an expression is a sentence by its text, or the words of an error."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(SENTENCE.search(node.value))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
        return any(isinstance(part, ast.Name) and part.id in ("error", "problem") for part in node.args)
    return isinstance(node, ast.Attribute) and node.attr in WORDS_OF_ERRORS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_sentence_is_compared(path):
    compared = [ast.unparse(node) for node in comparisons(path) if is_sentence(node)]
    assert compared == []
