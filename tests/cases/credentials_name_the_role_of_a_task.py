from cfngen import Path, Task, Workflow

rule = "credentials_name_a_role"
resource = "arn:aws:states:::aws-sdk:batch:listJobs"
workflow = Workflow(
    Task("Call", Resource=resource, Credentials={"RoleArn": "arn:aws:iam::123456789012:role/jobs"})
    >> Task("Call Again", Resource=resource, Credentials={"RoleArn": Path("$.role")})
)
