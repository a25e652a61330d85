from cfngen import Task, Workflow

rule = "heartbeat_is_shorter_than_timeout"
workflow = Workflow(
    Task("Poll", Resource="arn:aws:states:::aws-sdk:batch:listJobs", TimeoutSeconds=60, HeartbeatSeconds=60)
)
