"""What is plainly wrong is refused where it is written, in words that help."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path as Path_
from typing import Any

import pytest

from cfngen import (
    ALL,
    CALLBACK,
    SYNC,
    Catcher,
    Choice,
    ChoiceRule,
    DataTest,
    Fail,
    Goto,
    Map,
    Parallel,
    Pass,
    Path,
    RawState,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
    WorkflowError,
)
from cfngen.tasks import batch, sns
from tests.rows import each_row

ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
BY_NAME = "; use Goto('name') for a state that is written elsewhere"
BY_ARROWS = "; join states with '>>', or a list of them with chain(*states)"
RULE = ChoiceRule(Variable="$.a", IsNull=True, Next=Pass("P") >> Pass("Q"))
SHOWN = "ChoiceRule(Variable='$.a', IsNull=True, Next=Goto('P'))"


def refused(make: Callable[..., Any]) -> str:
    with pytest.raises(TypeError) as caught:
        make()
    return str(caught.value)


@each_row(
    ("make", "message"),
    [
        pytest.param(
            lambda: Task("T", Resource=ARN, TimeoutSecond=5),  # type: ignore[call-arg]  # wrong on purpose
            "Task has no field 'TimeoutSecond'; did you mean 'TimeoutSeconds'?",
            id="unknown field with a near one",
        ),
        pytest.param(
            lambda: Succeed("S", xyz=1),  # type: ignore[call-arg]  # wrong on purpose
            "Succeed has no field 'xyz'; it has Name, Comment, QueryLanguage, InputPath, OutputPath, Output",
            id="unknown field with none near",
        ),
        pytest.param(
            lambda: Pass("P", Type="Task"),  # type: ignore[call-arg]  # wrong on purpose
            "Pass has no field 'Type'; it has Name, Comment, QueryLanguage, InputPath, OutputPath, Output, Assign, "
            "Parameters, Result, ResultPath",
            id="what the class has already decided",
        ),
        pytest.param(
            lambda: batch.SubmitJob("S", pattern=SYNC, jobName="x", JobQueue="q", JobDefinition="d"),  # type: ignore[call-arg]  # wrong on purpose
            "SubmitJob has no field 'jobName'; did you mean 'JobName'?",
            id="an argument spelled as in the SDK",
        ),
        pytest.param(
            lambda: Pass("P", Next="Q", Foo=1),  # type: ignore[call-arg]  # wrong on purpose
            "Pass has no field 'Next'; a state does not know what follows it: write 'state >> next'\n"
            "Pass has no field 'Foo'; it has Name, Comment, QueryLanguage, InputPath, OutputPath, Output, Assign, "
            "Parameters, Result, ResultPath",
            id="two unknown fields, one of them of the language",
        ),
        pytest.param(
            lambda: Task("T", Resourc=ARN, Retry=Retrier(ErrorEquals=[ALL]), Catch=[ALL]),  # type: ignore[call-arg, arg-type, list-item]  # wrong on purpose
            "Task has no field 'Resourc'; did you mean 'Resource'?\n"
            "Retry takes a list of Retriers, not Retrier(ErrorEquals=['States.ALL'])\n"
            "Catch takes a list of Catchers, not ['States.ALL']",
            id="an unknown field and two wrong values",
        ),
        pytest.param(
            lambda: batch.SubmitJob(
                1,  # type: ignore[arg-type]  # wrong on purpose
                pattern="SYNC",  # type: ignore[arg-type]  # wrong on purpose
                JobName="n",
                JobQueue="q",
                JobDefinition="d",
                resources="a",
            ),
            "the name of a state must be text, not 1\n"
            "pattern takes one of REQUEST_RESPONSE, SYNC, not 'SYNC'\n"
            "resources takes a list of ARNs, not 'a'",
            id="three wrong values",
        ),
        pytest.param(
            lambda: sns.Publish("P", TopicARN="t", Message="m"),  # type: ignore[call-arg]  # wrong on purpose
            "Publish has no field 'TopicARN'; did you mean 'TopicArn'?",
            id="a field that has a default pattern",
        ),
        pytest.param(
            lambda: batch.SubmitJob("S", JobName="n", JobQueue="q", JobDefinition="d"),  # type: ignore[call-arg]  # wrong on purpose
            "SubmitJob.__init__() missing 1 required keyword-only argument: 'pattern'; "
            "pattern is REQUEST_RESPONSE or SYNC",
            id="no pattern",
        ),
        pytest.param(
            lambda: Workflow([Pass("P"), Pass("Q")]),  # type: ignore[arg-type]  # wrong on purpose
            "Workflow takes a state or a flow, not [Pass('P'), Pass('Q')]" + BY_ARROWS,
            id="a list where a flow is due",
        ),
        pytest.param(
            lambda: Retrier(ErrorEqual=[ALL]),  # type: ignore[call-arg]  # wrong on purpose
            "Retrier has no field 'ErrorEqual'; did you mean 'ErrorEquals'?",
            id="retrier",
        ),
        pytest.param(
            lambda: Workflow(Pass("P"), Timeout=5),  # type: ignore[call-arg]  # wrong on purpose
            "Workflow has no field 'Timeout'; did you mean 'TimeoutSeconds'?",
            id="workflow",
        ),
        pytest.param(
            lambda: Succeed("Done") >> Pass("P"),  # type: ignore[operator]  # wrong on purpose
            "nothing can follow 'Done': the flow ends there",
            id="something follows a terminal state",
        ),
        pytest.param(
            lambda: (Pass("P") >> Fail("Give Up")) >> Pass("Q"),  # type: ignore[operator]  # wrong on purpose
            "nothing can follow 'Give Up': the flow ends there",
            id="something follows a chain that has ended",
        ),
        pytest.param(
            lambda: Goto("P") >> Pass("Q"),  # type: ignore[operator]  # wrong on purpose
            "nothing can follow 'P': the flow ends there",
            id="something follows a Goto",
        ),
        pytest.param(
            lambda: Pass("P") >> "Q",  # type: ignore[operator]  # wrong on purpose
            "a state or a flow follows '>>', not 'Q'" + BY_NAME,
            id="a name follows",
        ),
        pytest.param(
            lambda: Catcher(ErrorEquals=[ALL], Next="Q"),  # type: ignore[arg-type]  # wrong on purpose
            "Next takes a state or a flow, not 'Q'" + BY_NAME,
            id="a catcher is given a name",
        ),
        pytest.param(
            lambda: Workflow("P"),  # type: ignore[arg-type]  # wrong on purpose
            "Workflow takes a state or a flow, not 'P'" + BY_NAME,
            id="a workflow is given a name",
        ),
        pytest.param(
            lambda: Task("T", Resource=ARN, Catch=Catcher(ErrorEquals=[ALL], Next=Pass("P"))),  # type: ignore[arg-type]  # wrong on purpose
            "Catch takes a list of Catchers, not Catcher(ErrorEquals=['States.ALL'], Next=Goto('P'))",
            id="a catcher without its list",
        ),
        pytest.param(
            lambda: Task("T", Resource=ARN, Retry=[{"ErrorEquals": [ALL]}]),  # type: ignore[list-item]  # wrong on purpose
            "Retry takes a list of Retriers, not [{'ErrorEquals': ['States.ALL']}]",
            id="a retrier as a mapping",
        ),
        pytest.param(
            lambda: Pass(None),  # type: ignore[arg-type]  # wrong on purpose
            "the name of a state must be text, not None",
            id="a name that is no text",
        ),
        pytest.param(
            lambda: Fail("F", "Error"),  # type: ignore[call-arg]  # wrong on purpose
            "Fail.__init__() takes 2 positional arguments but 3 were given",
            id="a field without its name",
        ),
        pytest.param(
            lambda: Succeed("S", "$.a"),  # type: ignore[call-arg]  # wrong on purpose
            "Succeed.__init__() takes 2 positional arguments but 3 were given",
            id="another field without its name",
        ),
        pytest.param(
            lambda: Choice("C", Choices=[RULE]) >> Pass("P"),  # type: ignore[operator]  # wrong on purpose
            "nothing can follow 'C': the flow ends there; "
            "a Choice leads on by the Next of its rules and by its Default",
            id="something follows a choice",
        ),
        pytest.param(
            lambda: Choice("C", Choices=RULE),  # type: ignore[arg-type]  # wrong on purpose
            "Choices takes a list of ChoiceRules, not " + SHOWN,
            id="a rule without its list",
        ),
        pytest.param(
            lambda: Choice("C", Choices=[RULE], Default="P"),  # type: ignore[arg-type]  # wrong on purpose
            "Default takes a state or a flow, not 'P'" + BY_NAME,
            id="a default that is a name",
        ),
        pytest.param(
            lambda: ChoiceRule(Variable="$.a", IsNull=True, Next="P"),  # type: ignore[arg-type]  # wrong on purpose
            "Next takes a state or a flow, not 'P'" + BY_NAME,
            id="a rule that leads to a name",
        ),
        pytest.param(
            lambda: ChoiceRule(Variable="$.a", StringEqual="x", Next=Pass("P")),  # type: ignore[call-arg]  # wrong on purpose
            "ChoiceRule has no field 'StringEqual'; did you mean 'StringEquals'?",
            id="an operator that does not exist",
        ),
        pytest.param(
            lambda: DataTest(And=DataTest(Variable="$.a", IsNull=True)),  # type: ignore[arg-type]  # wrong on purpose
            "And takes a list of DataTests, not DataTest(Variable='$.a', IsNull=True)",
            id="one test joined to nothing",
        ),
        pytest.param(
            lambda: DataTest(Or=[{"Variable": "$.a", "IsNull": True}]),  # type: ignore[list-item]  # wrong on purpose
            "Or takes a list of DataTests, not [{'Variable': '$.a', 'IsNull': True}]",
            id="a test as a mapping",
        ),
        pytest.param(
            lambda: DataTest(Not=[DataTest(Variable="$.a", IsNull=True)]),  # type: ignore[arg-type]  # wrong on purpose
            "Not takes a DataTest, not [DataTest(Variable='$.a', IsNull=True)]",
            id="a list of tests denied",
        ),
        pytest.param(
            lambda: Parallel("P", Branches=Pass("A") >> Pass("B")),  # type: ignore[arg-type]  # wrong on purpose
            "Branches takes a list of Flows, not Pass('A') >> Pass('B')",
            id="a branch without its list",
        ),
        pytest.param(
            lambda: Parallel("P", Branches=["A"]),  # type: ignore[list-item]  # wrong on purpose
            "Branches takes a list of Flows, not ['A']",
            id="a branch that is a name",
        ),
        pytest.param(
            lambda: Map("M", ItemProcessor=[Pass("A")]),  # type: ignore[arg-type]  # wrong on purpose
            "ItemProcessor takes a state or a flow, not [Pass('A')]" + BY_ARROWS,
            id="an item processor as a list",
        ),
        pytest.param(
            lambda: RawState("R", ["Type"]),  # type: ignore[arg-type]  # wrong on purpose
            "RawState takes a mapping of the state's fields, not ['Type']",
            id="a raw state without a mapping",
        ),
        pytest.param(
            lambda: sns.Publish("P", TopicArn="arn:aws:sns:::t", Message="m", pattern=".sync"),  # type: ignore[arg-type]  # wrong on purpose
            "pattern takes one of REQUEST_RESPONSE, CALLBACK, not '.sync'",
            id="a pattern as text",
        ),
        pytest.param(
            lambda: sns.Publish("P", Message="m", pattern=CALLBACK),
            "Publish 'P' takes one of TopicArn or TargetArn or PhoneNumber, not none",
            id="no destination",
        ),
    ],
)
def test_misuse_is_refused_in_words_that_help(make: Callable[..., Any], message: str) -> None:
    assert refused(make) == message


@each_row(
    "name",
    ['say "hi"', "${Name}", "작업 제출", "🚀", "a/b~c", "x" * 80],
    ids=["quote", "substitution", "Korean", "emoji", "pointer", "80 characters"],
)
def test_a_name_may_be_any_text(name: str) -> None:
    assert Workflow(Pass("First") >> Pass(name)).to_asl() == {
        "StartAt": "First",
        "States": {"First": {"Type": "Pass", "Next": name}, name: {"Type": "Pass", "End": True}},
    }


@each_row(
    "name",
    ["", "x" * 81, "two\nlines", "half \ud83d"],
    ids=["empty", "81 characters", "two lines", "lone surrogate"],
)
def test_a_name_that_step_functions_cannot_take_is_refused(name: str) -> None:
    with pytest.raises(WorkflowError):
        Workflow(Pass(name)).to_asl()


def test_all_errors_are_raised_at_once_and_no_warnings() -> None:
    workflow = Workflow(Pass("", Parameters={"looks": "$.like.a.path"}) >> Wait("Wait") >> Goto("Nowhere"))
    with pytest.raises(WorkflowError) as caught:
        workflow.to_asl()
    assert [problem.location for problem in caught.value.problems] == [
        "/States/",
        "/States/Wait",
        "/States/Wait/Next",
    ]
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))


def test_a_warning_does_not_stand_in_the_way() -> None:
    workflow = Workflow(Pass("P", Parameters={"looks": "$.like.a.path"}))
    assert [problem.severity for problem in workflow.check()] == ["warning"]
    assert workflow.to_asl()["States"]["P"]["Parameters"] == {"looks": "$.like.a.path"}


def test_a_path_is_not_a_flow() -> None:
    assert re.match(
        r"a state or a flow follows '>>', not Path\('\$\.next'\)",
        refused(lambda: Pass("P") >> Path("$.next")),  # type: ignore[operator]  # wrong on purpose
    )


SCRIPT = """\
from cfngen import Pass, Task


def ask():
    return Task("Ask", Resourc="x")


class Named(Pass):
    def __post_init__(self):
        super().__init__(self.Name, Comments="x")


{line}
"""


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("ask()", ["<module>", "ask"]),
        ('Named("N")', ["<module>", "__init__", "__post_init__"]),
        ('Pass("P") >> 1', ["<module>"]),
        ("Pass(None)", ["<module>"]),
    ],
)
def test_a_traceback_ends_at_the_line_of_the_user(line: str, lines: list[str], tmp_path: Path_) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(line=line))
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    shown = re.findall(r'File "(.*)", line \d+, in (\S+)', ran.stderr)
    assert [function for _, function in shown] == lines
    assert shown[-1][0] == str(script)
    assert "TypeError: " in ran.stderr


def test_a_hook_of_somebody_else_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    own = lambda *error: None  # noqa: E731  as people write it
    monkeypatch.setattr(sys, "excepthook", own)
    refused(lambda: Pass(None))  # type: ignore[arg-type]  # wrong on purpose
    assert sys.excepthook is own
