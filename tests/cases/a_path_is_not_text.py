from cfngen import Path, Wait, Workflow

rule = "paths_are_paths"
workflow = Workflow(Wait("Wait", Seconds=Path(60)))  # type: ignore[arg-type]  # wrong on purpose
