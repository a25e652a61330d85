from cfngen import ALL, Catcher, Goto, Pass, Retrier, Task, Workflow

rule = "retriers_are_sound"
first = Task(
    "First",
    Resource="nothing",
    Retry=[Retrier(ErrorEquals=[])],
    Catch=[Catcher(ErrorEquals=[], Next=Goto("Nobody"))],
    InputPath="input",
    TimeoutSeconds=0,
    Comment=1,  # type: ignore[arg-type]
)
second = Pass("Second", OutputPath="output", InputPath="input")
other = Pass("Second")
last = Task("Last", Resource="arn:aws:states:::sns:publish", Catch=[Catcher(ErrorEquals=[ALL], Next=other)])
workflow = Workflow(first >> second >> last, TimeoutSeconds=0)
