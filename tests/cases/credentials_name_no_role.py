from cfngen import RawState, Task, Workflow

rule = "credentials_name_a_role"
resource = "arn:aws:states:::aws-sdk:batch:listJobs"
workflow = Workflow(
    Task("Nothing", Resource=resource, Credentials={})
    >> Task("Another Name", Resource=resource, Credentials={"Role": "jobs"})
    >> Task("A Number", Resource=resource, Credentials={"RoleArn": 1})
    >> RawState("Raw", {"Type": "Task", "Resource": resource, "Credentials": "jobs"})
)
