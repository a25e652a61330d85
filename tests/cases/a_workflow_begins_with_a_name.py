from cfngen import Goto, Workflow

rule = "every_state_is_reached"
workflow = Workflow(Goto("First"))
