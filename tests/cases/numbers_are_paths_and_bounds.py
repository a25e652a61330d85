from cfngen import Path, Task, Wait, Workflow

rule = "numbers_are_in_range"
task = Task(
    "Poll",
    Resource="arn:aws:states:::aws-sdk:batch:listJobs",
    TimeoutSeconds=Path("$.timeout"),
    HeartbeatSeconds=1,
)
wait = Wait("Wait", Seconds=0)
workflow = Workflow(task >> wait >> Wait("Wait Long", Seconds=99_999_999))
