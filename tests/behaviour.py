"""Print what cfngen decides about cases, documents and templates, without its words.

``python -m tests.behaviour reworded`` does the same with every sentence of the house in other words, which
must print the same.
"""

from __future__ import annotations

import ast
import json
import re
import runpy
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from cfngen.core.problems import Problem

HERE = Path(__file__).parent
WORDS = re.compile(r"(?<=[a-z',:]) (?=[a-z'])")
BROKEN = (
    '{"a": "b',
    '{"a": "\t"}',
    '{"a": "\\q"}',
    '{"a": 1, "a": 2}',
    '{"a": 1,}',
    '{"a": 1} 2',
    "[" * 1_200,
    '{"a": ' * 1_200,
    "- " * 1_200 + "a",
    "{a: " * 1_200,
    "a: *b",
    "a: !Nothing b",
    "a: [1",
    "[1]",
    "",
)


class Rewording(ast.NodeTransformer):
    """Doubles the blanks between the words of every text that has several."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            return ast.copy_location(ast.Constant(WORDS.sub("  ", node.value)), node)
        return node


class RewordingLoader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(self.get_data(self.path))
        return compile(ast.fix_missing_locations(Rewording().visit(tree)), self.path, "exec")


def reword() -> None:
    """Import the modules of cfngen with their sentences in other words."""
    from importlib.machinery import FileFinder

    hook = FileFinder.path_hook((RewordingLoader, [".py"]))

    class Finder:
        @staticmethod
        def find_spec(
            name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            if name.partition(".")[0] != "cfngen":
                return None
            for folder in path or [str(HERE.parent)]:
                if spec := hook(folder).find_spec(name):
                    return spec
            return None

    sys.meta_path.insert(0, Finder)


def decided(problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.location, problem.severity) for problem in problems]


def of_cases() -> Iterator[Any]:
    from cfngen.iam.derive import LEAST_PRIVILEGE, derive

    for path in sorted((HERE / "cases").glob("*.py")):
        case = runpy.run_path(str(path))
        workflow = case["workflow"]
        yield path.stem, decided(workflow.check(case.get("type", "STANDARD")))
        if not workflow.check():
            derived = derive(workflow.linked, LEAST_PRIVILEGE)
            yield path.stem, json.loads(derived.document().to_json()), decided(derived.warnings)


def of_documents() -> Iterator[Any]:
    from cfngen.documents.source import ReadError, parse

    for text in BROKEN:
        for name in ("a.json", "a.yaml"):
            try:
                yield text[:20], parse(text, name).data
            except ReadError as error:
                yield text[:20], error.code, error.line, error.column


def of_templates() -> Iterator[Any]:
    from cfngen.audit import Audit
    from cfngen.documents.source import parse
    from cfngen.inputs.machines import machines_of

    for path in sorted((HERE.parent / "templates").glob("*.yaml")):
        for number, text in enumerate(templates(parse(path.read_text(), path.name).data)):
            source = parse(text, "template.json")
            machines, _ = machines_of(source)
            problems = Audit(source, machines, False).problems()
            yield path.stem, number, decided(problem for _, problem in problems)


def templates(template: dict[str, Any]) -> Iterator[Any]:
    """Yield a template as JSON, and with each statement of its policies left out or widened."""
    yield json.dumps(template)
    for resource in template["Resources"].values():
        for policy in resource.get("Properties", {}).get("Policies", ()):
            statements = policy["PolicyDocument"]["Statement"]
            for index, statement in enumerate([*statements]):
                for other in ([], [{**statement, "Action": "sns:*", "Resource": "*"}]):
                    statements[index : index + 1] = other
                    yield json.dumps(template)
                    statements[index : index + len(other)] = [statement]


if __name__ == "__main__":
    if "reworded" in sys.argv:
        reword()
    warnings.simplefilter("ignore")
    for decisions in (of_cases, of_documents, of_templates):
        for decision in decisions():
            sys.stdout.write(f"{json.dumps(decision, default=str)}\n")
