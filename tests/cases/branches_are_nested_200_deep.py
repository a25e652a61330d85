from cfngen import Parallel, Pass, Workflow
from cfngen.asl.flow import Flow

rule = "states_are_not_nested_too_deep"
flow: Flow = Pass("Innermost")
for level in range(200):
    flow = Parallel(f"Parallel {level}", Branches=[flow])
workflow = Workflow(flow)
