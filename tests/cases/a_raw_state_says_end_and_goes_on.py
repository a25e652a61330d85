from cfngen import Pass, RawState, Workflow

rule = "end_or_next"
workflow = Workflow(RawState("Both", {"Type": "Pass", "Next": "Last", "End": True}) >> Pass("Last"))
