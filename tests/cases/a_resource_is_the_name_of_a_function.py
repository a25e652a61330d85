from cfngen import Task, Workflow

rule = "resource_is_an_arn"
workflow = Workflow(Task("Call", Resource="my-function"))
