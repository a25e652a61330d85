from cfngen import Goto, Pass, Workflow

rule = "targets_exist"
workflow = Workflow(Pass("First") >> Goto("Elsewhere"))
