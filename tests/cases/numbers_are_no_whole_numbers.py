from cfngen import Task, Wait, Workflow

rule = "numbers_are_in_range"
task = Task(
    "Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", TimeoutSeconds="60", HeartbeatSeconds=True
)
workflow = Workflow(task >> Wait("Wait", Seconds=1.5))
