from cfngen import (
    ALL,
    Catcher,
    Choice,
    ChoiceRule,
    Jsonata,
    Map,
    Parallel,
    Pass,
    Path,
    ProcessorConfig,
    Task,
    Workflow,
)

rule = "variables_are_sound"
first = Pass("First", InputPath="$jobs", Assign={"jobs": Path("$.jobs"), "me": Path("$me")})
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Parameters={"FunctionName": "night", "Payload": Path("States.Array($job, $error)")},
    Assign={"id": Path("$.Payload.id")},
    Catch=[
        Catcher(ErrorEquals=[ALL], Next=Pass("Read", InputPath="$id"), Assign={"error": Path("$.Cause")})
    ],
)
both = Parallel("Both", Branches=[Pass("A", Assign={"jobs": 1, "inner": 1}), Pass("B", InputPath="$inner")])
each = Map(
    "Each",
    ItemProcessor=Pass("Item", InputPath="$id", Assign={"id": 2}),
    ProcessorConfig=ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD"),
    Assign={"each": 1},
)
last = Pass("Last", QueryLanguage="JSONata", Output=[Jsonata("$inner"), Jsonata("$way & $each")])
choose = Choice(
    "Choose",
    Choices=[ChoiceRule(Variable="$.a", IsNull=True, Next=last, Assign={"way": 1})],
    Default=Pass("Other Way") >> last,
)
workflow = Workflow(first >> call >> both >> each >> choose)
