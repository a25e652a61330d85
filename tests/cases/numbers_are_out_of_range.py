from cfngen import Task, Wait, Workflow

rule = "numbers_are_in_range"
task = Task(
    "Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", TimeoutSeconds=0, HeartbeatSeconds=-1
)
wait = Wait("Wait", Seconds=-1)
workflow = Workflow(task >> wait >> Wait("Wait Long", Seconds=100_000_000))
