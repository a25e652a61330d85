from cfngen import Catcher, Fail, Parallel, Pass, Retrier, Task, Workflow

rule = "catchers_are_sound"
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Parameters={"FunctionName": "night"},
    Retry=[
        Retrier(ErrorEquals=["States.Runtime"]),
        Retrier(ErrorEquals=["States.Runtime", "States.Timeout"]),
    ],
    Catch=[
        Catcher(ErrorEquals=["States.NoChoiceMatched", "States.BranchFailed"], Next=Fail("Give Up")),
        Catcher(ErrorEquals=["States.DataLimitExceeded"], Next=Fail("Too Much")),
    ],
)
both = Parallel(
    "Both",
    Branches=[Pass("A")],
    Catch=[
        Catcher(ErrorEquals=["States.NoChoiceMatched"], Next=Fail("No Choice")),
        Catcher(ErrorEquals=["States.Runtime"], Next=Fail("Never")),
    ],
)
workflow = Workflow(call >> both)
