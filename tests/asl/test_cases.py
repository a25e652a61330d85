"""The cases: each file of ``tests/cases`` is a workflow, and its golden all that is said of it."""

from __future__ import annotations

import runpy
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cfngen.asl import rules
from cfngen.asl.rules import machine
from cfngen.asl.values import WorkflowType
from cfngen.workflow import Workflow
from tests.conftest import GOLDENS
from tests.rows import each_row

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.py"))
BY_NAME = each_row("path", CASES, ids=lambda path: path.stem)

# beside the tables: what linking finds, what depends on the type, and what is looked at last
OTHER_RULES = {
    "link",
    "express_only_requests",
    "express_has_no_distributed_map",
    "definition_is_within_limits",
}
RULES = {rule.__name__ for rule in (*rules.MACHINE_RULES, *rules.STATE_RULES)} | OTHER_RULES


def read(path: Path) -> tuple[Workflow, WorkflowType, str]:
    case = runpy.run_path(str(path))
    return case["workflow"], case.get("type", "STANDARD"), case["rule"]


@BY_NAME
def test_all_problems_of_a_case_are_its_golden(path: Path, golden: Callable[[str, str], None]) -> None:
    workflow, type_, _ = read(path)
    golden(f"asl/{path.stem}.txt", "".join(f"{problem}\n" for problem in workflow.check(type_)))


@BY_NAME
def test_a_case_is_refused_by_the_rule_it_names_or_by_none(path: Path) -> None:
    workflow, type_, rule = read(path)
    assert rule in RULES
    with pytest.MonkeyPatch.context() as monkeypatch:
        speaking = record_rules(monkeypatch)
        problems = workflow.check(type_)
    if any(graph.conflicts for graph in workflow.linked.graphs()):
        speaking.add("link")
    assert (rule in speaking) == bool(problems)


def test_every_rule_has_an_accepted_and_a_refused_case() -> None:
    refused = defaultdict(set)
    for workflow, type_, rule in map(read, CASES):
        refused[rule].add(bool(workflow.check(type_)))
    assert {rule: refused[rule] for rule in sorted(RULES) if refused[rule] != {True, False}} == {}


def test_every_golden_has_its_case() -> None:
    assert [path.stem for path in sorted((GOLDENS / "asl").iterdir())] == [path.stem for path in CASES]


def record_rules(monkeypatch: pytest.MonkeyPatch) -> set[Any]:
    """Return a set that fills with the names of the rules that yield a problem."""
    speaking = set()

    def recording(rule: Any) -> Any:
        def recorded(*args: Any) -> Iterator[Any]:
            for problem in rule(*args):
                speaking.add(rule.__name__)
                yield problem

        return recorded

    monkeypatch.setattr(rules, "MACHINE_RULES", tuple(map(recording, rules.MACHINE_RULES)))
    monkeypatch.setattr(rules, "STATE_RULES", tuple(map(recording, rules.STATE_RULES)))
    monkeypatch.setattr(rules, "TYPE_RULES", tuple(map(recording, rules.TYPE_RULES)))
    name = "definition_is_within_limits"
    monkeypatch.setattr(machine, name, recording(getattr(machine, name)))
    return speaking
