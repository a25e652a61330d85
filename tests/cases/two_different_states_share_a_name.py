from cfngen import Pass, Workflow

rule = "link"
workflow = Workflow(Pass("Prepare", Result=1) >> Pass("Prepare", Result=2))
