from troposphere import Ref

from cfngen import Pass, Path, RawState, Task, Workflow

rule = "payloads_are_json"
call = Task(
    "Call",
    Resource="arn:aws:states:::lambda:invoke",
    Credentials={"RoleArn": Path("$.role")},
    Parameters={
        "FunctionName": Ref("Function"),
        "Payload": {
            "job": Path("$.job"),
            "on": True,
            "none": None,
            "list": [1, 2.5, "three", {"four": Path("$.four")}],
        },
    },
    ResultSelector={"id": Path("$.Payload.id")},
)
raw = RawState("Raw", {"Type": "Pass", "Parameters": {"by.$": "$.hand"}, "ResultPath": "$.raw"})
workflow = Workflow(
    call >> raw >> Pass("Prepare", Parameters={"job": Path("$.job")}) >> Pass("Empty", Result={})
)
