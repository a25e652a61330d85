"""Problems of a document speak its words, and not Python's."""

from __future__ import annotations

import json
import re
from pathlib import Path as File
from typing import Any

import pytest

from cfngen import Jsonata, Pass, Path, Wait, Workflow
from cfngen.cfn.arns import integration_arn
from tests.asl.test_cases import CASES, read
from tests.rows import each_row

PYTHON = re.compile(
    r"\b(Path|Jsonata|Goto|Catcher|Retrier|ProcessorConfig|renamed)\(|\bNone\b|\b\w+=[\"'{\[A-Z]|>>"
)
"""What only a program in Python would have."""


def document(workflow: Workflow) -> Any:
    return workflow.rendered(integration_arn)


@each_row("path", CASES, ids=lambda path: path.stem)
def test_no_problem_of_a_document_speaks_of_python(path: File) -> None:
    workflow, kind, _ = read(path)
    try:
        problems = Workflow.read(document(workflow)).check(kind)
    except (TypeError, ValueError):  # what cannot be rendered is no document
        return
    assert [str(it) for it in problems if PYTHON.search(f"{it.message} {it.hint}")] == []


@pytest.mark.parametrize(
    ("state", "in_python", "in_the_document"),
    [
        (
            Wait("A", Seconds=Path("$.limit"), QueryLanguage="JSONata"),
            "Path('$.limit') is used in a state whose query language is JSONata; "
            "write the expression as Jsonata('$states.input...')",
            "the path '$.limit' is used in a state whose query language is JSONata; "
            "write the expression as '{% $states.input... %}'",
        ),
        (
            Pass("A", Parameters={"a": "$.b"}),
            "'$.b' looks like a path but is passed on as text; "
            "use Path('$.b') to pass the value that it leads to",
            "'$.b' looks like a path but is passed on as text; "
            "end its key in '.$' to pass the value that it leads to",
        ),
        (
            Pass("A", Parameters={"a": "{% $b %}"}),
            "'{% $b %}' is passed on as text: the state's query language is JSONPath; "
            'set QueryLanguage="JSONata" on the state or on the workflow',
            "'{% $b %}' is passed on as text: the state's query language is JSONPath; "
            'set "QueryLanguage": "JSONata" on the state or on the workflow',
        ),
    ],
)
def test_a_problem_speaks_the_words_of_its_source(state: Any, in_python: str, in_the_document: str) -> None:
    written = Workflow(state)
    for workflow, told in (
        (written, in_python),
        (Workflow.read(json.dumps(document(written))), in_the_document),
    ):
        assert [f"{problem.message}; {problem.hint}" for problem in workflow.check()] == [told]


def test_a_path_in_a_payload_is_told_of_at_its_key() -> None:
    state = Pass("A", Parameters={"deep": {"bad": Path("$.x[")}, "good": Jsonata("$x")})
    [first, *_] = Workflow(state).check()
    assert first.location == "/States/A/Parameters/deep/bad.$"
