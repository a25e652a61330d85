from cfngen import Map, Parallel, Pass, Workflow
from cfngen.asl.flow import Flow

rule = "states_are_not_nested_too_deep"
flow: Flow = Pass("Innermost")
for level in range(260):
    flow = (
        Map(f"Map {level}", ItemProcessor=flow)
        if level % 2
        else Parallel(f"Parallel {level}", Branches=[flow])
    )
for level in range(100):
    flow = Parallel(f"Outer {level}", Branches=[flow])
workflow = Workflow(flow)
