"""What the code decides on is a value: no sentence is compared, and rewording them changes no behaviour."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.rows import each_row
from tests.sources import PACKAGE, trees

SENTENCE = re.compile(r"[a-z'] [a-z']")
"""Text of several words, as no name, key or pattern of a document is."""

WORDS_OF_ERRORS = {"message", "msg", "hint", "reason", "strerror"}
COMPARING = {"startswith", "endswith", "index", "find", "count", "partition", "rpartition", "removeprefix"}
OF_OTHERS = {
    "inputs/targets.py": "'<frozen importlib'",  # the name that Python gives a file that is none
    "aws/errors.py": "'does not exist'",  # AWS CloudFormation has no code for a stack that is missing
}
"""What other programs tell by their words alone."""


def comparisons(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the expressions in a module that are compared, or searched for a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands = (node.left, *node.comparators)
            if not any(isinstance(operand, ast.Constant) and operand.value is None for operand in operands):
                yield from operands
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in COMPARING
        ):
            yield node.func.value
            yield from node.args


def is_sentence(node: ast.expr) -> bool:
    """Tell whether an expression is a sentence by its text, or the words of an error."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(SENTENCE.search(node.value))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str":
        return any(isinstance(part, ast.Name) and part.id in ("error", "problem") for part in node.args)
    return isinstance(node, ast.Attribute) and node.attr in WORDS_OF_ERRORS


def test_no_sentence_is_compared() -> None:
    compared = {
        (path, ast.unparse(node))
        for path, tree in trees().items()
        for node in comparisons(tree)
        if is_sentence(node)
    }
    assert compared - set(OF_OTHERS.items()) == set()


def behaviour(*arguments: str) -> Any:
    command = [sys.executable, "-m", "tests.behaviour", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.long
def test_other_words_change_no_behaviour() -> None:
    assert behaviour("reworded") == behaviour()


@each_row(
    "source",
    [
        "error.message.startswith(TOO_DEEP)",
        "error.msg == 'Unterminated string'",
        "'no such state' in problem.message",
        "reason.removeprefix('there is no ')",
        "str(error) in known",
    ],
)
def test_a_sentence_that_is_compared_is_seen(source: str) -> None:
    assert any(map(is_sentence, comparisons(ast.parse(source))))


def test_other_words_are_other_words() -> None:
    script = (
        "from tests.behaviour import reword; reword(); import cfngen.documents.source as s; s.parse('a: [')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=PACKAGE.parent
    )
    assert "this  is  no" in done.stderr
