from cfngen import Map, Parallel, Pass, Workflow

rule = "names_are_unique"
both = Parallel("Both", Branches=[Pass("A") >> Pass("Tell"), Pass("B") >> Pass("Tell"), Pass("Both")])
workflow = Workflow(both >> Map("Each", ItemProcessor=Pass("A")))
