from cfngen import RawState, Succeed, Workflow

rule = "every_state_is_reached"
choose = RawState(
    "Choose",
    {
        "Type": "Choice",
        "Choices": [{"Variable": "$.again", "BooleanEquals": True, "Next": "Choose"}],
        "Default": "Done",
    },
)
workflow = Workflow(choose >> Succeed("Done"))
