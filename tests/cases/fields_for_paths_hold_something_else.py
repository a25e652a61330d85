from cfngen import Fail, Pass, Path, Wait, Workflow

rule = "paths_are_paths"
prepare = Pass("Prepare", InputPath="job", ResultPath="$.jobs[*].id", OutputPath=Path("$.job"))  # type: ignore[arg-type]  # wrong on purpose
wait = Wait("Wait", Seconds=Path("delay"), InputPath="$job")
workflow = Workflow(prepare >> wait >> Fail("Give Up", Cause=Path("States.Format '{}', $.cause")))
