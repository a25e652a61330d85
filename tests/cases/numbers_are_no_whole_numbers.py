from cfngen import Task, Wait, Workflow

rule = "numbers_are_in_range"
task = Task(
    "Poll",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    TimeoutSeconds="60",  # type: ignore[arg-type]  # wrong on purpose
    HeartbeatSeconds=True,  # wrong on purpose
)
workflow = Workflow(task >> Wait("Wait", Seconds=1.5))  # type: ignore[arg-type]  # wrong on purpose
