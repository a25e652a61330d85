from cfngen import RawState, Workflow

rule = "targets_exist"
inside = {
    "StartAt": "First",
    "States": {"First": {"Type": "Pass", "Next": "Secnd"}, "Second": {"Type": "Pass", "End": True}},
}
workflow = Workflow(RawState("Each", {"Type": "Map", "ItemProcessor": inside, "MaxConcurrency": 3}))
