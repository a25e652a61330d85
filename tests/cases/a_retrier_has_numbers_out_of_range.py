from cfngen import TASK_FAILED, Retrier, Task, Workflow

rule = "retriers_are_sound"
retrier = Retrier(
    ErrorEquals=[TASK_FAILED],
    IntervalSeconds=0,
    MaxAttempts=-1,
    BackoffRate=0.5,
    MaxDelaySeconds=31_622_400,
    JitterStrategy="SOME",  # type: ignore[arg-type]  # wrong on purpose
    Comment=1,  # type: ignore[arg-type]  # wrong on purpose
)
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Retry=[retrier]))
