from cfngen import Pass, Workflow

rule = "name_is_within_limits"
workflow = Workflow(Pass("작업" * 39 + "🚀!"))
