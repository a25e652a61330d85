from cfngen import Parallel, Workflow

rule = "branches_are_there"
workflow = Workflow(Parallel("Both", Branches=[]))
