from cfngen import Pass, Path, RawState, Workflow

rule = "targets_exist"
one = {"StartAt": "One", "States": {"One": {"Type": "Pass", "Next": "Two"}, "Two": {"Type": "Succeed"}}}
other = {
    "StartAt": "Other",
    "States": {"Other": {"Type": "Pass", "Parameters": {"id": Path("$.id")}, "End": True}},
}
both = RawState("Both", {"Type": "Parallel", "Branches": [one, other], "NewField": True})
workflow = Workflow(both >> Pass("Done"))
