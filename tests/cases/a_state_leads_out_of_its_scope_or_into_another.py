from cfngen import ALL, Catcher, Goto, Map, Parallel, Pass, Task, Workflow

rule = "targets_exist"
call = Task(
    "Call",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=Goto("Tell"))],
)
both = Parallel("Both", Branches=[call, Pass("A") >> Goto("Call")])
each = Map("Each", ItemProcessor=Pass("Item") >> Goto("Itme"))
workflow = Workflow(both >> each >> Pass("Tell") >> Goto("A"))
