from cfngen import ALL, TIMEOUT, Catcher, Fail, Task, Workflow

rule = "catchers_are_sound"
give_up = Fail("Give Up")
catch = [
    Catcher(ErrorEquals=("Batch.ServerException", TIMEOUT), Next=give_up, ResultPath="$.error"),
    Catcher(ErrorEquals=[ALL], Next=give_up, ResultPath=None, Comment="anything else"),
]
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Catch=catch))
