from cfngen import Pass, Wait, Workflow

rule = "some_state_ends_it"
poll = Pass("Poll")
workflow = Workflow(poll >> Wait("Wait", Seconds=60) >> poll)
