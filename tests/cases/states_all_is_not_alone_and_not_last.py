from cfngen import ALL, TIMEOUT, Retrier, Task, Workflow

rule = "retriers_are_sound"
retry = [Retrier(ErrorEquals=[TIMEOUT, ALL]), Retrier(ErrorEquals=["Batch.ServerException"])]
workflow = Workflow(Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Retry=retry))
