from cfngen import Catcher, Fail, Task, Workflow

rule = "catchers_are_sound"
give_up = Fail("Give Up")
catch = [
    Catcher(ErrorEquals="States.Timeout", Next=give_up),
    Catcher(ErrorEquals="", Next=give_up),
    Catcher(ErrorEquals=[], Next=give_up),
    Catcher(ErrorEquals=None, Next=give_up),  # type: ignore[arg-type]  # wrong on purpose
    Catcher(ErrorEquals=[ValueError], Next=give_up),  # type: ignore[list-item]  # wrong on purpose
]
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Catch=catch))
