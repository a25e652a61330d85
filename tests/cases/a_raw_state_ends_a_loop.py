from cfngen import Pass, RawState, Workflow

rule = "some_state_ends_it"
choose = RawState(
    "Choose",
    {
        "Type": "Choice",
        "Choices": [{"Variable": "$.again", "BooleanEquals": True, "Next": "Poll"}],
        "Default": "Done",
    },
)
workflow = Workflow(Pass("Poll") >> choose >> RawState("Done", {"Type": "Succeed"}))
