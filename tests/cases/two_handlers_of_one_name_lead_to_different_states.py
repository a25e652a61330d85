from cfngen import ALL, Catcher, Fail, Task, Workflow

rule = "link"


def poll(name: str, cause: str) -> Task:
    give_up = Fail("Give Up", Cause=cause)
    return Task(
        name,
        Resource="arn:aws:states:::aws-sdk:batch:listJobs",
        Catch=[Catcher(ErrorEquals=[ALL], Next=give_up)],
    )


workflow = Workflow(poll("First", "the first failed") >> poll("Second", "the second failed"))
