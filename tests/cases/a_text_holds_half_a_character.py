from cfngen import Pass, Workflow

rule = "definition_is_within_limits"
workflow = Workflow(Pass("Only", Comment="an emoji cut in two: \ud83d"))
