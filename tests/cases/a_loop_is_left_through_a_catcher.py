from cfngen import ALL, Catcher, Succeed, Task, Wait, Workflow

rule = "some_state_ends_it"
poll = Task(
    "Poll",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    Catch=[Catcher(ErrorEquals=[ALL], Next=Succeed("Done"))],
)
workflow = Workflow(poll >> Wait("Wait", Seconds=60) >> poll)
