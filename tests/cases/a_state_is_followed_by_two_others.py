from cfngen import ALL, Catcher, Pass, Succeed, Task, Wait, Workflow

rule = "link"
handle = Wait("Wait", Seconds=60)
poll = Task(
    "Poll",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=handle >> Pass("Retry"))],
)
workflow = Workflow(poll >> handle >> Succeed("Done"))
