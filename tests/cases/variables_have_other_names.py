from cfngen import Pass, RawState, Workflow

rule = "variables_are_sound"
names = ["states", "$jobs", "1st", "jobs.first", "jobs[0]", "first job", "", "n" * 81]
raw = RawState("Raw", {"Type": "Pass", "Assign": {"a-b.$": "$.a", "ok.$": "$.b"}})
workflow = Workflow(Pass("First", Assign=dict.fromkeys(names, 1) | {"n" * 80: 1, "_1": 1, "数": 1}) >> raw)
