from cfngen import Catcher, Fail, Task, Workflow

rule = "catchers_are_sound"
give_up = Fail("Give Up")
catch = [
    Catcher(ErrorEquals=["States.TaskFaild"], Next=give_up),
    Catcher(ErrorEquals=["States.OutOfMoney", "States.Http.StatusCode.Any"], Next=give_up),
]
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Catch=catch))
