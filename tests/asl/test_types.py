"""mypy is a reader too: it accepts what is right, and refuses what would be refused at run time."""

from __future__ import annotations

import textwrap
from itertools import count
from pathlib import Path
from typing import Any

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

WIDER_SAMPLE = """
    from troposphere import Ref

    from cfngen import (
        JSONATA, S3_GET_OBJECT, S3_PUT_OBJECT, Choice, ChoiceRule, DataTest, Fail, Goto, ItemBatcher,
        ItemReader, Jsonata, Map, Parallel, Pass, Path, ProcessorConfig, ReaderConfig, ResultWriter, Succeed,
        Workflow, WriterConfig, renamed,
    )

    choose: Choice = Choice(
        "Choose",
        Choices=[
            ChoiceRule(And=[
                DataTest(Variable="$.n", NumericGreaterThan=1),
                DataTest(Not=DataTest(Variable="$.s", StringEquals=Ref("S"))),
            ], Next=Succeed("Done")),
            ChoiceRule(Variable="$.b", BooleanEqualsPath="$.c", Next=Goto("Both"), Assign={"n": Path("$.n")}),
        ],
        Default=Fail("Give Up"),
    )
    branch = Pass("One", QueryLanguage=JSONATA, Output=Jsonata("$states.input.one")) >> Pass("Two")
    both = Parallel("Both", Branches=[branch, renamed(branch, "other ")], Assign={"all": Path("$")})
    each = Map(
        "Each",
        ItemProcessor=Pass("Item") >> Succeed("Item Done"),
        ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="EXPRESS"),
        ItemReader=ItemReader(
            Resource=S3_GET_OBJECT,
            ReaderConfig=ReaderConfig(InputType="CSV", CSVHeaderLocation="FIRST_ROW", MaxItems=Path("$.most")),
            Parameters={"Bucket": Ref("Bucket"), "Key": Path("$.key")},
        ),
        ItemBatcher=ItemBatcher(MaxItemsPerBatch=10, BatchInput={"day": Path("$.day")}),
        ResultWriter=ResultWriter(
            Resource=S3_PUT_OBJECT, Parameters={"Bucket": "b"}, WriterConfig=WriterConfig(OutputType="JSONL"),
        ),
        ToleratedFailurePercentage=2.5,
        MaxConcurrency=Path("$.most"),
    )
    workflow = Workflow(both >> each >> choose)
    shown: str = str(workflow)
"""


SDK_SAMPLE = """
    from troposphere import Ref

    from cfngen import ALL, CALLBACK, JSONATA, Jsonata, Path, Retrier, Workflow
    from cfngen.tasks import aws_sdk

    find: aws_sdk.Call = aws_sdk.Call(
        "Find", service="glue", action="getTable", Name=Path("$.table"), DatabaseName=Ref("Lake"), Limit=7,
        Retry=[Retrier(ErrorEquals=[ALL])], TimeoutSeconds=60, because="looks for it",
    )
    made = aws_sdk.Call("Make", service="s3", action="putObject", pattern=CALLBACK, arguments=Jsonata("$a"))
    workflow = Workflow(find >> made, QueryLanguage=JSONATA)
"""


@pytest.fixture(scope="session")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the errors of a snippet, checked as strictly as the library itself."""
    folder = tmp_path_factory.mktemp("mypy")

    numbers = count()

    def check(code: Any) -> list[Any]:
        # a name of its own: mypy takes a file of the same size and second for the one it knows
        snippet = folder / f"snippet{next(numbers)}.py"
        snippet.write_text(textwrap.dedent(code), encoding="utf-8")
        out, err, _ = api.run([
            "--strict", "--no-error-summary", "--hide-error-context", "--no-pretty",
            f"--config-file={SETTINGS}", f"--cache-dir={folder / 'cache'}", str(snippet),
        ])  # fmt: skip
        assert err == ""
        return [line.partition(" error: ")[2] for line in out.splitlines() if " error: " in line]

    return check


@pytest.mark.slow
@pytest.mark.parametrize("code", [SAMPLE, WIDER_SAMPLE, SDK_SAMPLE], ids=["tasks", "branches", "calls"])
def test_a_valid_workflow_passes(mypy: Any, code: str) -> None:
    assert mypy(code) == []


@pytest.mark.slow
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
            'Argument "Seconds" to "Wait" has incompatible type "str"; expected "int | Intrinsic | Path | Jsonata | None"',
        ),
        (
            'Workflow(Pass("P"), TimeoutSeconds="60")',
            'Argument "TimeoutSeconds" to "Workflow" has incompatible type "str"; expected "int | Intrinsic | None"',
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
        ('aws_sdk.Call("C", action="query")', 'Missing named argument "service" for "Call"'),
        (
            'aws_sdk.Call("C", service="dynamodb", action="query", TableName=object())',
            'Argument "TableName" to "Call" has incompatible type "object"; expected',
        ),
        ('sns.Publish("N", TopicArn="arn:x")', 'Missing named argument "Message" for "Publish"'),
        (
            'Choice("C", Choices=[]) >> Pass("P")',
            'Unsupported operand types for >> ("Choice" and "Pass")  [operator]',
        ),
        (
            'Choice("C", Choices=[], Default="P")',
            'Argument "Default" to "Choice" has incompatible type "str"; expected "Flow | None"',
        ),
        (
            'Choice("C", Choices=[DataTest(Variable="$.x", IsNull=True)])',
            'List item 0 has incompatible type "DataTest"; expected "ChoiceRule"',
        ),
        ('ChoiceRule(Variable="$.x", IsNull=True)', 'Missing named argument "Next" for "ChoiceRule"'),
        (
            'ChoiceRule(Condition="$x > 1", Next=Pass("P"))',
            'Argument "Condition" to "ChoiceRule" has incompatible type "str"; expected "Jsonata | bool | Intrinsic | None"',
        ),
        (
            'DataTest(Variable="$.x", NumericEquals="1")',
            'Argument "NumericEquals" to "DataTest" has incompatible type "str"; expected "float | Intrinsic | None"',
        ),
        (
            'DataTest(Variable=Path("$.x"), IsNull=True)',
            'Argument "Variable" to "DataTest" has incompatible type "Path"; expected "str | Intrinsic | None"',
        ),
        (
            "DataTest(And=[True])",
            'List item 0 has incompatible type "bool"; expected "DataTest"',
        ),
        ("DataTest(NumericEqual=1)", 'Unexpected keyword argument "NumericEqual" for "DataTest"'),
        (
            'Parallel("P", Branches=[["A"]])',
            'List item 0 has incompatible type "list[str]"; expected "Flow"',
        ),
        ('Map("M", ItemsPath="$.all")', 'Missing named argument "ItemProcessor" for "Map"'),
        (
            'Map("M", ItemProcessor=Pass("P"), ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTE"))',
            'Argument "Mode" to "ProcessorConfig" has incompatible type "Literal[\'DISTRIBUTE\']"; '
            "expected \"Literal['INLINE', 'DISTRIBUTED'] | None\"",
        ),
        (
            'Map("M", ItemProcessor=Pass("P"), MaxConcurrency=2.5)',
            'Argument "MaxConcurrency" to "Map" has incompatible type "float"; '
            'expected "int | Intrinsic | Path | Jsonata | None"',
        ),
        (
            'Pass("P", QueryLanguage="jsonata")',
            'Argument "QueryLanguage" to "Pass" has incompatible type "Literal[\'jsonata\']"; '
            "expected \"Literal['JSONPath', 'JSONata'] | None\"",
        ),
        (
            'renamed(["A"], "b ")',
            'Argument 1 to "renamed" has incompatible type "list[str]"; expected "Flow"',
        ),
    ],
)
def test_a_mistake_is_a_type_error(mypy: Any, line: str, error: str) -> None:
    errors = mypy(f"""
        from cfngen import Catcher, Choice, ChoiceRule, DataTest, Fail, Map, Parallel, Pass, Path
        from cfngen import ProcessorConfig, Succeed, Task, Wait, Workflow, renamed
        from cfngen.asl.values import Intrinsic
        from cfngen.tasks import aws_sdk, batch, sns


        class Parameter:
            def __init__(self, name: str) -> None: ...

            def to_dict(self) -> dict[str, str]:
                return {{}}


        fits: Intrinsic = Parameter("X")
        filled_in = Wait("W", Seconds=Parameter("X"))
        {line}
    """)
    assert len(errors) == 1
    assert errors[0].startswith(error)
