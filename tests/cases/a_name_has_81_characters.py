from cfngen import Pass, Workflow

rule = "name_is_within_limits"
workflow = Workflow(Pass("x" * 81))
