from cfngen import Pass, RawState, Workflow

rule = "every_state_is_reached"
workflow = Workflow(RawState("First", {"Type": "Pass", "End": True}) >> Pass("Second") >> Pass("Third"))
