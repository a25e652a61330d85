from cfngen import RawState, Workflow

rule = "raw_fields_are_of_their_state"
branch = {"StartAt": "In", "States": {"In": {"Type": "Succeed"}}, "Comment": "one"}
retriers = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
workflow = Workflow(RawState("Both", {"Type": "Parallel", "Branches": [branch], "Retry": retriers}))
