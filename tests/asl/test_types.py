"""mypy is a reader too: it accepts what is right, and refuses what would be refused at run time."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from mypy import api

SETTINGS = Path(__file__).parent.parent.parent / "setup.cfg"

SAMPLE = """
    from troposphere import Ref

    from cfngen import ALL, SYNC, Catcher, Fail, Goto, Pass, Path, Retrier, Succeed, Wait, Workflow, chain
    from cfngen.tasks import batch, sns

    notify: sns.Publish = sns.Publish("Notify", TopicArn=Ref("Topic"), Message={"id": Path("$.JobId")})
    job = batch.SubmitJob(
        "Run Job",
        pattern=SYNC,
        JobName=Path("$.name"),
        JobQueue=Ref("Queue"),
        JobDefinition="nightly",
        TimeoutSeconds=Path("$.timeout"),
        ResultPath=None,
        Retry=[Retrier(ErrorEquals=[ALL], IntervalSeconds=60, BackoffRate=2, JitterStrategy="FULL")],
        Catch=[Catcher(ErrorEquals=[ALL], Next=notify >> Goto("Run Job"))],
    )
    flow = chain(job, Wait("Wait", Seconds=1)) >> Pass("Prepare", Result=[1, "two", None])
    workflow = Workflow(flow >> Succeed("Done"), TimeoutSeconds=3600)
    definition: dict[str, object] = workflow.to_asl()
"""


@pytest.fixture(scope="module")
def mypy(tmp_path_factory):
    """Return the errors of a snippet, checked as strictly as the library itself."""
    folder = tmp_path_factory.mktemp("mypy")

    def check(code):
        snippet = folder / "snippet.py"
        snippet.write_text(textwrap.dedent(code), encoding="utf-8")
        out, err, _ = api.run([
            "--strict", "--no-error-summary", "--hide-error-context", "--no-pretty",
            f"--config-file={SETTINGS}", f"--cache-dir={folder / 'cache'}", str(snippet),
        ])  # fmt: skip
        assert err == ""
        return [line.partition(" error: ")[2] for line in out.splitlines() if " error: " in line]

    return check


def test_a_valid_workflow_passes(mypy):
    assert mypy(SAMPLE) == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (
            'Succeed("Done") >> Pass("P")',
            'Unsupported operand types for >> ("Succeed" and "Pass")  [operator]',
        ),
        (
            'Pass("P") >> Fail("F") >> Pass("Q")',
            'Unsupported operand types for >> ("ClosedChain" and "Pass")  [operator]',
        ),
        ('Pass("P") >> "Q"', 'No overload variant of "__rshift__" of "Open" matches argument type "str"'),
        (
            'Wait("W", Seconds="60")',
            'Argument "Seconds" to "Wait" has incompatible type "str"; expected "int | Path | None"',
        ),
        (
            'Task("T", Resource="arn:x", TimeoutSeconds=Parameter("X"))',
            'Argument "TimeoutSeconds" to "Task" has incompatible type "Parameter"; expected "int | Path | None"',
        ),
        (
            'Workflow(Pass("P"), TimeoutSeconds=Parameter("X"))',
            'Argument "TimeoutSeconds" to "Workflow" has incompatible type "Parameter"; expected "int | None"',
        ),
        (
            'Catcher(ErrorEquals=["States.ALL"], Next="P")',
            'Argument "Next" to "Catcher" has incompatible type "str"; expected "Flow"',
        ),
        ('Pass("P", Reslt=1)', 'Unexpected keyword argument "Reslt" for "Pass"'),
        ('Pass("P").Result = 1', 'Property "Result" defined in "Pass" is read-only'),
        (
            'batch.SubmitJob("S", JobName="n", JobQueue="q", JobDefinition="d")',
            'Missing named argument "pattern" for "SubmitJob"',
        ),
        ('sns.Publish("N", TopicArn="arn:x")', 'Missing named argument "Message" for "Publish"'),
    ],
)
def test_a_mistake_is_a_type_error(mypy, line, error):
    errors = mypy(f"""
        from cfngen import Catcher, Fail, Pass, Succeed, Task, Wait, Workflow
        from cfngen.asl.values import Intrinsic
        from cfngen.tasks import batch, sns


        class Parameter:
            def __init__(self, name: str) -> None: ...

            def to_dict(self) -> dict[str, str]:
                return {{}}


        fits: Intrinsic = Parameter("X")
        {line}
    """)
    assert len(errors) == 1
    assert errors[0].startswith(error)
