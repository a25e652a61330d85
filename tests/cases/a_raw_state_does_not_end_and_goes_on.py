from cfngen import Pass, RawState, Workflow

rule = "end_or_next"
workflow = Workflow(RawState("One", {"Type": "Pass", "Next": "Last", "End": False}) >> Pass("Last"))
