from cfngen import ALL, Catcher, Pass, Task, Workflow

rule = "link"
first = Task(
    "First",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=Pass("Notify"))],
)
workflow = Workflow(first >> Pass("Notify"))
