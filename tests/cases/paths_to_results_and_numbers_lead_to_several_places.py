from cfngen import Map, Pass, Path, Wait, Workflow, chain

rule = "paths_are_paths"
paths = [
    "$..id",
    "$.jobs[1:2]",
    "$.jobs[0,1]",
    "$.jobs[?(@.id)]",
    "$.jobs.length()",
    "$['a','b']",
    "$result",
    "$.a.*",
]
each = Map("Each", ItemProcessor=Pass("Item"), MaxConcurrency=Path("States.MathAdd($.a, 1)"))
workflow = Workflow(
    chain(*(Pass(f"Pass {number}", Result=1, ResultPath=path) for number, path in enumerate(paths)))
    >> Wait("Wait", Seconds=Path("$.delays[*]"))
    >> each
)
