from cfngen import RawState, Workflow

rule = "some_state_ends_it"
workflow = Workflow(RawState("Only", {"Type": "Pass", "End": True}))
