from cfngen import Pass, Workflow

rule = "definition_is_within_limits"
workflow = Workflow(Pass("Only", Result="한" * 349_525))
