from cfngen import TASK_FAILED, Retrier, Task, Workflow

rule = "retriers_are_sound"
retrier = Retrier(ErrorEquals=[TASK_FAILED], IntervalSeconds=60, MaxDelaySeconds=60)
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Retry=[retrier]))
