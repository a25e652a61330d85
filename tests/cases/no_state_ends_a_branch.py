from cfngen import Goto, Map, Parallel, Pass, Workflow

rule = "some_state_ends_it"
both = Parallel("Both", Branches=[Pass("A"), Pass("B") >> Goto("B")])
workflow = Workflow(both >> Map("Each", ItemProcessor=Pass("C") >> Goto("C")))
