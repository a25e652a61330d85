from cfngen import Pass, Workflow

rule = "definition_is_within_limits"
envelope = len('{"StartAt":"Only","States":{"Only":{"Type":"Pass","Result":"","End":true}}}')
workflow = Workflow(Pass("Only", Result="x" * (1_048_576 - envelope)))
