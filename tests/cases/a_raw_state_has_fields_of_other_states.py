from cfngen import RawState, Succeed, Workflow

rule = "raw_fields_are_of_their_state"
handlers = {"Retry": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}], "Retries": [], "Later": 1}
tests = [{"And": [{"Variable": "$.a", "IsNull": True, "Next": "Done"}], "Next": "Done"}]
workflow = Workflow(
    RawState(
        "Call", {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Choices": [], **handlers}
    )
    >> RawState("Rest", {"Type": "Wait", "Seconds": 1, "TimeoutSeconds": 2})
    >> RawState(
        "Way",
        {"Type": "Choice", "Choices": tests, "ResultPath": "$.way", "Default": "Done"},
        flows=[Succeed("Done")],
    )
)
