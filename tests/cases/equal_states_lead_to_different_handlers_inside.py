from cfngen import ALL, Catcher, Goto, Map, Pass, Task, Workflow

rule = "link"


def each(result: int) -> Map:
    handler = Pass("Handle", Result=result)
    call = Task(
        "Call",
        Resource="arn:aws:states:::aws-sdk:batch:listJobs",
        Catch=[Catcher(ErrorEquals=[ALL], Next=handler)],
    )
    return Map("Each", ItemProcessor=call, Catch=[Catcher(ErrorEquals=[ALL], Next=Goto("Last"))])


start = Task(
    "Start",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=each(2) >> Pass("Last"))],
)
workflow = Workflow(start >> each(1) >> Pass("Last"))
