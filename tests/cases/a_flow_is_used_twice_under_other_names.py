from cfngen import Map, Parallel, Pass, Workflow, renamed

rule = "names_are_unique"
prepare = Pass("Prepare") >> Pass("Tell")
both = Parallel("Both", Branches=[prepare, renamed(prepare, "Again: ")])
workflow = Workflow(
    both >> Map("Each", ItemProcessor=renamed(prepare, "Each: ")) >> renamed(prepare, "Last: ")  # type: ignore[operator]  # wrong on purpose
)
