from cfngen import Pass, Workflow

rule = "paths_are_paths"
workflow = Workflow(Pass("Prepare", Result=1, ResultPath="$$.Execution.Input"))
