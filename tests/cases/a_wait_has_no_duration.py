from cfngen import Wait, Workflow

rule = "wait_has_one_duration"
workflow = Workflow(Wait("Wait"))
