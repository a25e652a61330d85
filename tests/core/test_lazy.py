"""Former names are there until the next release, and say which names replace them."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.rows import each_row

FORMER = [
    ("cfngen.execution", "Call", "TaskRequest"),
    ("cfngen.history", "Attempt", "HistoryAttempt"),
    ("cfngen.history", "Execution", "ExecutionHistory"),
    ("cfngen.history", "Visit", "HistoryVisit"),
    ("cfngen.testing", "AttemptTrace", "Attempt"),
    ("cfngen.testing", "ExecutionTrace", "Execution"),
    ("cfngen.testing", "Route", "Trace"),
    ("cfngen.testing", "VisitTrace", "Visit"),
]


@each_row("module, former, name", FORMER)
def test_a_former_name_is_the_one_that_replaces_it(module: str, former: str, name: str) -> None:
    package = import_module(module)
    with pytest.warns(DeprecationWarning, match=rf"^{module}\.{former} is {module}\.{name} now$"):
        assert getattr(package, former) is getattr(package, name)
