from cfngen import ALL, Retrier, Task, Workflow

rule = "retriers_are_sound"
http = Retrier(ErrorEquals=["States.Http.StatusCode.429", "States.Http.Socket"], MaxAttempts=0)
other = Retrier(
    ErrorEquals=[ALL],
    IntervalSeconds=1,
    MaxAttempts=99_999_999,
    BackoffRate=1,
    MaxDelaySeconds=31_622_399,
    JitterStrategy="FULL",
    Comment="until it works",
)
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Retry=[http, other]))
