from cfngen import Parallel, Pass, Workflow

rule = "states_are_not_nested_too_deep"
flow = Pass("Innermost")
for level in range(200):
    flow = Parallel(f"Parallel {level}", Branches=[flow])
workflow = Workflow(flow)
