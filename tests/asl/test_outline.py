"""``str(workflow)``: a line a state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from troposphere import GetAtt, Ref, Sub

from cfngen import (
    ALL,
    JSONATA,
    SYNC,
    TIMEOUT,
    Catcher,
    Choice,
    ChoiceRule,
    DataTest,
    Fail,
    Goto,
    Jsonata,
    Map,
    Parallel,
    Pass,
    Path,
    RawState,
    Succeed,
    Task,
    Wait,
    Workflow,
)
from cfngen.asl.flow import Chain, ClosedChain
from cfngen.stacks import BatchJobNotification
from cfngen.tasks import batch, sns

TOPIC = Ref("Topic")


def lines(flow: Chain | Task | ClosedChain, **fields: Any) -> list[str]:
    return str(Workflow(flow, **fields)).splitlines()


def test_the_outline_of_the_sample(golden: Callable[[str, str], None]) -> None:
    golden("outlines/sample.txt", f"{BatchJobNotification().machine().workflow}\n")


def test_the_outline_of_scopes_in_scopes(golden: Callable[[str, str], None]) -> None:
    tell = sns.Publish("Tell", TopicArn=TOPIC, Message="m")
    job = batch.SubmitJob(
        "Run Job",
        pattern=SYNC,
        JobName="n",
        JobQueue="q",
        JobDefinition="d",
        Catch=[
            Catcher(
                ErrorEquals=[TIMEOUT, "Batch.ServerException"],
                Next=Wait("Wait", Seconds=60) >> Goto("Run Job"),
            )
        ],
    )
    choose = Choice(
        "Enough?",
        Choices=[
            ChoiceRule(Variable="$.n", NumericGreaterThan=5, Next=Succeed("Enough")),
            ChoiceRule(
                Or=[
                    DataTest(Variable="$.state", StringEquals="FAILED"),
                    DataTest(And=[DataTest(Not=DataTest(Variable="$.a", IsPresent=True))]),
                ],
                Next=Fail("Give Up", Error="TooFew"),
            ),
        ],
        Default=Pass("More"),
    )
    each = Map("Each", ItemProcessor=job >> choose)
    both = Parallel("Both", Branches=[each, Pass("Other")], Catch=[Catcher(ErrorEquals=[ALL], Next=tell)])
    golden("outlines/nested.txt", f"{Workflow(both >> Pass('Last'))}\n")


def test_the_outline_of_a_workflow_of_jsonata(golden: Callable[[str, str], None]) -> None:
    choose = Choice(
        "Enough?",
        Choices=[
            ChoiceRule(
                Condition=Jsonata("$states.input.n > 5\n  and $states.input.on"), Next=Succeed("Enough")
            ),
            ChoiceRule(Condition=True, Next=Fail("Give Up", Error=Jsonata("$states.input.error"))),
        ],
    )
    flow = Wait("Wait", Seconds=Jsonata("$states.input.delay")) >> choose
    golden("outlines/jsonata.txt", f"{Workflow(flow, QueryLanguage=JSONATA)}\n")


def test_a_wait_shows_what_it_waits_for() -> None:
    waits = Wait("A", Timestamp="2026-03-14T01:59:00Z") >> Wait("B", Seconds=Path("$.s"))
    assert lines(waits) == ["A: wait 2026-03-14T01:59:00Z -> B", "B: wait $.s s"]


def test_a_resource_that_is_an_intrinsic_is_shown_as_such() -> None:
    assert lines(Task("T", Resource=GetAtt("Function", "Arn"))) == ["T: ${Function.Arn}"]


def test_an_integration_in_any_partition_is_shown_by_its_name() -> None:
    resource = Sub("arn:${AWS::Partition}:states:::sns:publish.waitForTaskToken")
    assert lines(Task("T", Resource=resource)) == ["T: sns:publish.waitForTaskToken"]


def test_a_raw_state_shows_its_type_and_its_ways() -> None:
    raw = RawState("R", {"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "A"})
    assert lines(raw >> Pass("A") >> RawState("B", {})) == [
        "R: choice -> A, else -> A",
        "A: pass -> B",
        "B: raw",
    ]


def test_a_workflow_that_is_wrong_has_an_outline_all_the_same() -> None:
    choose = Choice(
        "C", Choices=[ChoiceRule(Next=Goto("Nobody")), ChoiceRule(Not=DataTest(), Next=Goto("C"))]
    )
    assert lines(Wait("W") >> choose)[0] == "W: wait -> C"
