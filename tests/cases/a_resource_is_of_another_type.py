from cfngen import Task, Workflow

rule = "resource_is_an_arn"
workflow = Workflow(Task("Call", Resource=["arn:aws:states:::sns:publish"]))  # type: ignore[arg-type]  # wrong on purpose
