from cfngen import RawState, Succeed, Workflow

rule = "targets_exist"
choose = RawState(
    "Choose",
    {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.ok", "BooleanEquals": True, "Next": "Done"},
            {"Variable": "$.ok", "BooleanEquals": False, "Next": "Dome"},
        ],
        "Default": "Nowhere",
    },
)
workflow = Workflow(choose >> Succeed("Done"))
