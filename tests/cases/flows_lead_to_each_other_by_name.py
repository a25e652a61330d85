from cfngen import ALL, Catcher, Goto, Succeed, Task, Wait, Workflow

rule = "targets_exist"
wait = Wait("Wait", Seconds=60)
poll = Task(
    "Poll",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=wait >> Goto("Poll"))],
)
workflow = Workflow(poll >> Succeed("Done"))
