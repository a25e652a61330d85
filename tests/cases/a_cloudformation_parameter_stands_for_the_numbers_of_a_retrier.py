from troposphere import Ref

from cfngen import ALL, Retrier, Task, Workflow

rule = "retriers_are_sound"
retrier = Retrier(ErrorEquals=[ALL], MaxAttempts=Ref("Attempts"), BackoffRate=Ref("Rate"))
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Retry=[retrier]))
