from cfngen import ALL, Catcher, Goto, Pass, Task, Workflow

rule = "targets_exist"
submit = Task(
    "Submit Batch Job",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=Goto("Notify Failur"))],
)
workflow = Workflow(submit >> Pass("Notify Failure"))
