from cfngen import Task, Workflow

rule = "payloads_are_json"
workflow = Workflow(
    Task("Call", Resource="arn:aws:states:::aws-sdk:batch:listJobs", Credentials={"RoleArn": object})  # type: ignore[dict-item]  # wrong on purpose
)
