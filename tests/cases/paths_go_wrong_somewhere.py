from cfngen import Fail, Pass, Path, Workflow, chain

rule = "paths_are_paths"
paths = [
    "$.jobs[0",
    "$.jobs[first]",
    "$.jobs['first]",
    "$.jobs['first' 'second']",
    "$.jobs[?(@.cost > 1]",
    "$.jobs[?()]",
    "$.jobs[1:2:3:4]",
    "$.",
    "$.job..",
    "$.job id",
    "$.job)",
    "$.length(",
    "$$.Exection.Id",
]
workflow = Workflow(
    chain(*(Pass(f"Pass {number}", InputPath=path) for number, path in enumerate(paths)))
    >> Fail("Give Up", Error=Path("$.error["), Cause=Path("$$.Machine.Id"))
)
