from cfngen import Pass, Wait, Workflow

rule = "some_state_ends_it"
workflow = Workflow(Pass("Ask") >> Wait("Wait", Seconds=1) >> Pass("Ask"))
