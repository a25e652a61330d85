from cfngen import (
    ALL,
    Catcher,
    Choice,
    ChoiceRule,
    Fail,
    Jsonata,
    Map,
    Parallel,
    Pass,
    Path,
    Task,
    Wait,
    Workflow,
)

rule = "variables_are_sound"
first = Pass("First", Assign={"count": 0, "jobs": Path("$.jobs"), "größe": 1}, ResultPath=None)
wait = Wait("Wait", Seconds=Path("$count"))
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Parameters={"FunctionName": "night", "Payload": Path("States.Array($count, $jobs[0])")},
    Assign={"id": Path("$.Payload.id"), "count": Path("States.MathAdd($count, 1)")},
    Catch=[
        Catcher(
            ErrorEquals=[ALL], Next=Fail("Give Up", Cause=Path("$error")), Assign={"error": Path("$.Cause")}
        )
    ],
)
both = Parallel(
    "Both",
    Branches=[
        Pass("A", Assign={"inner": Path("$id")}) >> Pass("Read A", InputPath="$inner"),
        Pass("B", Assign={"inner": 2}),
    ],
)
each = Map(
    "Each",
    ItemProcessor=Pass(
        "Item",
        QueryLanguage="JSONata",
        Output={"a": Jsonata("$jobs[0] & $id"), "b": Jsonata("$exists($late) ? $late : 0")},
    ),
)
late = Pass("Late", Assign={"late": True})
again = Choice(
    "Again?",
    Choices=[
        ChoiceRule(Variable="$late", IsPresent=True, Next=Pass("Read Late", InputPath="$late")),
        ChoiceRule(Variable="$count", NumericLessThan=3, Next=late >> wait),
    ],
    Default=Pass("End", Parameters={"größe": Path("$größe")}),
)
workflow = Workflow(first >> wait >> call >> both >> each >> again)
