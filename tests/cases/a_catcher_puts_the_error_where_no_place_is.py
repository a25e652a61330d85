from cfngen import ALL, Catcher, Fail, Task, Workflow

rule = "catchers_are_sound"
catch = [Catcher(ErrorEquals=[ALL], Next=Fail("Give Up"), ResultPath="error", Comment=["a", "list"])]  # type: ignore[arg-type]  # wrong on purpose
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Catch=catch))
