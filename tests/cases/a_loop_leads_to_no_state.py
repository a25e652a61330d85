from cfngen import ALL, Catcher, Goto, Task, Workflow

rule = "targets_exist"
poll = Task(
    "Poll",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=Goto("Done"))],
)
workflow = Workflow(poll >> poll)
