from cfngen import Goto, Map, Parallel, Pass, Workflow

rule = "every_state_is_reached"
both = Parallel("Both", Branches=[Pass("A"), Goto("A")])
workflow = Workflow(both >> Map("Each", ItemProcessor=Goto("Both")))
