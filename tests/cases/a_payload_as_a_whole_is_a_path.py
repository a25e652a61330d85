from cfngen import Pass, Path, Task, Workflow

rule = "payloads_are_json"
call = Task("Call", Resource="arn:aws:states:::sns:publish", Parameters=Path("$.call"))
workflow = Workflow(call >> Pass("Keep", Parameters=Path("$")))
