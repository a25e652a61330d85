from cfngen import Wait, Workflow

rule = "wait_has_one_duration"
workflow = Workflow(Wait("Wait", Seconds=60) >> Wait("Wait On", Timestamp="2030-01-01T00:00:00Z"))
