from troposphere import Ref

from cfngen import Task, Workflow

rule = "payloads_are_json"
workflow = Workflow(
    Task(
        "Call",
        Resource="arn:aws:states:::lambda:invoke",
        Parameters={"FunctionName": Ref("Function"), "Payload": {"job.$": "$.job"}},
        ResultSelector={"id.$": "$.Payload.id"},
    )
)
