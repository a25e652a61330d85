from cfngen import ALL, Catcher, Pass, Task, Workflow

rule = "link"
notify = Pass("Notify")
first = Task(
    "First",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=notify)],
)
workflow = Workflow(first >> notify)
