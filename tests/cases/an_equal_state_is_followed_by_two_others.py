from cfngen import Pass, Succeed, Wait, Workflow

rule = "link"
workflow = Workflow(Pass("Ask") >> Wait("Wait", Seconds=1) >> Pass("Ask") >> Succeed("Done"))
