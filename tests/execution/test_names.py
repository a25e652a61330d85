"""The names of executions: what Step Functions takes and refuses.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import pytest

from cfngen.execution import ExecutionError
from cfngen.execution.names import name_problem
from tests.execution.machines import executed, one
from tests.rows import each_row


@each_row("name", ["nightly-1", "a" * 80, "밤", "it's.fine_(really)!", "a=b+c@d"])
def test_a_name_is_accepted(name: str) -> None:
    assert name_problem(name) == ""


@each_row("character", [*' \t\n<>{}[]?*"#%\\^|~`$&,;:/', "\x00", "\x7f", "\x9f", "\ud800"])
def test_a_character_is_refused(character: str) -> None:
    assert name_problem(f"a{character}b").startswith(f"a name cannot contain {character!r}: ")


def test_a_name_has_1_to_80_characters() -> None:
    assert name_problem("") == "a name must have at least one character"
    assert name_problem("a" * 81) == "a name can have 80 characters, not 81"


def test_an_execution_of_a_name_that_is_refused_does_not_run() -> None:
    with pytest.raises(
        ExecutionError, match="'a b' is not a name of an execution: a name cannot contain ' '"
    ):
        executed(one({"Type": "Succeed"}), name="a b")
    assert executed({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}, name="a-b").name == "a-b"
